//! The descriptions of a dataset: Data Package 2, Croissant, DCAT with VoID and PROV, CFF.

use oxrdf::{Literal, NamedNode, NamedNodeRef, Triple, vocab::rdf, vocab::xsd};
use oxttl::TurtleSerializer;
use serde_json::{Value as Json, json};

use super::{
    ExportError,
    dataset::Dataset,
    package::{Described, PARQUET},
    table::{Column, Kind, Layout, SCHEMA},
};
use crate::rdf::{
    iri,
    vocab::{PREFIXES, dcterms, prov, yc},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The facts are nobody's; the data of places is.
const LICENCE: (&str, &str, &str) = (
    "CC-BY-4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    "Creative Commons Attribution 4.0",
);

/// Vocabularies that describe datasets; nothing else of the graph uses them.
mod terms {
    pub(super) const DCAT: &str = "http://www.w3.org/ns/dcat#";
    pub(super) const VOID: &str = "http://rdfs.org/ns/void#";
    pub(super) const SPDX: &str = "http://spdx.org/rdf/terms#";
}

/// `datapackage.json`. <https://datapackage.org>
pub(super) fn data_package(id: &str, dataset: &Dataset) -> Json {
    let resources = dataset.tables().map(|table| {
        let layout = table.layout;
        json!({
            "name": layout.name,
            "path": format!("{}.csv", layout.name),
            "type": "table",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "description": layout.about,
            "dialect": {"lineTerminator": "\r\n"},
            "schema": schema(layout),
        })
    });
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": SCHEMA.name,
        "id": iri::dataset(id).as_str(),
        "title": SCHEMA.title,
        "description": SCHEMA.description,
        "version": VERSION,
        "keywords": SCHEMA.keywords,
        "licenses": [{"name": LICENCE.0, "path": LICENCE.1, "title": LICENCE.2}],
        "sources": [{"title": SCHEMA.place_data}],
        "contributors": [{"title": format!("youcheng {VERSION}"), "roles": ["creator"]}],
        "resources": resources.to_vec(),
    })
}

fn schema(layout: &Layout) -> Json {
    let fields = layout.columns.iter().map(|column| {
        let mut field = json!({
            "name": column.name,
            "type": match column.kind {
                Kind::Text => "string",
                Kind::Integer => "integer",
                Kind::Number => "number",
                Kind::Date => "date",
                Kind::Boolean => "boolean",
            },
            "description": column.about,
        });
        if column.name == layout.key {
            field["constraints"] = json!({"required": true, "unique": true});
        }
        field
    });
    let keys = layout.columns.iter().filter_map(|column| {
        let table = column.table.as_ref()?;
        let key = &SCHEMA.table.iter().find(|layout| &layout.name == table)?.key;
        Some(json!({
            "fields": [column.name],
            "reference": {"resource": table, "fields": [key]},
        }))
    });
    json!({
        "fields": fields.collect::<Vec<_>>(),
        "primaryKey": [layout.key],
        "foreignKeys": keys.collect::<Vec<_>>(),
        "missingValues": [""],
    })
}

/// `croissant.json`. <https://docs.mlcommons.org/croissant/>
pub(super) fn croissant(id: &str, files: &[Described]) -> Json {
    // Its tools know Parquet by the name that it had before it was registered.
    let encoding = |media_type| match media_type {
        PARQUET => "application/x-parquet",
        other => other,
    };
    let objects = files.iter().map(|file| {
        json!({
            "@type": "cr:FileObject",
            "@id": file.name,
            "name": file.name,
            "contentUrl": file.name,
            "contentSize": format!("{} B", file.bytes),
            "encodingFormat": encoding(file.media_type),
            "sha256": file.sha256,
        })
    });
    let records = SCHEMA.table.iter().map(|layout| {
        let fields = layout.columns.iter().map(|column| field(layout, column));
        json!({
            "@type": "cr:RecordSet",
            "@id": layout.name,
            "name": layout.name,
            "description": layout.about,
            "key": {"@id": format!("{}/{}", layout.name, layout.key)},
            "field": fields.collect::<Vec<_>>(),
        })
    });
    json!({
        "@context": {
            "@language": "en",
            "@vocab": "https://schema.org/",
            "citeAs": "cr:citeAs",
            "column": "cr:column",
            "conformsTo": "dct:conformsTo",
            "cr": "http://mlcommons.org/croissant/",
            "data": {"@id": "cr:data", "@type": "@json"},
            "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
            "dct": "http://purl.org/dc/terms/",
            "equivalentProperty": "cr:equivalentProperty",
            "examples": {"@id": "cr:examples", "@type": "@json"},
            "extract": "cr:extract",
            "field": "cr:field",
            "fileObject": "cr:fileObject",
            "fileProperty": "cr:fileProperty",
            "fileSet": "cr:fileSet",
            "format": "cr:format",
            "includes": "cr:includes",
            "isLiveDataset": "cr:isLiveDataset",
            "jsonPath": "cr:jsonPath",
            "key": "cr:key",
            "md5": "cr:md5",
            "parentField": "cr:parentField",
            "path": "cr:path",
            "rai": "http://mlcommons.org/croissant/RAI/",
            "recordSet": "cr:recordSet",
            "references": "cr:references",
            "regex": "cr:regex",
            "repeated": "cr:repeated",
            "replace": "cr:replace",
            "samplingRate": "cr:samplingRate",
            "sc": "https://schema.org/",
            "separator": "cr:separator",
            "source": "cr:source",
            "subField": "cr:subField",
            "transform": "cr:transform",
        },
        "@type": "sc:Dataset",
        "@id": iri::dataset(id).as_str(),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": SCHEMA.name,
        "description": SCHEMA.description,
        "url": iri::dataset(id).as_str(),
        "version": VERSION,
        "keywords": SCHEMA.keywords,
        "license": LICENCE.1,
        "inLanguage": ["zh", "en"],
        "citeAs": format!("{} (youcheng {VERSION}, dataset {}).", SCHEMA.title, &id[..16.min(id.len())]),
        "creator": {"@type": "sc:Organization", "name": format!("youcheng {VERSION}")},
        "distribution": objects.collect::<Vec<_>>(),
        "recordSet": records.collect::<Vec<_>>(),
    })
}

fn field(layout: &Layout, column: &Column) -> Json {
    // Its tools join tables wherever a field refers to another, so none does: the keys
    // between tables are in `datapackage.json`.
    json!({
        "@type": "cr:Field",
        "@id": format!("{}/{}", layout.name, column.name),
        "name": column.name,
        "description": column.about,
        "dataType": match column.kind {
            Kind::Text => "sc:Text",
            Kind::Integer => "sc:Integer",
            Kind::Number => "sc:Float",
            Kind::Date => "sc:Date",
            Kind::Boolean => "sc:Boolean",
        },
        "source": {
            "fileObject": {"@id": format!("{}.parquet", layout.name)},
            "extract": {"column": column.name},
        },
    })
}

/// `dataset.ttl`: the dataset and its files (DCAT), what kind of graph it is (VoID), which
/// program made it out of how many articles (PROV).
pub(super) fn dcat(
    id: &str,
    files: &[Described],
    dataset: &Dataset,
    triples: Option<usize>,
) -> Result<Vec<u8>, ExportError> {
    let mut all = Vec::new();
    let node = |namespace: &str, name: &str| NamedNode::new_unchecked([namespace, name].concat());
    let dcat = |name: &str| node(terms::DCAT, name);
    let void = |name: &str| node(terms::VOID, name);
    let term = |name: &str| node("http://purl.org/dc/terms/", name);
    let this = iri::dataset(id);
    let mut say = |subject: &NamedNode, predicate: NamedNode, object: oxrdf::Term| {
        all.push(Triple::new(subject.clone(), predicate, object));
    };
    let a: NamedNode = rdf::TYPE.into_owned();
    let english = |text: &str| Literal::new_language_tagged_literal_unchecked(text, "en").into();
    say(&this, a.clone(), dcat("Dataset").into());
    say(&this, a.clone(), void("Dataset").into());
    say(&this, term("title"), english(&SCHEMA.title));
    say(&this, term("description"), english(&SCHEMA.description));
    say(&this, term("license"), NamedNode::new_unchecked(LICENCE.1).into());
    say(&this, dcterms::IDENTIFIER.into_owned(), Literal::from(id).into());
    say(&this, dcat("version"), Literal::from(VERSION).into());
    for keyword in &SCHEMA.keywords {
        say(&this, dcat("keyword"), english(keyword));
    }
    say(&this, term("source"), english(&SCHEMA.place_data));
    let integer =
        |number: usize| Literal::new_typed_literal(number.to_string(), xsd::INTEGER).into();
    say(&this, void("entities"), integer(dataset.agreements.rows.len()));
    if let Some(triples) = triples {
        say(&this, void("triples"), integer(triples));
    }
    say(&this, void("uriSpace"), Literal::from(iri::BASE).into());
    for &(_, vocabulary) in &PREFIXES {
        if !vocabulary.starts_with(iri::BASE) || vocabulary == yc::NAMESPACE {
            say(&this, void("vocabulary"), NamedNode::new_unchecked(vocabulary).into());
        }
    }
    // The run that made it.
    let run = iri::dataset_run(id);
    let program = iri::software();
    say(&this, prov_term("wasGeneratedBy"), run.clone().into());
    say(&run, a.clone(), prov_term("Activity").into());
    say(&run, prov_term("wasAssociatedWith"), program.clone().into());
    say(&program, a.clone(), prov::SOFTWARE_AGENT.into_owned().into());
    for file in files {
        let distribution = iri::dataset_file(id, &file.name);
        say(&this, dcat("distribution"), distribution.clone().into());
        say(&distribution, a.clone(), dcat("Distribution").into());
        say(&distribution, term("title"), Literal::from(file.name.as_str()).into());
        say(&distribution, dcat("mediaType"), media_type(file.media_type).into());
        let bytes = Literal::new_typed_literal(file.bytes.to_string(), NON_NEGATIVE);
        say(&distribution, dcat("byteSize"), bytes.into());
        let checksum = iri::dataset_file(id, &[&file.name, "#sha256"].concat());
        say(&distribution, node(terms::SPDX, "checksum"), checksum.clone().into());
        let algorithm = node(terms::SPDX, "checksumAlgorithm_sha256");
        say(&checksum, node(terms::SPDX, "algorithm"), algorithm.into());
        let value = Literal::new_typed_literal(file.sha256.as_str(), HEX);
        say(&checksum, node(terms::SPDX, "checksumValue"), value.into());
    }
    let mut serializer = TurtleSerializer::new();
    let own = [("dcat", terms::DCAT), ("void", terms::VOID), ("spdx", terms::SPDX)];
    for (prefix, iri) in PREFIXES.iter().copied().chain(own) {
        serializer = serializer.with_prefix(prefix, iri).map_err(std::io::Error::other)?;
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in &all {
        writer.serialize_triple(triple)?;
    }
    Ok(writer.finish()?)
}

const NON_NEGATIVE: NamedNodeRef<'static> = xsd::NON_NEGATIVE_INTEGER;
const HEX: NamedNodeRef<'static> = xsd::HEX_BINARY;

fn prov_term(name: &str) -> NamedNode {
    NamedNode::new_unchecked(["http://www.w3.org/ns/prov#", name].concat())
}

/// A media type as the registry names it.
fn media_type(name: &str) -> NamedNode {
    let iri = ["https://www.iana.org/assignments/media-types/", name].concat();
    NamedNode::new_unchecked(iri)
}

/// `CITATION.cff`. <https://citation-file-format.github.io>
pub(super) fn citation(id: &str) -> String {
    // A JSON text is a YAML scalar.
    let quoted = |text: &str| Json::from(text).to_string();
    let keywords: String =
        SCHEMA.keywords.iter().map(|keyword| format!("  - {}\n", quoted(keyword))).collect();
    format!(
        "cff-version: 1.2.0\nmessage: \"If you use this dataset, please cite it, and the articles \
         that it quotes.\"\ntype: dataset\ntitle: {}\nabstract: {}\nauthors:\n  - name: \
         \"youcheng\"\nversion: {}\nlicense: {}\nidentifiers:\n  - type: url\n    value: {}\n    \
         description: \"This very content\"\nkeywords:\n{keywords}",
        quoted(&SCHEMA.title),
        quoted(&SCHEMA.description),
        quoted(VERSION),
        LICENCE.0,
        quoted(iri::dataset(id).as_str()),
    )
}
