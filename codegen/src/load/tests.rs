//! What every document is held to when it is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Map, json};

use super::*;

const YAML: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      x: 1\n";

#[test]
fn yaml_and_json_agree_and_both_have_positions() {
    let yaml = Document::parse("a.yaml", YAML).unwrap();
    let json = Document::parse("a.json", &serde_json::to_string_pretty(yaml.root()).unwrap()).unwrap();
    assert_eq!(yaml.root(), json.root());
    let pointer = "/paths/~1a~1{id}/get/x";
    assert_eq!(yaml.position(pointer), Some(Position { line: 6, column: 7 }));
    assert_eq!(json.position(pointer).map(|p| p.line), Some(10));
}

#[test]
fn a_flow_mapping_is_yaml() {
    let flow = Document::parse("a.yaml", "{openapi: 3.0.3, paths: {/a: {get: {x: 1}}}}").unwrap();
    assert_eq!(flow.at("/paths/~1a/get/x"), Some(&Value::from(1)));
}

#[test]
fn a_missing_pointer_is_placed_at_its_nearest_ancestor() {
    let yaml = Document::parse("a.yaml", YAML).unwrap();
    assert_eq!(yaml.position("#/paths/~1a~1{id}/get/y/z"), yaml.position("/paths/~1a~1{id}/get"));
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert!(Document::parse("a.yaml", &format!("\u{feff}{YAML}")).is_ok());
}

#[test]
fn what_is_not_openapi_is_said_with_file_line_and_remedy() {
    for (text, expected) in [
        ("hello: world\n", "a.yaml:1:1: is not an OpenAPI document"),
        ("- 1\n", "a.yaml:1:1: is not an OpenAPI document"),
        ("swagger: '1.2'\n", "a.yaml:1:1: is a Swagger 1.2 document"),
        ("swagger: '2.0'\n", "a.yaml:1:1: has no `paths`"),
        ("openapi: 3.2.0\n", "a.yaml:1:1: is an OpenAPI 3.2.0 document"),
        ("openapi: 3.1.0\n", "a.yaml:1:1: has no `paths`"),
        ("openapi: 3.0.3\n", "a.yaml:1:1: has no `paths`"),
        ("a: [1\nb: 2", "a.yaml:2:"),
        ("{\"a\": 1,\n \"a\": 2}", "a.yaml:2:2: the key `a` is repeated"),
        ("a: 1\na: 2\n", "a.yaml:2:1: the key `a` is repeated"),
        ("a: 1\n<<: 3\n", "a.yaml:2:1: a merge key (`<<`) has a value that is no mapping"),
        ("a: &a {b: 1}\nc: {<<: [*a, 3]}\n", "a.yaml:2:5: a merge key (`<<`) has a value that is no mapping"),
        ("{\"a\": }", "a.yaml:1:7"),
        ("", "a.yaml: is empty"),
    ] {
        let message = Document::parse("a.yaml", text).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{text:?}: {message}");
        assert!(message.contains("\n  help: "), "{message}");
    }
}

#[test]
fn every_repetition_names_the_first_and_no_other_object_s() {
    let yaml = "a: 1\nb: {a: 2, a: 3}\nc/d: 4\na: 5\nc/d: 6\na: 7\n";
    let json = "{\n\"a\": 1,\n\"b\": {\"a\": 2, \"a\": 3},\n\"c/d\": 4,\n\"a\": 5,\n\"c/d\": 6,\n\"a\": 7}";
    for (text, expected) in [
        (yaml, [("/b/a", "2:11", "2:5"), ("/a", "4:1", "1:1"), ("/c~1d", "5:1", "3:1"), ("/a", "6:1", "1:1")]),
        (json, [("/b/a", "3:15", "3:7"), ("/a", "5:1", "2:1"), ("/c~1d", "6:1", "4:1"), ("/a", "7:1", "2:1")]),
    ] {
        let source = Source::parse(Path::new("a"), text).unwrap();
        let said: Vec<_> = source.faults.iter().map(|fault| (&*fault.pointer, fault.error.to_string())).collect();
        assert_eq!(said.len(), expected.len(), "{text}");
        for ((pointer, message), (at, again, first)) in said.iter().zip(expected) {
            assert_eq!(*pointer, at);
            assert!(message.starts_with(&format!("a:{again}: ")), "{message}");
            assert!(message.contains(&format!("it stands at {first} already")), "{message}");
        }
    }
}

#[test]
fn a_long_text_is_read_to_its_last_line() {
    let long = |last: &str| (0..5000).map(|n| format!("key{n}: [{n}, {{a: b}}]\n")).collect::<String>() + last;
    let source = Source::parse(Path::new("a.yaml"), &long("last: 1\n")).unwrap();
    assert_eq!(source.root.as_object().map(Map::len), Some(5001));
    assert_eq!(source.root["key4999"], json!([4999, {"a": "b"}]));
    assert_eq!(source.marks.positions.get("/key4999/1/a"), Some(Position { line: 5000, column: 18 }));
    for (last, expected) in
        [("last: ]\n", "a.yaml:5001:7: is not YAML"), ("--- {}\n", "a.yaml:5001:1: holds more than one YAML")]
    {
        let message = Source::parse(Path::new("a.yaml"), &long(last)).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }
    // What is refused at once does not wait for the rest.
    let message =
        Source::parse(Path::new("a.yaml"), &(String::from("? [a]\n: 1\n") + &long(""))).unwrap_err().to_string();
    assert!(message.starts_with("a.yaml:1:3: a mapping key is a collection"), "{message}");
}

#[test]
fn layout_and_examples_do_not_change_the_hash_and_all_else_does() {
    let hash = |text: &str| Document::parse("a", text).unwrap().sha256().to_owned();
    let base = hash(YAML);
    assert_eq!(hash(&format!("# a comment\n{YAML}")), base);
    assert_eq!(hash(&YAML.replace("      x: 1", "      example: 2\n      x: 1")), base);
    assert_ne!(hash(&YAML.replace("x: 1", "x: 2")), base);
    let property = "      properties: {example: {type: string}}\n";
    assert_ne!(hash(&format!("{YAML}{property}")), hash(&format!("{YAML}      properties: {{}}\n")));
}

#[test]
fn what_is_merged_in_gives_way_to_what_is_said() {
    let text = format!("{YAML}x-a: &a {{b: 1, c: 1}}\nx-d: {{<<: *a, b: 2}}\nx-e: {{\"<<\": {{b: 3}}}}\n");
    let document = Document::parse("a", &text).unwrap();
    assert_eq!(document.at("/x-d"), Some(&serde_json::json!({ "b": 2, "c": 1 })));
    assert_eq!(document.at("/x-e/<</b"), Some(&Value::from(3)));
    let error = Document::parse("a", &format!("{YAML}x-a: &a b\nx-c: {{*a : 1}}\n")).unwrap_err();
    assert!(error.message.contains("mapping key"), "{error}");
}

#[test]
fn depth_is_bounded_however_it_is_written() {
    let brackets = "[".repeat(100_000);
    assert!(Document::parse("a", &format!("x: {brackets}")).is_err());
    assert!(Document::parse("a", &format!("{{\"x\": {brackets}")).is_err());
    let mut stairs = "x0: &x0 1\n".to_owned();
    for i in 1..200 {
        stairs.push_str(&format!("x{i}: &x{i} [*x{}]\n", i - 1));
    }
    let message = Document::parse("a", &stairs).unwrap_err().to_string();
    assert!(message.starts_with("a:121:") && message.contains("nested deeper"), "{message}");
}

#[test]
fn yaml_and_json_are_read_equally_deep() {
    let nested = |levels: usize| format!("{}1{}", "{\"a\": ".repeat(levels), "}".repeat(levels));
    for levels in [MAX_DEPTH + 1, 10_000] {
        for text in [nested(levels), format!("a: {}", nested(levels - 1))] {
            let error = Document::parse("a", &text).unwrap_err();
            let said = "is nested deeper than 120 levels here, and no deeper is read";
            assert!(error.message == said && error.remedy.starts_with("make a component"), "{error}");
            assert!(error.position.is_some_and(|at| at.line == 1 && at.column > 700), "{error}");
        }
    }
    let error = Document::parse("a", &nested(MAX_DEPTH)).unwrap_err();
    assert!(error.message.contains("there is no `openapi` member"), "{error}");
}

#[test]
fn an_alias_is_expanded_and_a_bomb_is_refused() {
    let document = Document::parse("a", &format!("{YAML}x-a: &a {{b: 1}}\nx-c: *a\n")).unwrap();
    assert_eq!(document.at("/x-c/b"), Some(&Value::from(1)));
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for i in 1..12 {
        let previous = format!("*a{}", i - 1);
        bomb.push_str(&format!("a{i}: &a{i} [{}]\n", vec![previous; 10].join(",")));
    }
    let message = Document::parse("a", &bomb).unwrap_err().to_string();
    assert!(message.contains("aliases"), "{message}");
}

#[test]
fn an_alias_within_itself_is_refused_where_it_stands() {
    for text in ["x-a: &a {b: *a}\n", "x-a: &a\n  - b: [*a]\n", "x-a: {b: &a {c: {d: *a}}}\n"] {
        let error = Document::parse("a", &format!("{YAML}{text}")).unwrap_err();
        assert!(error.message.contains("within what it stands for"), "{text}: {error}");
        assert!(error.position.is_some_and(|at| at.line >= 7) && error.remedy.contains("$ref"), "{text}: {error}");
    }
}

#[test]
fn what_is_tagged_as_text_is_text() {
    let tagged = "x-a: [!!str 007, !!str true, !!str null, ! 12, !!int 12, !<tag:yaml.org,2002:str> 1.0]\n";
    let document = Document::parse("a", &format!("{YAML}{tagged}")).unwrap();
    assert_eq!(document.at("/x-a"), Some(&serde_json::json!(["007", "true", "null", "12", 12, "1.0"])));
}

#[test]
fn brackets_beyond_the_limit_of_the_parser_are_too_deep() {
    let error = Document::parse("a", &format!("x: {}{}", "[".repeat(10_000), "]".repeat(10_000))).unwrap_err();
    assert!(error.message.contains("nested deeper") && error.position.is_some(), "{error}");
}

#[test]
fn a_pointer_leads_where_rfc_6901_says() {
    let root = serde_json::json!({"a": [{"b/c": 1, "m~n": {"": 2}}], "": 3, "01": 4});
    let pointers = [
        "",
        "/",
        "/a",
        "/a/0",
        "/a/00",
        "/a/+0",
        "/a/-",
        "/a/1",
        "/a/0/b~1c",
        "/a/0/b/c",
        "/a/0/m~0n/",
        "/a/0/m~0n",
        "/a/0/m~01n",
        "/01",
        "a",
        "/a/0/b~1c/x",
        "/a/18446744073709551616",
    ];
    for pointer in pointers {
        assert_eq!(super::locate(&root, pointer), root.pointer(pointer), "{pointer}");
    }
}
