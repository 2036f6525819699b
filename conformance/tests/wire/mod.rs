//! Requests byte by byte, and a document to ask.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, dead_code, unreachable_pub)]

use std::sync::Arc;
use std::time::Duration;

use obkit_codegen::{Document, Spec};
use obkit_conformance::Contract;
use obkit_conformance::server::{ContractServer, ServerBuilder};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// What no answer takes: a test that hangs fails.
const LIMIT: Duration = Duration::from_secs(60);

pub const SPEC: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://bank.example/v1'}]
paths:
  /things:
    get:
      operationId: getThings
      parameters: [{name: n, in: query, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: ok
          headers:
            X-Total: {required: true, schema: {type: integer, example: 7}}
            X-List: {example: [a, b], schema: {type: array, items: {type: string}}}
            X-Optional: {schema: {type: string}}
            Content-Length: {required: true, schema: {type: integer, example: 999}}
          content:
            application/json:
              examples: {one: {value: [1]}, two: {value: [1, 2]}}
            text/csv: {example: 'a;b'}
        4XX: {description: bad, content: {application/problem+json: {example: {code: 1}}}}
        default: {description: other}
    post:
      operationId: postThings
      security: [{bearer: []}, {basic: []}]
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}
      responses:
        '201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '401': {description: no, content: {application/json: {example: {error: unauthorised}}}}
        '422': {description: no}
  /things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 8}}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              example: {id: given, tags: []}
        '404': {description: none, content: {application/json: {examples: {gone: {value: {gone: true}}}}}}
    delete: {operationId: deleteThing, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}
  /own: {options: {operationId: own, responses: {'200': {description: ok, content: {application/json: {example: {own: true}}}}}}}
  /file: {get: {operationId: getFile, responses: {'200': {description: ok, content: {application/pdf: {}}}}}}
  /broken: {post: {operationId: broken, requestBody: {content: {application/json: {schema: {type: nonsense}}}}, responses: {'200': {description: ok}}}}
  /impossible: {get: {operationId: impossible, responses: {'200': {description: ok, content: {application/json: {schema: {type: integer, minimum: 2, maximum: 1}}}}}}}
  /silent: {get: {operationId: silent, responses: {}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
  schemas:
    Thing:
      type: object
      required: [id, tags]
      properties:
        id: {type: string, minLength: 3}
        secret: {type: string, writeOnly: true}
        tags: {type: array, maxItems: 3, items: {type: string, enum: [a, b, c]}}
        amount: {type: number}
";

pub async fn server() -> ContractServer {
    set_up(SPEC, |builder| builder).await
}

pub async fn set_up(spec: &str, settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> ContractServer {
    let spec = Spec::read(Document::parse("s", spec).unwrap()).unwrap();
    let contract = Arc::new(Contract::new("t", spec));
    settings(ContractServer::builder(contract)).start().await.unwrap()
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn of(bytes: &[u8]) -> Self {
        let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| panic!("{bytes:?}"));
        let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[split + 4..].to_vec() }
    }

    pub fn fields(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields(name).first().copied()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

pub async fn connect(server: &ContractServer) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

pub async fn write(stream: &mut TcpStream, bytes: impl AsRef<[u8]>) {
    // The server may have refused and closed before it has all.
    let _ = stream.write_all(bytes.as_ref()).await;
}

/// What comes until the connection ends, however it ends.
pub async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = timeout(LIMIT, stream.read_to_end(&mut bytes)).await.expect("the server hangs");
    bytes
}

/// One answer of a connection that goes on.
pub async fn one(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let count = timeout(LIMIT, stream.read(&mut piece)).await.expect("the server hangs").unwrap();
        assert!(count > 0, "{bytes:?}");
        bytes.extend_from_slice(&piece[..count]);
        if bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            let answer = Answer::of(&bytes);
            let length: usize = answer.field("content-length").unwrap().parse().unwrap();
            if answer.body.len() == length {
                return answer;
            }
        }
    }
}

/// Sends bytes, and gives what comes back.
pub async fn raw(server: &ContractServer, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut stream = connect(server).await;
    write(&mut stream, bytes).await;
    rest(&mut stream).await
}

/// One exchange; the fields each end with CR and LF.
pub async fn send(server: &ContractServer, method: &str, target: &str, fields: &str, body: &str) -> Answer {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let head = format!("{method} {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{length}{fields}\r\n{body}");
    Answer::of(&raw(server, head).await)
}

pub async fn get(server: &ContractServer, target: &str, fields: &str) -> Answer {
    send(server, "GET", target, fields, "").await
}
