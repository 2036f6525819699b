//! What lint says of small documents, word by word: the place, the rule and the message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use obkit_codegen::lint;

/// A document with these operations under `/a` and these schemas, in flow style.
fn document(version: &str, operations: &str, schemas: &str) -> String {
    format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n  /a: {operations}\n\
         components:\n  schemas: {schemas}\n"
    )
}

/// An operation that answers a schema.
fn answers(schema: &str) -> String {
    format!(
        "{{get: {{operationId: read, responses: {{'200': {{description: Ok, content: {{application/json: {{schema: {schema}}}}}}}, \
         '400': {{description: Bad}}}}}}}}"
    )
}

/// What is said by rules of these names.
fn said(text: &str, rules: &[&str]) -> Vec<String> {
    let notes = lint(&fixtures::read("lint", text));
    notes.iter().filter(|note| rules.contains(&note.rule)).map(ToString::to_string).collect()
}

#[test]
fn an_enum_without_values_is_not_null() {
    let text = document("3.0.3", &answers("{type: string, enum: []}"), "{}");
    assert_eq!(said(&text, &["nullable-body", "enum-not-text", "untyped-schema"]), [""; 0]);
    let text = document("3.0.3", &answers("{type: string, enum: [null], nullable: true}"), "{}");
    assert_eq!(said(&text, &["nullable-body"]).len(), 1);
}

#[test]
fn a_blank_operation_id_is_none() {
    let text = document("3.0.3", &answers("{type: string}").replace("operationId: read", "operationId: ' '"), "{}");
    let expected = "4:14: warning[operation-id-missing]: `GET /a` has no operationId; `get_a` is used";
    assert_eq!(said(&text, &["operation-id-missing"]), [expected]);
}

/// What is said of a schema, without its rule and place.
fn of_schema(version: &str, schema: &str, rules: &[&str]) -> Vec<String> {
    let text = document(version, &answers("{$ref: '#/components/schemas/A'}"), &format!("{{A: {schema}}}"));
    said(&text, rules).iter().map(|note| note.split_once("]: ").unwrap().1.to_owned()).collect()
}

#[test]
fn what_cannot_stand_under_a_keyword_is_said_once() {
    for (schema, message) in [
        ("{type: object, required: id}", "`required` of the schema `A` is the text `id`, and must be a list of texts"),
        (
            "{type: strng}",
            "`type` of the schema `A` is the text `strng`, and must be one of `array`, `boolean`, `integer`, \
                          `null`, `number`, `object`, `string`; did you mean `string`?",
        ),
        ("{type: object, properties: []}", "`properties` of the schema `A` is an empty list, and must be an object"),
        (
            "{type: object, properties: {a: 5}}",
            "`a` of the schema `A` is the number 5, and must be a schema, which is an object",
        ),
        (
            "{type: array, items: 7}",
            "`items` of the schema `A` is the number 7, and must be a schema, which is an object",
        ),
        ("{type: array, items: [{}]}", "`items` of the schema `A` is a list, and must be a schema, which is an object"),
        ("{type: integer, minimum: '3'}", "`minimum` of the schema `A` is the text `3`, and must be a number"),
        (
            "{type: string, minLength: -1}",
            "`minLength` of the schema `A` is the number -1, and must be a whole number, zero or above",
        ),
        (
            "{type: number, multipleOf: 0}",
            "`multipleOf` of the schema `A` is the number 0, and must be a number above zero",
        ),
        ("{type: string, enum: a}", "`enum` of the schema `A` is the text `a`, and must be a list of values"),
        ("{type: string, enum: []}", "`enum` of the schema `A` is an empty list, and must be a list of values"),
        (
            "{type: string, nullable: 'yes'}",
            "`nullable` of the schema `A` is the text `yes`, and must be true or false",
        ),
        (
            "{type: string, title: 1.0}",
            "`title` of the schema `A` is the number 1.0, and must be text, which stands in quotes",
        ),
        (
            "{type: object, discriminator: kind}",
            "`discriminator` of the schema `A` is the text `kind`, and must be an object",
        ),
        ("{type: object, discriminator: {}}", "the `discriminator` of the schema `A` has no `propertyName`"),
        ("{$ref: 7}", "`$ref` of the schema `A` is the number 7, and must be text that says what is meant"),
        ("{type: object, propertes: {}}", "`propertes` of the schema `A` means nothing: did you mean `properties`?"),
    ] {
        let rules = ["keyword-malformed", "keyword-missing", "keyword-misspelt", "untyped-schema", "enum-not-text"];
        assert_eq!(of_schema("3.0.3", schema, &rules[..]), [message], "{schema}");
    }
    // What either version says is understood in both, and what is unlike any keyword may be anybody's.
    for schema in [
        "{type: integer, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: 10}",
        "{type: [string, 'null'], const: a}",
        "{type: object, additionalProperties: false, properties: {type: {type: string}, b: true}, colour: red, x-requird: [a]}",
        "{type: array, prefixItems: [{type: string}], items: false}",
    ] {
        let rules =
            ["keyword-malformed", "keyword-missing", "keyword-misspelt", "value-not-allowed", "bounds-contradict"];
        assert_eq!(of_schema("3.1.0", schema, &rules[..]), [""; 0], "{schema}");
    }
}

#[test]
fn what_contradicts_itself_is_said_with_its_values() {
    for (schema, rule, message) in [
        (
            "{type: integer, minimum: 3, maximum: 2}",
            "bounds-contradict",
            "no value is allowed by `minimum` 3 and `maximum` 2 of the schema `A`",
        ),
        (
            "{type: integer, minimum: 3, exclusiveMinimum: true, maximum: 3}",
            "bounds-contradict",
            "no value is allowed by `minimum` 3 and `maximum` 3 of the schema `A`",
        ),
        (
            "{type: string, minLength: 3, maxLength: 2}",
            "bounds-contradict",
            "no value is allowed by `minLength` 3 and `maxLength` 2 of the schema `A`",
        ),
        (
            "{type: string, default: 3}",
            "value-not-allowed",
            "`3` of the `default` of the schema `A` is not of `type: string`",
        ),
        (
            "{type: integer, enum: [1, '2']}",
            "value-not-allowed",
            "`\"2\"` of the `enum` of the schema `A` is not of `type: integer`",
        ),
        (
            "{type: string, enum: [a], default: b}",
            "value-not-allowed",
            "the default `\"b\"` of the schema `A` is none of the values of `enum`",
        ),
        (
            "{type: object, required: [b], properties: {a: {type: string}}}",
            "required-undeclared",
            "`b` is required in the schema `A`, but not declared there",
        ),
        (
            "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {type: integer}}}]}",
            "all-of-conflict",
            "the members of `allOf` disagree on the type of the member `a` of the schema `A`",
        ),
        (
            "{oneOf: [{type: string}], discriminator: {propertyName: a, mapping: {x: Gone}}}",
            "mapping-dangling",
            "`x` of the mapping in the schema `A` leads to `Gone`, which is nothing",
        ),
        ("{type: array}", "untyped-schema", "nothing says what the items of the schema `A` are: they are any JSON"),
    ] {
        assert_eq!(of_schema("3.0.3", schema, &[rule]), [message], "{schema}");
    }
    for (schema, rule) in [
        ("{type: integer, minimum: 3, maximum: 3}", "bounds-contradict"),
        ("{type: integer, minimum: 3, maximum: 2.5, example: 1}", "none"),
        ("{type: number, default: 3}", "value-not-allowed"),
        ("{type: integer, default: 3.0}", "value-not-allowed"),
        ("{type: string, nullable: true, enum: [a, null], default: null}", "value-not-allowed"),
        (
            "{oneOf: [{type: string}], discriminator: {propertyName: a, mapping: {x: A, y: '#/components/schemas/A'}}}",
            "mapping-dangling",
        ),
    ] {
        assert_eq!(of_schema("3.0.3", schema, &[rule]), [""; 0], "{schema}");
    }
}

/// The rules of what keywords mean together, and in the document's version.
const MEANING: &[&str] = &[
    "nullable-without-type",
    "enum-without-null",
    "reference-siblings",
    "keyword-of-other-version",
    "format-of-other-type",
    "keyword-without-effect",
    "enum-repeated",
    "read-and-write-only",
    "closed-all-of",
];

#[test]
fn what_one_version_says_is_noted_in_the_other_once() {
    let older =
        |what: &str| format!("{what} of the schema `A` is of OpenAPI 3.1, and the document of an older version");
    let later = |what: &str| format!("{what} of the schema `A` is of OpenAPI 3.0, and means nothing in a later one");
    let unlisted = "null is said to be a value of the schema `A`, and its `enum` does not list it".to_owned();
    let untyped = "`nullable` stands beside no `type`".to_owned();
    for (schema, in_3_0, in_3_1) in [
        ("{type: string, const: a}", Some(older("`const`")), None),
        ("{type: string, patternProperties: {a: {type: string}}}", Some(older("`patternProperties`")), None),
        ("{type: [string, 'null']}", Some(older("a list as the `type`")), None),
        ("{type: [string, 'null'], enum: [a]}", Some(older("a list as the `type`")), Some(unlisted.clone())),
        ("{type: [string, 'null'], enum: [a, null], nullable: true}", Some(older("a list as the `type`")), None),
        ("{type: 'null'}", Some(older("`type: null`")), None),
        ("{type: integer, exclusiveMinimum: 1}", Some(older("a number as the `exclusiveMinimum`")), None),
        (
            "{type: integer, maximum: 1, exclusiveMaximum: false}",
            None,
            Some(later("true or false as the `exclusiveMaximum`")),
        ),
        ("{type: string, nullable: true}", None, Some(later("`nullable`"))),
        ("{type: string, nullable: true, enum: [a]}", Some(unlisted), Some(later("`nullable`"))),
        ("{type: string, nullable: true, enum: [a, null]}", None, Some(later("`nullable`"))),
        ("{nullable: true, enum: [a]}", Some(untyped), Some(later("`nullable`"))),
        ("{type: string, nullable: false, enum: [a]}", None, None),
        ("{type: string, examples: [a]}", None, None),
    ] {
        for (version, expected) in [("3.0.3", in_3_0), ("3.1.0", in_3_1)] {
            let said: Vec<String> = of_schema(version, schema, MEANING);
            let said: Vec<String> = said.into_iter().filter(|note| !note.contains("says nothing of")).collect();
            assert_eq!(said, expected.into_iter().collect::<Vec<_>>(), "{version} {schema}");
        }
    }
}

#[test]
fn what_a_reference_hides_is_noted_unless_it_is_words() {
    let wrapped =
        |beside: &str| format!("{{type: object, properties: {{b: {{$ref: '#/components/schemas/A'{beside}}}}}}}");
    let ignored = |word: &str| format!("`{word}` of the member `b` of the schema `A` is ignored beside its `$ref`");
    for (beside, expected) in [
        (", enum: [a], readOnly: true", vec![ignored("enum"), ignored("readOnly")]),
        (", nullable: true", vec!["`nullable` stands beside a `$ref`, and no `type`".to_owned()]),
        (", title: T, description: words, default: {}, deprecated: true, x-a: 1, colour: red", vec![]),
    ] {
        assert_eq!(of_schema("3.0.3", &wrapped(beside), MEANING), expected, "{beside}");
        if !beside.contains("nullable") {
            assert_eq!(of_schema("3.1.0", &wrapped(beside), MEANING), [""; 0], "{beside}");
        }
    }
    // What is no schema hides it in 3.1 too, and is remedied otherwise.
    let text = document("3.1.0", &answers("{}"), "{}").replace(
        "responses: {",
        "parameters: [{$ref: '#/components/parameters/P', required: true, description: words}], responses: {",
    ) + "  parameters: {P: {name: p, in: query, schema: {type: string}}}\n";
    let notes = lint(&fixtures::read("lint", &text));
    let notes: Vec<_> = notes.iter().filter(|note| note.rule == "reference-siblings").collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0].message, "`required` of a parameter of `GET /a` is ignored beside its `$ref`");
    assert!(notes[0].remedy.starts_with("write it where the reference leads"), "{notes:?}");
}

#[test]
fn what_is_about_values_of_another_type_is_noted() {
    let nothing =
        |what: &str, ty: &str| vec![format!("`{what}` says nothing of the schema `A`, whose `type` is `{ty}`")];
    for (schema, expected) in [
        ("{type: integer, format: date-time}", nothing("format: date-time", "integer")),
        ("{type: string, format: int32}", nothing("format: int32", "string")),
        ("{type: boolean, format: double}", nothing("format: double", "boolean")),
        ("{type: object, items: {type: string}}", nothing("items", "object")),
        ("{type: array, items: {}, maxLength: 3}", nothing("maxLength", "array")),
        ("{type: string, required: [a]}", nothing("required", "string")),
        ("{type: [string, boolean], maximum: 3}", nothing("maximum", "string` or `boolean")),
        ("{type: string, additionalProperties: false}", nothing("additionalProperties", "string")),
        ("{type: string, enum: [a, b, a]}", vec!["`\"a\"` stands twice in the `enum` of the schema `A`".to_owned()]),
        ("{type: number, enum: [1, 2, 1.0]}", vec!["`1.0` stands twice in the `enum` of the schema `A`".to_owned()]),
        (
            "{type: string, readOnly: true, writeOnly: true}",
            vec!["the schema `A` is both `readOnly` and `writeOnly`".to_owned()],
        ),
        // Formats that are said of text and numbers alike, or that nobody knows.
        ("{type: string, format: int64}", vec![]),
        ("{type: string, format: double}", vec![]),
        ("{type: number, format: int32}", vec![]),
        ("{type: number, format: decimal}", vec![]),
        ("{type: integer, format: cents}", vec![]),
        ("{format: date-time, maximum: 3, items: {}}", vec![]),
        ("{type: [string, integer], format: date-time, maximum: 3, maxLength: 3}", vec![]),
        ("{type: strng, format: int32, maximum: 3}", vec![]),
        // What says nothing anywhere.
        ("{type: string, required: [], uniqueItems: false, properties: {}}", vec![]),
        ("{type: string, enum: [a, A], readOnly: true, writeOnly: false}", vec![]),
        ("{enum: [1, '1', 1.5, 9007199254740993, 9007199254740992]}", vec![]),
    ] {
        assert_eq!(of_schema("3.1.0", schema, MEANING), expected, "{schema}");
    }
}

#[test]
fn members_that_a_closed_part_forbids_are_named_once() {
    let object = |rest: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!("{name}: {{type: string}}")).collect();
        format!("{{type: object, properties: {{{}}}{rest}}}", names.join(", "))
    };
    let closed = ", additionalProperties: false";
    let forbidden = |names: &str, whose: &str| {
        format!(
            "no value of the schema `A` can have {names}: {whose} `additionalProperties: false` forbids what is declared elsewhere"
        )
    };
    let (open, shut) = (object("", &["t", "u"]), object(closed, &["t"]));
    for (schema, expected) in [
        (
            format!(
                "{{allOf: [{{$ref: '#/components/schemas/B'}}, {}], additionalProperties: false}}",
                object("", &["p", "q"])
            ),
            vec![forbidden("`p`, `q`, `t` and 1 more", "its own")],
        ),
        (format!("{{allOf: [{shut}, {}]}}", object("", &["p"])), vec![forbidden("`p`", "a part with")]),
        (
            "{allOf: [{$ref: '#/components/schemas/C'}], properties: {p: {type: string}, t: {}}}".to_owned(),
            vec![forbidden("`p`", "the schema `C` with")],
        ),
        // The inner one is at fault, and nothing more is forbidden by the outer one.
        (
            format!("{{allOf: [{{allOf: [{shut}, {}]}}, {{description: words}}]}}", object("", &["p"])),
            vec![forbidden("`p`", "a part with")],
        ),
        (format!("{{allOf: [{open}, {}]}}", object("", &["p"])), vec![]),
        (format!("{{allOf: [{open}], properties: {{t: {{}}, u: {{}}}}, additionalProperties: false}}"), vec![]),
        (format!("{{allOf: [{shut}, {{required: [t]}}]}}"), vec![]),
        (format!("{{allOf: [{open}], unevaluatedProperties: false}}"), vec![]),
        (format!("{{allOf: [{open}], patternProperties: {{'^[tu]$': {{}}}}, additionalProperties: false}}"), vec![]),
        (
            "{allOf: [{$ref: '#/components/schemas/A'}], properties: {t: {}}, additionalProperties: false}".to_owned(),
            vec![],
        ),
    ] {
        let text = document(
            "3.1.0",
            &answers("{$ref: '#/components/schemas/A'}"),
            &format!("{{A: {schema}, B: {open}, C: {shut}}}"),
        );
        let said = said(&text, &["closed-all-of"]);
        let said: Vec<&str> = said.iter().map(|note| note.split_once("]: ").unwrap().1).collect();
        assert_eq!(said, expected, "{schema}");
    }
    // A reference takes in what it leads to as `allOf` does, where what is beside it counts.
    let beside = |version: &str| {
        let schema = "{$ref: '#/components/schemas/B', properties: {p: {}}, additionalProperties: false}";
        let schemas = format!("{{A: {schema}, B: {open}}}");
        said(&document(version, &answers("{$ref: '#/components/schemas/A'}"), &schemas), &["closed-all-of"]).len()
    };
    assert_eq!((beside("3.1.0"), beside("3.0.3")), (1, 0));
}

#[test]
fn a_broken_pattern_is_found_wherever_it_stands_and_once() {
    let broken = "`[a` is no pattern of ECMA-262 and is not checked: Unbalanced bracket";
    assert_eq!(of_schema("3.0.3", "{type: string, pattern: '[a'}", &["pattern-invalid"]), [broken]);
    assert_eq!(of_schema("3.1.0", "{type: object, patternProperties: {'[a': {}}}", &["pattern-invalid"]), [broken]);
    let sent = document("3.0.3", &answers("{}"), "{}")
        .replace("responses:", "parameters: [{name: q, in: query, schema: {type: string, pattern: '[a'}}], responses:");
    assert_eq!(said(&sent, &["pattern-invalid"]).len(), 1);
}

#[test]
fn what_is_wrong_outside_of_schemas_is_found_too() {
    let text = "\
openapi: 3.0.3
info: {version: 1.0}
security: {basic: []}
paths:
  /a/{id}:
    get:
      operationId: read
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
        - {name: any, in: query}
      responses: {'200': {description: Ok}, '400': {descripton: Bad}}
  /a/{x}:
    delete:
      operationId: remove
      parameters: [{name: x, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Ok}, '400': {}}
components:
  securitySchemes: {one: {type: basic}, two: {type: apiKey, in: headr, name: X}, three: {type: http}}
  parameters: {Unused: {in: query, schema: {type: strng}}}
";
    let notes = lint(&fixtures::read("lint", text));
    let notes: Vec<String> =
        notes.iter().filter(|note| note.rule != "schema-unused").map(ToString::to_string).collect();
    let types = "one of `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`; did you mean `string`?";
    let expected = [
        "2:1: error[keyword-missing, lossy]: `info` has no `title`",
        "2:8: error[keyword-malformed, lossy]: `version` of `info` is the number 1.0, and must be text, which stands in quotes",
        "3:1: error[keyword-malformed, lossy]: `security` of the document is an object, and must be a list of objects",
        "11:11: error[parameter-repeated, lossy]: `GET /a/{id}` has the query parameter `q` twice",
        "12:11: warning[untyped-schema, lossy]: nothing says what the query parameter `any` is: it is any JSON",
        "13:53: warning[keyword-misspelt, lossy]: `descripton` of the response `400` of `GET /a/{id}` means nothing: did you mean `description`?",
        "14:3: warning[path-repeated]: `/a/{x}` is the same path as `/a/{id}`: only its variables are called otherwise",
        "18:45: error[keyword-missing, lossy]: the response `400` of `DELETE /a/{x}` has no `description`",
        "20:27: error[keyword-malformed, lossy]: `type` of the security scheme `one` is the text `basic`, and must be one of \
         `apiKey`, `http`, `mutualTLS`, `oauth2`, `openIdConnect`",
        "20:61: error[keyword-malformed, lossy]: `in` of the security scheme `two` is the text `headr`, and must be one of \
         `query`, `header`, `cookie`; did you mean `header`?",
        "20:82: error[keyword-missing, lossy]: the security scheme `three` has no `scheme`",
        "21:16: error[keyword-missing, lossy]: the parameter `Unused` has no `name`",
        &format!(
            "21:45: error[keyword-malformed, lossy]: `type` of the parameter `Unused` is the text `strng`, and must be {types}"
        ),
    ];
    assert_eq!(notes, expected);
    // What is wrong is left out; the rest is generated.
    let spec = fixtures::read("lint", text);
    assert!(fixtures::crate_of("lint", &spec).is_ok());
}

/// What is said of an operation with these members.
fn of_operation(method: &str, path: &str, members: &str, rules: &[&str]) -> Vec<String> {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  {path}:\n    {method}: {{operationId: call, {members}, \
         responses: {{'204': {{description: Ok}}, '400': {{description: Bad}}}}}}\n"
    );
    said(&text, rules).iter().map(|note| note.split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn what_is_wrong_with_one_operation_or_parameter_costs_only_that() {
    let text = fixtures::text("left_out");
    let rules = [
        "path-template",
        "path-parameter-undeclared",
        "path-parameter-unused",
        "path-parameter-optional",
        "header-name",
        "security-undefined",
    ];
    let expected = [
        "15:11: error[header-name, lossy]: no header can be called `X List`, so the parameter is left out",
        "24:5: error[path-parameter-undeclared, lossy]: `GET /a/{id}` does not declare `id`",
        "26:20: error[path-parameter-unused, lossy]: `/a/{id}` has no place for `ID`",
        "27:7: error[security-undefined, lossy]: `GET /a/{id}` asks for the scheme `gone`, which is not defined",
        "32:5: error[path-template, lossy]: `no-slash` is no template of a path",
        "39:20: error[header-name, lossy]: no header can be called `X Key`, so `GET /needs-header` is left out",
        "44:20: error[path-parameter-optional, lossy]: the path parameter `id` does not say that it is required",
    ];
    assert_eq!(said(&text, &rules), expected);
    let generated = fixtures::generated("left_out").unwrap();
    let client = &generated.files[std::path::Path::new("src/client.rs")];
    for (ident, is_there) in
        [("search", true), ("read", true), ("no_slash", false), ("needs_header", false), ("optional", true)]
    {
        assert_eq!(client.contains(&format!("pub fn {ident}(&self)")), is_there, "{ident}");
    }
    assert!(client.contains("Err(\"id is required\".to_owned())") && !client.contains("X List"), "{client}");
}

#[test]
fn a_list_is_never_written_otherwise_than_said_without_a_note() {
    for (place, format, expected) in [
        ("query", "tsv", &[][..]),
        ("query", "multi", &[]),
        ("path", "csv", &[]),
        ("path", "pipes", &[]),
        ("header", "ssv", &[]),
        ("header", "multi", &["the header parameter `id` of `GET /a/{id}` cannot be `multi`"]),
        ("query", "comma", &["the query parameter `id` of `GET /a/{id}` cannot be `comma`"]),
    ] {
        let text = format!(
            "swagger: '2.0'\ninfo: {{title: T, version: '1'}}\npaths:\n  /a/{{id}}:\n    get: {{operationId: read, parameters: \
             [{{name: id, in: {place}, required: true, type: array, items: {{type: string}}, collectionFormat: {format}}}], \
             responses: {{'204': {{description: Ok}}}}}}\n"
        );
        let said = said(&text, &["style-misplaced"]);
        let said: Vec<_> = said.iter().map(|note| note.split_once("[style-misplaced, lossy]: ").unwrap().1).collect();
        assert_eq!(said, expected, "{place} {format}");
    }
}

#[test]
fn what_a_style_does_not_say_how_to_write_is_noted() {
    let text = "{type: string}";
    for (style, schema, expected) in [
        ("form", "{type: array, items: {type: array, items: {type: string}}}".to_owned(), true),
        ("form", format!("{{type: object, properties: {{a: {{type: array, items: {text}}}}}}}"), true),
        ("form", format!("{{type: object, additionalProperties: {{type: array, items: {text}}}}}"), true),
        ("deepObject", format!("{{type: object, properties: {{a: {{type: array, items: {text}}}}}}}"), false),
        (
            "deepObject",
            "{type: object, properties: {a: {type: array, items: {type: array, items: {}}}}}".to_owned(),
            true,
        ),
        ("form", format!("{{type: object, properties: {{a: {text}}}}}"), false),
        ("form", format!("{{type: array, items: {text}}}"), false),
    ] {
        let parameters =
            format!("parameters: [{{name: q, in: query, style: {style}, explode: true, schema: {schema}}}]");
        let said = of_operation("get", "/a", &parameters, &["nested-parameter"]);
        let note = format!(
            "warning[nested-parameter, lossy]: `style: {style}` does not say how the query parameter `q` nests"
        );
        assert_eq!(said, if expected { vec![note] } else { vec![] }, "{style} {schema}");
    }
}

#[test]
fn a_body_that_cannot_be_sent_as_its_schema_is_said() {
    let form =
        |schema: &str| format!("requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {schema}}}}}}}");
    let rules = ["raw-body", "structured-raw-body"];
    let said = |schema: &str| of_operation("post", "/a", &form(schema), &rules);
    let bytes = "the `application/x-www-form-urlencoded` of `POST /a` is sent as bytes";
    let listed = format!("warning[structured-raw-body, lossy]: {bytes}, although its schema has a structure");
    assert_eq!(said("{type: array, items: {type: string}}"), [listed]);
    assert_eq!(said("{type: string}"), [format!("info[raw-body]: {bytes}")]);
    assert_eq!(said("{type: object, properties: {a: {type: string}}}"), [""; 0]);
    assert_eq!(said("{properties: {a: {type: string}}}"), [""; 0]);
    let two = |other: &str| {
        let content = format!("{{application/json: {{schema: {{type: object}}}}, {other}}}");
        of_operation("post", "/a", &format!("requestBody: {{content: {content}}}"), &["media-type-unreachable"])
    };
    assert_eq!(two("application/xml: {schema: {type: object}}"), [""; 0]);
    assert_eq!(two("text/plain: {}"), [""; 0]);
    let lost = "warning[media-type-unreachable, lossy]: `POST /a` sends `application/json` only, and the schema of `text/csv` is another";
    assert_eq!(two("text/csv: {schema: {type: string}}"), [lost]);
}

#[test]
fn a_schema_that_is_true_or_false_is_read() {
    for schema in ["true", "false"] {
        let body = format!("requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}");
        assert_eq!(of_operation("post", "/a", &body, &["keyword-malformed"]), [""; 0], "{schema}");
    }
}

#[test]
fn paths_that_are_one_are_told_with_the_methods_of_both() {
    let text = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {}}
    put: {responses: {}}
  /a/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string}}]
    get: {responses: {}}
    delete: {responses: {}}
";
    let expected = "8:3: warning[path-repeated]: `/a/{key}` is the same path as `/a/{id}`: only its variables are called otherwise; \
                    both have `GET`";
    assert_eq!(said(text, &["path-repeated"]), [expected]);
}

#[test]
fn all_that_is_wrong_is_said_in_one_run() {
    let text = fixtures::text("faults");
    let notes = lint(&fixtures::read("faults", &text));
    let stops: Vec<String> = notes.iter().filter(|note| note.stops_generation()).map(ToString::to_string).collect();
    let expected = [
        "7:7: error[key-repeated]: the key `operationId` is repeated in one object; it stands at 6:7 already",
        "9:11: error[reference-unresolved]: `$ref: #/components/parameters/Identifier` points at nothing",
        "10:21: error[part-unreadable]: the parameter is said to be in `querry`, where none can be",
        "11:11: error[part-unreadable]: the query parameter has no name",
        "14:74: error[reference-unresolved]: `$ref: #/components/schemas/Gone` points at nothing",
        "15:9: error[part-unreadable]: `20` is not a response status",
        "16:45: error[part-unreadable]: `application/json` is not an object",
        "17:5: error[part-unreadable]: `put` is not an object",
        "20:7: error[part-unreadable]: `operationId` is not text",
        "21:7: error[part-unreadable]: `parameters` is not a list",
        "22:21: error[reference-unresolved]: `$ref: other.yaml#/body` leads to another file, and none can be read beside a text",
        "25:17: error[reference-unresolved]: `$ref: #/components/responses/Gone` points at nothing",
        "29:5: error[reference-unresolved]: its `$ref`s lead back to itself",
        "31:44: error[reference-unresolved]: `$ref: #/nowhere` points at nothing",
    ];
    assert_eq!(stops, expected);
    // The rules are asked about the rest, and say nothing more of what is said already.
    let others: Vec<String> = notes.iter().filter(|n| !n.stops_generation()).map(ToString::to_string).collect();
    assert!(others.iter().any(|note| note.contains("`type` of the schema `Unused` is the text `strng`")), "{others:?}");
    let again =
        ["path-parameter-undeclared", "keyword-malformed, lossy]: `put`", "keyword-missing, lossy]: the parameter"];
    assert!(!others.iter().any(|note| again.iter().any(|rule| note.contains(rule))), "{others:?}");
    let reference = notes.iter().find(|note| note.line == 9).unwrap();
    assert_eq!(reference.remedy, "define what it refers to, or correct the reference");
    // Whoever wants all or nothing has them all in one error, too.
    let error = obkit_codegen::Document::parse("faults.yaml", &text).and_then(obkit_codegen::Spec::read).unwrap_err();
    assert_eq!(error.to_string().lines().count(), 2, "what the text alone says");
    let once = text.replace("      operationId: read\n", "");
    let error = obkit_codegen::Document::parse("faults.yaml", &once).and_then(obkit_codegen::Spec::read).unwrap_err();
    assert_eq!((error.more.len(), error.to_string().lines().count()), (12, 26), "{error}");
}

#[test]
fn a_document_without_paths_is_judged_all_the_same() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npath: {}\ncomponents: {schemas: {A: {type: strng}}}\n";
    let notes = lint(&fixtures::read("lint", text));
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert!(notes.iter().any(|note| note == "1:1: error[part-unreadable]: has no `paths` object"), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("is the text `strng`")), "{notes:?}");
}

#[test]
fn numbers_are_shown_as_they_are_written() {
    for (schema, rule, written) in [
        ("{type: string, default: 007}", "value-not-allowed", "`007` of the `default`"),
        ("{type: string, enum: [a, 1e3]}", "value-not-allowed", "`1e3` of the `enum`"),
        ("{type: string, title: 1.10}", "keyword-malformed", "is the number 1.10, and"),
        ("{type: integer, minimum: 0x10, maximum: 1_0}", "keyword-malformed", "is the text `1_0`"),
        ("{type: integer, minimum: 0x10, maximum: +7}", "bounds-contradict", "`minimum` 0x10 and `maximum` +7"),
    ] {
        let said = of_schema("3.0.3", schema, &[rule]);
        assert!(said.len() == 1 && said[0].contains(written), "{schema}: {said:?}");
    }
    let json = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": 1.10}, "paths": {}}"#;
    let said = said(json, &["keyword-malformed"]);
    assert!(said[0].contains("is the number 1.10, and"), "{said:?}");
}

#[test]
fn headers_that_frame_a_body_are_no_parameters() {
    let members = "parameters: [{name: Content-Length, in: header, schema: {type: integer}}, {name: transfer-encoding, in: header, \
                   schema: {type: string}}, {name: Content-Language, in: header, schema: {type: string}}]";
    let found = of_operation("post", "/a", members, &["ignored-header-parameter"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].ends_with("the header `Content-Length` is not a parameter"), "{found:?}");
    assert!(found[1].ends_with("the header `transfer-encoding` is not a parameter"), "{found:?}");
}

#[test]
fn a_second_body_of_a_request_is_refused_where_it_stands() {
    let text = "\
swagger: '2.0'
info: {title: T, version: '1'}
parameters:
  Shared: {name: x, in: body, schema: {type: string}}
paths:
  /a:
    post:
      parameters:
        - {name: x, in: body, schema: {type: string}}
        - {name: y, in: formData, type: string}
        - {name: z, in: body, schema: {type: integer}}
      responses: {200: {description: ok}}
    put:
      parameters:
        - {name: y, in: formData, type: string}
        - {name: z, in: formData, type: string}
        - {$ref: '#/parameters/Shared'}
      responses: {200: {description: ok}}
";
    let second = |at: &str, place: &str| {
        format!("{at}: error[part-unreadable]: the parameter in `{place}` is not the one body, or form, of its request")
    };
    let expected = [second("4:21", "body"), second("10:21", "formData"), second("11:21", "body")];
    assert_eq!(said(text, &["part-unreadable"]), expected);
}

#[test]
fn a_variable_of_a_server_that_nobody_defines_is_said_wherever_the_server_stands() {
    let text = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers:
  - {url: 'https://{env}.example/{base}', variables: {base: {default: v1}}}
paths:
  /a:
    servers: [{url: 'https://{item}.example'}]
    get: {servers: [{url: 'https://{call}.example'}], responses: {}}
";
    let undefined = |at: &str, url: &str, name: &str| {
        format!(
            "{at}: error[server-variable-undefined, lossy]: the URL `{url}` has the variable `{name}`, which is not defined"
        )
    };
    let expected = [
        undefined("4:6", "https://{env}.example/{base}", "env"),
        undefined("7:16", "https://{item}.example", "item"),
        undefined("8:22", "https://{call}.example", "call"),
    ];
    assert_eq!(said(text, &["server-variable-undefined"]), expected);
    let swagger = "swagger: '2.0'\ninfo: {title: T, version: '1'}\nhost: '{bank}.example'\npaths: {}\n";
    assert_eq!(said(swagger, &["server-variable-undefined"]).len(), 1);
}

#[test]
fn heirs_of_heirs_stand_where_the_base_is_meant() {
    let schemas = "{A: {type: object, discriminator: {propertyName: k}, properties: {k: {type: string}}}, \
                   B: {allOf: [{$ref: '#/components/schemas/A'}]}, C: {allOf: [{$ref: '#/components/schemas/B'}]}, D: {type: string}}";
    let text = document("3.0.3", &answers("{$ref: '#/components/schemas/A'}"), schemas);
    let found = said(&text, &["schema-unused"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("nothing refers to `D`"));
}

/// A document with an operation that takes a schema as its body and another as the parameter `q`.
fn takes(version: &str, body: &str, parameter: &str, schemas: &str) -> String {
    let operation = format!(
        "{{post: {{operationId: send, parameters: [{{name: q, in: query, schema: {parameter}}}], \
         requestBody: {{content: {{application/json: {{schema: {body}}}}}}}, \
         responses: {{'200': {{description: Ok}}, '400': {{description: Bad}}}}}}}}"
    );
    document(version, &operation, schemas)
}

#[test]
fn what_stands_beside_a_reference_is_checked_where_it_counts() {
    let schemas = "{Code: {type: string}, A: {type: object, properties: {a: {type: string}}}}";
    let code = "{$ref: '#/components/schemas/Code', maxLength: 4}";
    let not = "{$ref: '#/components/schemas/A', not: {required: [a]}}";
    for (version, count) in [("3.1.0", 1), ("3.0.3", 0)] {
        let text = takes(version, not, code, schemas);
        assert_eq!(said(&text, &["checked-when-sent"]).len(), count, "{version}");
        assert_eq!(said(&text, &["constraint-not-held"]).len(), count, "{version}");
        let model = obkit_codegen::lower::lower(&fixtures::read("lint", &text)).model;
        assert_eq!(model.operations[0].parameters[0].rules.is_some(), count == 1, "{version}");
    }
}

#[test]
fn members_that_other_parts_of_a_schema_state_are_not_unevaluated() {
    let kind = "type: object, required: [kind], properties: {kind: {type: string}}";
    for (parts, is_open) in [
        ("", false),
        (", if: {properties: {kind: {const: a}}}, then: {properties: {name: {type: string}}, required: [name]}", true),
        (", dependentSchemas: {kind: {properties: {name: {type: string}}}}", true),
        (", anyOf: [{required: [kind]}, {properties: {name: {type: string}}}]", true),
    ] {
        let schemas = format!("{{A: {{{kind}{parts}, unevaluatedProperties: false}}}}");
        let text = takes("3.1.0", "{$ref: '#/components/schemas/A'}", "{type: string}", &schemas);
        let model = obkit_codegen::lower::lower(&fixtures::read("lint", &text)).model;
        let def = model.types.iter().find(|def| def.name == "A").unwrap();
        let obkit_codegen::model::Kind::Struct { additional, .. } = &def.kind else { panic!("{def:?}") };
        let expected = if is_open {
            obkit_codegen::model::Additional::Undeclared
        } else {
            obkit_codegen::model::Additional::Nothing
        };
        assert_eq!(additional, &expected, "{parts}");
    }
}
