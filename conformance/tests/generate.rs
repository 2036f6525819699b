//! Payloads made from schemas: valid ones are valid, mutants are not, for every schema of every document.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use obkit_codegen::{Document, Spec};
use obkit_conformance::generate::{GenerateError, Generator, Mode, Mutant, Reason};
use obkit_conformance::{Contract, Direction};

/// The directions in which a schema is met: none where it is but a reference to one that is met elsewhere.
fn directions(contract: &Contract, pointer: &str) -> &'static [Direction] {
    if contract.document().at(pointer).is_some_and(|schema| schema.get("$ref").is_some()) {
        &[]
    } else if pointer.contains("/responses/") {
        &[Direction::Response]
    } else if pointer.starts_with("/components/schemas/") {
        &[Direction::Request, Direction::Response]
    } else {
        &[Direction::Request]
    }
}

fn contract(file: &Path) -> Contract {
    let name = file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    Contract::new(name, Spec::read(Document::load(file).unwrap()).unwrap())
}

/// A validator that shares no code with those that the generator asks.
struct Independent {
    schemas: boon::Schemas,
    compiler: boon::Compiler,
}

impl Independent {
    fn new(contract: &Contract, direction: Direction) -> Self {
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.enable_format_assertions();
        let document = contract.validators().json_schema(direction).clone();
        compiler.add_resource(DOCUMENT, document).unwrap();
        Self { schemas: boon::Schemas::new(), compiler }
    }

    /// The schema at a pointer; none where this validator refuses it: for a pattern with words that only ECMA-262 has, or a keyword of
    /// another type, such as a number as text.
    fn schema(&mut self, pointer: &str) -> Option<boon::SchemaIndex> {
        let fragment = percent_encoding::utf8_percent_encode(pointer, percent_encoding::NON_ALPHANUMERIC).to_string();
        match self.compiler.compile(&format!("{DOCUMENT}#{fragment}"), &mut self.schemas) {
            Ok(index) => Some(index),
            Err(error) => {
                println!("  {pointer}: {error:#}");
                None
            }
        }
    }

    fn is_valid(&self, value: &serde_json::Value, index: boon::SchemaIndex) -> bool {
        self.schemas.validate(value, index).is_ok()
    }
}

const DOCUMENT: &str = "https://spec.example/openapi.json";

/// What became of the schemas of a document.
#[derive(Debug, Default)]
struct Tally {
    schemas: usize,
    payloads: usize,
    mutants: usize,
    /// Keywords that some mutant breaks, and those that were met: places in the document.
    broken: BTreeSet<String>,
    met: BTreeSet<String>,
    /// What nothing fits: optional parts, and schemas.
    omitted: BTreeSet<String>,
    /// What the independent validator says otherwise, and how many verdicts it gave.
    disputed: BTreeSet<String>,
    confirmed: usize,
    failed: BTreeSet<String>,
}

impl Tally {
    fn unbroken(&self) -> Vec<&String> {
        self.met.difference(&self.broken).collect()
    }
}

/// Makes payloads and mutants for every schema that stands outermost in a document. Parts that lie deep are shallow
/// in the components that they belong to.
fn exercise(contract: &Contract, limit: usize) -> Tally {
    let mut tally = Tally::default();
    let mut independent =
        [Direction::Request, Direction::Response].map(|direction| Independent::new(contract, direction));
    for pointer in contract.validators().schemas() {
        for direction in directions(contract, pointer) {
            let generator = match Generator::new(contract, *direction, pointer) {
                Ok(generator) => generator.depth(5).values(150),
                // A schema that cannot be enforced is a finding of the suite.
                Err(error) if matches!(error.reason, Reason::Uncompiled(_)) => continue,
                Err(error) => panic!("{error}"),
            };
            tally.schemas += 1;
            if let Err(error) = exercise_one(
                contract,
                *direction,
                pointer,
                &generator,
                limit,
                &mut tally,
                &mut independent[usize::from(*direction == Direction::Response)],
            ) {
                tally.failed.insert(error.to_string());
            }
        }
    }
    tally
}

fn exercise_one(
    contract: &Contract,
    direction: Direction,
    pointer: &str,
    generator: &Generator<'_>,
    limit: usize,
    tally: &mut Tally,
    independent: &mut Independent,
) -> Result<(), GenerateError> {
    let check = contract.validators().check(direction, pointer).unwrap();
    let other = independent.schema(pointer);
    for mode in [Mode::Minimal, Mode::Maximal, Mode::Boundary, Mode::Combinatorial, Mode::Random] {
        let payloads = generator.payloads(mode, 7, limit)?;
        assert!(!payloads.is_empty(), "{pointer} {mode:?}");
        for payload in payloads {
            assert!(check.is_valid(&payload.value) && payload.deviations.is_empty(), "{pointer} {mode:?}");
            tally.payloads += 1;
            let verdict = other.map(|index| independent.is_valid(&payload.value, index));
            tally.confirmed += usize::from(verdict == Some(true));
            if verdict == Some(false) {
                tally.disputed.insert(format!("{pointer}: a payload is refused: {}", payload.value));
            }
            tally.omitted.extend(payload.omitted.iter().map(ToString::to_string));
        }
    }
    let mutants = generator.mutants(7)?;
    for mutant in mutants.mutants {
        assert!(!check.is_valid(&mutant.value), "{pointer}: {} is accepted", mutant.keyword);
        tally.mutants += 1;
        let verdict = other.map(|index| independent.is_valid(&mutant.value, index));
        tally.confirmed += usize::from(verdict == Some(false));
        if verdict == Some(true) && !is_of_openapi(contract, &mutant) {
            tally.disputed.insert(format!("{pointer}: a mutant is accepted: {}", mutant.schema_pointer));
        }
        tally.met.insert(mutant.schema_pointer.clone());
        tally.broken.insert(mutant.schema_pointer);
    }
    tally.met.extend(mutants.unbroken.into_iter().map(|unbroken| unbroken.schema_pointer));
    Ok(())
}

/// Whether a mutant breaks a format that JSON Schema does not have.
fn is_of_openapi(contract: &Contract, mutant: &Mutant) -> bool {
    const FORMATS: [&str; 4] = ["int32", "int64", "decimal", "byte"];
    let format = contract.document().at(&mutant.schema_pointer).and_then(serde_json::Value::as_str);
    mutant.keyword == "format" && format.is_some_and(|format| FORMATS.contains(&format))
}

fn tell(name: &str, tally: &Tally) {
    let Tally { schemas, payloads, mutants, broken, .. } = tally;
    println!("{name}: {schemas} schemas, {payloads} payloads, {mutants} mutants of {} keywords", broken.len());
    for what in tally.failed.iter().chain(&tally.omitted) {
        println!("  {what}");
    }
    println!("  confirmed: {}", tally.confirmed);
    for disputed in &tally.disputed {
        println!("  disputed: {}", disputed.chars().take(300).collect::<String>());
    }
    for pointer in tally.unbroken() {
        println!("  unbroken: {pointer}");
    }
}

#[test]
fn every_schema_of_the_workspace_has_payloads_and_mutants() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    for provider in ["candescent", "fena", "finqlink", "wych", "yapily"] {
        let tally = exercise(&contract(&specs.join(provider).join("openapi.yaml")), 6);
        tell(provider, &tally);
        assert!(tally.payloads > tally.schemas && tally.mutants > 0);
        assert!(tally.failed.is_empty() && tally.omitted.is_empty(), "{tally:?}");
        assert!(tally.unbroken().is_empty(), "{:?}", tally.unbroken());
        assert!(tally.disputed.is_empty() && tally.confirmed > tally.payloads, "{:#?}", tally.disputed);
    }
}

/// Schemas of public documents that nothing fits, and why that is so.
const UNSATISFIABLE: [(&str, &str); 4] = [
    (
        "/components/schemas/TransactionMetadataList",
        "`additionalProperties: false` beside `allOf` forbids what the branches require",
    ),
    (
        "/components/schemas/AccountAccessConsentResponseModel",
        "each branch of `allOf` requires what `additionalProperties: false` of the other forbids",
    ),
    (
        "/paths/~1account-access-consents/post/responses/201/content/application~1json/schema/properties/Data",
        "its schema is AccountAccessConsentResponseModel",
    ),
    (
        "/paths/~1account-access-consents~1{ConsentId}/get/responses/200/content/application~1json/schema/properties/Data",
        "its schema is AccountAccessConsentResponseModel",
    ),
];

#[test]
fn every_schema_of_public_documents_has_payloads_and_mutants() {
    let Some(corpus) = std::env::var_os("OBKIT_CORPUS").map(PathBuf::from) else {
        println!("skipped: OBKIT_CORPUS is not set");
        return;
    };
    let specs = std::fs::read_dir(corpus.join("specs")).unwrap();
    let mut files: Vec<_> = specs.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (queue, done) = (Mutex::new(files.into_iter()), Mutex::new((0, Vec::new())));
    let next = || queue.lock().unwrap().next();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(file) = next() {
                    let Ok(spec) = Document::load(&file).and_then(Spec::read) else { continue };
                    let tally = exercise(&Contract::new("corpus", spec), 3);
                    tell(&file.file_name().unwrap().display().to_string(), &tally);
                    let unknown = |error: &&String| !UNSATISFIABLE.iter().any(|(pointer, _)| error.contains(pointer));
                    let errors = tally.failed.iter().chain(&tally.omitted).filter(unknown).chain(&tally.disputed);
                    let mut done = done.lock().unwrap();
                    done.0 += 1;
                    done.1.extend(errors.map(|error| format!("{}: {error}", file.display())));
                }
            });
        }
    });
    let (documents, failed) = done.into_inner().unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(documents > 0, "nothing was read");
}

/// Swagger 2.0 has no other way to name what a tag stands for than by the names of definitions.
#[test]
fn tags_that_nobody_maps_are_names_of_schemas() {
    let text = "\
swagger: '2.0'
info: {title: T, version: '1'}
paths: {}
definitions:
  Pet: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string}}}
  Cat: {allOf: [{$ref: '#/definitions/Pet'}, {required: [lives], properties: {lives: {type: integer}}}]}
  Dog: {allOf: [{$ref: '#/definitions/Pet'}, {required: [tail], properties: {tail: {type: string}}}]}
  Other: {type: object}
  Listed: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string, enum: [Cow]}}}
  Cow: {allOf: [{$ref: '#/definitions/Listed'}]}
  Short: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string, maxLength: 5}}}
  Ant: {allOf: [{$ref: '#/definitions/Short'}]}
  Butterfly: {allOf: [{$ref: '#/definitions/Short'}]}
  Endless: {allOf: [{$ref: '#/definitions/Pet'}, {required: [more], properties: {more: {$ref: '#/definitions/Endless'}}}]}
  Sow: {allOf: [{$ref: '#/definitions/Listed'}]}
";
    let contract = Contract::new("t", Spec::read(Document::parse("s.yaml", text).unwrap()).unwrap());
    for (schema, tags) in [
        ("Pet", vec!["Cat", "Dog", "Pet"]),
        ("Cat", vec!["Cat"]),
        ("Listed", vec!["Cow"]),
        ("Short", vec!["Ant", "Short"]),
    ] {
        let pointer = format!("/components/schemas/{schema}");
        let generator = Generator::new(&contract, Direction::Response, &pointer).unwrap();
        let mut seen = BTreeSet::new();
        for payload in (0..20).flat_map(|seed| generator.payloads(Mode::Random, seed, 5).unwrap()) {
            let remarks = contract.validators().remarks(Direction::Response, &pointer, &payload.value);
            assert!(remarks.is_empty(), "{schema}: {}: {remarks:?}", payload.value);
            seen.insert(payload.value["kind"].as_str().unwrap().to_owned());
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), tags, "{schema}");
    }
}
