//! Faults by chance, each of which can be seen from outside.

use std::sync::Arc;

use obkit_codegen::spec::{Location, Operation, Parameter};
use obkit_conformance::Contract;
use obkit_conformance::exchange::{Response, check_response};
use serde_json::{Value, json};

use crate::faulty::{Change, Fault, Met, When, changed, documented, success};

/// A fault of one server.
pub(crate) struct Seeded {
    pub(crate) kind: &'static str,
    /// The contract's index.
    pub(crate) contract: usize,
    pub(crate) fault: Fault,
    /// The paths that it can be seen at.
    pub(crate) operations: Vec<String>,
}

/// The `SplitMix64` generator.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as usize
    }

    fn pick<'v, T>(&mut self, values: &'v [T]) -> Option<&'v T> {
        values.get(self.next(values.len()))
    }
}

struct Site<'s> {
    contract: &'s Contract,
    operation: &'s Operation,
}

type Maker = fn(&Site<'_>, &mut Chance) -> Option<Fault>;

const KINDS: [(&str, Maker); 28] = [
    ("answer: a property is dropped", |site, chance| site.edited(chance, "/required", |at, _, _| Change::Remove(at))),
    ("answer: a property is renamed", |site, chance| {
        site.edited(chance, "/required", |at, _, _| Change::Rename(at, "renamedByMistake".to_owned()))
    }),
    ("answer: a value has another type", |site, chance| {
        site.edited(chance, "/type", |at, value, _| {
            Change::Put(at, if value.is_object() { json!("text") } else { json!({"an": "object"}) })
        })
    }),
    ("answer: a value is null", |site, chance| site.edited(chance, "", |at, _, _| Change::Put(at, Value::Null))),
    ("answer: a value is not listed", |site, chance| {
        site.edited(chance, "/enum", |at, _, _| Change::Put(at, json!("NOT_LISTED_ANYWHERE")))
    }),
    ("answer: a text has not its format", |site, chance| {
        site.edited(chance, "/format", |at, _, _| Change::Put(at, json!("31/12/2024")))
    }),
    ("answer: an undocumented status", |site, chance| {
        let status = *chance.pick(&[200, 201, 202, 203, 206])?;
        site.answering(When::Success, Change::Status(status))
    }),
    ("answer: another media type", |site, _| {
        site.answering(When::Success, Change::ContentType(Some("text/html".to_owned())))
    }),
    ("answer: no media type", |site, _| site.answering(When::Success, Change::ContentType(None))),
    ("answer: torn JSON", |site, _| site.answering(When::Success, Change::Text("{\"data\":".to_owned()))),
    ("answer: no body", |site, _| site.answering(When::Success, Change::Text(String::new()))),
    ("refusal: another body", |site, _| site.answering(When::Refusal, Change::Text("[\"something else\"]".to_owned()))),
    ("accepts: a required parameter is missing", |site, chance| {
        let required: Vec<_> = site.parameters().filter(|one| one.required && one.location != Location::Path).collect();
        let parameter = chance.pick(&required)?;
        Some(site.overlooks("RT050/required", Some(parameter.pointer.clone())))
    }),
    ("accepts: a keyword of a parameter is broken", |site, chance| {
        let mut found = Vec::new();
        for parameter in site.parameters() {
            if let Some(schema) = &parameter.schema {
                let text = parameter.location != Location::Path;
                found.extend(site.keywords(schema, "").into_iter().filter(|(_, _, keyword)| {
                    // Text has no types, and a path variable is not empty.
                    *keyword != "type" && (text || *keyword != "minLength")
                }));
            }
        }
        let (_, at, keyword) = chance.pick(&found)?;
        Some(site.overlooks(&format!("RT050/{keyword}"), Some(format!("{at}/{keyword}"))))
    }),
    ("accepts: a keyword of the body is broken", |site, chance| {
        let found = site.body_keywords();
        let (_, at, keyword) = chance.pick(&found)?;
        Some(site.overlooks(&format!("RT030/{keyword}"), Some(format!("{at}/{keyword}"))))
    }),
    ("accepts: any body", |site, _| (!site.body_keywords().is_empty()).then(|| site.overlooks("RT030", None))),
    ("accepts: no body", |site, _| {
        site.operation.request.as_ref().filter(|request| request.required)?;
        Some(site.overlooks("RT022", None))
    }),
    ("accepts: any media type", |site, _| {
        site.operation.request.as_ref()?;
        Some(site.overlooks("RT020", None))
    }),
    ("accepts: one beyond a bound", |site, chance| {
        let mut found = site.body_keywords();
        for parameter in site.parameters().filter(|one| one.location != Location::Path) {
            found.extend(parameter.schema.iter().flat_map(|schema| site.keywords(schema, "")));
        }
        let bounds = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];
        found.retain(|(_, at, keyword)| {
            let bound = site.contract.document().at(&format!("{at}/{keyword}")).and_then(Value::as_f64);
            bounds.contains(keyword)
                && bound.is_some_and(|bound| bound.abs() < 10_000.0 && (bound > 0.0 || *keyword == "minimum"))
        });
        let (_, at, keyword) = chance.pick(&found)?;
        Some(Fault::OneTooFar(site.operation.id.clone(), format!("{at}/{keyword}")))
    }),
    ("refuses: a listed value", |site, chance| {
        let of_body = site.body_keywords().into_iter().filter(|(_, _, keyword)| *keyword == "enum");
        let body: Vec<Met> =
            of_body.filter_map(|(instance, at, _)| Some(Met::BodyIs(instance, site.last_listed(&at)?))).collect();
        let listed = site.parameters().filter_map(|one| {
            let keywords = site.keywords(one.schema.as_ref()?, "");
            let (_, at, _) =
                keywords.iter().find(|(instance, _, keyword)| instance.is_empty() && *keyword == "enum")?;
            Some(Met::ParameterIs(one.name.clone(), site.last_listed(at)?))
        });
        let met = chance.pick(&body.into_iter().chain(listed).collect::<Vec<_>>())?.clone();
        Some(Fault::Refuses(site.operation.id.clone(), met))
    }),
    ("refuses: an optional member is absent", |site, chance| {
        let optional = site.optional_members();
        let (instance, name) = chance.pick(&optional)?.clone();
        Some(Fault::Refuses(site.operation.id.clone(), Met::BodyLacks(instance, name)))
    }),
    ("fails: on what breaks the document", |site, _| {
        let breakable = site.operation.request.is_some()
            || site.parameters().any(|one| one.required && one.location != Location::Path);
        breakable.then(|| Fault::Fails(site.operation.id.clone(), Met::Wrong))
    }),
    ("fails: on an optional parameter", |site, chance| {
        let optional: Vec<_> = site.parameters().filter(|one| !one.required).collect();
        let name = chance.pick(&optional)?.name.clone();
        Some(Fault::Fails(site.operation.id.clone(), Met::Parameter(name)))
    }),
    ("fails: on an optional member", |site, chance| {
        let (instance, name) = chance.pick(&site.optional_members())?.clone();
        Some(Fault::Fails(site.operation.id.clone(), Met::BodyHas(format!("{instance}/{name}"))))
    }),
    ("credentials: none are asked for", |site, _| {
        site.is_guarded().then(|| Fault::NoCredentials(site.operation.id.clone()))
    }),
    ("credentials: any are taken", |site, _| {
        site.is_guarded().then(|| Fault::AnyCredentials(site.operation.id.clone()))
    }),
    ("state: what is deleted stays", |site, _| {
        let operations = site.contract.spec().operations();
        let read = operations.iter().any(|one| one.path == site.operation.path && one.method == "GET");
        let last = site.operation.path.ends_with('}');
        (site.operation.method == "DELETE" && read && last).then(|| Fault::KeepsDeleted(site.operation.id.clone()))
    }),
    ("method: any is taken", |site, chance| {
        let path = site.operation.path.clone();
        Some(if chance.next(2) == 0 { Fault::AnyMethod(path) } else { Fault::NoAllow(path) })
    }),
];

/// Faults of the servers of some contracts, of all kinds in turn.
pub(crate) fn seeded(contracts: &[Arc<Contract>], count: usize, seed: u64) -> Vec<Seeded> {
    let mut chance = Chance(seed);
    let mut found: Vec<Seeded> = Vec::new();
    let mut round = 0;
    while found.len() < count && round < count * 40 {
        let (kind, make) = KINDS[round % KINDS.len()];
        round += 1;
        for _ in 0..200 {
            let index = chance.next(contracts.len());
            let contract = &contracts[index];
            let Some(operation) = chance.pick(contract.spec().operations()) else { continue };
            // Of an operation that has no right answer, nothing can be seen.
            if success(contract, operation).is_none() {
                continue;
            }
            let Some(fault) = make(&Site { contract, operation }, &mut chance) else { continue };
            if found.iter().any(|known| known.fault == fault && known.contract == index) {
                continue;
            }
            let above = operation.path.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
            let paths = [operation.path.clone(), above];
            let is_path = |path: &String| contract.spec().operations().iter().any(|one| one.path == *path);
            let operations = paths.into_iter().filter(is_path).collect();
            found.push(Seeded { kind, contract: index, fault, operations });
            break;
        }
    }
    found
}

/// A place of the body, the place of its schema, and a keyword there.
type Keyword = (String, String, &'static str);

const KEYWORDS: [&str; 12] = [
    "type",
    "enum",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
];

impl Site<'_> {
    fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.operation.parameters.iter().filter(|one| one.is_argument())
    }

    fn is_guarded(&self) -> bool {
        !self.operation.security.is_empty() && !self.operation.security.iter().any(Vec::is_empty)
    }

    fn overlooks(&self, rule: &str, pointer: Option<String>) -> Fault {
        Fault::Overlooks(self.operation.id.clone(), rule.to_owned(), pointer)
    }

    /// A changed answer, if the document does not have it.
    fn answering(&self, when: When, change: Change) -> Option<Fault> {
        let right = match when {
            When::Success => success(self.contract, self.operation)?,
            // What is answered without credentials.
            When::Refusal => {
                self.is_guarded().then_some(())?;
                documented(self.contract, self.operation, self.operation.response(401)?.status)?
            }
        };
        self.is_wrong(&changed(right, &change)).then(|| Fault::Answers(self.operation.id.clone(), when, change))
    }

    fn is_wrong(&self, response: &Response) -> bool {
        !check_response(self.contract, self.operation, response).is_empty()
    }

    /// A change of a place of the body that breaks a keyword.
    fn edited(
        &self,
        chance: &mut Chance,
        keyword: &str,
        change: impl Fn(String, &Value, &mut Chance) -> Change,
    ) -> Option<Fault> {
        let right = success(self.contract, self.operation)?;
        let body: Value = serde_json::from_slice(&right.body).ok()?;
        let mut places = Vec::new();
        collect(&body, String::new(), &mut places);
        for _ in 0..40 {
            let at = chance.pick(&places)?.clone();
            let change = change(at.clone(), body.pointer(&at)?, chance);
            let found = check_response(self.contract, self.operation, &changed(right.clone(), &change));
            if found.iter().any(|finding| finding.rule.as_str().ends_with(keyword)) {
                return Some(Fault::Answers(self.operation.id.clone(), When::Success, change));
            }
        }
        None
    }

    fn body_schema(&self) -> Option<&String> {
        self.operation.request.as_ref()?.preferred()?.schema.as_ref()
    }

    fn body_keywords(&self) -> Vec<Keyword> {
        self.body_schema().map(|schema| self.keywords(schema, "")).unwrap_or_default()
    }

    /// The keywords of a schema and those within it that always hold.
    fn keywords(&self, schema: &str, instance: &str) -> Vec<Keyword> {
        let mut found = Vec::new();
        self.each(schema, instance, 8, &mut |instance, at, schema| {
            let own = KEYWORDS.into_iter().filter(|keyword| match schema.get(keyword) {
                Some(Value::Array(values)) => !values.is_empty(),
                Some(Value::Bool(flag)) => *flag,
                Some(Value::Number(number)) => number.as_f64() != Some(0.0) || *keyword == "minimum",
                // Formats that nobody knows refuse nothing.
                Some(format) if *keyword == "format" => {
                    let known = ["date", "date-time", "uuid", "email", "uri"];
                    known.contains(&format.as_str().unwrap_or_default())
                }
                said => said.is_some(),
            });
            found.extend(own.map(|keyword| (instance.to_owned(), at.to_owned(), keyword)));
        });
        found
    }

    fn optional_members(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if let Some(schema) = self.body_schema() {
            self.each(schema, "", 8, &mut |instance, _, schema| {
                let required = |name: &String| {
                    schema.get("required").and_then(Value::as_array).is_some_and(|names| names.contains(&json!(name)))
                };
                let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
                let shown = members.filter(|(name, one)| !required(name) && one.get("readOnly") != Some(&json!(true)));
                found.extend(shown.map(|(name, _)| (instance.to_owned(), name.clone())));
            });
        }
        found
    }

    fn last_listed(&self, at: &str) -> Option<Value> {
        self.contract.document().at(&format!("{at}/enum"))?.as_array()?.last().cloned()
    }

    /// Visits a schema, and those of its members and items.
    fn each(&self, at: &str, instance: &str, depth: usize, visit: &mut dyn FnMut(&str, &str, &Value)) {
        let at = at.trim_start_matches('#');
        let (Some(schema), Some(depth)) = (self.contract.document().at(at), depth.checked_sub(1)) else { return };
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return self.each(target, instance, depth, visit);
        }
        // What does not travel in a request is not there to be broken.
        if schema.get("readOnly") == Some(&json!(true)) {
            return;
        }
        visit(instance, at, schema);
        for (name, _) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let token = name.replace('~', "~0").replace('/', "~1");
            self.each(&format!("{at}/properties/{token}"), &format!("{instance}/{token}"), depth, visit);
        }
        if schema.get("items").is_some() {
            self.each(&format!("{at}/items"), &format!("{instance}/*"), depth, visit);
        }
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.each(&format!("{at}/allOf/{index}"), instance, depth, visit);
        }
    }
}

/// The pointers of all values but the whole.
fn collect(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                found.push(at.clone());
                collect(member, at, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = format!("{at}/{index}");
                found.push(at.clone());
                collect(item, at, found);
            }
        }
        _ => {}
    }
}
