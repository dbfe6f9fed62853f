//! Stories: sentences of `stories.txt`, filled with places, days, persons and numbers.

use std::collections::HashMap;

use youcheng::{
    gazetteer::Gazetteer,
    place::{CountryCode, Level},
};

use crate::{random::Random, world::World};

/// What changes when a template is filled a second time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Change {
    #[default]
    Nothing,
    /// Another city, chosen by this number.
    City(u64),
    /// Other days.
    Days(u64),
    /// A later year, with more rows.
    Year(u64),
}

/// An article as its author wrote it.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    /// Year, month, day.
    pub(crate) published: (u32, u32, u32),
    /// Whether it says that two governments are tied.
    pub(crate) claims: bool,
}

impl Story {
    /// Title and paragraphs, line by line.
    pub(crate) fn lines(&self) -> String {
        let mut lines = self.title.clone();
        for paragraph in &self.paragraphs {
            lines.push('\n');
            lines.push_str(paragraph);
        }
        lines
    }
}

/// What a topic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Claim,
    /// A tie that is over: only in a world of known ties.
    Ended,
    List,
    Talk,
}

struct Topic {
    kind: Kind,
    titles: Vec<&'static str>,
    leads: Vec<&'static str>,
    body: Vec<&'static str>,
}

impl Topic {
    /// Whether it tells of a tie that has been there for years.
    fn looks_back(&self) -> bool {
        self.titles.iter().any(|title| title.contains("{a}"))
    }
}

/// All that stories are made of.
pub(crate) struct Stories {
    seed: u64,
    topics: Vec<Topic>,
    cities: Vec<String>,
    /// Name and country.
    foreign: Vec<(String, String)>,
    /// Which of them are tied, where stories are to agree on that.
    world: Option<World>,
}

/// Which of all articles say that two governments are tied, and which are lists.
const CLAIMS: f64 = 0.12;
const LISTS: f64 = 0.012;

impl Stories {
    pub(crate) fn new(seed: u64, pairs: u64) -> anyhow::Result<Self> {
        let gazetteer = Gazetteer::new()?;
        let (mut cities, mut foreign) = (Vec::new(), Vec::new());
        for place in 0..gazetteer.len() as u32 {
            let row = gazetteer.row(place);
            let name = row.name();
            let long_enough = name.chars().count() >= 3;
            match row.level() {
                Some(Level::Prefecture | Level::County)
                    if row.country() == CountryCode::CN && name.ends_with('市') =>
                {
                    cities.push(name.to_owned());
                }
                Some(Level::City) if row.population() > 100_000 && long_enough => {
                    let country = gazetteer.by_id(&format!("cc:{}", row.country()));
                    let Some(country) = country.filter(|_| !row.country().is_chinese()) else {
                        continue;
                    };
                    let name = name.trim_end_matches('市');
                    foreign.push((format!("{name}市"), gazetteer.row(country).name().to_owned()));
                }
                _ => {}
            }
        }
        let topics = topics(include_str!("stories.txt"));
        let world = (pairs > 0).then(|| World::new(seed, pairs, cities.len(), &mut foreign));
        Ok(Self { seed, topics, cities, foreign, world })
    }

    fn topic(&self, kind: Kind, random: &mut Random) -> &Topic {
        let of_kind: Vec<&Topic> = self.topics.iter().filter(|it| it.kind == kind).collect();
        random.of(&of_kind)
    }

    /// What the `n`th story is about.
    pub(crate) fn kind(&self, n: u64) -> Kind {
        match Random::new(self.seed, n).share() {
            share if share < LISTS => Kind::List,
            share if share < CLAIMS => Kind::Claim,
            _ => Kind::Plain,
        }
    }

    /// A long quotation, the same for everybody who asks for the `n`th.
    pub(crate) fn talk(&self, n: u64) -> String {
        let mut random = Random::new(self.seed ^ 0x7A1C, n);
        let slots = Slots::new(self, &mut random, Change::Nothing);
        let talk = self.topic(Kind::Talk, &mut random);
        let all: Vec<&str> =
            talk.titles.iter().chain(&talk.leads).chain(&talk.body).copied().collect();
        slots.fill(random.of(&all), &mut random)
    }

    /// The `n`th story, or its template filled anew. `talk` is a paragraph to quote.
    pub(crate) fn story(&self, n: u64, change: Change, talk: Option<&str>) -> Story {
        let kind = self.kind(n);
        let mut random = Random::new(self.seed ^ 0x5707, n);
        let mut slots = Slots::new(self, &mut random, change);
        let mut topic = self.topic(kind, &mut random);
        if let Some(world) = self.world.as_ref().filter(|_| kind != Kind::Plain) {
            if kind == Kind::Claim && random.share() < 0.015 {
                topic = self.topic(Kind::Ended, &mut random);
            }
            slots.tie(world, topic, &mut random);
        }
        let title = slots.fill(random.of(&topic.titles), &mut random);
        let mut paragraphs = vec![slots.fill(random.of(&topic.leads), &mut random)];
        if kind == Kind::List {
            slots.rows(self, &mut random, &mut paragraphs);
        } else {
            // From 300 to 1,500 characters, most of them short.
            let wanted = 300 + (1200.0 * random.share().powi(3)) as usize;
            let mut sentences = shuffled(&topic.body, &mut random);
            while paragraphs.iter().map(|it| it.chars().count()).sum::<usize>() < wanted {
                let Some(sentence) = sentences.pop() else {
                    let other = self.topic(Kind::Plain, &mut random);
                    sentences = shuffled(&other.body, &mut random);
                    continue;
                };
                let filled = match sentence {
                    "{T}" => self.talk(n),
                    _ => slots.fill(sentence, &mut random),
                };
                let joins = random.share() < 0.6 && paragraphs.len() > 1;
                match paragraphs.last_mut() {
                    Some(last) if joins => last.push_str(&filled),
                    _ => paragraphs.push(filled),
                }
            }
        }
        if let Some(talk) = talk {
            let at = 1 + random.below(paragraphs.len());
            paragraphs.insert(at.min(paragraphs.len()), talk.to_owned());
        }
        Story { title, paragraphs, published: slots.published(), claims: kind != Kind::Plain }
    }
}

fn shuffled(all: &[&'static str], random: &mut Random) -> Vec<&'static str> {
    let mut left = all.to_vec();
    for n in (1..left.len()).rev() {
        left.swap(n, random.below(n + 1));
    }
    left
}

fn topics(text: &'static str) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    let mut line_of_topic = 0;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let kind = match line.split_once(' ').map(|(head, _)| head) {
            Some("topic") => Some(Kind::Plain),
            Some("claim") => Some(Kind::Claim),
            Some("ended") => Some(Kind::Ended),
            Some("list") => Some(Kind::List),
            Some("talk") => Some(Kind::Talk),
            _ => None,
        };
        if let Some(kind) = kind {
            let (titles, leads, body) = (Vec::new(), Vec::new(), Vec::new());
            topics.push(Topic { kind, titles, leads, body });
            line_of_topic = 0;
        } else if let Some(topic) = topics.last_mut() {
            match line_of_topic {
                0 => topic.titles.extend(line.split(" / ")),
                1 => topic.leads.extend(line.split(" / ")),
                _ => topic.body.push(line),
            }
            line_of_topic += 1;
        }
    }
    topics
}

const FAMILY: &str =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾萧田董潘袁蔡蒋余";
const GIVEN: &str =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国文辉宁雪琳晨志远思源雨桐嘉怡浩然";
const STEMS: &str = "华盛恒泰宏远瑞丰金诚永昌中天安达利源东方新北信德佳和兴通海川云峰";
const TRADES: [&str; 10] =
    ["机械", "食品", "电子", "纺织", "新材料", "汽配", "家具", "药业", "物流", "仪器"];
const QUARTERS: [&str; 12] =
    ["街道", "大道", "路", "社区", "新城", "工业园", "老街", "镇", "河畔", "广场", "村", "巷"];

/// What the slots of one story stand for.
struct Slots<'s> {
    stories: &'s Stories,
    city: String,
    foreign: &'s (String, String),
    quarters: [String; 3],
    year: u32,
    /// The day of the year.
    day: usize,
    change: Change,
    /// Of a tie that all stories know: which city has it, and since which year and day.
    tie: Option<(usize, u32, usize)>,
}

impl<'s> Slots<'s> {
    fn new(stories: &'s Stories, random: &mut Random, change: Change) -> Self {
        let city = changed(random.below(stories.cities.len()), stories.cities.len(), change);
        let year = 2015 + random.below(10) as u32;
        let foreign = &stories.foreign[random.below(stories.foreign.len())];
        let day = random.below(330);
        let shift = |n| 3 + Random::new(n, 2).below(250);
        Self {
            stories,
            city: stories.cities[city].clone(),
            foreign,
            quarters: std::array::from_fn(|_| format!("{}{}", stems(random), random.of(&QUARTERS))),
            year: year + if let Change::Year(n) = change { years_on(n) } else { 0 },
            day: day + if let Change::Days(n) = change { shift(n) } else { 0 },
            change,
            tie: None,
        }
    }

    /// Tells of a tie that other stories tell of as well: mostly as they do.
    fn tie(&mut self, world: &World, topic: &Topic, random: &mut Random) {
        let city = world.city(random);
        let tie = world.tie(city, world.nth(city, random));
        self.foreign = &self.stories.foreign[tie.foreign];
        let city = changed(city, self.stories.cities.len(), self.change);
        self.city.clone_from(&self.stories.cities[city]);
        let (mut year, mut day) = (tie.year, tie.day);
        match random.below(20) {
            0 => year += 1,
            1 => day += 1 + random.below(40),
            _ => {}
        }
        self.tie = Some((city, year, day));
        if topic.kind == Kind::List || topic.kind == Kind::Ended || topic.looks_back() {
            // Told of later.
            self.year = (year + 5 * (1 + random.below(6) as u32)).clamp(year, 2025);
        } else {
            self.year = year;
            if self.change == Change::Nothing {
                self.day = day;
            }
        }
    }

    fn published(&self) -> (u32, u32, u32) {
        let (month, day) = month_and_day(self.day + 2);
        (self.year, month, day)
    }

    fn fill(&self, template: &str, random: &mut Random) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['[', '{']) {
            out.push_str(&rest[..at]);
            let close = if rest[at..].starts_with('[') { ']' } else { '}' };
            let end = at + rest[at..].find(close).unwrap_or(rest.len() - at - 1);
            let inner = &rest[at + 1..end];
            if close == ']' {
                let all: Vec<&str> = inner.split('|').collect();
                out.push_str(&self.fill(random.of(&all), random));
            } else {
                out.push_str(&self.slot(inner, random));
            }
            rest = &rest[end + close.len_utf8()..];
        }
        out + rest
    }

    fn slot(&self, name: &str, random: &mut Random) -> String {
        match name {
            "C" => self.city.clone(),
            "D" => self.stories.cities[random.below(self.stories.cities.len())].clone(),
            "F" => format!("{}{}", self.foreign.1, self.foreign.0),
            "f" => self.foreign.0.clone(),
            "K" => self.foreign.1.clone(),
            "P" => person(random),
            "n" => (2 + random.below(8)).to_string(),
            "m" => (11 + random.below(80)).to_string(),
            "N" => (120 + random.below(8800)).to_string(),
            "y" => self.year.to_string(),
            "z" => match self.tie {
                Some((_, year, _)) if year < self.year => year.to_string(),
                _ => (self.year - 5 - random.below(30) as u32).to_string(),
            },
            "a" => match self.tie {
                Some((_, year, _)) => (self.year - year).to_string(),
                None => self.slot("m", random),
            },
            "d" if self.tie.is_some() => {
                let (month, day) = month_and_day(self.day);
                format!("{month}月{day}日")
            }
            "d" => {
                let (month, day) = month_and_day((self.day + 2 - random.below(3)) % 336);
                format!("{month}月{day}日")
            }
            "O" => format!("{}{}公司", stems(random), random.of(&TRADES)),
            "R" => self.quarters[random.below(self.quarters.len())].clone(),
            _ => format!("{{{name}}}"),
        }
    }

    /// The rows of a list; a year later there are more.
    fn rows(&self, stories: &Stories, random: &mut Random, paragraphs: &mut Vec<String>) {
        let mut rows = 12 + random.below(20);
        if let Change::Year(n) = self.change {
            rows += years_on(n) as usize;
        }
        let known = stories.world.as_ref().zip(self.tie);
        if let Some((world, (city, ..))) = known {
            rows = rows.min(world.ties_of(city));
        }
        for n in 1..=rows {
            let (foreign, year, day) = match known {
                Some((world, (city, ..))) => {
                    let tie = world.tie(city, n - 1);
                    (tie.foreign, tie.year, tie.day)
                }
                None => {
                    let foreign = random.below(stories.foreign.len());
                    let day = random.below(336);
                    (foreign, 1980 + (n * 30 / (rows + 1)) as u32, day)
                }
            };
            let (city, country) = &stories.foreign[foreign];
            let (month, day) = month_and_day(day);
            paragraphs.push(format!("{n}. {country}{city} {year}年{month}月{day}日"));
        }
    }
}

/// Another city, where that is what changes.
fn changed(city: usize, cities: usize, change: Change) -> usize {
    match change {
        Change::City(n) => (city + 1 + Random::new(n, 1).below(cities - 1)) % cities,
        _ => city,
    }
}

fn years_on(n: u64) -> u32 {
    1 + Random::new(n, 3).below(3) as u32
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// Two characters that names of firms and streets begin with.
fn stems(random: &mut Random) -> String {
    let all = chars(STEMS);
    [random.of(&all), random.of(&all)].iter().collect()
}

fn person(random: &mut Random) -> String {
    let (family, given) = (chars(FAMILY), chars(GIVEN));
    let mut name = String::from(random.of(&family));
    for _ in 0..=random.below(2) {
        name.push(random.of(&given));
    }
    name
}

/// Months of 28 days: every day exists.
fn month_and_day(day: usize) -> (u32, u32) {
    let day = day % 336;
    (day as u32 / 28 + 1, day as u32 % 28 + 1)
}

/// The Jaccard index of the runs of five letters of two texts.
pub(crate) fn jaccard(a: &str, b: &str) -> f64 {
    let runs = |text: &str| -> HashMap<[char; 5], ()> {
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        letters.windows(5).map(|run| ([run[0], run[1], run[2], run[3], run[4]], ())).collect()
    };
    let (a, b) = (runs(a), runs(b));
    let both = a.keys().filter(|&run| b.contains_key(run)).count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}
