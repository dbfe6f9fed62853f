//! [`Gate`]: which requests are let in, by whom they are meant for and where they come from.
//!
//! A page of any site can make a browser send requests to this machine. It can read the
//! answers only if the server allows its origin, unless the name of its site is made to
//! point here (DNS rebinding): then the browser thinks that it talks to that site. So a
//! request must name this machine as one that it is known by, and an origin that is allowed.

use std::net::IpAddr;

use super::{
    problem::Problem,
    request::{Method, Request},
    response::Response,
};

/// Who may ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate {
    /// Names of this machine besides `localhost` and its addresses.
    pub(super) hosts: Vec<String>,
    /// Origins of other pages that may ask; `*` is any.
    pub(super) origins: Vec<String>,
}

/// What the client's origin may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    /// No page, or a page of ours.
    Own,
    /// A page of this origin.
    Other(String),
}

impl Gate {
    pub(super) fn check(&self, request: &Request) -> Result<Admitted, Problem> {
        let host = request.header("host").unwrap_or_default();
        if request.list("host").is_some_and(|hosts| hosts != host) || !self.is_ours(name(host)) {
            return Err(Problem::new(421, format!("this server is not known as “{host}”"))
                .hint("name it with --host when you start the server"));
        }
        let own = |origin: &str| {
            ["http://", "https://"].iter().any(|scheme| {
                origin.strip_prefix(scheme).is_some_and(|rest| rest.eq_ignore_ascii_case(host))
            })
        };
        match request.header("origin") {
            Some(origin) if own(origin) => Ok(Admitted::Own),
            Some(origin) if self.allows(origin) => Ok(Admitted::Other(origin.to_owned())),
            Some(origin) => {
                Err(Problem::new(403, format!("pages of “{origin}” may not ask this server"))
                    .hint("allow them with --allow-origin when you start the server"))
            }
            None => {
                // A page of another site that embeds an answer rather than asks for it.
                let foreign = request.header("sec-fetch-site") == Some("cross-site");
                let opened = request.header("sec-fetch-mode") == Some("navigate")
                    && request.header("sec-fetch-dest").is_none_or(|it| it == "document");
                if foreign && !opened && !self.origins.iter().any(|origin| origin == "*") {
                    return Err(Problem::new(403, "other sites may not embed this server"));
                }
                Ok(Admitted::Own)
            }
        }
    }

    fn is_ours(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok()
            || self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether pages of an origin may ask: those named, and those of this machine.
    fn allows(&self, origin: &str) -> bool {
        let local = ["http://", "https://"].iter().any(|scheme| {
            origin.strip_prefix(scheme).map(name).is_some_and(|name| {
                name.eq_ignore_ascii_case("localhost")
                    || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
            })
        });
        local || self.origins.iter().any(|known| known == "*" || known.eq_ignore_ascii_case(origin))
    }
}

/// The name in `name:port` or `[address]:port`.
fn name(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.split(':').next().unwrap_or_default()
}

impl Admitted {
    /// Tells a browser what the page may do with the answer.
    pub(super) fn mark(&self, response: Response) -> Response {
        match self {
            Self::Own => response.with("cross-origin-resource-policy", "same-origin"),
            Self::Other(origin) => response
                .with("access-control-allow-origin", origin.clone())
                .with("access-control-expose-headers", "etag")
                .with("cross-origin-resource-policy", "cross-origin"),
        }
        .with("vary", "accept, accept-encoding, origin")
    }

    /// The answer to a browser that asks before it asks.
    pub(super) fn preflight(&self, request: &Request) -> Option<Response> {
        let wanted = request.header("access-control-request-method");
        if request.method != Method::Options || wanted.is_none() {
            return None;
        }
        let mut response = Response::new(204)
            .with("access-control-allow-methods", "GET, HEAD, POST, OPTIONS")
            .with("access-control-allow-headers", "accept, authorization, content-type")
            .with("access-control-max-age", "600");
        if request.header("access-control-request-private-network") == Some("true") {
            response = response.with("access-control-allow-private-network", "true");
        }
        Some(self.mark(response))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_ports() {
        for (host, wanted) in
            [("localhost:7878", "localhost"), ("[::1]:80", "::1"), ("a.b", "a.b"), ("", "")]
        {
            assert_eq!(name(host), wanted);
        }
    }

    #[test]
    fn names_and_origins_are_those_of_this_machine_or_named() {
        let gate =
            Gate { hosts: vec!["kg.example".into()], origins: vec!["https://a.example".into()] };
        for (host, ours) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("KG.example", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("", false),
        ] {
            assert_eq!(gate.is_ours(host), ours, "{host}");
        }
        for (origin, allowed) in [
            ("http://localhost:3000", true),
            ("http://127.0.0.1:9", true),
            ("https://a.example", true),
            ("https://a.example.evil", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://192.168.0.7", false),
            ("null", false),
        ] {
            assert_eq!(gate.allows(origin), allowed, "{origin}");
        }
    }
}
