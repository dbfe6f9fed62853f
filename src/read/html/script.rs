//! Articles that stand only in a script of the page, which a browser would run: the JSON
//! that the frameworks of portals leave there.

use std::borrow::Cow;

use memchr::memmem;

use crate::read::PageRules;

/// Characters of an article in a script, at least, and sentences.
const LEAST: (usize, usize) = (60, 2);
/// A field of the article stands at most so many bytes before or after its text.
const REACH: usize = 64 << 10;
/// So many values of one name are looked at.
const MOST: usize = 200;

/// An article as a script has it.
#[derive(Debug)]
pub(super) struct Scripted {
    /// Its text, as a page of its own.
    pub(super) page: String,
    pub(super) published: Option<String>,
    pub(super) publisher: Option<String>,
}

/// The article that a script of the page holds, the longest if there are several.
pub(super) fn article(page: &str, rules: &PageRules) -> Option<Scripted> {
    let fields = &rules.script_fields;
    let mut best: Option<(usize, Scripted)> = None;
    for script in scripts(page) {
        let script = decoded(script);
        for name in &fields.text {
            for (at, text) in values(&script, name) {
                let length = text.chars().filter(|c| !c.is_ascii()).count();
                let sentences = text.matches('。').count();
                let enough = length >= LEAST.0 && sentences >= LEAST.1;
                if !enough || best.as_ref().is_some_and(|(longest, _)| *longest >= length) {
                    continue;
                }
                let near = |names: &[String]| nearest(&script, names, at);
                let title = near(&fields.title).unwrap_or_default();
                let body = if text.contains('<') { text } else { text.replace('\n', "<br>") };
                let page = format!("<h1>{title}</h1><article>{body}</article>");
                let published = near(&fields.date);
                let publisher = near(&fields.source);
                best = Some((length, Scripted { page, published, publisher }));
            }
        }
    }
    best.map(|(_, scripted)| scripted)
}

/// What stands between the tags of the scripts.
fn scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (_, rest) = rest.split_once('>')?;
        rest.split_once("</script").map(|(script, _)| script)
    })
}

/// A script without its percent encoding, if it is nothing else.
fn decoded(script: &str) -> Cow<'_, str> {
    let script = script.trim();
    if !script.starts_with("%7B") {
        return Cow::Borrowed(script);
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = script.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = || Some(digit(bytes.get(at + 1))? * 16 + digit(bytes.get(at + 2))?);
        match code().filter(|_| byte == b'%').and_then(|code| u8::try_from(code).ok()) {
            Some(code) => {
                plain.push(code);
                at += 3;
            }
            None => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&plain).into_owned())
}

/// The strings that are values of a name, and where they stand.
fn values<'s>(script: &'s str, name: &str) -> impl Iterator<Item = (usize, String)> + 's {
    let name = format!("\"{name}\"");
    let found: Vec<usize> = memmem::find_iter(script.as_bytes(), &name).take(MOST).collect();
    found.into_iter().filter_map(move |at| {
        let rest = script[at + name.len()..].trim_start().strip_prefix(':')?.trim_start();
        // Numbers are dates, too.
        let value = serde_json::Deserializer::from_str(rest).into_iter::<Scalar>().next()?.ok()?;
        Some((at, value.0))
    })
}

/// A string or a number.
struct Scalar(String);

impl<'de> serde::Deserialize<'de> for Scalar {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Scalar;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a number")
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// The value of the first of these names that stands near a place, the nearest of them.
fn nearest(script: &str, names: &[String], at: usize) -> Option<String> {
    names.iter().find_map(|name| {
        values(script, name)
            .filter(|(place, value)| place.abs_diff(at) <= REACH && !value.trim().is_empty())
            .min_by_key(|(place, _)| place.abs_diff(at))
            .map(|(_, value)| value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "临河市与佩奇市八日签署友好城市协议。两市将在港口物流、职业教育和文化旅游等领域开展合作，并商定今后三年每年互派师生，轮流举办文化周。";

    #[test]
    fn the_article_of_a_script_is_found() {
        let rules = PageRules::bundled().unwrap();
        let json = serde_json::json!({"list": [{"title": "别的", "content": "短。"}], "article":
            {"title": "两市结好", "content": format!("<p>{TEXT}</p>"), "publish_time": 1_657_508_412, "source": "临河发布"}});
        let encoded: String = json.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        for page in [
            format!("<div id=app></div><script>window.DATA = {json};</script>"),
            format!("<script id=\"RENDER_DATA\" type=\"application/json\">{encoded}</script>"),
        ] {
            let found = article(&page, rules).unwrap();
            assert_eq!(found.page, format!("<h1>两市结好</h1><article><p>{TEXT}</p></article>"));
            assert_eq!(found.published.as_deref(), Some("1657508412"));
            assert_eq!(found.publisher.as_deref(), Some("临河发布"));
        }
        let none = "<script>var a = {\"content\": \"短。\", \"title\": \"x\"}</script>";
        assert!(article(none, rules).is_none());
    }
}
