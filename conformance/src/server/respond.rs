//! From a request to its answer.

use std::borrow::Cow;
use std::time::Duration;

use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName};
use obkit_codegen::spec::{Operation, StatusKey};

use super::accept::Accept;
use super::breach::{self, Breach, breaches, quoted};
use super::generated::seed_of;
use super::offer::{Offer, Source, choose, shown};
use super::picked::Picked;
use super::prefer::{Preferences, Unmet};
use super::refusal::Refusal;
use super::reply::Reply;
use super::verdict::Basis;
use super::{Shared, cross_origin, problem};
use crate::exchange::{self, Checked, Request};
use crate::generate::{GenerateError, Mode};
use crate::traffic::{Recorded, coding};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// Preferences that could not be met, each with the reason.
const PREFERENCE_UNMET: HeaderName = HeaderName::from_static("obkit-preference-unmet");
/// What breaks the contract, where the body does not say it.
const VIOLATIONS: HeaderName = HeaderName::from_static("obkit-violations");

/// An answer, and what is told about it.
#[derive(Debug)]
pub(super) struct Answered<'s> {
    pub(super) reply: Reply,
    pub(super) basis: Basis,
    pub(super) operation: Option<&'s Operation>,
    pub(super) violations: Vec<Breach>,
    pub(super) notes: Vec<Breach>,
    pub(super) unmet: Vec<Unmet>,
    /// How long the request asks the answer to take.
    pub(super) wait: Duration,
}

impl<'s> Answered<'s> {
    pub(super) fn new(reply: Reply, basis: Basis) -> Self {
        let (violations, notes, unmet) = (Vec::new(), Vec::new(), Vec::new());
        Self { reply, basis, operation: None, violations, notes, unmet, wait: Duration::ZERO }
    }
}

/// What a request asks of its answer.
struct Wishes {
    accept: Accept,
    preferences: Preferences,
}

/// An operation and the answers that it has.
#[derive(Clone, Copy)]
pub(super) struct Target<'s> {
    pub(super) operation: &'s Operation,
    pub(super) offers: &'s [Offer],
}

impl Shared {
    /// Takes the base path from the front of a path; false when the path is outside of it.
    fn enter(&self, path: &mut String) -> bool {
        // About the server as a whole (RFC 9110, section 9.3.7).
        if path == "*" {
            return true;
        }
        let Some(rest) = self.base_urls.enter_path(path) else { return false };
        if rest != *path {
            *path = rest.to_owned();
        }
        true
    }

    /// The answer to a request; `status` is one that a fault decides.
    pub(super) fn answer(&self, mut request: Request, headers: &HeaderMap, status: Option<u16>) -> Answered<'_> {
        let text = |name: HeaderName| headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        let accept = Accept::read(text(header::ACCEPT));
        if let Err(refusal) = decode(&mut request) {
            return undecoded(refusal);
        }
        let is_inside = self.enter(&mut request.path);
        if is_inside
            && request.method == Method::OPTIONS.as_str()
            && let Some(reply) = self.methods(&request.path, headers)
        {
            return Answered::new(reply, Basis::Methods);
        }
        let contract = &*self.contract;
        let mut checked = if is_inside { exchange::check(contract, &request) } else { exchange::nowhere(contract) };
        let violations = breaches(&checked);
        let notes = if self.settings.observer.is_some() { notes(&checked) } else { Vec::new() };
        let refusal = Refusal::of(&checked.findings);
        let target = checked.index.and_then(|index| self.target(index));
        // A fault, and a request that is refused, come before what was promised.
        let is_fine = refusal.is_none() || self.settings.lenient;
        let operation = checked.operation.filter(|_| is_fine && status.is_none());
        let promised = operation.and_then(|operation| self.promised(&operation.id, &checked.received));
        self.keep(&mut checked);

        let wishes = Wishes { accept, preferences: Preferences::read(text(PREFER)) };
        let mut answered = match (target, status, refusal) {
            (_, Some(status), _) => self.failed(target, status, &request, &wishes),
            (Some(target), None, _) if is_fine => match promised {
                Some(answer) => Answered::new(Reply::of_answer(&answer), Basis::Promised),
                None => self.fulfilled(target, &request, wishes),
            },
            (_, None, refusal) => {
                let refusal = refusal.unwrap_or(Refusal::Path);
                let mut reply = self.refused(refusal, target, &violations, &request, &wishes.accept);
                if refusal == Refusal::Method {
                    reply.field(header::ALLOW, &self.allowed(&request.path));
                }
                Answered::new(reply, Basis::Refused)
            }
        };
        if !violations.is_empty() && !answered.reply.tells {
            answered.reply.field(VIOLATIONS, &breach::field(&violations));
        }
        answered.operation = target.map(|target| target.operation);
        answered.violations.extend(violations);
        answered.notes.extend(notes);
        answered
    }

    fn target(&self, index: usize) -> Option<Target<'_>> {
        let operation = self.contract.spec().operations().get(index)?;
        let offers = self.offers.get(index)?;
        Some(Target { operation, offers: offers.get_or_init(|| super::offer::offers(&self.contract, operation)) })
    }

    /// The methods of a path, for a client or a browser that asks; none when the document has its own `OPTIONS` there.
    fn methods(&self, path: &str, asked: &HeaderMap) -> Option<Reply> {
        let preflight = self.settings.cors && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        let methods = self.contract.routes().methods(self.contract.spec().operations(), path);
        let whole_server = path == "*";
        if !preflight && (methods.contains("OPTIONS") || (methods.is_empty() && !whole_server)) {
            return None;
        }
        let mut reply = Reply::new(204, Bytes::new());
        let allowed = self.allowed(path);
        reply.field(header::ALLOW, &allowed);
        if preflight {
            cross_origin::preflight(&mut reply, asked, &allowed);
        }
        Some(reply)
    }

    fn allowed(&self, path: &str) -> String {
        let mut methods = self.contract.routes().methods(self.contract.spec().operations(), path);
        methods.insert("OPTIONS");
        methods.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// The answer to a request that nothing is wrong with.
    fn fulfilled<'s>(&'s self, target: Target<'s>, request: &Request, wishes: Wishes) -> Answered<'s> {
        let Wishes { accept, preferences } = wishes;
        let mut picked = Picked::of(target, &preferences);
        let is_strict = preferences.strict;
        let Some(key) = picked.key else {
            return unanswerable("the operation documents no response");
        };
        let generated = preferences.dynamic.unwrap_or(self.settings.dynamic) && picked.example.is_none();
        let Some(offer) = choose(target.offers, key, picked.example, generated, &accept) else {
            let reply = self.refused(Refusal::NotAcceptable, Some(target), &[], request, &accept);
            return Answered::new(reply, Basis::Refused);
        };
        let seed = seed_of(preferences.seed.unwrap_or(self.settings.seed), &target.operation.method, request);
        // In place of an example a body shows all that there can be; a dynamic one shows what may come.
        let mode = if generated { Mode::Random } else { Mode::Maximal };
        let (offer, body) = match self.body(offer, mode, seed) {
            Ok(body) => (offer, body),
            // Rather what is documented than nothing.
            Err(error) => match shown(target.offers, key, &accept) {
                Some(offer) => (offer, self.body(offer, mode, seed).unwrap_or_default()),
                None => return unanswerable(&error.to_string()),
            },
        };
        let is_generated = matches!(offer.body, Source::Schema(_));
        picked.judge(&preferences, is_generated);
        if is_strict && !picked.unmet.is_empty() {
            return strictly_refused(picked.unmet);
        }
        let mut reply = self.reply(offer, picked.status.unwrap_or(offer.status), body);
        if !picked.applied.is_empty() {
            reply.field(PREFERENCE_APPLIED, &picked.applied.join(", "));
        }
        for Unmet { name, reason } in &picked.unmet {
            reply.field(PREFERENCE_UNMET, &format!("{name};reason={}", quoted(reason)));
        }
        let basis = if is_generated { Basis::Generated } else { Basis::Documented };
        let wait = preferences.wait.unwrap_or_default();
        let notes = passed_over(target.offers, offer);
        Answered { unmet: picked.unmet, wait, notes, ..Answered::new(reply, basis) }
    }

    fn reply(&self, offer: &Offer, status: u16, body: Bytes) -> Reply {
        let body = match &offer.body {
            Source::Schema(schema) if offer.is_problem() => problem::meant(&self.contract, schema, status, body),
            _ => body,
        };
        Reply::of_offer(offer, status, body)
    }

    fn body(&self, offer: &Offer, mode: Mode, seed: u64) -> Result<Bytes, GenerateError> {
        match &offer.body {
            Source::Given(body, _) => Ok(body.clone()),
            Source::Schema(schema) => self.generated.body(&self.contract, schema, mode, seed),
        }
    }

    /// The documented answer of a status, as a fault has it; else a problem.
    fn failed<'s>(
        &'s self,
        target: Option<Target<'s>>,
        status: u16,
        request: &Request,
        wishes: &Wishes,
    ) -> Answered<'s> {
        let documented = target.and_then(|target| {
            let response = target.operation.response(status)?;
            self.documented(target, response.status, status, request, &wishes.accept)
        });
        let basis = if documented.is_some() { Basis::Documented } else { Basis::Refused };
        let problem = || Reply::problem(status, "this fault was injected", &[]);
        Answered::new(documented.unwrap_or_else(problem), basis)
    }

    /// The answer that the document gives to a status, which may have no body; none where no body can be made that it should have.
    fn documented(
        &self,
        target: Target<'_>,
        key: StatusKey,
        status: u16,
        request: &Request,
        accept: &Accept,
    ) -> Option<Reply> {
        // An error in a media type that is not asked for says more than none.
        let offer = choose(target.offers, key, None, false, accept)
            .or_else(|| choose(target.offers, key, None, false, &Accept::default()))?;
        let seed = seed_of(self.settings.seed, &target.operation.method, request);
        let body = self.body(offer, Mode::Maximal, seed).ok().map(|body| (offer, body));
        let (offer, body) = body.or_else(|| {
            let offer = shown(target.offers, key, &Accept::default())?;
            Some((offer, self.body(offer, Mode::Maximal, seed).ok()?))
        })?;
        Some(self.reply(offer, status, body))
    }

    fn refused(
        &self,
        refusal: Refusal,
        target: Option<Target<'_>>,
        violations: &[Breach],
        request: &Request,
        accept: &Accept,
    ) -> Reply {
        let response = target.and_then(|target| Some((target, refusal.documented(target.operation)?)));
        let status = response.map_or(refusal.status(), |(_, (status, _))| status);
        let documented = response
            .and_then(|(target, (status, response))| self.documented(target, response.status, status, request, accept));
        let problem = || match violations {
            [] => Reply::problem(status, "no documented media type is acceptable", violations),
            [one] => Reply::problem(status, &one.message, violations),
            many => Reply::problem(status, &format!("{} (and {} more)", many[0].message, many.len() - 1), violations),
        };
        let mut reply = documented.unwrap_or_else(problem);
        if let Some(target) = target.filter(|_| refusal == Refusal::Credentials) {
            let documented = response.and_then(|(_, (_, response))| self.challenge(response));
            let challenges = self.contract.security().challenges(&target.operation.security);
            self.challenge_by(&mut reply, challenges, documented);
        }
        reply
    }
}

/// Takes the codings from a body: what is judged is what it stands for.
fn decode(request: &mut Request) -> Result<(), Refusal> {
    let codings = request.header("content-encoding").map(Cow::into_owned);
    let (body, known) = coding::undo(codings.as_deref(), std::mem::take(&mut request.body), Recorded::Whole);
    request.body = body;
    match known {
        Recorded::Whole | Recorded::Missing => Ok(()),
        Recorded::Cut => Err(Refusal::TooLarge),
        Recorded::Coded => Err(Refusal::MediaType),
    }
}

fn undecoded<'s>(refusal: Refusal) -> Answered<'s> {
    let mut reply =
        Reply::problem(refusal.status(), "the body cannot be decoded: its coding is unknown, or it is too large", &[]);
    // RFC 9110, section 12.5.3: what a request may come in.
    reply.field(header::ACCEPT_ENCODING, coding::KNOWN);
    Answered::new(reply, Basis::Refused)
}

/// That documented examples were not answered, as they break their own schema.
fn passed_over(offers: &[Offer], answered: &Offer) -> Vec<Breach> {
    let unfit = offers.iter().filter(|offer| offer.key == answered.key && answered.fits && !offer.fits);
    let note = |name: &str| Breach {
        location: "answer",
        pointer: String::new(),
        keyword: "example".to_owned(),
        message: match name {
            "" => "the documented example does not fit its schema, and is passed over".to_owned(),
            name => format!("the documented example `{name}` does not fit its schema, and is passed over"),
        },
        schema: None,
    };
    unfit.filter_map(|offer| offer.example.as_deref().map(note)).collect()
}

/// Nothing can be answered: the document says too little, or nothing was found that fits its schema.
fn unanswerable<'s>(why: &str) -> Answered<'s> {
    Answered::new(Reply::problem(Refusal::NoAnswer.status(), why, &[]), Basis::Refused)
}

/// `handling=strict` asks for an error where a preference is not met.
fn strictly_refused<'s>(unmet: Vec<Unmet>) -> Answered<'s> {
    let breach = |unmet: &Unmet| Breach {
        location: "header",
        pointer: "/prefer".to_owned(),
        keyword: unmet.name.to_owned(),
        message: unmet.reason.clone(),
        schema: None,
    };
    let breaches: Vec<_> = unmet.iter().map(breach).collect();
    let status = Refusal::Preference.status();
    let mut reply = Reply::problem(status, "a preference cannot be met", &breaches);
    reply.field(PREFERENCE_APPLIED, "handling=strict");
    Answered { unmet, ..Answered::new(reply, Basis::Refused) }
}

/// What is merely noted about a request.
fn notes(checked: &Checked<'_>) -> Vec<Breach> {
    let notes = checked.placed().filter(|(finding, _)| finding.severity < crate::Severity::Error);
    notes.map(|(finding, place)| Breach::of(finding, place)).collect()
}
