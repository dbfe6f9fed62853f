//! The terms that the graph uses, as constants.
//!
//! Own terms are defined in `ontology/youcheng.ttl`; a test compares the two.

use oxrdf::NamedNode;

use crate::{
    agreement::{Kind, Status},
    article::Origin,
    date::Basis,
    place::Level,
};

macro_rules! terms {
    ($namespace:literal $(; $name:ident = $local:literal)*) => {
        /// The namespace.
        pub const NAMESPACE: &str = $namespace;
        $(
            #[doc = concat!("`", $namespace, $local, "`")]
            pub const $name: NamedNodeRef<'static> =
                NamedNodeRef::new_unchecked(concat!($namespace, $local));
        )*
        /// Every term of the namespace that the graph uses.
        pub const ALL: &[NamedNodeRef<'static>] = &[$($name),*];
    };
}

/// Our own terms.
pub mod yc {
    use oxrdf::NamedNodeRef;

    terms! {
        "https://w3id.org/youcheng/ns#"
        ; AGREEMENT = "Agreement"
        ; CLAIM = "Claim"
        ; STATISTIC = "Statistic"
        ; TIE = "Tie"
        ; EVENT = "Event"
        ; ASSERTS = "tie"
        ; BETWEEN = "between"
        ; PARTY = "party"
        ; HAS_EVENT = "event"
        ; ARTICLES = "articles"
        ; PARTNER_OF = "partnerOf"
        ; DUPLICATE_OF = "duplicateOf"
        ; KIND = "kind"
        ; STATUS = "status"
        ; DATE = "date"
        ; BASIS = "basis"
        ; INSTRUMENT = "instrument"
        ; SIGNATORY = "signatory"
        ; SIGNED_AT = "signedAt"
        ; SIGNED_IN = "signedIn"
        ; OCCASION = "occasion"
        ; MODE = "mode"
        ; FIELD = "field"
        ; CONFIDENCE = "confidence"
        ; RULE = "rule"
        ; RAW_START = "rawStart"
        ; RAW_END = "rawEnd"
        ; PUBLISHED = "published"
        ; PUBLISHED_ORIGIN = "publishedOrigin"
        ; FILE = "file"
        ; LINE = "line"
        ; OFFSET = "offset"
        ; CAPTURED = "captured"
        ; STATES_DATE = "statesDate"
        ; EDTF = "edtf"
        ; EARLIEST = "earliest"
        ; LATEST = "latest"
        ; COUNTRY = "country"
        ; LEVEL = "level"
        ; SUBJECT = "subject"
        ; COUNTRIES = "countries"
        ; CITIES = "cities"
        ; PAIRS = "pairs"
        ; AS_OF = "asOf"
    }
}

/// schema.org: articles and places.
pub mod schema {
    use oxrdf::NamedNodeRef;

    terms! {
        "https://schema.org/"
        ; NEWS_ARTICLE = "NewsArticle"
        ; ADMINISTRATIVE_AREA = "AdministrativeArea"
        ; CITY = "City"
        ; STATE = "State"
        ; HEADLINE = "headline"
        ; URL = "url"
        ; PUBLISHER = "publisher"
        ; DATE_PUBLISHED = "datePublished"
        ; MENTIONS = "mentions"
        ; ALTERNATE_NAME = "alternateName"
        ; CONTAINED_IN_PLACE = "containedInPlace"
        ; IDENTIFIER = "identifier"
        ; SAME_AS = "sameAs"
    }
}

/// Web Annotation: which stretch of which text.
pub mod oa {
    use oxrdf::NamedNodeRef;

    terms! {
        "http://www.w3.org/ns/oa#"
        ; HAS_BODY = "hasBody"
        ; HAS_TARGET = "hasTarget"
        ; HAS_SOURCE = "hasSource"
        ; HAS_SELECTOR = "hasSelector"
        ; EXACT = "exact"
        ; START = "start"
        ; END = "end"
    }
}

/// PROV-O: what was made from what, by which program.
pub mod prov {
    use oxrdf::NamedNodeRef;

    terms! {
        "http://www.w3.org/ns/prov#"
        ; WAS_DERIVED_FROM = "wasDerivedFrom"
        ; WAS_ATTRIBUTED_TO = "wasAttributedTo"
        ; SOFTWARE_AGENT = "SoftwareAgent"
    }
}

/// SKOS: labels, and what may be the same.
pub mod skos {
    use oxrdf::NamedNodeRef;

    terms! {
        "http://www.w3.org/2004/02/skos/core#"
        ; PREF_LABEL = "prefLabel"
        ; ALT_LABEL = "altLabel"
        ; CLOSE_MATCH = "closeMatch"
    }
}

/// Dublin Core.
pub mod dcterms {
    use oxrdf::NamedNodeRef;

    terms! {
        "http://purl.org/dc/terms/"
        ; IDENTIFIER = "identifier"
        ; IS_REPLACED_BY = "isReplacedBy"
        ; REPLACES = "replaces"
    }
}

/// GeoSPARQL: positions.
pub mod geo {
    use oxrdf::NamedNodeRef;

    terms! {
        "http://www.opengis.net/ont/geosparql#"
        ; HAS_GEOMETRY = "hasGeometry"
        ; AS_WKT = "asWKT"
        ; WKT_LITERAL = "wktLiteral"
    }
}

/// The datatype of Extended Date/Time Format literals.
pub mod edtf {
    use oxrdf::NamedNodeRef;

    terms! {
        "http://id.loc.gov/datatypes/edtf/"
        ; EDTF = "EDTF"
    }
}

/// The prefixes under which people know the namespaces, for queries and for files.
pub const PREFIXES: [(&str, &str); 15] = [
    ("yc", yc::NAMESPACE),
    ("agreement", "https://w3id.org/youcheng/agreement/"),
    ("article", "https://w3id.org/youcheng/article/"),
    ("country", "https://w3id.org/youcheng/country/"),
    ("date", "https://w3id.org/youcheng/date/"),
    ("place", "https://w3id.org/youcheng/place/"),
    ("schema", schema::NAMESPACE),
    ("oa", oa::NAMESPACE),
    ("prov", prov::NAMESPACE),
    ("skos", skos::NAMESPACE),
    ("dcterms", dcterms::NAMESPACE),
    ("geo", geo::NAMESPACE),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// A value out of a closed list, which the ontology has as a SKOS concept.
pub trait Concept: Copy {
    /// The list, as the first part of the concept's name.
    const SCHEME: &'static str;

    /// The value, as the rest of it.
    fn local(self) -> &'static str;

    /// The concept: `yc:kind-sister-city`.
    fn concept(self) -> NamedNode {
        NamedNode::new_unchecked([yc::NAMESPACE, Self::SCHEME, "-", self.local()].concat())
    }
}

macro_rules! concepts {
    ($($type:ident = $scheme:literal;)*) => {
        $(impl Concept for $type {
            const SCHEME: &'static str = $scheme;

            fn local(self) -> &'static str {
                self.name()
            }
        })*
    };
}

concepts! {
    Kind = "kind";
    Status = "status";
    Basis = "basis";
    Origin = "origin";
    Level = "level";
}
