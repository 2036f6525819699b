//! The cases of `conformance/semantics`, through every door of the engine.
//!
//! A failing case is one line: file, group, number of the case, version, and what was found instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod case;
mod door;
mod second;

use std::collections::BTreeSet;

use case::{Group, Topic, files};
use door::{Doors, Found};

/// Calls a function with each group, version and what names them.
fn each(mut run: impl FnMut(&str, &Group, &str)) {
    for (file, text) in files() {
        let topic: Topic = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        for group in &topic.groups {
            for version in &group.openapi {
                run(&format!("{file}: {}", group.name), group, version);
            }
        }
    }
}

#[test]
fn every_case_has_its_verdict() {
    let (mut judged, mut cases, mut wrong) = (0, BTreeSet::new(), Vec::new());
    each(|name, group, version| {
        let doors = match Doors::open(group, version) {
            Ok(doors) => doors,
            Err(error) => return wrong.push(format!("{name} ({version}): {error}")),
        };
        for (index, case) in group.cases.iter().enumerate() {
            cases.insert(format!("{name} #{index}"));
            for (door, found) in doors.judge(case) {
                judged += 1;
                if let Some(difference) = found.differs(case) {
                    wrong.push(format!("{name} #{index} ({version}, {door}): {difference}"));
                }
            }
        }
    });
    println!("{} cases, {judged} verdicts, {} of them wrong", cases.len(), wrong.len());
    assert!(cases.len() >= 1000, "cases are lost: {}", cases.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Where a validator of plain JSON Schema says something else: the group, the validator, the cases (none when it does
/// not take the schema), and why it is not followed.
const DIFFERENT: [(&str, &str, &[usize], &str); 12] = [
    ("arrays: keywords of 3.1 in 3.0", "bare", &[], "draft 4 has `patternProperties`, and no booleans for schemas"),
    ("arrays: keywords of 3.1 in 3.0", "other", &[], "the same"),
    ("formats: email", "bare", &[8], "takes a display name for a part of a mailbox, unless told"),
    ("formats: email", "other", &[4], "takes a mailbox without a local part"),
    (
        "numbers: an integer written with a fraction",
        "bare",
        &[0, 1, 2, 3],
        "draft 4 by the letter; OpenAPI 3.0.4 is not",
    ),
    (
        "numbers: a boolean exclusive bound without a bound",
        "bare",
        &[],
        "the meta-schema of draft 4 asks for the bound",
    ),
    ("numbers: a boolean exclusive bound without a bound", "other", &[], "the same"),
    ("numbers: inclusive bounds", "other", &[3], "compares as binary64"),
    ("numbers: decimal multiples", "other", &[2, 4, 5, 6, 8], "divides as binary64"),
    ("numbers: integer multiples", "other", &[4], "divides as binary64"),
    ("text: classes of ECMA 262", "other", &[4], "U+FEFF is no white space to it"),
    ("text: look-around, groups and properties", "other", &[], "its engine has no look-around and no back-references"),
];

#[test]
fn second_opinions_agree() {
    let (mut asked, mut excused, mut wrong) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    each(|name, group, version| {
        for (validator, opinion) in second::opinions(group, version).into_iter().flatten() {
            let mut differs = |case: Option<usize>, what: String| {
                let is_known = |(group, other, cases, _): &&(&str, &str, &[usize], &str)| {
                    *group == name && *other == validator && case.map_or(cases.is_empty(), |case| cases.contains(&case))
                };
                match DIFFERENT.iter().find(is_known) {
                    Some(_) => drop(excused.insert((name.to_owned(), validator, case))),
                    None => wrong.push(format!("{name} ({version}, {validator}): {what}")),
                }
            };
            let opinion = match opinion {
                Ok(opinion) => opinion,
                Err(error) => {
                    differs(None, error);
                    continue;
                }
            };
            for (index, case) in group.cases.iter().enumerate() {
                let (Some(expected), Some(value)) = (case.valid, second::value(case)) else { continue };
                asked.insert((name.to_owned(), validator, index));
                if opinion.is_valid(&value) != expected {
                    differs(Some(index), format!("#{index}: expected {expected}"));
                }
            }
        }
    });
    println!("{} second opinions, {} of them different", asked.len(), excused.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let listed: usize = DIFFERENT.iter().map(|(_, _, cases, _)| cases.len().max(1)).sum();
    assert_eq!(excused.len(), listed, "what is listed differs no more: {excused:?}");
    assert!(asked.len() >= 800, "second opinions are lost: {}", asked.len());
}

#[test]
fn the_files_are_of_their_format() {
    let format = std::fs::read_to_string(case::folder().join("format.schema.json")).unwrap();
    let format = jsonschema::draft202012::new(&serde_json::from_str(&format).unwrap()).unwrap();
    for (file, text) in files() {
        let topic = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> =
            format.iter_errors(&topic).map(|error| format!("{file}{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        let groups = topic["groups"].as_array().unwrap();
        let names: BTreeSet<_> = groups.iter().map(|group| group["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), groups.len(), "{file}: two groups have one name");
    }
}

/// A group that refuses nothing proves nothing.
#[test]
fn every_group_can_fail() {
    each(|name, group, _| {
        let refuses = group.cases.iter().any(|case| case.valid == Some(false));
        // Those headers are ignored whatever they hold.
        assert!(refuses || name.starts_with("parameters: a parameter called "), "{name}");
    });
}

/// The suite itself can fail.
#[test]
fn a_wrong_verdict_is_told() {
    let (_, text) = files().into_iter().find(|(name, _)| name == "numbers").unwrap();
    let mut topic: Topic = serde_json::from_str(&text).unwrap();
    let group = &mut topic.groups[0];
    let case = &mut group.cases[0];
    case.valid = Some(false);
    let doors = Doors::open(group, "3.0").unwrap();
    let told = doors
        .judge(&group.cases[0])
        .iter()
        .filter(|(_, found): &&(_, Found)| found.differs(&group.cases[0]).is_some())
        .count();
    assert_eq!(told, 7, "each door sees it");
}
