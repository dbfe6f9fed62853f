//! What a match says, before it is known what it counts from.

use super::{
    data::{Anchored, Direction, Means},
    holiday::{Feast, Holidays},
    numeral::value,
    pattern::{Found, Group},
    words::Words,
};

/// A year, month or day as the text gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Its number.
    Number(i32),
    /// The last two digits of a year.
    Short(i32),
    /// Counted from the article's own date.
    Article(i32),
    /// Counted from the last one mentioned.
    Text(i32),
    /// That of the article where no heading says otherwise: the year of `年底`.
    Implied,
    /// The day of this number that is so many days, or nearly so, from the article's own:
    /// `昨（13）日`.
    Near(i32, i32),
}

/// A part of a year or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// From one month of the year to another.
    Months(i8, i8),
    /// From one day of the month to another.
    Days(i8, i8),
    /// The last days of the month.
    LastDays(i8),
    /// About these months of the year.
    YearEdge(i8, i8),
    /// About these days of the month.
    MonthEdge(i8, i8),
}

/// A point in the calendar with what is said of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) year: Option<Field>,
    pub(super) month: Option<Field>,
    pub(super) day: Option<Field>,
    pub(super) part: Option<Part>,
}

impl Point {
    /// Whether it is a word for a day, like `今天` or `次日`.
    pub(super) fn is_day_word(self) -> bool {
        self.year.is_none()
            && self.month.is_none()
            && matches!(self.day, Some(Field::Article(_) | Field::Text(_) | Field::Near(..)))
    }

    /// Whether it leaves its year to the text above it, and counts from nothing.
    pub(super) fn leaves_year(self) -> bool {
        let number = |field| matches!(field, None | Some(Field::Number(_) | Field::Implied));
        matches!(self.year, None | Some(Field::Implied)) && number(self.month) && number(self.day)
    }

    /// Whether it has nothing but a day's number.
    pub(super) fn is_bare_day(self) -> bool {
        self.year.is_none()
            && self.month.is_none()
            && self.part.is_none()
            && matches!(self.day, Some(Field::Number(_)))
    }
}

/// A unit of time that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    /// Six months more than so many years: `3年半`.
    YearAndHalf,
}

/// A month of the lunar calendar or a day of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LunarDay {
    pub(super) year: Option<Field>,
    /// The place of its year in the cycle of sixty, from 0.
    pub(super) cycle: Option<i32>,
    pub(super) leap: bool,
    pub(super) month: i8,
    pub(super) day: Option<i8>,
}

/// What a match says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Point(Point),
    Range(Point, Point),
    Lunar(LunarDay),
    Holiday {
        year: Option<Field>,
        what: Feast,
        shift: i32,
    },
    Season(Field, u8),
    Decade {
        century: Option<i32>,
        tens: i32,
    },
    /// From one decade to another of the same century.
    Decades {
        century: Option<i32>,
        first: i32,
        last: i32,
    },
    Century(i32),
    /// A day (7: Sunday, 8: the weekend) of this or another week, or the whole of it.
    Week {
        shift: Option<i32>,
        day: Option<i8>,
    },
    Weekdays(i8, i8),
    WeekOf {
        year: Option<Field>,
        month: Option<Field>,
        n: i32,
    },
    Anniversary(i32),
    Gap(i32, Unit),
    /// So many units before (negative) or after.
    Ago(i32, Unit),
    /// So many units up to now.
    LookBack(i32, Unit),
    Span(Direction, i32, Unit),
    After(i32),
    /// This quarter or another.
    Quarter(i32),
    /// Counted from a date beside it: `2月13日的三天前`.
    From(Point, Box<Expr>),
    /// The first and the last year of a five-year plan.
    Plan(i16, i16),
    /// Since the first year of one: it has no end.
    SincePlan(i16),
    Event(String),
    Now,
    Vague,
    ListDay(Point),
}

/// What a century is called from: `上世纪` is -1.
fn century(text: &str) -> Option<i32> {
    match text {
        "本世纪" => Some(20),
        "上世纪" | "上个世纪" => Some(19),
        text => {
            let number = i32::try_from(value(text.strip_suffix("世纪")?)?).ok()?;
            (1..=21).contains(&number).then_some(number - 1)
        }
    }
}

impl Words {
    /// What a match says; `None` if it says nothing.
    pub(super) fn read(&self, found: &Found<'_>, holidays: &Holidays) -> Option<Expr> {
        let get = |group| found.get(group);
        let count = || get(Group::N).filter(|n| !is_about(n)).and_then(number);
        let unit = || get(Group::U).and_then(unit);
        Some(match found.means {
            Means::Nothing => return None,
            Means::Vague => Expr::Vague,
            Means::Now => Expr::Now,
            Means::Calendar => self.calendar(found)?,
            Means::EitherOrder => match self.calendar(found)? {
                Expr::Point(point) if point.month == point.day => Expr::Point(point),
                // Two digits are too few to be all that is sure.
                Expr::Point(Point { year: year @ Some(Field::Number(_)), .. }) => {
                    Expr::Point(Point { year, ..Point::default() })
                }
                _ => return None,
            },
            Means::ListDay => {
                let day = Some(Field::Number(number(trim(get(Group::D)?))?));
                Expr::ListDay(Point { day, ..Point::default() })
            }
            Means::Lunar => Expr::Lunar(self.lunar(found)?),
            Means::Term | Means::Holiday => Expr::Holiday {
                year: self.year(get(Group::Y)),
                what: holidays.named(get(Group::H)?)?,
                shift: match get(Group::K) {
                    Some("次日") => 1,
                    Some(_) => -1,
                    None => 0,
                },
            },
            Means::Season => {
                let year = get(Group::Y).map_or(Some(Field::Text(0)), |y| self.year(Some(y)));
                Expr::Season(year?, *self.seasons.get(get(Group::P)?)?)
            }
            Means::Week => Expr::Week {
                shift: get(Group::K).and_then(|word| self.weeks.get(word).copied()),
                day: get(Group::W).and_then(weekday),
            },
            Means::Weekdays => Expr::Weekdays(weekday(get(Group::W)?)?, weekday(get(Group::W2)?)?),
            Means::WeekOf => {
                let (year, month) = (self.year(get(Group::Y)), self.month(get(Group::M)));
                if year.is_none() && month.is_none() {
                    return None;
                }
                Expr::WeekOf { year, month, n: count()? }
            }
            Means::Decade => {
                let text = get(Group::N)?;
                let tens = number(text)?;
                let own = (tens >= 1000).then_some(tens / 100);
                if let Some(last) = get(Group::Q).and_then(number).map(|last| last / 10) {
                    let century = get(Group::C).and_then(century);
                    // `五六十年代` leaves the first zero out.
                    let first = if tens < 10 { tens } else { tens / 10 };
                    return (first < last).then_some(Expr::Decades { century, first, last });
                }
                Expr::Decade {
                    century: get(Group::C).and_then(century).or(own),
                    tens: tens % 100 / 10,
                }
            }
            Means::Century => Expr::Century(century(get(Group::C)?)?),
            Means::Anniversary => Expr::Anniversary(count()?),
            Means::Gap => Expr::Gap(count()?, unit()?),
            Means::Ago => {
                let before = get(Group::K)?.contains('前');
                Expr::Ago(if before { -count()? } else { count()? }, unit()?)
            }
            Means::LookBack => Expr::LookBack(count()?, unit()?),
            Means::Within => Expr::Span(Direction::Future, count()?, unit()?),
            Means::Quarter => Expr::Quarter(*self.weeks.get(get(Group::K)?)?),
            Means::Span => Expr::Span(*self.directions.get(get(Group::K)?)?, count()?, unit()?),
            Means::After => Expr::After(count()?),
            Means::Plan => {
                let n = number(get(Group::N)?.trim_end_matches('五'))?;
                let first = match n {
                    1 => 1953,
                    2 => 1958,
                    3..=20 => i16::try_from(1966 + 5 * (n - 3)).ok()?,
                    _ => return None,
                };
                if get(Group::K).is_some() {
                    return Some(Expr::SincePlan(first));
                }
                Expr::Plan(first, first + 4)
            }
            Means::Event => Expr::Event(get(Group::H)?.to_owned()),
        })
    }

    fn calendar(&self, found: &Found<'_>) -> Option<Expr> {
        let get = |group| found.get(group);
        let mut first = Point {
            year: self.year(get(Group::Y)),
            month: self.month(get(Group::M)),
            day: self.day(get(Group::D)),
            part: None,
        };
        if let (Some(Field::Article(a)), Some(Field::Article(b))) =
            (self.year(get(Group::Y0)), first.year)
        {
            first.year = Some(Field::Article(a + b));
        }
        if let Some(word) = get(Group::P) {
            let quarter = get(Group::Q).and_then(number).and_then(|q| i8::try_from(q).ok());
            if let Some(quarter) = quarter {
                let month = if word == "初" { quarter * 3 - 2 } else { quarter * 3 };
                first.month = Some(Field::Number(month.into()));
            } else {
                if first.year.is_none()
                    && self.year_edges.contains_key(word)
                    && word.starts_with(['年', '岁'])
                {
                    first.year = Some(Field::Implied);
                }
                if first.month.is_none()
                    && self.month_edges.contains_key(word)
                    && word.starts_with('月')
                {
                    first.month = Some(Field::Article(0));
                }
                first.part = Some(self.part(word, first.month.is_some())?);
            }
        } else if let (Some(q), Some(n)) = (get(Group::Q), get(Group::N)) {
            let quarter = |text| number(text).and_then(|n| i8::try_from(n).ok());
            let (from, to) = (quarter(q)?, quarter(n)?);
            first.part = (from < to).then_some(Part::Months(from * 3 - 2, to * 3));
            first.part?;
        } else if let Some(q) = get(Group::Q) {
            let quarter = i8::try_from(number(q)?).ok().filter(|q| (1..=4).contains(q))?;
            first.part = Some(Part::Months(quarter * 3 - 2, quarter * 3));
        } else if let (Some(n), Some(unit)) = (get(Group::N), get(Group::U)) {
            let n = i8::try_from(number(n)?).ok()?;
            let last = if unit == "月" { n } else { n.checked_mul(3)? };
            first.part = (1..=12).contains(&last).then_some(Part::Months(1, last));
            first.part?;
        } else if let (Some(k), Some(n)) = (get(Group::K), get(Group::N)) {
            let n = i8::try_from(number(n)?).ok().filter(|n| (1..=28).contains(n))?;
            first.part =
                Some(if k.starts_with('最') { Part::LastDays(n) } else { Part::Days(1, n) });
        }
        let second = Point {
            year: self.year(get(Group::Y2)),
            month: self.month(get(Group::M2)),
            day: self.day(get(Group::D2)),
            part: None,
        };
        Some(if second == Point::default() {
            Expr::Point(first)
        } else {
            Expr::Range(first, second)
        })
    }

    fn part(&self, word: &str, of_month: bool) -> Option<Part> {
        if of_month {
            let days = self.month_parts.get(word).map(|&[a, b]| Part::Days(a, b));
            days.or_else(|| self.month_edges.get(word).map(|&[a, b]| Part::MonthEdge(a, b)))
        } else {
            let months = self.year_parts.get(word).map(|&[a, b]| Part::Months(a, b));
            months.or_else(|| self.year_edges.get(word).map(|&[a, b]| Part::YearEdge(a, b)))
        }
    }

    fn lunar(&self, found: &Found<'_>) -> Option<LunarDay> {
        let month = found.get(Group::M)?.trim_end_matches(['月', '份']);
        let month = match month {
            "正" => 1,
            "冬" => 11,
            "腊" | "臘" => 12,
            month => number(trim(month))?,
        };
        let day = match found.get(Group::D) {
            Some(day) => Some(i8::try_from(number(trim(day))?).ok()?),
            None => None,
        };
        let second = found.get(Group::Y2);
        Some(LunarDay {
            year: self.year(found.get(Group::Y)).or_else(|| self.year(second)),
            cycle: second.and_then(cycle),
            leap: found.get(Group::Leap).is_some(),
            month: i8::try_from(month).ok()?,
            day,
        })
    }

    fn year(&self, text: Option<&str>) -> Option<Field> {
        let text = text?;
        if let Some(field) = anchored(&self.years, text) {
            return Some(field);
        }
        // `三十年前的5月` is counted from now, `三年后的5月` from what was told.
        if let Some(text) = text.strip_suffix('的').or(Some(text)).filter(|_| text.contains('年'))
        {
            let years =
                |text: &str| number(text.trim_end_matches(['之', '以', '年']).trim_matches(SPACES));
            if let Some(text) = text.strip_suffix('前') {
                return years(text).map(|years| Field::Article(-years));
            }
            if let Some(text) = text.strip_suffix('后') {
                return years(text).map(Field::Text);
            }
        }
        let text = glossed(text).map_or(text, |(_, year)| year);
        let text = text.trim_end_matches('度').trim_end_matches('年').trim_end_matches(SPACES);
        for (era, before) in &self.eras {
            if let Some(year) = text.strip_prefix(era.as_str()) {
                let year = number(year.trim_start_matches(SPACES))?;
                // `康熙一百年` never was: no year, rather than none said.
                let over = self.last_years.get(era).is_some_and(|last| year > *last);
                return Some(Field::Number(if over { 0 } else { year + before }));
            }
        }
        let year = number(text)?;
        Some(match text.chars().count() {
            2 if year < 100 => Field::Short(year),
            // Taiwan counts from 1912, and leaves the name of the era out.
            3 if (100..200).contains(&year) => Field::Number(year + TAIWAN),
            _ => Field::Number(year),
        })
    }

    fn month(&self, text: Option<&str>) -> Option<Field> {
        let text = text?;
        let text = glossed(text).map_or(text, |(_, month)| month);
        anchored(&self.months, text).or_else(|| number(trim(text)).map(Field::Number))
    }

    fn day(&self, text: Option<&str>) -> Option<Field> {
        let text = text?;
        if let Some((word, day)) = glossed(text) {
            let Some(Field::Article(shift)) = anchored(&self.days, word) else { return None };
            return Some(Field::Near(number(day)?, shift));
        }
        anchored(&self.days, text).or_else(|| number(trim(text)).map(Field::Number))
    }
}

impl Words {
    /// The year before the first of the era that a date counts in, where it is not ours.
    pub(super) fn era(&self, date: &str) -> Option<i32> {
        let named = self.eras.iter().find(|(era, _)| date.starts_with(era.as_str()));
        let digits = date.bytes().take_while(u8::is_ascii_digit).count();
        let taiwan = digits == 3 && date[digits..].starts_with('年');
        named.map(|(_, before)| *before).or(taiwan.then_some(TAIWAN))
    }
}

impl Expr {
    /// After `民国80年`, `97年` is of that era as well. `of` is the era that this date names,
    /// `last` the one that is in force.
    pub(super) fn of_era(&mut self, of: Option<i32>, last: &mut Option<i32>) {
        let (Self::Point(point) | Self::Range(point, _)) = self else { return };
        match (point.year, of) {
            (_, Some(of)) => *last = Some(of),
            (Some(Field::Short(year)), None) => {
                if let Some(before) = last {
                    point.year = Some(Field::Number(year + *before));
                }
            }
            (Some(Field::Number(_)), None) => *last = None,
            _ => {}
        }
    }
}

/// The year before the first that Taiwan counts.
const TAIWAN: i32 = 1911;

/// `昨（13）日`: the word and what its brackets say.
fn glossed(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(['（', '('])?;
    let (gloss, _) = rest.split_once(['）', ')'])?;
    Some((word, gloss.trim_end_matches(['年', '月', '日'])))
}

const SPACES: [char; 3] = [' ', '\u{a0}', '\u{3000}'];

/// A numeral without its unit and spaces.
fn trim(text: &str) -> &str {
    text.trim_end_matches(|c: char| "月份日号號个個".contains(c) || SPACES.contains(&c))
}

fn anchored(words: &Anchored, text: &str) -> Option<Field> {
    let text = words.short.get(text).map_or(text, String::as_str);
    let article = words.article.get(text).map(|&n| Field::Article(n));
    article.or_else(|| words.text.get(text).map(|&n| Field::Text(n)))
}

/// Whether a count is only about right: `一两`, `三五`.
fn is_about(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| "一二两兩三四五六七八九".contains(c))
}

fn number(text: &str) -> Option<i32> {
    i32::try_from(value(text.trim_matches(SPACES))?).ok()
}

fn unit(text: &str) -> Option<Unit> {
    Some(match text.chars().rev().find(|c| !SPACES.contains(c))? {
        '半' => Unit::YearAndHalf,
        '年' => Unit::Year,
        '月' => Unit::Month,
        '度' => Unit::Quarter,
        '周' | '週' | '期' | '拜' => Unit::Week,
        _ => Unit::Day,
    })
}

fn weekday(text: &str) -> Option<i8> {
    Some(match text {
        "日" | "天" => 7,
        "末" => 8,
        text => i8::try_from(number(text)?).ok()?,
    })
}

/// The place of a year like 甲子 in the cycle of sixty, from 0.
fn cycle(text: &str) -> Option<i32> {
    let mut chars = text.chars();
    let place = |all: &str, c: Option<char>| {
        all.chars().position(|other| Some(other) == c).and_then(|n| i32::try_from(n).ok())
    };
    let stem = place("甲乙丙丁戊己庚辛壬癸", chars.next())?;
    let branch = place("子丑寅卯辰巳午未申酉戌亥", chars.next())?;
    (0..60).find(|n| n % 10 == stem && n % 12 == branch)
}

impl Point {
    /// A stated day counted on, within its month.
    pub(super) fn after(self, days: i32) -> Option<Self> {
        match self.day {
            Some(Field::Number(day)) if (1..=31).contains(&(day + days)) => {
                Some(Self { day: Some(Field::Number(day + days)), ..self })
            }
            _ => None,
        }
    }
}
