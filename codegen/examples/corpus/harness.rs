//! The program that takes payloads through the types of the generated crates.
//!
//! It is one crate with a module per generated crate, and reads lines of crate, type and JSON. A type that
//! cannot be taken through makes the module fail to compile; the others are then tried without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::File;
use std::process::Command;

use crate::Failure;
use crate::cargo;
use crate::check::Verdict;
use crate::equal;
use crate::generation::Case;
use crate::payload::Payload;
use crate::workspace::{HARNESS, Workspace};

/// The program, but for its modules and the arms that lead to them.
const MAIN: &str = include_str!("harness/main.rs.in");

/// The types to take payloads through, by crate.
type Wanted<'p> = BTreeMap<&'p str, BTreeSet<&'p str>>;

/// What became of each payload: nothing when it came back as it was, else why not.
pub(crate) fn round_trips(
    workspace: &Workspace,
    cases: &[Case],
    verdicts: &[Verdict],
    payloads: &[Payload],
) -> Result<Vec<Option<String>>, Failure> {
    let mut wanted = Wanted::new();
    for payload in payloads {
        if let (Some(case), Some(verdict), Ok(ty)) = (cases.get(payload.case), verdicts.get(payload.case), &payload.ty)
            && verdict.is_usable()
        {
            wanted.entry(&case.package).or_default().insert(ty);
        }
    }
    let (program, refused) = build(workspace, cases, wanted)?;
    let mut outcomes = Vec::new();
    let mut asked = Vec::new();
    for payload in payloads {
        let Some((case, verdict)) = cases.get(payload.case).zip(verdicts.get(payload.case)) else { continue };
        outcomes.push(match &payload.ty {
            Err(why) => Some(why.clone()),
            Ok(_) if !verdict.is_usable() => Some("its crate does not compile".to_owned()),
            Ok(ty) => {
                let why = refused.get(case.package.as_str()).cloned();
                if why.is_none() {
                    asked.push((outcomes.len(), &payload.json, format!("{}\t{ty}\t{}\n", case.package, payload.json)));
                }
                why
            }
        });
    }
    let Some(program) = program else { return Ok(outcomes) };
    let requests = workspace.root.join("requests.tsv");
    std::fs::write(&requests, asked.iter().map(|(_, _, line)| line.as_str()).collect::<String>())?;
    let output = Command::new(program).stdin(File::open(&requests)?).output()?;
    let answers = String::from_utf8(output.stdout)?;
    let mut answers = answers.lines();
    for (index, sent, _) in asked {
        let outcome = match answers.next().map(|answer| answer.split_once('\t').unwrap_or((answer, ""))) {
            Some(("ok", came_back)) => equal::difference(sent, came_back)?,
            Some((_, why)) => Some(why.to_owned()),
            None => Some(format!("the program that decodes stopped: {}", output.status)),
        };
        if let Some(slot) = outcomes.get_mut(index) {
            *slot = outcome;
        }
    }
    Ok(outcomes)
}

/// Builds the program; says of each crate that it had to leave out why.
fn build<'c>(
    workspace: &Workspace,
    cases: &'c [Case],
    mut wanted: Wanted<'_>,
) -> Result<(Option<std::path::PathBuf>, BTreeMap<&'c str, String>), Failure> {
    let mut refused = BTreeMap::new();
    workspace.write(cases, Some(HARNESS))?;
    while !wanted.is_empty() {
        write(workspace, &wanted)?;
        let said = cargo::run(workspace, &["build", "--package", HARNESS])?;
        if let Some(program) = said.executable {
            return Ok((Some(program), refused));
        }
        let before = refused.len();
        for diagnostic in said.diagnostics.iter().filter(|diagnostic| diagnostic.is_error) {
            let blamed = cases.iter().find(|case| {
                diagnostic.folder == workspace.member(&case.package)
                    || diagnostic.file == format!("{HARNESS}/src/{}.rs", module(&case.package))
            });
            if let Some(case) = blamed.filter(|case| wanted.remove(case.package.as_str()).is_some()) {
                refused.insert(case.package.as_str(), format!("the types cannot be used: {}", diagnostic.text));
            }
        }
        if refused.len() == before {
            let first = said.diagnostics.first().map_or(said.last_words, |diagnostic| diagnostic.text.clone());
            return Err(format!("the program that decodes payloads does not compile: {first}").into());
        }
    }
    Ok((None, refused))
}

/// Writes the crate of the program, and makes it a member of the workspace.
fn write(workspace: &Workspace, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let folder = workspace.member(HARNESS);
    std::fs::create_dir_all(folder.join("src"))?;
    let (mut dependencies, mut modules, mut arms) = (String::new(), String::new(), String::new());
    for (package, types) in wanted {
        let module = module(package);
        let _ = writeln!(dependencies, "{package} = {{ path = {:?} }}", workspace.member(package));
        let _ = writeln!(modules, "mod {module};");
        let _ = writeln!(arms, "        {package:?} => {module}::round_trip(ty, json),");
        let mut text = format!("#[allow(unused_imports)]\nuse {}::types;\n\n", package.replace('-', "_"));
        text.push_str("pub fn round_trip(ty: &str, json: &str) -> Result<String, String> {\n    match ty {\n");
        for ty in types {
            let _ = writeln!(text, "        {ty:?} => crate::round_trip::<{ty}>(json),");
        }
        text.push_str("        _ => Err(\"there is no such type\".to_owned()),\n    }\n}\n");
        std::fs::write(folder.join(format!("src/{module}.rs")), text)?;
    }
    let manifest = format!(
        "[package]\nname = {HARNESS:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         obkit-runtime = {{ path = {:?} }}\nserde = \"1\"\nserde_json = \"1\"\n{dependencies}",
        workspace.runtime
    );
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/main.rs"), MAIN.replace("{modules}", &modules).replace("{arms}", &arms))?;
    Ok(())
}

/// The module of the harness that uses a crate.
fn module(package: &str) -> String {
    format!("of_{}", package.replace('-', "_"))
}
