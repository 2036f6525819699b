//! The request line, the headers and the body of each construct, byte by byte.
#![allow(clippy::unwrap_used)]

#[path = "../../../runtime/tests/server/mod.rs"]
mod server;

use obkit_runtime::{Auth, Multipart, Transport};
use serde_json::{Value, json};
use server::{Server, answer};

/// A request as it arrived.
struct Request {
    line: String,
    headers: String,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.headers.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}: ")))?;
        Some(&line[name.len() + 2..])
    }
}

struct Wire {
    server: Server,
}

impl Wire {
    async fn new() -> Self {
        Self { server: Server::start(vec![answer("204 No Content", &[], "")]).await }
    }

    fn transport(auth: Auth) -> Transport {
        Transport::builder("test").auth(auth).build().unwrap()
    }

    fn styles(&self) -> fixture_styles::Client {
        fixture_styles::Client::new(&self.server.base_url(), Self::transport(Auth::none()))
    }

    fn bodies(&self) -> fixture_request_bodies::Client {
        fixture_request_bodies::Client::new(&self.server.base_url(), Self::transport(Auth::none()))
    }

    /// The last request.
    fn request(&self) -> Request {
        let text = self.server.requests().pop().unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let (line, headers) = head.split_once("\r\n").unwrap();
        Request { line: line.to_owned(), headers: headers.to_owned(), body: body.to_owned() }
    }

    fn line(&self) -> String {
        self.request().line.replace(" HTTP/1.1", "")
    }
}

fn of<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn range() -> fixture_styles::types::Range {
    serde_json::from_str(r#"{ "from": 1.50, "to": 12345678901234567890.10 }"#).unwrap()
}

#[tokio::test]
async fn paths() {
    let wire = Wire::new().await;
    wire.styles().labels().one("a/b").list(vec![1, 2]).range(range()).send().await.unwrap();
    assert_eq!(wire.line(), "GET /label/.a%2Fb/.1.2/.from,1.50,to,12345678901234567890.10");
    wire.styles().matrices().one("").list(vec![1, 2]).range(range()).send().await.unwrap();
    assert_eq!(wire.line(), "GET /matrix/;one/;list=1;list=2/;range=from,1.50,to,12345678901234567890.10");
}

#[tokio::test]
async fn an_empty_value_makes_no_path() {
    let wire = Wire::new().await;
    let client = fixture_same_names::Client::new(&wire.server.base_url(), Wire::transport(Auth::none()));
    let call = client.same_names().id("p1").id_2("").id_header("h").content_type("ct").from_date("2026-01-31").body("text");
    let error = call.send().await.unwrap_err();
    assert_eq!(error.to_string(), "invalid request: Id: is empty, and a segment of a path cannot be");
    assert!(!error.may_have_been_sent());
    let none = Vec::<i64>::new;
    let error = wire.styles().labels().one("").list(none()).range(range()).send().await.unwrap_err();
    assert_eq!(error.to_string(), "invalid request: one: is empty, and a segment of a path cannot be");
    let error = wire.styles().labels().one("a").list(none()).range(range()).send().await.unwrap_err();
    assert_eq!(error.to_string(), "invalid request: list: is empty, and a segment of a path cannot be");
    assert_eq!(wire.server.requests().len(), 0);
}

#[tokio::test]
async fn a_value_of_dots_makes_no_path() {
    let wire = Wire::new().await;
    let client = fixture_same_names::Client::new(&wire.server.base_url(), Wire::transport(Auth::none()));
    let call = client.same_names().id("p1").id_2("..").id_header("h").content_type("ct").from_date("2026-01-31").body("text");
    let error = call.send().await.unwrap_err();
    assert_eq!(error.to_string(), "invalid request: Id: would be a segment of dots, which a path cannot carry as a value");
    assert!(!error.may_have_been_sent());
    assert_eq!(wire.server.requests().len(), 0);
}

#[tokio::test]
async fn simple_paths_and_headers() {
    let wire = Wire::new().await;
    let list = || vec!["a,b".to_owned(), "c".to_owned()];
    let call = wire.styles();
    let call = call.simples().list(list()).range(range()).json(range()).x_range(range());
    let secrets = list().into_iter().map(Into::into).collect::<Vec<obkit_runtime::Sensitive>>();
    call.x_list(secrets).x_json(vec![1, 2]).send().await.unwrap();
    let request = wire.request();
    assert_eq!(
        request.line,
        "GET /simple/a%2Cb,c/from=1.50,to=12345678901234567890.10\
         /%7B%22from%22%3A1.50%2C%22to%22%3A12345678901234567890.10%7D HTTP/1.1"
    );
    assert_eq!(request.header("x-list"), Some("a,b,c"));
    assert_eq!(request.header("x-range"), Some("from,1.50,to,12345678901234567890.10"));
    assert_eq!(request.header("x-json"), Some("[1,2]"));
}

#[tokio::test]
async fn members_of_one_value_need_no_words() {
    use fixture_unions::types::{Cat, Payment, Transfer};

    let wire = Wire::new().await;
    let payment = Payment::new(Transfer::new()).with_animal(Cat::new());
    let client = fixture_unions::Client::new(&wire.server.base_url(), Wire::transport(Auth::none()));
    client.pay().body(payment).send().await.unwrap();
    assert_eq!(wire.request().body, r#"{"version":"v1","method":{"kind":"Transfer"},"animal":{"sort":"Cat"}}"#);
}

#[tokio::test]
async fn queries() {
    let wire = Wire::new().await;
    let list = || vec!["a b".to_owned(), "c|d".to_owned(), "e,f".to_owned()];
    let filter = || of::<fixture_styles::types::Filter>(json!({ "state": ["x", "y"], "amount": { "from": 1 } }));
    for (call, expected) in [
        (wire.styles().queries(), "piped=p"),
        (wire.styles().queries().joined(list()), "joined=a%20b,c%7Cd,e%2Cf&piped=p"),
        (wire.styles().queries().spaced(list()), "piped=p&spaced=a%20b%20c%7Cd%20e%2Cf"),
        (wire.styles().queries().spread(range()), "piped=p&from=1.50&to=12345678901234567890.10"),
        (wire.styles().queries().flat(range()), "flat=from,1.50,to,12345678901234567890.10&piped=p"),
        (
            wire.styles().queries().filter(filter()),
            "filter%5Bstate%5D=x&filter%5Bstate%5D=y&filter%5Bamount%5D%5Bfrom%5D=1&piped=p",
        ),
        (
            wire.styles().queries().json(filter()),
            "json=%7B%22state%22%3A%5B%22x%22%2C%22y%22%5D%2C%22amount%22%3A%7B%22from%22%3A1%7D%7D&piped=p",
        ),
        (
            wire.styles().queries().nested(vec![range()]),
            "nested=%7B%22from%22%3A1.50%2C%22to%22%3A12345678901234567890.10%7D&piped=p",
        ),
        (wire.styles().queries().url("https://a.example/b?c=d&e"), "piped=p&url=https://a.example/b?c=d%26e"),
        (wire.styles().queries().any(json!([1, "b"])), "any=1&any=b&piped=p"),
        (
            wire.styles().queries().labels(std::collections::BTreeMap::from([("a b".to_owned(), "c".to_owned())])),
            "labels%5Ba%20b%5D=c&piped=p",
        ),
        (wire.styles().queries().größe(7), "gr%C3%B6%C3%9Fe=7&piped=p"),
        (wire.styles().queries().text("a b"), "text=a%20b&piped=p"),
        (wire.styles().queries().odd("x"), "odd%7B%7D=x&piped=p"),
    ] {
        call.piped(vec!["p".to_owned()]).send().await.unwrap();
        assert_eq!(wire.line(), format!("GET /query?{expected}"));
    }
    wire.styles().queries().piped(vec!["a".to_owned(), "b c".to_owned()]).send().await.unwrap();
    assert_eq!(wire.line(), "GET /query?piped=a%7Cb%20c");
}

#[tokio::test]
async fn cookies() {
    let wire = Wire::new().await;
    let call = wire.styles();
    let call = call.cookies().session("YQ==; x").ids(vec![1, 2]).tags(vec!["a".to_owned(), "b".to_owned()]);
    call.send().await.unwrap();
    let request = wire.request();
    assert_eq!(request.line, "GET /cookies HTTP/1.1");
    assert_eq!(request.header("cookie"), Some("ids=1,2; session=YQ==%3B%20x; tags=a; tags=b"));
}

#[tokio::test]
async fn parameters_of_one_name_go_where_they_belong() {
    let wire = Wire::new().await;
    let client = fixture_same_names::Client::new(&wire.server.base_url(), Wire::transport(Auth::none()));
    let call = client.same_names().id("p1").id_2("p2").id_query("q").id_header("h").id_cookie("c");
    let call = call.from_date("2026-01-31").from_date_2(vec!["2026-02-01".parse().unwrap()]);
    let call = call.header_map_query("m").body_query("b").info("i").content_type("ct");
    let call = call.request(of::<fixture_same_names::types::Request>(json!({ "a": "r" })));
    call.body("text").content_type_of_body("text/csv").send().await.unwrap();
    let request = wire.request();
    assert_eq!(
        request.line,
        "POST /things/p1/p2?body=b&content_type=ct&fromDate=2026-01-31&from_date=2026-02-01&header_map=m&id=q&info=i\
         &request%5Ba%5D=r HTTP/1.1"
    );
    assert_eq!((request.header("id"), request.header("cookie")), (Some("h"), Some("id=c")));
    assert_eq!((request.header("content-type"), request.body.as_str()), (Some("text/csv"), "text"));
}

#[tokio::test]
async fn bodies_of_every_kind() {
    let wire = Wire::new().await;
    let change = || of::<fixture_request_bodies::types::Change>(json!({ "op": "remove" }));
    let sent = || {
        let request = wire.request();
        (request.header("content-type").map(str::to_owned), request.body)
    };
    let some = |media_type: &str, body: &str| (Some(media_type.to_owned()), body.to_owned());

    wire.bodies().patch_json().body(vec![change()]).send().await.unwrap();
    assert_eq!(sent(), some("application/json-patch+json", r#"[{"op":"remove"}]"#));
    wire.bodies().optional_json().send().await.unwrap();
    assert_eq!(sent(), (None, String::new()));
    wire.bodies().optional_json().body(change()).send().await.unwrap();
    assert_eq!(sent(), some("application/json", r#"{"op":"remove"}"#));

    let form = json!({
        "name": "a b&ä", "tags": ["x", "y"], "codes": [1, 2], "change": { "op": "o" }, "metadata": { "k": "v" },
    });
    wire.bodies().send_form().body(of::<fixture_request_bodies::types::Form>(form)).send().await.unwrap();
    let form = "name=a+b%26%C3%A4&tags=x&tags=y&codes=1,2&change=%7B%22op%22%3A%22o%22%7D&metadata%5Bk%5D=v";
    assert_eq!(sent(), some("application/x-www-form-urlencoded", form));

    wire.bodies().send_token().body("a.b.c").send().await.unwrap();
    assert_eq!(sent(), some("application/jwt", "a.b.c"));
    wire.bodies().send_xml().body("<a/>").send().await.unwrap();
    assert_eq!(sent(), some("application/xml", "<a/>"));
    wire.bodies().send_several().body(b"a;b".to_vec()).send().await.unwrap();
    assert_eq!(sent(), some("text/csv", "a;b"));
    wire.bodies().put_image().content_type("image/png").body("png").send().await.unwrap();
    assert_eq!(sent(), some("image/png", "png"));
    wire.bodies().put_anything().body("any").send().await.unwrap();
    assert_eq!(sent(), some("application/octet-stream", "any"));
    let error = wire.bodies().put_image().body("png").send().await.unwrap_err();
    assert_eq!(error.to_string(), "invalid request: content_type is required");
}

#[tokio::test]
async fn names_of_any_script() {
    let wire = Wire::new().await;
    let client = fixture_scripts::Client::new(&wire.server.base_url(), Wire::transport(Auth::none()));
    let _ = client.口座を取得().口座番号("一").größe(7).сортировка("по дате").send().await;
    let expected = "GET /%E5%8F%A3%E5%BA%A7/%E4%B8%80?gr%C3%B6%C3%9Fe=7&%D1%81%D0%BE%D1%80%D1%82%D0%B8%D1%80%D0%BE%D0%B2%D0%BA%D0%B0=%D0%BF%D0%BE%20%D0%B4%D0%B0%D1%82%D0%B5";
    assert_eq!(wire.line(), expected);
    let size: fixture_scripts::types::Größe = of(json!({ "wert": "2" }));
    let body = fixture_scripts::types::口座::new("太郎", size).with_a("b");
    client.post_überweisung().body(body).send().await.unwrap();
    assert_eq!(wire.request().body, r#"{"名前":"太郎","größe":{"wert":"2"},"ａ":"b"}"#);
}

#[tokio::test]
async fn parts() {
    let wire = Wire::new().await;
    let body = Multipart::new().text("purpose", "id").file("document", "a.pdf", "application/pdf", "%PDF-");
    wire.bodies().send_parts().body(body).send().await.unwrap();
    let request = wire.request();
    let boundary = request.header("content-type").unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nid\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF-\r\n--{boundary}--\r\n"
    );
    assert_eq!(request.body, expected);
}

#[tokio::test]
async fn keys_are_sent_beside_parameters_and_never_shown() {
    let wire = Wire::new().await;
    let auth = fixture_keys::key_auth("s3cret&1", "s3cret=2", "s3cret3");
    let client = fixture_keys::Client::new(&wire.server.base_url(), Wire::transport(auth));
    client.get_keys().theme("dark").send().await.unwrap();
    let request = wire.request();
    assert_eq!(request.line, "GET /keys?api%20key=s3cret%261 HTTP/1.1");
    assert_eq!(request.header("cookie"), Some("theme=dark; session=s3cret=2"));
    assert_eq!(request.header("x-key"), Some("s3cret3"));

    let gone = wire.server.base_url();
    drop(wire);
    let auth = fixture_keys::key_auth("s3cret&1", "s3cret=2", "s3cret3");
    let client = fixture_keys::Client::new(&gone, Wire::transport(auth));
    let error = client.get_keys().send().await.unwrap_err();
    let shown = format!("{error} {error:?} {:?} {client:?}", std::error::Error::source(&error));
    assert!(!shown.contains("s3cret"), "{shown}");
}
