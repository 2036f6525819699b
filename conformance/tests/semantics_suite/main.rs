//! The cases of `conformance/semantics`, through every door of the engine.
//!
//! A failing case is one line: file, group, number of the case, version, and what was found instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod case;
mod door;

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
