//! What the settings of a transport put on the wire.

#![allow(clippy::unwrap_used)]

use obkit_runtime::reqwest::{Method, Request};
use obkit_runtime::{Auth, Call, Transport};

mod server;

use server::{Server, answer};

#[tokio::test]
async fn the_application_names_itself_before_obkit() {
    let server = Server::start(vec![answer("200 OK", &[], "")]).await;
    let transport = Transport::builder("test").application("acme-pay/1.2").build().unwrap();
    transport.execute(server.request(Method::GET, "/"), Call::new("get", &server.base_url())).await.unwrap();
    let expected = format!("user-agent: acme-pay/1.2 obkit/{}\r\n", env!("CARGO_PKG_VERSION"));
    assert!(server.requests()[0].contains(&expected), "{}", server.requests()[0]);
}

#[tokio::test]
async fn requests_take_the_proxy() {
    let proxy = Server::start(vec![answer("200 OK", &[], "")]).await;
    let url = proxy.base_url().replace("http://", "http://user:pass@");
    let builder = Transport::builder("test").auth(Auth::bearer("t0ken")).proxy(url);
    let transport = builder.plaintext_credentials().build().unwrap();
    let request = Request::new(Method::GET, "http://bank.example/accounts".parse().unwrap());
    transport.execute(request, Call::new("get", "http://bank.example")).await.unwrap();
    let request = &proxy.requests()[0];
    assert!(request.starts_with("GET http://bank.example/accounts HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("proxy-authorization: Basic dXNlcjpwYXNz\r\n"), "{request}");
    assert!(request.contains("authorization: Bearer t0ken\r\n"), "{request}");
}

#[tokio::test]
async fn a_transport_of_other_credentials_has_no_others() {
    let server = Server::start(vec![answer("200 OK", &[], "")]).await;
    let first =
        Transport::builder("test").auth(Auth::bearer("one")).auth_for("get", Auth::bearer("own")).build().unwrap();
    let second = first.with_auth(Auth::bearer("two")).unwrap();
    for (transport, token) in [(&first, "own"), (&second, "two"), (&first, "own")] {
        transport.execute(server.request(Method::GET, "/"), Call::new("get", &server.base_url())).await.unwrap();
        let request = server.requests().pop().unwrap();
        assert!(request.contains(&format!("authorization: Bearer {token}\r\n")), "{request}");
    }
    assert!(first.with_auth(Auth::bearer("s3cret\n")).is_err());
}

#[tokio::test]
async fn nothing_compressed_is_asked_for() {
    let bomb = answer("200 OK", &["content-encoding: gzip"], "not inflated");
    let server = Server::start(vec![bomb]).await;
    let transport = Transport::builder("test").build().unwrap();
    let call = Call::new("get", "http://127.0.0.1");
    let response = transport.execute(server.request(Method::GET, "/"), call).await.unwrap();
    assert!(!server.requests()[0].contains("accept-encoding"));
    assert_eq!(response.text().await.unwrap(), "not inflated");
}
