//! Places of China, Hong Kong, Macao and Taiwan.

use std::sync::Arc;

use super::{Finder, Found, Known, Scope};
use crate::{
    gazetteer::{Common, NameKind, Senses},
    place::{CountryCode, Level, Place, PlaceKey},
    recognise::Of,
};

impl Finder<'_> {
    /// A place of China, Hong Kong, Macao or Taiwan.
    #[expect(clippy::too_many_arguments, reason = "one decision on all the evidence there is")]
    pub(super) fn chinese(
        &self,
        text: &str,
        start: usize,
        end: usize,
        senses: Senses<'_>,
        direct: Option<Scope>,
        last: Option<&Found>,
        article: &Known,
    ) -> Option<Found> {
        let rows = self.rows(senses, CountryCode::is_chinese);
        if rows.is_empty() {
            return None;
        }
        let written = &text[start..end];
        let chars = written.chars().count();
        let (stem, suffix) = self.forms.stem(written);
        // 广州 and 青岛 have no unit behind their stem, though they end as if they had.
        let whole = rows.iter().any(|&(_, kind)| kind != NameKind::Short);
        let has_unit = suffix.is_some() && whole || written.ends_with(['旗', '盟']) && chars > 2;
        let parent = last
            .and_then(|last| last.row)
            .filter(|&row| self.gazetteer.row(row).country().is_chinese());
        let in_chain = parent.is_some_and(|parent| {
            rows.iter().any(|&(row, _)| self.gazetteer.is_within(row, parent))
        });
        // A district of Hong Kong is none of the mainland's: 香港东区.
        if let (false, true, Some(parent), Some(last)) = (in_chain, has_unit, parent, last)
            && self.gazetteer.row(parent).country() != CountryCode::CN
            && last.end == start
        {
            let of = self.gazetteer.row(parent);
            // All those of Taiwan are listed: 新竹市东区域 names none.
            if of.country() == self.forms.towns().country {
                return None;
            }
            let key = PlaceKey(of.id().into());
            let place = Place::unlisted(written, Some(of.country()), Some(key));
            return Some(Found {
                start,
                end,
                of: Of::Place(Arc::new(place)),
                row: None,
                sure: true,
            });
        }
        let known = |row: u32| article.has_seen(row);
        // Right behind a foreign name it is a namesake of that country (万象省万荣县).
        let inside_foreign = direct.is_some_and(|scope| !scope.glued);
        // 丽水 is the 韩国丽水市 of the article, where no Chinese one is named in full.
        let is_abroad = || article.has_abroad(written) && !rows.iter().any(|&(row, _)| known(row));
        let of_building = !has_unit
            && last.is_some_and(|last| last.end == start)
            && self.forms.is_venue(&text[end..]);
        let accepted = if of_building || inside_foreign && !rows.iter().any(|&(row, _)| known(row))
        {
            false
        } else if in_chain {
            has_unit || self.words.bounded(text, start, end)
        } else if has_unit && chars >= 3 {
            // 结为友好区县 names no 友好区.
            let listed_units = text[end..].starts_with(['县', '市', '区', '州'])
                && self.gazetteer.common(stem) == Some(Common::Word);
            !listed_units
                && !self.cut_off(text, start)
                && !self.forms.is_generic(stem)
                && !self.forms.is_vague(stem)
        } else if has_unit {
            // 古城 is no name of a unit.
            !self.forms.is_vague(stem)
                && !self.forms.is_generic(stem)
                && (self.between_marks(text, start, end)
                    || self.set_apart(text, start, end)
                    || self.gazetteer.common(written) != Some(Common::Word) && last.is_some()
                    || self.gazetteer.common(written) != Some(Common::Word)
                        && self.words.bounded(text, start, end)
                        && text[..start].chars().next_back().is_none_or(|c| !self.forms.is_stem(c)))
        } else {
            !inside_foreign
                && self.words.bounded(text, start, end)
                && !self.organisation(text, end)
                && !self.person(text, start, end)
                && !is_abroad()
                && rows.iter().any(|&(row, kind)| {
                    let level = self.gazetteer.row(row).level();
                    let current = kind != NameKind::Former;
                    current && level == Some(Level::Province)
                        || known(row)
                        || current
                            && match level {
                                Some(Level::Province) => true,
                                Some(Level::Prefecture) => {
                                    !matches!(self.gazetteer.common(written), Some(Common::Word))
                                        || self.tagged_place(written)
                                        || self.is_visited(text, start, end)
                                }
                                // 临海城市 are by the sea.
                                Some(_) if text[end..].starts_with("城市") => false,
                                // 昆山, 义乌; the short name of a county proves too little.
                                Some(_) => {
                                    let near = self.gazetteer.row(row).parent();
                                    let city = self.gazetteer.row(row).name().ends_with('市');
                                    city && self.is_visited(text, start, end)
                                        || self.gazetteer.common(written) != Some(Common::Word)
                                            && (near.is_some_and(known)
                                                && !self.gazetteer.row(row).name().ends_with('区')
                                                || city
                                                    && !self.forms.is_weak(written)
                                                    && (self.gazetteer.common(written).is_none()
                                                        && self.tagged_place(written)
                                                        || self.tagged(written, &["nz"])
                                                        || self.set_apart(text, start, end)
                                                            && self.tagged_name(written)))
                                }
                                None => false,
                            }
                })
        };
        if !accepted {
            return None;
        }
        let best = self.best_chinese(&rows, parent, article);
        let sure = has_unit;
        Some(match best {
            Ok(row) => Found { start, end, of: Of::Place(self.place(row)), row: Some(row), sure },
            Err(rows) => Found {
                start,
                end,
                of: Of::Ambiguous(rows.iter().map(|&row| self.place(row)).collect()),
                row: None,
                sure: false,
            },
        })
    }

    /// Which of several Chinese namesakes is meant; all of them if nothing tells.
    pub(super) fn best_chinese(
        &self,
        rows: &[(u32, NameKind)],
        parent: Option<u32>,
        article: &Known,
    ) -> Result<u32, Vec<u32>> {
        let score = |row: u32, kind: NameKind| {
            let row_of = self.gazetteer.row(row);
            let inside = parent.is_some_and(|parent| self.gazetteer.is_within(row, parent));
            let near = article.chinese().iter().filter(|&&known| {
                known == row
                    || self.gazetteer.is_within(row, known)
                    || self.gazetteer.is_within(known, row)
            });
            // The unit of today before the one of former times, the higher one before the
            // lower one of the same name.
            // A district keeps its unit: 海城 is 海城市, not 海城区.
            let town = kind != NameKind::Short
                || !row_of.name().ends_with('区')
                || row_of.name().ends_with("地区");
            let level = std::cmp::Reverse(row_of.level());
            (inside, near.count(), kind != NameKind::Former, town, level)
        };
        if let [(row, _)] = *rows {
            return Ok(row);
        }
        let best = rows.iter().map(|&(row, kind)| score(row, kind)).max();
        let mut meant: Vec<u32> = rows
            .iter()
            .filter(|&&(row, kind)| Some(score(row, kind)) == best)
            .map(|&(row, _)| row)
            .collect();
        meant.dedup();
        match meant[..] {
            [row] => Ok(row),
            _ => Err(meant),
        }
    }
}
