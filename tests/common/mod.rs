//! Extractions made by hand, so that the graph and the store are tested without the rules.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use youcheng::{
    agreement::{Claim, Evidence, Kind, Party, Statistic, Status},
    article::{Article, ArticleId, Origin, Published, Source},
    date::{Basis, Date, PartialDate},
    notes::{Notes, Stage, Why},
    particulars::Particulars,
    pipeline::Extraction,
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::{Mention, Of, dates::Role},
    text::{Clean, Edit, Span, Text},
};

/// A place with all that the gazetteer can know.
pub fn listed(
    id: u32,
    country: &str,
    label: &str,
    latin: &str,
    position: (f64, f64),
) -> Arc<Place> {
    Arc::new(Place {
        key: PlaceKey(format!("gn:{id}").into()),
        country: CountryCode::new(country),
        level: Level::City,
        label: label.into(),
        latin: Some(latin.into()),
        parent: Some(PlaceKey("gn:1".into())),
        position: Some(position),
        geonames: Some(id),
        iso: Some("XX-01".into()),
        gb: None,
        wikidata: Some("Q42".into()),
    })
}

/// A place that no list holds.
pub fn unlisted(country: &str, name: &str) -> Arc<Place> {
    let country = CountryCode::new(country);
    Arc::new(Place {
        key: PlaceKey::unlisted(country, name),
        country,
        level: Level::County,
        label: name.into(),
        latin: None,
        parent: None,
        position: None,
        geonames: None,
        iso: None,
        gb: None,
        wikidata: None,
    })
}

pub fn liaocheng() -> Arc<Place> {
    let place = listed(1_803_834, "CN", "聊城市", "Liaocheng", (36.456, 115.985));
    Arc::new(Place { level: Level::Prefecture, gb: Some(371_500), ..(*place).clone() })
}

pub fn paks() -> Arc<Place> {
    listed(3_045_643, "HU", "帕克斯市", "Paks", (46.6, 18.8))
}

pub fn month(year: i16, month: i8) -> Date {
    Date::new(PartialDate::month(year, month).unwrap(), Basis::Stated)
}

/// An article while it is made up.
pub struct Made(pub Extraction);

impl Made {
    /// An article of this text, as if read from `file`.
    pub fn new(file: &str, text: &str) -> Self {
        let article = Article {
            id: ArticleId::of(text.as_bytes()),
            source: Source { file: Some(Arc::new(PathBuf::from(file))), ..Source::default() },
            title: None,
            published: None,
            text: Text::new(text),
            text_starts: 0,
            layout: Vec::new(),
        };
        Self(Extraction {
            article,
            title: Some("标题".to_owned()),
            passages: Vec::new(),
            mentions: Vec::new(),
            dates: Vec::new(),
            links: BTreeMap::new(),
            claims: Vec::new(),
            statistics: Vec::new(),
            notes: Notes::default(),
        })
    }

    pub fn title(mut self, title: &str) -> Self {
        self.0.title = Some(title.to_owned());
        self
    }

    pub fn url(mut self, url: &str) -> Self {
        self.0.article.source.url = Some(url.to_owned());
        self
    }

    pub fn published(mut self, date: &str) -> Self {
        let date = date.parse().unwrap();
        self.0.article.published = Some(Published { date, origin: Origin::Given });
        self
    }

    /// Cuts the pinyin `noise` out.
    pub fn cut(mut self, noise: &str) -> Self {
        let at = self.0.article.text.clean().find(noise).unwrap();
        self.0.article.text.apply(&[Edit::cut(at..at + noise.len(), Why::Pinyin)]);
        self
    }

    pub fn note(mut self, why: Why, text: &str) -> Self {
        self.0.notes.push(Stage::Relate, why, text);
        self
    }

    pub fn span(&self, stretch: &str) -> Span<Clean> {
        let at = self.0.article.text.clean().find(stretch).expect("the text has it");
        Span::new(at..at + stretch.len())
    }

    pub fn country(mut self, name: &str, code: &str) -> Self {
        let of = Of::Country(CountryCode::new(code).unwrap());
        self.0.mentions.push(Mention { span: self.span(name), of });
        self
    }

    pub fn place(mut self, name: &str, place: &Arc<Place>) -> Self {
        self.0.mentions.push(Mention { span: self.span(name), of: Of::Place(place.clone()) });
        self
    }

    pub fn date(mut self, text: &str, date: &Date) -> Self {
        self.0
            .mentions
            .push(Mention { span: self.span(text), of: Of::Date(date.clone(), Role::Point) });
        self
    }

    pub fn claim(
        mut self,
        sentence: &str,
        [a, b]: [&Arc<Place>; 2],
        kind: Kind,
        date: Option<Date>,
    ) -> Self {
        let evidence = self.evidence(sentence);
        let party =
            |place: &Arc<Place>| Party { name: place.label.to_string(), place: place.clone() };
        self.0.claims.push(Claim {
            kind,
            status: Status::Signed,
            parties: [party(a), party(b)],
            date,
            instrument: None,
            particulars: Particulars::default(),
            confidence: 0.93,
            evidence,
        });
        self
    }

    pub fn statistic(mut self, sentence: &str, subject: &Arc<Place>, countries: u32) -> Self {
        let evidence = self.evidence(sentence);
        self.0.statistics.push(Statistic {
            subject: Party { name: subject.label.to_string(), place: subject.clone() },
            countries: Some(countries),
            cities: None,
            pairs: None,
            kind: Some(Kind::SisterCity),
            as_of: Some(month(2025, 5)),
            evidence,
        });
        self
    }

    fn evidence(&self, sentence: &str) -> Evidence {
        let span = self.span(sentence);
        Evidence { article: self.0.article.id, span, rule: "test.rule".into() }
    }
}

/// A whole small article: noise, mentions of every kind, a claim, a count, a doubt.
pub fn sample() -> Made {
    let sentence = "2023年2月,聊城市与匈牙利帕克斯市签署协议。";
    Made::new(
        "sample.txt",
        "2023年(nián)2月,聊城市与匈牙利帕克斯市签署协议。\n聊城有19个国家的友城。",
    )
    .cut("(nián)")
    .url("https://example.org/1")
    .published("2025-05-23")
    .date("2023年2月", &month(2023, 2))
    .place("聊城市", &liaocheng())
    .country("匈牙利", "HU")
    .place("帕克斯市", &paks())
    .claim(sentence, [&liaocheng(), &paks()], Kind::SisterCity, Some(month(2023, 2)))
    .statistic("聊城有19个国家的友城。", &liaocheng(), 19)
    .note(Why::MissingParty, "又与外方签约")
}
