//! What lint says of paths, operations, discriminators and servers: what is wrong, and what is only much like it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fixtures;

use std::fmt::Write;

use obkit_codegen::lint;

/// The messages of a rule.
fn said(rule: &str, text: &str) -> Vec<String> {
    let notes = lint(&fixtures::read(rule, text));
    notes.into_iter().filter(|note| note.rule == rule).map(|note| note.message).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// A document with these paths, each with its methods; the schema of all variables is one.
fn paths<'p>(paths: impl IntoIterator<Item = (&'p str, &'p [&'p str])>, schema: &str) -> String {
    let mut text = format!("{HEAD}paths:\n");
    for (path, methods) in paths {
        writeln!(text, "  '{path}':").unwrap();
        let names = path.split('{').skip(1).map(|piece| piece.split_once('}').unwrap().0);
        let parameters: Vec<String> =
            names.map(|name| format!("{{name: {name}, in: path, required: true, schema: {schema}}}")).collect();
        writeln!(text, "    parameters: [{}]", parameters.join(", ")).unwrap();
        for method in methods {
            writeln!(text, "    {method}: {{responses: {{'204': {{description: None}}}}}}").unwrap();
        }
    }
    text
}

#[test]
fn a_path_is_ambiguous_where_neither_is_more_concrete() {
    const GET: &[&str] = &["get"];
    let of = |one: &str, other: &str, schema: &str| said("path-ambiguous", &paths([(one, GET), (other, GET)], schema));
    let text = "{type: string}";
    let expected = "`/a/q/b` fits `/{w}/q/b` and `/a/{y}/{z}`, and neither is more concrete; both have `GET`";
    assert_eq!(of("/a/{y}/{z}", "/{w}/q/b", text), [expected]);
    for (one, other) in [
        ("/a/mine", "/a/{id}"),
        ("/a/{id}/b", "/a/{key}/b"),
        ("/a/{x}/b", "/a/{y}/{z}"),
        ("/a/{x}/b", "/b/c/{y}"),
        ("/a/{x}/b", "/{y}/c"),
        ("/a/{x}/", "/{y}/b/"),
        ("/a/x{b}/{c}", "/a/{b}/c"),
    ] {
        let ambiguous = of(one, other, text);
        assert_eq!(ambiguous.len(), usize::from(one == "/a/{x}/"), "{one} {other} {ambiguous:?}");
    }
    // What a variable cannot be does not fit.
    for schema in [
        "{type: integer}",
        "{type: string, format: uuid}",
        "{type: string, minLength: 10}",
        "{type: number}",
        "{type: string, enum: [q]}",
        "{type: boolean}",
    ] {
        assert_eq!(of("/a/{y}/{z}", "/{w}/q/b", schema), [""; 0], "{schema}");
    }
    assert_eq!(of("/1/{y}/{z}", "/{w}/2/3", "{type: integer}").len(), 1);
}

#[test]
fn the_methods_of_ambiguous_paths_are_those_that_both_have() {
    let text = |other: &'static [&str]| paths([("/a/{y}", &["get", "put"][..]), ("/{w}/b", other)], "{type: string}");
    assert_eq!(said("path-ambiguous", &text(&["post"])), [""; 0]);
    let both = said("path-ambiguous", &text(&["get", "put", "post"]));
    assert!(both.len() == 1 && both[0].ends_with("both have `GET` and `PUT`"), "{both:?}");
}

#[test]
fn many_paths_end_in_time() {
    let mut all: Vec<String> = (0..1500).map(|number| format!("/l{number}/{{a}}/x{number}")).collect();
    all.extend((0..1500).map(|number| format!("/{{a}}/m{number}/y{number}")));
    let text = paths(all.iter().map(|path| (path.as_str(), &["get"][..])), "{type: string}");
    assert_eq!(said("path-ambiguous", &text), [""; 0]);
}

/// A document that answers a schema, beside others.
fn schemas(version: &str, answer: &str, others: &str) -> String {
    format!(
        "{}paths:\n  /a: {{get: {{operationId: read, responses: {{'200': {{description: Ok, content: {{application/json: \
         {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}\ncomponents:\n  schemas:\n    A: {answer}\n{others}",
        HEAD.replace("3.0.3", version)
    )
}

#[test]
fn the_member_of_a_discriminator_is_declared_and_required_in_each_alternative() {
    let union = "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: k}}";
    let full = "{type: object, required: [k], properties: {k: {type: string}}}";
    let of = |answer: &str, b: &str, c: &str| {
        said("discriminator-member", &schemas("3.0.3", answer, &format!("    B: {b}\n    C: {c}\n    Full: {full}\n")))
    };
    let start = "`k` tells what a value of the schema `A` is, but";
    assert_eq!(of(union, full, full), [""; 0]);
    assert_eq!(of(union, full, "{type: object}"), [format!("{start} `C` does not declare it")]);
    let optional = "{type: object, properties: {k: {type: string}}}";
    assert_eq!(of(union, optional, optional), [format!("{start} `B` and `C` do not require it")]);
    assert_eq!(
        of(union, optional, "{type: object}"),
        [format!("{start} `C` does not declare it, and `B` does not require it")]
    );
    for taken_in in [
        "{allOf: [{$ref: '#/components/schemas/Full'}, {type: object}]}",
        "{oneOf: [{$ref: '#/components/schemas/Full'}]}",
        "{allOf: [{required: [k]}, {properties: {k: {}}}]}",
    ] {
        assert_eq!(of(union, full, taken_in), [""; 0], "{taken_in}");
    }
    // What stands beside the alternatives holds for each.
    let beside = union.replace("{oneOf", "{required: [k], properties: {k: {type: string}}, oneOf");
    assert_eq!(of(&beside, "{type: object}", "{type: object}"), [""; 0]);
    let within = format!("{{allOf: [{full}, {union}]}}");
    assert_eq!(of(&within, "{type: object}", "{type: object}"), [""; 0]);
    // Circles end.
    assert_eq!(of(union, "{$ref: '#/components/schemas/A'}", full), [""; 0]);
}

#[test]
fn a_base_has_the_member_for_what_takes_it_in() {
    let heir = "    B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}\n";
    let of = |base: &str| said("discriminator-member", &schemas("3.0.3", base, heir));
    let mapping = "discriminator: {propertyName: k, mapping: {b: '#/components/schemas/B', c: B}}";
    let base = format!("{{type: object, required: [k], properties: {{k: {{type: string}}}}, {mapping}}}");
    assert_eq!(of(&base), [""; 0]);
    let expected = "`k` tells what a value of the schema `A` is, but `A` does not require it";
    assert_eq!(of(&base.replace("required: [k], ", "")), [expected]);
    // What a mapping fails to name is said as that alone.
    assert_eq!(of(&base.replace("c: B", "c: None")), [""; 0]);
}

#[test]
fn alternatives_overlap_where_that_is_sure() {
    let others = "    B: {type: object, properties: {b: {type: string}}}\n    C: {$ref: '#/components/schemas/B'}\n";
    for (alternatives, overlapping) in [
        ("{type: integer}, {type: number}", Some(1)),
        ("{type: number, format: double}, {type: integer, format: int32}", Some(2)),
        ("{type: integer}, {type: number, minimum: 5}", None),
        ("{type: integer}, {type: string}", None),
        ("{type: string, format: date}, {type: string}", Some(1)),
        ("{type: string, format: date}, {type: string, format: date-time}", None),
        ("{type: string, maxLength: 5}, {type: string, minLength: 6}", None),
        ("{type: string}, {type: string, description: words}", Some(2)),
        ("{type: string, title: One, maxLength: 5}, {type: string, title: Two, maxLength: 5}", Some(2)),
        ("{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}", Some(2)),
        ("{$ref: '#/components/schemas/B'}, {type: object}", Some(1)),
        ("{$ref: '#/components/schemas/B'}, {type: object, properties: {c: {type: string}}}", None),
        ("{type: string}, {}", Some(1)),
        ("{type: string}, {required: [a]}", None),
    ] {
        let found = said("alternatives-overlap", &schemas("3.0.3", &format!("{{oneOf: [{alternatives}]}}"), others));
        assert_eq!(found.len(), usize::from(overlapping.is_some()), "{alternatives} {found:?}");
        if let Some(index) = overlapping {
            assert!(
                found[0].starts_with(&format!("every value of alternative {index} of the schema `A`")),
                "{found:?}"
            );
        }
        let any_of = schemas("3.0.3", &format!("{{anyOf: [{alternatives}]}}"), others);
        assert_eq!(said("alternatives-overlap", &any_of), [""; 0], "`anyOf` lets several hold");
    }
    let beside = "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B', required: [b]}]}";
    assert_eq!(said("alternatives-overlap", &schemas("3.1.0", beside, others)), [""; 0]);
    assert_eq!(said("alternatives-overlap", &schemas("3.0.3", beside, others)).len(), 1, "in 3.0, it is not read");
}

#[test]
fn bank_data_travel_with_tls() {
    let of = |servers: &str| said("server-insecure", &format!("{HEAD}servers: {servers}\npaths: {{}}\n"));
    let insecure = "`http://a.example/v1` is reached without TLS: everybody on the way reads what is sent";
    assert_eq!(of("[{url: 'http://a.example/v1'}]"), [insecure]);
    assert_eq!(of("[{url: 'http://{h}/v1', variables: {h: {default: a.example}}}]"), [insecure]);
    for url in [
        "http://localhost:80/a",
        "http://127.0.0.1",
        "http://[::1]:1/",
        "https://a.example",
        "/v1",
        "http://u@localhost/",
    ] {
        assert_eq!(of(&format!("[{{url: '{url}'}}]")), [""; 0], "{url}");
    }
    assert_eq!(of("[{url: 'http://localhost.example'}]").len(), 1);
    assert_eq!(of("[{url: 'HTTP://a.example'}]").len(), 1);
    assert_eq!(of("[{url: 'http://a.example'}, {url: 'https://a.example'}]"), [""; 0], "a choice");
    let swagger = |schemes: &str| {
        let text = "swagger: '2.0'\ninfo: {title: T, version: '1'}\nhost: a.example\nbasePath: /v1\npaths: {}\n";
        said("server-insecure", &format!("{text}schemes: {schemes}\n"))
    };
    assert_eq!(swagger("[http]"), [insecure]);
    assert_eq!(swagger("[http, https]"), [""; 0]);
}

#[test]
fn flows_need_their_urls() {
    let of = |flows: &str| {
        let text =
            format!("{HEAD}paths: {{}}\ncomponents: {{securitySchemes: {{s: {{type: oauth2, flows: {flows}}}}}}}\n");
        said("security-flow", &text)
    };
    let flow = "the security scheme `s` has a flow";
    assert_eq!(of("{}"), ["the security scheme `s` has no flow"]);
    assert_eq!(of("{password: {tokenUrl: '/token', scopes: {}}}"), [""; 0]);
    assert_eq!(of("{authorizationCode: {tokenUrl: '/t', scopes: {}}}"), [format!("{flow} without `authorizationUrl`")]);
    assert_eq!(
        of("{authorizationCode: {scopes: {}}}"),
        [format!("{flow} without `authorizationUrl` and without `tokenUrl`")]
    );
    assert_eq!(of("{device: {tokenUrl: '/t', scopes: {}}}"), ["the security scheme `s` has no flow"]);
    assert_eq!(of("{password: {tokenURL: '/token', scopes: {}}}"), [""; 0], "which is misspelt");
    let swagger = |flow: &str| {
        let scheme = format!("securityDefinitions: {{s: {{type: oauth2, {flow}scopes: {{a: A}}}}}}");
        said("security-flow", &format!("swagger: '2.0'\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n{scheme}\n"))
    };
    assert_eq!(swagger(""), ["the security scheme `s` has no flow"]);
    assert_eq!(swagger("flow: device, "), ["the security scheme `s` has no flow"]);
    assert_eq!(swagger("flow: accessCode, authorizationUrl: /a, "), [format!("{flow} without `tokenUrl`")]);
    assert_eq!(swagger("flow: application, tokenUrl: /t, "), [""; 0]);
}

#[test]
fn what_a_flow_has_may_be_asked_for() {
    let of = |stated: &str, flows: &str| {
        let operation =
            format!("{{get: {{security: [{{s: {stated}}}], responses: {{'204': {{description: None}}}}}}}}");
        let scheme = format!("components: {{securitySchemes: {{s: {{type: oauth2, flows: {flows}}}}}}}");
        said("security-scope-undefined", &format!("{HEAD}paths:\n  /a: {operation}\n  /b: {operation}\n{scheme}\n"))
    };
    let flows = "{password: {tokenUrl: '/t', scopes: {a: A}}, implicit: {authorizationUrl: '/a', scopes: {b: B}}}";
    assert_eq!(of("[a, b, openid]", flows), [""; 0]);
    assert_eq!(of("[a, c]", flows), ["`GET /a` asks for the scope `c` of `s`, which no flow of it has"], "once");
    assert_eq!(of("[a]", "{}"), [""; 0], "there is no flow at all");
    let webhook = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nwebhooks: {{paid: {{post: {{security: [{{s: [c]}}]}}}}}}\ncomponents: {{securitySchemes: {{s: {{type: oauth2, flows: {flows}}}}}}}\n"
    );
    let asks = "`POST paid` asks for the scope `c` of `s`, which no flow of it has";
    assert_eq!(said("security-scope-undefined", &webhook), [asks]);
}

#[test]
fn messages_mean_what_they_say() {
    let body = "requestBody: {content: {application/json: {schema: {type: string}}}}";
    let of = |rule: &str, method: &str, status: &str, media: &str| {
        let answer = format!("{{description: Ok, content: {{application/json: {media}}}}}");
        said(rule, &format!("{HEAD}paths:\n  /a: {{{method}: {{{body}, responses: {{'{status}': {answer}}}}}}}\n"))
    };
    for (method, count) in [("get", 1), ("head", 1), ("delete", 1), ("post", 0), ("options", 0)] {
        assert_eq!(of("body-of-get", method, "200", "{}").len(), count, "{method}");
    }
    let both = "{example: 1, examples: {a: {value: 1}}}";
    let expected = "`application/json` of the response `200` of `POST /a` has both `example` and `examples`";
    assert_eq!(of("example-and-examples", "post", "200", both), [expected]);
    assert_eq!(of("example-and-examples", "post", "200", "{examples: {a: {value: 1}}}"), [""; 0]);
    for (status, count) in [("2xx", 1), ("2XX", 0), ("200", 0), ("9xx", 0), ("20x", 0)] {
        assert_eq!(of("response-status", "post", status, "{}").len(), count, "{status}");
    }
    for status in ["9xx", "20x", "600"] {
        assert_eq!(of("part-unreadable", "post", status, "{}").len(), 1, "{status}");
    }
}
