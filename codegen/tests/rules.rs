//! Every rule has a document that fires it and one, much like it, that does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use obkit_codegen::note::RULES;
use obkit_codegen::{Note, lint};

fn document(paths: &str, components: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Rules, version: '1'}}\npaths:\n{paths}components:\n{components}")
}

const ERROR: &str = "'400': {description: Bad, content: {application/json: {schema: {type: object}}}}";

/// A document with one operation, which answers 200 and 400 unless it says otherwise.
fn operation(members: &str) -> String {
    let responses = format!("responses: {{'200': {{description: Ok}}, {ERROR}}}");
    let rest = if members.contains("responses:") { String::new() } else { format!(", {responses}") };
    document(&format!("  /a: {{get: {{operationId: readA, {members}{rest}}}}}\n"), "  schemas: {}\n")
}

/// A document with one operation and these responses.
fn responses(responses: &str) -> String {
    operation(&format!("responses: {{{responses}}}"))
}

/// A document with one operation and this parameter.
fn parameter(members: &str) -> String {
    operation(&format!("parameters: [{{{members}}}]"))
}

/// A document with one operation that takes this body.
fn request(members: &str) -> String {
    operation(&format!("requestBody: {{{members}}}"))
}

/// A document whose one schema is sent, but not answered.
fn sent(schema: &str) -> String {
    let body =
        "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}";
    format!("{}    Sent: {schema}\n", operation(body).replace("schemas: {}", "schemas:"))
}

/// A document whose one schema is answered, but not sent.
fn answered(schema: &str) -> String {
    let body = "'200': {description: Ok, content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}}";
    format!("{}    Answer: {schema}\n", responses(&format!("{body}, {ERROR}")).replace("schemas: {}", "schemas:"))
}

/// A document whose one schema goes both ways.
fn both_ways(schema: &str) -> String {
    let json = "application/json: {schema: {$ref: '#/components/schemas/Both'}}";
    let members = format!(
        "requestBody: {{required: true, content: {{{json}}}}}, responses: {{'200': {{description: Ok, content: {{{json}}}}}, {ERROR}}}"
    );
    format!("{}    Both: {schema}\n", operation(&members).replace("schemas: {}", "schemas:"))
}

/// A document with one operation that asks for this scheme.
fn secured(scheme: &str) -> String {
    format!("{}  securitySchemes: {{it: {scheme}}}\n", operation("security: [{it: []}]"))
}

fn json(schema: &str) -> String {
    format!("content: {{application/json: {{schema: {schema}}}}}")
}

/// Each rule, a document that fires it, and one that does not.
fn table() -> Vec<(&'static str, String, String)> {
    let ok = |content: &str| format!("'200': {{description: Ok, {content}}}, {ERROR}");
    let key = "security: [{it: []}], parameters: [{name: X-Key, in: header, schema: {type: string}}]";
    let named = |name: &str| format!("name: {name}, in: query, schema: {{type: string}}");
    let two = |a: &str, b: &str| operation(&format!("parameters: [{{{}}}, {{{}}}]", named(a), named(b)));
    vec![
        (
            "default-response",
            responses("'200': {description: Ok}, default: {description: Bad}"),
            responses(&ok("headers: {}")),
        ),
        (
            "several-error-bodies",
            responses(&format!(
                "{}, '500': {{description: Worse, {}}}",
                ok("headers: {}"),
                json("{type: array, items: {type: string}}")
            )),
            responses(&format!("{}, '500': {{description: Worse, {}}}", ok("headers: {}"), json("{type: object}"))),
        ),
        (
            "several-success-bodies",
            responses(&format!("{}, '204': {{description: None}}", ok(&json("{type: object}")))),
            responses(&format!(
                "{}, '202': {{description: Later, {}}}",
                ok(&json("{type: object}")),
                json("{type: object}")
            )),
        ),
        (
            "media-type-parameters",
            responses(&ok("content: {application/json;charset=utf-8: {schema: {type: object}}}")),
            responses(&ok("content: {application/json: {schema: {type: object}}}")),
        ),
        (
            "binary-body",
            responses(&ok("content: {application/pdf: {schema: {type: string, format: binary}}}")),
            responses(&ok("content: {application/json: {schema: {type: string}}}")),
        ),
        (
            "mixed-success-bodies",
            responses(&format!(
                "{}, '202': {{description: Later, content: {{text/plain: {{}}}}}}",
                ok(&json("{type: object}"))
            )),
            responses(&format!("{}, '204': {{description: None}}", ok("content: {text/plain: {}}"))),
        ),
        (
            "nullable-body",
            responses(&ok(&json("{type: object, nullable: true}"))),
            responses(&ok(&json("{type: object, properties: {a: {type: string, nullable: true}}}"))),
        ),
        (
            "optional-body",
            request("content: {application/json: {schema: {type: object}}}"),
            request("required: true, content: {application/json: {schema: {type: object}}}"),
        ),
        (
            "several-media-types",
            responses(&ok("content: {application/pdf: {}, text/csv: {}}")),
            responses(&ok("content: {application/pdf: {}}")),
        ),
        (
            "json-preferred",
            responses(&ok("content: {application/json: {schema: {type: object}}, text/csv: {}}")),
            responses(&ok("content: {application/json: {schema: {type: object}}}")),
        ),
        ("open-enum", answered("{type: string, enum: [A]}"), answered("{type: string}")),
        ("exact-number", answered("{type: number}"), answered("{type: integer}")),
        ("liberal-response", answered("{type: string, maxLength: 3}"), sent("{type: string, maxLength: 3}")),
        ("checked-when-sent", both_ways("{type: string, maxLength: 3}"), sent("{type: string, maxLength: 3}")),
        ("pattern-invalid", sent("{type: string, pattern: '(a'}"), sent("{type: string, pattern: '(a)'}")),
        (
            "credential-parameter",
            format!("{}  securitySchemes: {{it: {{type: apiKey, in: header, name: x-key}}}}\n", operation(key)),
            format!("{}  securitySchemes: {{it: {{type: apiKey, in: header, name: x-other}}}}\n", operation(key)),
        ),
        (
            "ignored-header-parameter",
            parameter("name: ACCEPT, in: header, schema: {type: string}"),
            parameter("name: accept, in: query, schema: {type: string}"),
        ),
        ("sensitive-text", answered("{type: string, x-sensitive: true}"), answered("{type: string}")),
        (
            "inline-schema",
            answered("{type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}"),
            answered("{type: object, properties: {a: {type: object}}}"),
        ),
        (
            "renamed",
            document("  {}\n", "  schemas: {vrp-payment: {type: string}}\n"),
            document("  {}\n", "  schemas: {VRPPayment: {type: string}}\n"),
        ),
        ("untyped-schema", answered("{description: Anything.}"), answered("{type: object}")),
        (
            "union-as-json",
            answered("{oneOf: [{type: string}, {}]}"),
            answered("{oneOf: [{type: string}, {type: integer}]}"),
        ),
        (
            "tagged-union",
            answered("{oneOf: [{properties: {a: {enum: [A]}}}, {properties: {a: {enum: [B]}}}]}"),
            answered("{oneOf: [{properties: {a: {enum: [A]}}}, {properties: {a: {enum: [A, B]}}}]}"),
        ),
        (
            "untagged-union",
            answered("{oneOf: [{type: string}, {type: integer}]}"),
            answered("{oneOf: [{type: string, format: date}, {type: string}]}"),
        ),
        (
            "union-merged",
            answered("{anyOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}"),
            answered("{oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}"),
        ),
        (
            "constraint-not-held",
            answered("{type: object, not: {required: [a]}}"),
            answered("{type: object, minProperties: 1}"),
        ),
        (
            "tuple-as-list",
            answered("{type: array, prefixItems: [{type: string}]}"),
            answered("{type: array, items: {type: string}}"),
        ),
        ("enum-not-text", answered("{type: integer, enum: [1, 2]}"), answered("{type: string, enum: ['1', null]}")),
        (
            "all-of-conflict",
            answered("{allOf: [{properties: {a: {type: string}}}, {properties: {a: {type: integer}}}]}"),
            answered("{allOf: [{properties: {a: {type: string}}}, {properties: {a: {description: A.}}}]}"),
        ),
        (
            "recursive-list",
            answered("{type: array, items: {$ref: '#/components/schemas/Answer'}}"),
            answered("{type: object, properties: {a: {type: array, items: {$ref: '#/components/schemas/Answer'}}}}"),
        ),
        (
            "security-not-applied",
            secured("{type: apiKey, in: query, name: key}"),
            secured("{type: apiKey, in: header, name: key}"),
        ),
        (
            "servers-not-applied",
            operation("servers: [{url: /v2}]"),
            operation("servers: [{url: 'https://other.example'}]"),
        ),
        ("operation-id-missing", operation("summary: A").replace("operationId: readA, ", ""), operation("summary: A")),
        (
            "operation-id-duplicate",
            document("  /a: {get: {operationId: a}}\n  /b: {get: {operationId: a}}\n", "  schemas: {}\n"),
            document("  /a: {get: {operationId: a}}\n  /b: {get: {operationId: A}}\n", "  schemas: {}\n"),
        ),
        (
            "path-template",
            operation("summary: A").replace("/a:", "/{a/{b}:"),
            operation("summary: A").replace("/a:", "/{a}-{b}:"),
        ),
        (
            "path-parameter-undeclared",
            parameter("name: b, in: path, schema: {type: string}").replace("/a:", "/{a}:"),
            parameter("name: a, in: path, schema: {type: string}").replace("/a:", "/{a}:"),
        ),
        (
            "path-parameter-unused",
            parameter("name: b, in: path, schema: {type: string}"),
            parameter("name: b, in: query, schema: {type: string}"),
        ),
        ("parameter-name-repeated", two("fromDate", "from_date"), two("fromDate", "toDate")),
        (
            "parameter-shape",
            parameter("name: a, in: query, schema: {type: object}"),
            parameter("name: a, in: query, schema: {type: array, items: {type: string}}"),
        ),
        (
            "cookie-parameter",
            parameter("name: a, in: cookie, schema: {type: string}"),
            parameter("name: a, in: header, schema: {type: string}"),
        ),
        (
            "request-media-type",
            request("required: true, content: {application/xml: {schema: {type: object}}}"),
            request("required: true, content: {application/merge-patch+json: {schema: {type: object}}}"),
        ),
        ("security-undefined", operation("security: [{it: []}]"), secured("{type: http, scheme: bearer}")),
        (
            "required-undeclared",
            answered("{type: object, required: [a], properties: {b: {type: string}}}"),
            answered("{type: object, required: [b], properties: {b: {type: string}}}"),
        ),
        (
            "nullable-without-type",
            answered("{nullable: true, enum: [A]}"),
            answered("{nullable: true, type: string, enum: [A]}"),
        ),
        ("format-unknown", answered("{type: string, format: iso8601}"), answered("{type: string, format: date}")),
        ("schema-unused", document("  {}\n", "  schemas: {A: {type: string}}\n"), answered("{type: string}")),
        ("response-success-missing", responses(ERROR), responses(&ok("headers: {}"))),
        ("response-error-missing", responses("'200': {description: Ok}"), responses(&ok("headers: {}"))),
    ]
}

fn notes_of(rule: &str, text: &str) -> Vec<Note> {
    lint(&fixtures::read(rule, text)).into_iter().filter(|note| note.rule == rule).collect()
}

#[test]
fn every_rule_fires_where_it_should_and_nowhere_else() {
    for (rule, fires, silent) in table() {
        let fired = notes_of(rule, &fires);
        assert!(!fired.is_empty(), "`{rule}` does not fire on\n{fires}");
        assert!(fired.iter().all(|note| note.line > 1 && !note.remedy.is_empty()), "{fired:?}");
        let fired = notes_of(rule, &silent);
        assert!(fired.is_empty(), "`{rule}` fires on\n{silent}\n{fired:?}");
    }
}

#[test]
fn every_rule_stands_in_the_table_once() {
    let tested: Vec<&str> = table().into_iter().map(|(rule, _, _)| rule).collect();
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    for rule in &rules {
        assert_eq!(tested.iter().filter(|tested| tested == &rule).count(), 1, "`{rule}` needs a pair of documents");
    }
    for rule in tested {
        assert!(rules.contains(&rule), "`{rule}` is no rule");
    }
}
