//! Who the server is, and who the client is.

#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::sync::Arc;

use obkit_runtime::reqwest::{Client, Method, Request, Response};
use obkit_runtime::{
    Auth, Call, Error, Phase, ResponseValue, RetryPolicy, TlsFailure, Transport, TransportBuilder, TransportError,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const AUTHORITY: &str = include_str!("keys/ca.pem");
const SERVER: &str = include_str!("keys/server.pem");
const CLIENT: &str = include_str!("keys/client.pem");
const EXPIRED: &str = include_str!("keys/expired.pem");

/// A server for `localhost` that may ask for a client's certificate, and answers with how many it got.
async fn server(asks: bool) -> u16 {
    server_of(SERVER, asks).await
}

/// What a server with this certificate does to connections.
fn acceptor(own: &str, asks: bool) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(AUTHORITY.as_bytes()).unwrap()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = if asks { config.with_client_cert_verifier(verifier) } else { config.with_no_client_auth() };
    let chain = CertificateDer::pem_slice_iter(own.as_bytes()).map(Result::unwrap).collect();
    let config = config.with_single_cert(chain, PrivateKeyDer::from_pem_slice(own.as_bytes()).unwrap()).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The same with another certificate.
async fn server_of(own: &str, asks: bool) -> u16 {
    let acceptor = acceptor(own, asks);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                match acceptor.accept(stream).into_fallible().await {
                    Ok(mut stream) => {
                        let mut request = [0; 4096];
                        let _ = stream.read(&mut request).await;
                        let certificates = stream.get_ref().1.peer_certificates().map_or(0, <[_]>::len);
                        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\n";
                        let _ = stream.write_all(format!("{head}{certificates}").as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                    // The alert is under way: to close before the client has read it would be to take it back.
                    Err((_, mut stream)) => {
                        let _ = stream.shutdown().await;
                        let _ = stream.read_to_end(&mut Vec::new()).await;
                    }
                }
            });
        }
    });
    port
}

fn trusting() -> TransportBuilder {
    Transport::builder("test").auth(Auth::bearer("t0ken")).only_root_certificates(AUTHORITY)
}

async fn get(builder: TransportBuilder, host: &str, port: u16) -> Result<Response, Error> {
    let transport = builder.retry(RetryPolicy::default()).build().unwrap();
    let base = format!("https://{host}:{port}");
    let request = Request::new(Method::POST, format!("{base}/payments").parse().unwrap());
    transport.execute(request, Call::new("pay", &base)).await
}

fn assert_refused(outcome: Result<Response, Error>, failure: TlsFailure, words: &str) {
    let error = outcome.unwrap_err();
    assert_eq!((error.tls(), error.phase()), (Some(failure), Phase::BeforeSending));
    assert!(!error.is_retryable() && !error.may_have_been_sent());
    let mut source = error.source();
    while let Some(cause) = source {
        assert!(!format!("{cause} {cause:?}").contains("t0ken"), "{cause:?}");
        source = cause.source();
    }
    assert_eq!(error.to_string(), format!("pay: could not connect: {words}"));
}

#[tokio::test]
async fn a_server_of_a_trusted_authority_is_called() {
    let port = server(false).await;
    assert_eq!(get(trusting(), "localhost", port).await.unwrap().text().await.unwrap(), "0");
    let besides = Transport::builder("test").root_certificates(AUTHORITY);
    assert_eq!(get(besides, "localhost", port).await.unwrap().text().await.unwrap(), "0");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let outcome = get(trusting(), "127.0.0.1", server(false).await).await;
    assert_refused(outcome, TlsFailure::NameMismatch, "the server's certificate is for another name");
}

#[tokio::test]
async fn an_unknown_authority_is_refused() {
    let outcome = get(Transport::builder("test"), "localhost", server(false).await).await;
    let words = "the server's certificate is not signed by a trusted authority";
    assert_refused(outcome, TlsFailure::UnknownAuthority, words);
}

#[tokio::test]
async fn a_certificate_that_has_ended_is_refused() {
    let trusting = Transport::builder("test").auth(Auth::bearer("t0ken")).only_root_certificates(EXPIRED);
    let outcome = get(trusting, "localhost", server_of(EXPIRED, false).await).await;
    assert_refused(outcome, TlsFailure::NotInForce, "the server's certificate is not in force");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    let error = get(trusting(), "localhost", port).await.unwrap_err();
    assert_eq!((error.tls(), error.phase()), (Some(TlsFailure::Other), Phase::BeforeSending));
    assert_eq!(error.to_string(), "pay: could not connect: TLS failed");
}

/// Without a length, TLS alone tells an end from a cut (RFC 8446, section 6.1).
#[tokio::test]
async fn a_body_that_somebody_cuts_is_not_taken_for_whole() {
    let acceptor = acceptor(SERVER, false);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[1]").await.unwrap();
        stream.flush().await.unwrap();
        // The connection ends without a word of TLS.
        let (mut connection, _) = stream.into_inner();
        connection.shutdown().await.unwrap();
    });
    let response = get(trusting(), "localhost", port).await.unwrap();
    let error = ResponseValue::<Vec<i32>>::from_response::<()>(response).await.unwrap_err();
    assert_eq!((error.phase(), error.is_retryable(), error.raw_body()), (Phase::Answered, true, &b"[1]"[..]));
    assert_eq!(error.to_string(), "pay: answered 200 OK, but the connection failed within the body");
}

#[tokio::test]
async fn a_client_without_a_certificate_is_told_so() {
    let outcome = get(trusting(), "localhost", server(true).await).await;
    assert_refused(outcome, TlsFailure::ClientCertificateRequired, "the server asks for a client certificate");
}

#[tokio::test]
async fn a_client_with_a_certificate_is_let_in() {
    let port = server(true).await;
    let response = get(trusting().identity(CLIENT), "localhost", port).await.unwrap();
    assert_eq!(response.text().await.unwrap(), "1");
}

#[tokio::test]
async fn a_certificate_that_the_server_does_not_take_is_named() {
    // A server's certificate is not one of a client.
    let outcome = get(trusting().identity(SERVER), "localhost", server(true).await).await;
    let words = "the server refuses the client certificate";
    assert_refused(outcome, TlsFailure::ClientCertificateRefused, words);
}

#[test]
fn settings_that_cannot_be_read_are_refused() {
    let refused = |builder: TransportBuilder| builder.build().unwrap_err();
    let plain = || Transport::builder("test");
    assert!(matches!(refused(plain().identity(AUTHORITY)), TransportError::Identity(_)));
    assert!(matches!(refused(plain().identity("")), TransportError::Identity(_)));
    assert!(matches!(refused(plain().root_certificates("")), TransportError::RootCertificates));
    assert!(matches!(refused(plain().only_root_certificates("nonsense")), TransportError::RootCertificates));
    assert!(matches!(refused(plain().proxy("")), TransportError::Proxy));
    let other_key = format!("{AUTHORITY}{}", include_str!("keys/rsa.pem"));
    assert!(matches!(refused(plain().identity(other_key)), TransportError::Http(_)));
    for builder in [trusting(), plain().identity(CLIENT), plain().proxy("http://127.0.0.1:1")] {
        assert!(matches!(refused(builder.http(Client::new())), TransportError::OwnClient));
    }
}

#[test]
fn the_key_of_the_client_is_not_shown() {
    let line = CLIENT.lines().rev().nth(1).unwrap();
    let builder = Transport::builder("test").identity(CLIENT).proxy("http://user:s3cret@127.0.0.1:1");
    let shown = format!("{builder:?} {builder:#?} {:?}", builder.clone().build().unwrap());
    assert!(!shown.contains(line) && !shown.contains("PRIVATE") && !shown.contains("s3cret"), "{shown}");
}
