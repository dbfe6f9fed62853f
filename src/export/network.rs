//! The ties as a network and on a map: GraphML and an edge list for Gephi and igraph,
//! GeoJSON for maps, QuickStatements for Wikidata.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::{Value as Json, json};

use super::{
    dataset::Dataset,
    table::{Table, Value},
};
use crate::query::{harmless, of_xml};

/// Statuses of ties that do not hold, or not yet.
const NOT_IN_FORCE: [&str; 2] = ["planned", "terminated"];

/// One tie: a pair and all agreements between them that are in force.
struct Tie {
    kinds: BTreeSet<String>,
    agreements: usize,
    since: Option<String>,
}

/// The ties by the keys of their places, the Chinese side first.
fn ties(dataset: &Dataset) -> BTreeMap<(String, String), Tie> {
    let table = &dataset.agreements;
    let mut ties = BTreeMap::new();
    for row in 0..table.rows.len() {
        let get = |name| table.get(row, name).as_text().unwrap_or_default().to_owned();
        if NOT_IN_FORCE.contains(&get("status").as_str()) {
            continue;
        }
        let tie = ties.entry((get("a_id"), get("b_id"))).or_insert_with(|| Tie {
            kinds: BTreeSet::new(),
            agreements: 0,
            since: None,
        });
        tie.kinds.insert(get("kind"));
        tie.agreements += 1;
        if let Value::Date(day) = table.get(row, "date_earliest") {
            let day = day.to_string();
            if tie.since.as_ref().is_none_or(|since| day < *since) {
                tie.since = Some(day);
            }
        }
    }
    ties
}

fn text<'t>(table: &'t Table, row: usize, name: &str) -> &'t str {
    table.get(row, name).as_text().unwrap_or_default()
}

fn position(places: &Table, row: usize) -> Option<[f64; 2]> {
    match (places.get(row, "lon"), places.get(row, "lat")) {
        (Value::Number(lon), Value::Number(lat)) => Some([*lon, *lat]),
        _ => None,
    }
}

/// The places that ties bind, each a node; the ties, each an edge.
pub(super) fn graphml(dataset: &Dataset, out: impl io::Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut root = BytesStart::new("graphml");
    root.push_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"));
    xml.write_event(Event::Start(root))?;
    for (id, of, kind) in [
        ("key", "node", "string"),
        ("label", "node", "string"),
        ("country", "node", "string"),
        ("level", "node", "string"),
        ("lat", "node", "double"),
        ("lon", "node", "double"),
        ("kinds", "edge", "string"),
        ("weight", "edge", "int"),
        ("since", "edge", "string"),
    ] {
        let mut key = BytesStart::new("key");
        key.push_attribute(("id", id));
        key.push_attribute(("for", of));
        key.push_attribute(("attr.name", id));
        key.push_attribute(("attr.type", kind));
        xml.write_event(Event::Empty(key))?;
    }
    let mut graph = BytesStart::new("graph");
    graph.push_attribute(("edgedefault", "undirected"));
    xml.write_event(Event::Start(graph))?;
    let data = |xml: &mut Writer<_>, key: &str, value: &str| -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        let mut data = BytesStart::new("data");
        data.push_attribute(("key", key));
        xml.write_event(Event::Start(data))?;
        xml.write_event(Event::Text(BytesText::new(&of_xml(value))))?;
        xml.write_event(Event::End(BytesEnd::new("data")))
    };
    let (ties, places) = (ties(dataset), dataset.places.by_key());
    let nodes: BTreeSet<&str> = ties.keys().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
    // Keys may hold what an XML attribute may not.
    let ids: BTreeMap<&str, String> =
        nodes.into_iter().enumerate().map(|(n, node)| (node, format!("n{n}"))).collect();
    for (node, id) in &ids {
        let mut element = BytesStart::new("node");
        element.push_attribute(("id", id.as_str()));
        xml.write_event(Event::Start(element))?;
        data(&mut xml, "key", node)?;
        if let Some(&row) = places.get(*node) {
            let table = &dataset.places;
            data(&mut xml, "label", text(table, row, "name"))?;
            data(&mut xml, "country", text(table, row, "country"))?;
            data(&mut xml, "level", text(table, row, "level"))?;
            if let Some([lon, lat]) = position(table, row) {
                data(&mut xml, "lat", &lat.to_string())?;
                data(&mut xml, "lon", &lon.to_string())?;
            }
        }
        xml.write_event(Event::End(BytesEnd::new("node")))?;
    }
    for (n, ((a, b), tie)) in ties.iter().enumerate() {
        let mut element = BytesStart::new("edge");
        element.push_attribute(("id", format!("e{n}").as_str()));
        let id = |place: &String| ids.get(place.as_str()).map_or("", String::as_str);
        element.push_attribute(("source", id(a)));
        element.push_attribute(("target", id(b)));
        xml.write_event(Event::Start(element))?;
        data(&mut xml, "kinds", &kinds(tie))?;
        data(&mut xml, "weight", &tie.agreements.to_string())?;
        data(&mut xml, "since", tie.since.as_deref().unwrap_or_default())?;
        xml.write_event(Event::End(BytesEnd::new("edge")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("graph")))?;
    xml.write_event(Event::End(BytesEnd::new("graphml")))?;
    let mut out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

fn kinds(tie: &Tie) -> String {
    tie.kinds.iter().map(String::as_str).collect::<Vec<_>>().join("|")
}

/// The ties as a list of edges, with the headers that Gephi knows.
pub(super) fn edges(dataset: &Dataset, out: impl io::Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record([
        "Source",
        "Target",
        "Type",
        "Weight",
        "source_name",
        "target_name",
        "source_country",
        "target_country",
        "kinds",
        "since",
    ])?;
    let places = dataset.places.by_key();
    for ((a, b), tie) in ties(dataset) {
        let of = |place: &str, column| {
            let row = places.get(place).copied().unwrap_or(usize::MAX);
            harmless(text(&dataset.places, row, column)).into_owned()
        };
        writer.write_record([
            a.clone(),
            b.clone(),
            "Undirected".to_owned(),
            tie.agreements.to_string(),
            of(&a, "name"),
            of(&b, "name"),
            of(&a, "country"),
            of(&b, "country"),
            kinds(&tie),
            tie.since.unwrap_or_default(),
        ])?;
    }
    writer.flush()
}

/// The places as points. Those without a position have no geometry, and are there.
pub(super) fn places_geojson(dataset: &Dataset) -> Json {
    let table = &dataset.places;
    let features = (0..table.rows.len()).map(|row| {
        let properties: serde_json::Map<String, Json> =
            ["name", "latin", "country", "level", "geonames", "wikidata"]
                .into_iter()
                .map(|name| (name.to_owned(), table.get(row, name).json()))
                .collect();
        json!({
            "type": "Feature",
            "id": text(table, row, "id"),
            "geometry": position(table, row).map(|at| json!({"type": "Point", "coordinates": at})),
            "properties": properties,
        })
    });
    json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()})
}

/// The ties as lines between places. A line that would cross the meridian of 180 degrees is
/// cut there, as RFC 7946 wants it.
pub(super) fn ties_geojson(dataset: &Dataset) -> Json {
    let places = dataset.places.by_key();
    let at = |place: &str| position(&dataset.places, *places.get(place)?);
    let name = |place: &str| places.get(place).map(|&row| text(&dataset.places, row, "name"));
    let features = ties(dataset).into_iter().map(|((a, b), tie)| {
        let geometry = at(&a).zip(at(&b)).map(|(a, b)| line(a, b));
        json!({
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "a": a, "b": b, "a_name": name(&a), "b_name": name(&b),
                "kinds": tie.kinds, "agreements": tie.agreements, "since": tie.since,
            },
        })
    });
    json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()})
}

fn line(a: [f64; 2], b: [f64; 2]) -> Json {
    let turn = b[0] - a[0];
    if turn.abs() <= 180.0 {
        return json!({"type": "LineString", "coordinates": [a, b]});
    }
    // The short way goes over the edge of the map.
    let edge = if a[0] > 0.0 { 180.0 } else { -180.0 };
    let there = if turn < 0.0 { b[0] + 360.0 } else { b[0] - 360.0 };
    let part = (edge - a[0]) / (there - a[0]);
    let lat = a[1] + part * (b[1] - a[1]);
    json!({
        "type": "MultiLineString",
        "coordinates": [[a, [edge, lat]], [[-edge, lat], b]],
    })
}

/// Statements for Wikidata (version 1 of its commands): twinned administrative body, P190, both
/// ways, for sister cities in force of which both ends are known items, with the day and the
/// address of an article.
pub(super) fn quick_statements(dataset: &Dataset, mut out: impl io::Write) -> io::Result<()> {
    let table = &dataset.agreements;
    for row in 0..table.rows.len() {
        let get = |name| text(table, row, name);
        let is_item = |item: &str| {
            item.strip_prefix('Q').is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
            })
        };
        let (a, b) = (get("a_wikidata"), get("b_wikidata"));
        let in_force = !NOT_IN_FORCE.contains(&get("status"));
        if get("kind") != "sister-city" || !in_force || !is_item(a) || !is_item(b) || a == b {
            continue;
        }
        let mut more = String::new();
        if let Some(since) = wikidata_date(get("date")) {
            more = format!("\tP580\t{since}");
        }
        let url = get("article_url");
        let is_url = url.starts_with("http://") || url.starts_with("https://");
        if is_url && !url.contains(['"', '\t', '\n', '\r', '|']) {
            more = format!("{more}\tS854\t\"{url}\"");
        }
        writeln!(out, "{a}\tP190\t{b}{more}")?;
        writeln!(out, "{b}\tP190\t{a}{more}")?;
    }
    out.flush()
}

/// A plain EDTF date at its precision, as Wikidata writes times.
fn wikidata_date(edtf: &str) -> Option<String> {
    let parts: Vec<&str> = edtf.split('-').collect();
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    match parts[..] {
        [year] if digits(year, 4) => Some(format!("+{year}-00-00T00:00:00Z/9")),
        [year, month] if digits(year, 4) && digits(month, 2) && month <= "12" => {
            Some(format!("+{year}-{month}-00T00:00:00Z/10"))
        }
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            Some(format!("+{year}-{month}-{day}T00:00:00Z/11"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_the_edge_of_the_map() {
        let near = line([120.0, 30.0], [19.0, 47.0]);
        assert_eq!(near["type"], "LineString");
        let over = line([120.0, 30.0], [-120.0, 40.0]);
        assert_eq!(over["type"], "MultiLineString");
        assert_eq!(over["coordinates"][0][1], json!([180.0, 35.0]));
        assert_eq!(over["coordinates"][1][0], json!([-180.0, 35.0]));
        let back = line([-120.0, 40.0], [120.0, 30.0]);
        assert_eq!(back["coordinates"][0][1], json!([-180.0, 35.0]));
    }

    #[test]
    fn wikidata_is_told_the_precision() {
        assert_eq!(wikidata_date("2023").unwrap(), "+2023-00-00T00:00:00Z/9");
        assert_eq!(wikidata_date("2023-02").unwrap(), "+2023-02-00T00:00:00Z/10");
        assert_eq!(wikidata_date("2023-02-14").unwrap(), "+2023-02-14T00:00:00Z/11");
        for other in ["2023-21", "202X", "2020/2023", "", "2023~"] {
            assert_eq!(wikidata_date(other), None, "{other}");
        }
    }
}
