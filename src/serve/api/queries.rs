//! The queries that come with the program, as a program can offer them.

use serde::Serialize;

use crate::{
    query::{NAMED, Query},
    serve::response::Response,
};

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    title: &'static str,
    answers: &'static str,
    form: String,
    params: Vec<Parameter>,
    example: serde_json::Map<String, serde_json::Value>,
    text: String,
}

#[derive(Serialize)]
struct Parameter {
    name: &'static str,
    #[serde(rename = "type")]
    type_: &'static str,
    about: &'static str,
    required: bool,
}

pub(in crate::serve) fn list() -> Response {
    let listed: Vec<_> = NAMED
        .iter()
        .map(|named| Listed {
            name: named.name,
            title: named.title(),
            answers: named.answers(),
            form: Query::parse(named.text)
                .map(|query| query.form().to_string())
                .unwrap_or_default(),
            params: named
                .parameters()
                .map(|parameter| Parameter {
                    name: parameter.name,
                    type_: parameter.type_.name(),
                    about: parameter.help,
                    required: parameter.required,
                })
                .collect(),
            example: named.example().map(|(name, value)| (name.to_owned(), value.into())).collect(),
            // Without its head, which the other fields tell.
            text: named
                .text
                .lines()
                .skip_while(|line| line.starts_with('#'))
                .map(|line| format!("{line}\n"))
                .collect(),
        })
        .collect();
    Response::json(&listed)
}
