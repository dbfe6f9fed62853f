//! [`Problem`]: why a request is not answered, for people and programs.

use std::io;

use serde::Serialize;

use super::response::Response;
use crate::{query::QueryError, store::StoreError};

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) message: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: &'a Problem,
}

impl Problem {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The request makes no sense.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// There is no such thing.
    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    /// Not now.
    pub(super) fn busy(message: impl Into<String>) -> Self {
        Self::new(503, message).hint("try again in a moment")
    }

    /// What is allowed instead of the method that was tried.
    pub(super) fn method(allowed: &'static str) -> Response {
        Self::new(405, format!("this takes {allowed}")).answer().with("allow", allowed)
    }

    pub(super) fn answer(&self) -> Response {
        let body = serde_json::to_vec(&Envelope { error: self }).unwrap_or_default();
        let response =
            Response::new(self.status).with("content-type", "application/json").body(body);
        if self.status == 503 { response.with("retry-after", "1") } else { response }
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        problem.answer()
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let status = match error {
            QueryError::Syntax(_) | QueryError::Bind(_) | QueryError::Format { .. } => 400,
            QueryError::Timeout(_) => 504,
            _ => 500,
        };
        Self::new(status, error.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked(..) => Self::busy(error.to_string()),
            _ => Self::new(500, error.to_string()),
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::new(500, error.to_string())
    }
}
