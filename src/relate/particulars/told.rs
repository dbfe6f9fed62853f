//! [`Told`]: one sentence of an article, as the rules of particulars read it.

use std::cell::{LazyCell, OnceCell};

use super::{
    people::{People, place},
    rules::{ParticularRules, WHO},
};
use crate::{
    agreement::Party,
    particulars::{Mode, Particulars, Venue},
    recognise::Mention,
    relate::shadow::{Shadow, Symbol},
    text::{Clean, Span},
};

/// No more fields are listed than these.
const MOST_FIELDS: usize = 24;

pub(super) struct Told<'a> {
    pub(super) clean: &'a str,
    pub(super) mentions: &'a [Mention],
    pub(super) shadow: Shadow,
    people: OnceCell<People>,
}

/// What of a sentence may be read for an agreement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'p> {
    pub(super) parties: &'p [Party; 2],
    /// Whether the sentence tells of no other pair.
    pub(super) alone: bool,
    /// Only where and at which event.
    pub(super) scene_only: bool,
}

impl<'a> Told<'a> {
    pub(super) fn new(clean: &'a str, mentions: &'a [Mention], span: Span<Clean>) -> Self {
        let shadow = Shadow::new(clean, span, mentions, &[], &|_| false);
        Self { clean, mentions, shadow, people: OnceCell::new() }
    }

    pub(super) fn clean_at(&self, at: usize) -> u32 {
        self.shadow.to_clean(at)
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span<Clean> {
        // The end is behind the last character, wherever the next one comes from.
        let last = self.shadow.text[..end].chars().next_back().map_or(0, char::len_utf8);
        let symbol = self.shadow.items_in(end - last, end).first();
        let end = symbol.map_or_else(
            || self.clean_at(end - last) as usize + last,
            |item| item.span.end as usize,
        );
        Span::new(self.clean_at(start) as usize..end)
    }

    /// Adds what the sentence says and `into` does not hold yet.
    pub(super) fn read(&self, rules: &ParticularRules, scope: Scope<'_>, into: &mut Particulars) {
        let shadow = &self.shadow.text;
        let fits = rules.patterns.may_fit(shadow);
        let signed = LazyCell::new(|| rules.patterns.may_fit(&self.people(rules).text));
        for (number, rule) in rules.rules.iter().enumerate() {
            let has = |name: &str| rule.captures.contains(&name);
            let signatories = has("signatory");
            if signatories && (scope.scene_only || !into.signatories.is_empty()) {
                continue;
            }
            let text = if signatories { &self.people(rules).text } else { shadow };
            if signatories && !text.contains(WHO) {
                continue;
            }
            let may_fit = if signatories { LazyCell::force(&signed) } else { &fits };
            if !may_fit.contains(&number) {
                continue;
            }
            let Some(found) = rule.pattern.captures(text) else { continue };
            // With the rest of the clause before it: 希望双方在.
            let whole = found.get(0).map_or(0..0, |it| it.range());
            let clause = text[..whole.start].rfind(['，', ',']).unwrap_or(0);
            let whole = &text[clause..whole.end];
            if rule.unless.as_ref().is_some_and(|unless| unless.is_match(whole)) {
                continue;
            }
            // Of several pairs nobody can tell whose the second one is.
            if !scope.alone && !signatories && rule.pattern.find_iter(text).nth(1).is_some() {
                continue;
            }
            if let Some(who) = found.name("who") {
                let at = (who.start(), who.end());
                into.signatories =
                    self.people(rules).signatories(at, self, scope.parties, scope.alone);
            }
            if let Some(at) = found.name("place")
                && into.place.is_none()
            {
                into.place = Some(self.venue(at.start(), at.end()));
            }
            if let Some(at) = found.name("occasion")
                && into.occasion.is_none()
            {
                into.occasion = Some(self.span(at.start(), at.end()));
            }
            if scope.scene_only {
                continue;
            }
            for (mode, group) in [(Mode::Online, "online"), (Mode::OnSite, "onsite")] {
                if let Some(at) = found.name(group)
                    && into.mode.is_none()
                {
                    into.mode = Some((mode, self.span(at.start(), at.end())));
                }
            }
            if let Some(at) = found.name("fields")
                && into.fields.is_empty()
                && scope.alone
            {
                into.fields = self.fields(at.start(), at.end());
            }
            if let Some(at) = found.name("instrument")
                && into.instrument.is_none()
            {
                into.instrument = Some(self.span(at.start(), at.end()));
            }
        }
    }

    fn people(&self, rules: &ParticularRules) -> &People {
        self.people.get_or_init(|| People::of(&rules.persons, self))
    }

    fn venue(&self, start: usize, end: usize) -> Venue {
        let items = self.shadow.items_in(start, end).iter().rev();
        let places = items.filter(|it| matches!(it.symbol, Symbol::Chinese | Symbol::Foreign));
        let mut named = places.filter_map(|item| place(&self.mentions[item.mention?].of));
        Venue { span: self.span(start, end), place: named.next().cloned() }
    }

    /// The members of a list of fields.
    fn fields(&self, start: usize, end: usize) -> Vec<Span<Clean>> {
        let list = &self.shadow.text[start..end];
        let mut fields = Vec::new();
        let mut at = start;
        for piece in list.split_inclusive(['、', '，', ',', '和', '与', '及']) {
            let name = piece.trim_end_matches(['、', '，', ',', '和', '与', '及', '以']);
            let chars = name.chars().count();
            if (2..=12).contains(&chars) && fields.len() < MOST_FIELDS {
                fields.push(self.span(at, at + name.len()));
            }
            at += piece.len();
        }
        fields
    }
}
