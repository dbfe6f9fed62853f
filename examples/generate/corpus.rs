//! The corpus: which article is an original, a copy or a second filling of a template.

use youcheng::article::ArticleId;

use crate::{
    copies::{self, HOW},
    random::Random,
    story::{Change, Kind, Stories, Story, jaccard},
};

/// What an article is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Original,
    /// A copy of an earlier article.
    Copy {
        of: u64,
        how: &'static str,
    },
    /// Like an earlier article, and another story.
    Negative {
        of: u64,
        how: &'static str,
    },
}

/// An article of the corpus.
pub(crate) struct Article {
    pub(crate) role: Role,
    /// As it is published.
    pub(crate) story: Story,
    /// How much of its text, clean, is that of the article it is like.
    pub(crate) jaccard: Option<f64>,
    /// Articles with the same key tell the same story.
    pub(crate) key: String,
}

/// Articles by their number. Any can be made without those before it.
pub(crate) struct Corpus {
    stories: Stories,
    seed: u64,
    duplicates: f64,
    negatives: f64,
}

const NEGATIVES: [&str; 4] = ["city", "days", "quotation", "year"];

impl Corpus {
    pub(crate) fn new(
        seed: u64,
        pairs: u64,
        duplicates: f64,
        negatives: f64,
    ) -> anyhow::Result<Self> {
        Ok(Self { stories: Stories::new(seed, pairs)?, seed, duplicates, negatives })
    }

    fn is_original(&self, n: u64) -> bool {
        Random::new(self.seed ^ 0xC0B1, n).share() >= self.duplicates + self.negatives || n < 20
    }

    /// An original before `n` of which `fits` holds, not too far back.
    fn earlier(&self, n: u64, random: &mut Random, fits: impl Fn(u64) -> bool) -> Option<u64> {
        let start = random.below(n as usize) as u64;
        (0..=start).rev().take(2000).find(|&it| self.is_original(it) && fits(it))
    }

    pub(crate) fn role(&self, n: u64) -> Role {
        if self.is_original(n) {
            return Role::Original;
        }
        let mut random = Random::new(self.seed ^ 0xC0B2, n);
        let share = random.share() * (self.duplicates + self.negatives);
        if share < self.duplicates {
            let how = random.of(&HOW);
            let is_prose = |it| self.stories.kind(it) != Kind::List;
            let of = self.earlier(n, &mut random, is_prose);
            return of.map_or(Role::Original, |of| Role::Copy { of, how });
        }
        let how = random.of(&NEGATIVES);
        let of = self.earlier(n, &mut random, |it| match how {
            "year" => self.stories.kind(it) == Kind::List,
            "quotation" => self.talk_of(it).is_some(),
            _ => self.stories.kind(it) != Kind::List,
        });
        of.map_or(Role::Original, |of| Role::Negative { of, how })
    }

    /// What an original quotes.
    fn talk_of(&self, n: u64) -> Option<String> {
        if self.stories.kind(n) == Kind::List {
            return None;
        }
        (Random::new(self.seed ^ 0xC0B3, n).share() < 0.1).then(|| self.stories.talk(n ^ 0xFFFF))
    }

    fn original(&self, n: u64, change: Change) -> Story {
        self.stories.story(n, change, self.talk_of(n).as_deref())
    }

    pub(crate) fn article(&self, n: u64) -> Article {
        let role = self.role(n);
        let mut random = Random::new(self.seed ^ 0xC0B4, n);
        match role {
            Role::Original => {
                let story = self.original(n, Change::Nothing);
                Article { role, story, jaccard: None, key: n.to_string() }
            }
            Role::Copy { of, how } => {
                let original = self.original(of, Change::Nothing);
                let copy = copies::copy(&original, how, &mut random);
                let jaccard = Some(jaccard(&original.lines(), &copy.clean.lines()));
                Article { role, story: copy.noisy, jaccard, key: of.to_string() }
            }
            Role::Negative { of, how } => {
                let original = self.original(of, Change::Nothing);
                let mut story = match how {
                    "city" => self.original(of, Change::City(n)),
                    "days" => self.original(of, Change::Days(n)),
                    "year" => self.original(of, Change::Year(n)),
                    _ => {
                        let talk = self.talk_of(of);
                        self.stories.story(n | 1 << 40, Change::Nothing, talk.as_deref())
                    }
                };
                if story.lines() == original.lines() {
                    // It names no day.
                    story = self.original(of, Change::City(n));
                }
                let jaccard = Some(jaccard(&original.lines(), &story.lines()));
                // Two fillings of one template may come out the same.
                let key = format!("{of}/{}", ArticleId::of(story.lines().as_bytes()).hex());
                Article { role, story, jaccard, key }
            }
        }
    }
}
