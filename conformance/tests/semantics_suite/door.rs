//! The doors of the engine that a case goes through, and what comes of it.

use obkit_codegen::{Document, Spec};
use obkit_conformance::checks::{self, Rule};
use obkit_conformance::equality::differences;
use obkit_conformance::exchange::{self, Request};
use obkit_conformance::{Contract, Direction, Finding, NullableProfile, Severity, Validators, payload};
use serde_json::{Value, json};

use crate::case::{Case, Group};

/// The subject of a group, ready to judge its cases.
pub struct Doors<'g> {
    group: &'g Group,
    by_the_letter: Validators,
    contract: Contract,
}

/// What a door said.
#[derive(Debug)]
pub struct Found {
    /// Whether it read what authors mean.
    as_meant: bool,
    valid: bool,
    keywords: Vec<String>,
    because: Vec<String>,
    /// None when the door tells no notes.
    notes: Option<Vec<String>>,
    /// None when the door tells no value.
    reads: Option<Option<Value>>,
}

impl<'g> Doors<'g> {
    pub fn open(group: &'g Group, version: &str) -> Result<Self, String> {
        let text = group.document(version).to_string();
        let spec = || Document::parse("case.json", &text).and_then(Spec::read).map_err(|error| error.to_string());
        Ok(Self {
            group,
            by_the_letter: Validators::with_profile(spec()?.document(), NullableProfile::Strict),
            contract: Contract::new("case", spec()?),
        })
    }

    pub fn judge(&self, case: &Case) -> Vec<(String, Found)> {
        if self.group.parameter.is_some() {
            return vec![("request".to_owned(), self.parameter(case))];
        }
        if self.group.operation.is_some() {
            if case.status.is_none() {
                return vec![("request".to_owned(), self.body(case))];
            }
            let value = case.value.as_ref().unwrap();
            let found = self.line(case, "response", value);
            return vec![("response".to_owned(), found)];
        }
        let mut found = Vec::new();
        let value = serde_json::from_slice::<Value>(&case.bytes()).ok().filter(|_| case.because.is_none());
        for (name, direction) in [("request", Direction::Request), ("response", Direction::Response)] {
            if !case.goes(name) {
                continue;
            }
            if let Some(value) = &value {
                for as_meant in [false, true] {
                    let door = if as_meant { "as meant" } else { "by the letter" };
                    found.push((format!("{name}, {door}"), self.schema(direction, as_meant, value)));
                }
                found.push((format!("{name}, line"), self.line(case, name, value)));
            }
            if direction == Direction::Request {
                found.push(("request, bytes".to_owned(), self.body(case)));
            }
        }
        found
    }

    fn schema(&self, direction: Direction, as_meant: bool, value: &Value) -> Found {
        let validators = if as_meant { self.contract.validators() } else { &self.by_the_letter };
        let check = validators.check(direction, "/components/schemas/X").unwrap();
        let keywords: Vec<_> = check.violations(value).into_iter().map(|violation| violation.keyword).collect();
        let unknown = keywords.iter().find(|keyword| !Rule::part(checks::RT030, keyword).is_known());
        assert_eq!(unknown, None, "a keyword that is no part of the check");
        // What an open world allows is no matter of the standard.
        let noted = validators.remarks(direction, "/components/schemas/X", value).into_iter();
        let noted = noted.filter(|note| [checks::RT031, checks::RT032].contains(&note.rule.check()));
        let mut notes: Vec<_> = noted.map(|note| note.violation.keyword).collect();
        notes.dedup();
        assert_eq!(check.is_valid(value), keywords.is_empty());
        Found { as_meant, valid: keywords.is_empty(), keywords, because: Vec::new(), notes: Some(notes), reads: None }
    }

    fn body(&self, case: &Case) -> Found {
        let content_type =
            if self.group.operation.is_some() { case.content_type.as_deref() } else { Some("application/json") };
        let headers = content_type.map(|content_type| ("Content-Type".to_owned(), content_type.to_owned()));
        let request = Request {
            method: "POST".to_owned(),
            path: "/p".to_owned(),
            headers: headers.into_iter().collect(),
            body: case.bytes(),
            ..Request::default()
        };
        let checked = exchange::check(&self.contract, &request);
        Found::of(&checked.findings, checked.received.body)
    }

    fn parameter(&self, case: &Case) -> Found {
        let segment = case.path.as_ref().map(|path| format!("/{path}")).unwrap_or_default();
        let request = Request {
            method: "GET".to_owned(),
            path: format!("/p{segment}"),
            query: case.query.clone(),
            headers: case.headers.clone().unwrap_or_default(),
            ..Request::default()
        };
        let mut checked = exchange::check(&self.contract, &request);
        let received = checked.received.parameters.pop_first().map(|(_, value)| value);
        Found::of(&checked.findings, received)
    }

    fn line(&self, case: &Case, kind: &str, value: &Value) -> Found {
        let line = json!({"kind": kind, "op": "p", "status": case.status.unwrap_or(200), "content_type": case.content_type.as_deref().unwrap_or("application/json"), "value": value});
        let mut verdict = Vec::new();
        payload::validate(&self.contract, line.to_string().as_bytes(), &mut verdict).unwrap();
        let verdict: Value = serde_json::from_slice(&verdict).unwrap();
        let keywords: Vec<String> = verdict["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| error["keyword"].as_str().unwrap().to_owned())
            .collect();
        let because = |keyword: &str| match keyword {
            "status" => Some("status".to_owned()),
            "contentType" => Some("media-type".to_owned()),
            _ => None,
        };
        Found {
            as_meant: true,
            valid: verdict["valid"] == true,
            because: keywords.iter().filter_map(|keyword| because(keyword)).collect(),
            keywords,
            notes: None,
            reads: None,
        }
    }
}

impl Found {
    fn of(findings: &[Finding], received: Option<Value>) -> Self {
        let mut found = Self {
            as_meant: true,
            valid: findings.iter().all(|finding| finding.severity != Severity::Error),
            keywords: Vec::new(),
            because: Vec::new(),
            notes: Some(Vec::new()),
            reads: Some(received),
        };
        for finding in findings {
            found.add(finding);
        }
        found
    }

    fn add(&mut self, finding: &Finding) {
        let because = match finding.rule.as_str() {
            "RT020" | "RT030/contentType" => "media-type",
            "RT021" => "unexpected",
            "RT022" => "missing",
            "RT023" | "RT030/json" | "RT050/json" => "malformed",
            "RT050/required" if finding.instance_pointer.is_none() => "missing",
            "RT030/repeated" | "RT050/repeated" => "repeated",
            "RT030/style" | "RT050/style" | "RT030/encoding" | "RT050/encoding" => "style",
            // What an open world allows is no matter of the standard.
            "RT033/property" | "RT033/header" | "RT033/cookie" => return,
            rule if rule.starts_with("RT034") || rule.starts_with("RT036") || rule.starts_with("RT038") => return,
            "RT033/query" => {
                self.notes.get_or_insert_default().push("undocumented".to_owned());
                return;
            }
            rule => {
                let (rule, keyword) = rule.split_once('/').unwrap_or((rule, "undocumented"));
                let list = match rule {
                    "RT031" | "RT032" | "RT033" => self.notes.get_or_insert_default(),
                    _ => &mut self.keywords,
                };
                if !list.iter().any(|known| known == keyword) {
                    list.push(keyword.to_owned());
                }
                return;
            }
        };
        self.because.push(because.to_owned());
    }

    /// How it differs from what the case expects.
    pub fn differs(&self, case: &Case) -> Option<String> {
        let expected = if self.as_meant { case.as_meant.or(case.valid) } else { case.valid };
        let expected = expected?;
        if self.valid != expected {
            return Some(format!("expected {}, found {self:?}", if expected { "valid" } else { "invalid" }));
        }
        for (expected, found) in [(&case.keyword, &self.keywords), (&case.because, &self.because)] {
            let reason = expected.as_ref().filter(|_| !self.valid);
            if let Some(reason) = reason.filter(|reason| !found.contains(reason)) {
                return Some(format!("expected {reason}, found {self:?}"));
            }
        }
        if let Some(notes) = self.notes.as_ref().filter(|notes| **notes != case.notes) {
            return Some(format!("expected the notes {:?}, found {notes:?}", case.notes));
        }
        let (Some(expected), Some(reads), true) = (&case.reads, &self.reads, self.valid) else { return None };
        let same = reads.as_ref().is_some_and(|reads| differences(expected, reads).is_empty());
        (!same).then(|| format!("expected {expected}, read {reads:?}"))
    }
}
