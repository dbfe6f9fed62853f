//! Proof: the examples of the rules, run.

use crate::{
    agreement::Statistic,
    article::{Article, ArticleId, Source},
    notes::Notes,
    pipeline::{Extraction, Extractor},
    text::Text,
};

/// An example that does not come out as its rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file of the rule.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// The example.
    pub text: String,
    /// What is wrong.
    pub message: String,
}

/// How many rules and examples were run, and what failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// How many rules.
    pub rules: usize,
    /// How many examples.
    pub examples: usize,
    /// What failed.
    pub failures: Vec<Failure>,
}

impl Proof {
    /// Runs the examples of all rules, or only of those of one file.
    #[must_use]
    pub fn of(extractor: &Extractor, file: Option<&str>) -> Self {
        let mut proof = Self::default();
        let wanted = |name: &str| file.is_none_or(|file| file == name);
        let relater = extractor.relater();
        for rule in relater.rules().rules.iter().filter(|rule| wanted(&rule.file)) {
            let of = Of { extractor, file: &rule.file, rule: &rule.id };
            proof.rules += 1;
            // A rule of weak ties is under the confidence that is asked for: its claims alone.
            let weak = rule.confidence() < extractor.min_confidence();
            let extract = |text: &str| {
                if !weak {
                    return of.extract(text);
                }
                let mut all = extractor.run_unsure(sentence(text), Notes::default());
                all.claims.retain(|claim| claim.evidence.rule == rule.id);
                all
            };
            for example in &rule.finds {
                let extraction = extract(&example.text);
                let found = extraction.claims.iter().map(ToString::to_string).collect();
                let by_rule = extraction.claims.iter().any(|it| it.evidence.rule == rule.id);
                proof.finds(&of, &example.text, found, &example.expect, by_rule);
            }
            for text in &rule.ignores {
                let found = extract(text).claims;
                let found: Vec<String> = found.iter().map(ToString::to_string).collect();
                proof.ignores(&of, text, &found);
            }
        }
        for rule in relater.counts().rules.iter().filter(|rule| wanted(&rule.file)) {
            let of = Of { extractor, file: &rule.file, rule: &rule.id };
            proof.rules += 1;
            for example in &rule.finds {
                let extraction = of.extract(&example.text);
                let found = extraction.statistics.iter().map(shown).collect();
                let by_rule = extraction.statistics.iter().any(|it| it.evidence.rule == rule.id);
                proof.finds(&of, &example.text, found, &example.expect, by_rule);
            }
            for text in &rule.ignores {
                let found = of.extract(text).statistics;
                let found: Vec<String> = found.iter().map(shown).collect();
                proof.ignores(&of, text, &found);
            }
        }
        for rule in relater.particulars().rules.iter().filter(|rule| wanted(&rule.file)) {
            let of = Of { extractor, file: &rule.file, rule: &rule.id };
            proof.rules += 1;
            // Only what the rule captures is compared: a sentence tells of other things as well.
            let read = |text: &str| -> Vec<String> {
                let Extraction { article, claims, .. } = of.extract(text);
                let lines = claims.iter().flat_map(|it| it.particulars.lines(article.text.clean()));
                let own = |line: &String| {
                    rule.captures.iter().any(|it| line.split(' ').next() == Some(it))
                };
                lines.filter(own).collect()
            };
            for example in &rule.finds {
                proof.finds(&of, &example.text, read(&example.text), &example.expect, true);
            }
            for text in &rule.ignores {
                proof.ignores(&of, text, &read(text));
            }
        }
        proof
    }

    fn finds(
        &mut self,
        of: &Of<'_>,
        text: &str,
        mut found: Vec<String>,
        expected: &[String],
        by_rule: bool,
    ) {
        self.examples += 1;
        let mut expected = expected.to_vec();
        found.sort();
        expected.sort();
        if found != expected {
            let (found, expected) = (listed(&found), listed(&expected));
            self.fail(of, text, format!("finds {found}, and not {expected}"));
        } else if !by_rule {
            self.fail(of, text, "it is another rule that reads it".to_owned());
        }
    }

    fn ignores(&mut self, of: &Of<'_>, text: &str, found: &[String]) {
        self.examples += 1;
        if !found.is_empty() {
            self.fail(of, text, format!("finds {}, and not nothing", listed(found)));
        }
    }

    fn fail(&mut self, of: &Of<'_>, text: &str, message: String) {
        self.failures.push(Failure {
            file: of.file.to_owned(),
            rule: of.rule.to_owned(),
            text: text.to_owned(),
            message,
        });
    }
}

/// A rule whose examples are run.
struct Of<'a> {
    extractor: &'a Extractor,
    file: &'a str,
    rule: &'a str,
}

impl Of<'_> {
    fn extract(&self, text: &str) -> Extraction {
        self.extractor.run(sentence(text), Notes::default())
    }
}

/// An article of a few sentences, as examples are.
#[must_use]
pub fn sentence(text: &str) -> Article {
    Article {
        id: ArticleId::of(text.as_bytes()),
        source: Source::default(),
        title: None,
        published: None,
        text: Text::new(text),
        text_starts: 0,
        layout: Vec::new(),
    }
}

/// A count as examples write it: `subject countries cities pairs kind`.
fn shown(statistic: &Statistic) -> String {
    let number = |n: Option<u32>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let numbers = [statistic.countries, statistic.cities, statistic.pairs].map(number).join(" ");
    let kind = statistic.kind.map_or("-", |kind| kind.name());
    format!("{} {numbers} {kind}", statistic.subject.name)
}

fn listed(found: &[String]) -> String {
    if found.is_empty() {
        "nothing".to_owned()
    } else {
        format!("“{}”", found.join("”, “"))
    }
}
