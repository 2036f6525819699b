//! A client without generated types: it reads the document at run time. With a fault it shows
//! what the suite is there to find.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, dead_code, unreachable_pub)]

use std::pin::Pin;
use std::sync::Arc;

use obkit_codegen::spec::{Location, Operation, is_json};
use obkit_conformance::parameter::encode;
use obkit_conformance::suite::client::{Liberty, Way};
use obkit_conformance::typed_client::{Arguments, Failure, Part, Reply, ReplyBody, TypedClient};
use obkit_conformance::{Contract, Direction};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a client may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Types drop properties that are `null`.
    LosesNull,
    /// Types refuse everything.
    CannotRead,
    /// The mapping fails.
    CannotMap,
    /// An operation is missing.
    NeverCalls,
    /// No credentials are sent.
    NoCredentials,
    /// Error bodies are thrown away.
    LosesErrorBody,
    /// Decoded bodies are changed.
    ChangesBody,
    /// Errors are taken for success.
    IgnoresStatus,
    /// A parameter is sent that does not exist.
    ExtraParameter,
    /// Optional parameters are forgotten.
    LosesParameter,
    /// The request body is changed.
    ChangesRequest,
    /// Every request is sent twice.
    SendsTwice,
    /// Types refuse long texts.
    Narrow,
    /// Types take anything.
    Wide,
    /// Requests are sent unchecked.
    Unchecked,
    /// Texts in queries are not encoded as they should be.
    Plus,
    /// Redirects are followed, with everything.
    Follows,
    /// Bodies are printed with all that is in them.
    Talks,
    /// Types know no names at all.
    Nameless,
    /// An operation is not known at all.
    Lacks,
    /// Bodies have no types.
    Untyped,
    /// Types know no value, member or alternative but those of the document.
    Closed,
}

pub struct SpecClient {
    pub contract: Arc<Contract>,
    pub base_url: String,
    pub fault: Fault,
    /// Whether it has something like types: what breaks its schema is refused.
    pub typed: bool,
}

/// Status, media type, body.
pub type Answer = (u16, Option<String>, Vec<u8>);

/// One HTTP/1.1 exchange.
pub async fn exchange(base_url: &str, method: &str, target: &str, headers: &[(String, String)], body: &[u8]) -> Answer {
    let (head, body) = raw_exchange(base_url, method, target, headers, body).await;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, field(&head, "content-type"), body)
}

fn field(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned)
}

/// The head of the answer, and its body.
async fn raw_exchange(
    base_url: &str,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> (String, Vec<u8>) {
    let host = base_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let mut head = format!(
        "{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    // A server that keeps connections does not end them; the length says how much there is.
    while !is_whole(&answer) && stream.read_buf(&mut answer).await.unwrap() > 0 {}
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..split].to_vec()).unwrap();
    (head, answer[split + 4..].to_vec())
}

fn is_whole(answer: &[u8]) -> bool {
    let Some(split) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..split]).into_owned();
    field(&head, "content-length").is_some_and(|length| answer.len() - split - 4 >= length.parse().unwrap())
}

impl SpecClient {
    fn target(&self, operation: &Operation, arguments: &Arguments) -> Option<(String, Vec<(String, String)>)> {
        let (mut path, mut query, mut headers) = (operation.path.clone(), Vec::new(), Vec::new());
        for parameter in &operation.parameters {
            let Some(value) = arguments.parameters.get(&(parameter.location.as_str(), parameter.name.clone())) else {
                continue;
            };
            if self.fault == Fault::LosesParameter && !parameter.required {
                continue;
            }
            let pairs = encode(parameter, value);
            match parameter.location {
                Location::Path if self.typed && pairs[0].1.is_empty() => return None,
                Location::Path => path = path.replace(&format!("{{{}}}", parameter.name), &pairs[0].1),
                Location::Query => query.extend(pairs.iter().map(|(name, value)| format!("{name}={value}"))),
                _ => headers.extend(pairs),
            }
        }
        if self.fault == Fault::ExtraParameter {
            query.push("extra=1".to_owned());
        }
        let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
        Some((target, headers))
    }

    fn credentials(&self, operation: &Operation) -> Vec<(String, String)> {
        if self.fault == Fault::NoCredentials {
            return Vec::new();
        }
        operation
            .security
            .first()
            .into_iter()
            .flatten()
            .map(|name| {
                let scheme = self.contract.document().at(&format!("/components/securitySchemes/{name}")).unwrap();
                match scheme["type"].as_str() {
                    Some("apiKey") => (scheme["name"].as_str().unwrap().to_owned(), "key".to_owned()),
                    Some("http") if scheme["scheme"] == "basic" => {
                        ("authorization".to_owned(), "Basic YTpi".to_owned())
                    }
                    _ => ("authorization".to_owned(), "Bearer token".to_owned()),
                }
            })
            .collect()
    }

    /// A response as it is printed, and its body.
    fn printed(&self, body: &ReplyBody) -> (String, String) {
        match self.fault {
            Fault::Talks => (format!("{body:?}"), format!("{body:?}")),
            _ => (String::new(), String::new()),
        }
    }

    /// Why a value cannot be read as a part: it breaks a keyword that no client is wider than.
    fn unreadable(&self, operation_id: &str, part: Part, value: &Value) -> Option<String> {
        let operation = self.contract.spec().operation(operation_id)?;
        let (content, way, direction) = match part {
            Part::Request => (operation.request.as_ref()?.preferred()?, Way::Sent, Direction::Request),
            Part::Response(status) => {
                let content = operation.response(status)?.content.iter().find(|content| content.is_json())?;
                (content, Way::Received, Direction::Response)
            }
        };
        if self.fault == Fault::Narrow && value.to_string().len() > 60 {
            return Some("too long".to_owned());
        }
        if self.fault == Fault::Wide || (self.fault == Fault::Unchecked && way == Way::Sent) {
            return None;
        }
        self.broken(way, direction, content.schema.as_deref()?, value)
    }

    fn broken(&self, way: Way, direction: Direction, schema: &str, value: &Value) -> Option<String> {
        let violations = self.contract.validators().validate(direction, schema, value).unwrap();
        let is_free = |keyword: &str| self.fault != Fault::Closed && Liberty::find(way, keyword).is_some();
        violations.into_iter().find(|violation| !is_free(&violation.keyword)).map(|violation| violation.message)
    }

    /// Whether an argument breaks its schema.
    fn refuses(&self, operation: &Operation, arguments: &Arguments) -> bool {
        let breaks = |schema: Option<&str>, value: Option<&Value>| {
            let (Some(schema), Some(value)) = (schema, value) else { return false };
            self.broken(Way::Sent, Direction::Request, schema, value).is_some()
        };
        let parameters = operation.parameters.iter().any(|parameter| {
            let value = arguments.parameters.get(&(parameter.location.as_str(), parameter.name.clone()));
            breaks(parameter.schema.as_deref(), value)
        });
        let content = operation.request.as_ref().and_then(|request| request.preferred());
        let is_value = content.is_some_and(|content| content.is_value());
        parameters
            || (is_value && breaks(content.and_then(|content| content.schema.as_deref()), arguments.body.as_ref()))
    }

    async fn send(&self, operation_id: &str, arguments: &Arguments) -> Result<Reply, Failure> {
        let operation = self.contract.spec().operation(operation_id).unwrap();
        if self.fault == Fault::NeverCalls {
            return Err(Failure::local("unsupported"));
        }
        if self.fault == Fault::Lacks {
            return Err(Failure::unknown_operation());
        }
        if self.typed && self.fault != Fault::Unchecked && self.refuses(operation, arguments) {
            return Err(Failure::local("not sent"));
        }
        let refused = || Failure::local("not sent");
        let (target, mut headers) = self.target(operation, arguments).ok_or_else(refused)?;
        let target = if self.fault == Fault::Plus { target.replace("%20", "+") } else { target };
        headers.extend(self.credentials(operation));
        let body = arguments.body.as_ref().map(|body| {
            let content = operation.request.as_ref().unwrap().content.iter().find(|c| c.is_value()).unwrap();
            headers.push(("content-type".to_owned(), content.media_type.clone()));
            let mut body = body.clone();
            if self.fault == Fault::ChangesRequest {
                body["extra"] = Value::Null;
            }
            if content.is_form() {
                return form(&body).into_bytes();
            }
            body.to_string().into_bytes()
        });
        if self.fault == Fault::SendsTwice {
            let body = body.clone().unwrap_or_default();
            exchange(&self.base_url, &operation.method, &target, &headers, &body).await;
        }
        if self.fault == Fault::Follows {
            let (head, _) = raw_exchange(&self.base_url, &operation.method, &target, &headers, &[]).await;
            if let Some(location) = field(&head, "location") {
                let elsewhere = location.replace("localhost", "127.0.0.1");
                exchange(elsewhere.strip_suffix("/elsewhere").unwrap(), "GET", "/elsewhere", &headers, &[]).await;
            }
        }
        let (status, media_type, bytes) =
            exchange(&self.base_url, &operation.method, &target, &headers, &body.unwrap_or_default()).await;
        let mut json = media_type
            .filter(|media_type| is_json(media_type))
            .and_then(|_| serde_json::from_slice::<Value>(&bytes).ok());
        if let (Fault::ChangesBody, Some(json)) = (self.fault, &mut json) {
            *json = Value::from(1);
        }
        // Something with types reads what is documented, and nothing else.
        let documented = operation.response(status);
        let wants_json = documented.is_some_and(|response| response.content.iter().any(|content| content.is_json()));
        let is_read = !self.typed || (documented.is_some() && (!wants_json || json.is_some()));
        if (status < 300 && is_read) || self.fault == Fault::IgnoresStatus {
            let body = json.map_or_else(
                || if bytes.is_empty() { ReplyBody::Empty } else { ReplyBody::Bytes(bytes) },
                ReplyBody::Json,
            );
            let (told, shown) = self.printed(&body);
            return Ok(Reply { status, body, told, shown });
        }
        Err(Failure {
            status: Some(status),
            raw_body: if self.fault == Fault::LosesErrorBody { Vec::new() } else { bytes },
            body: json.filter(|_| self.fault != Fault::LosesErrorBody),
            message: "refused".to_owned(),
            told: String::new(),
            shown: String::new(),
        })
    }
}

/// An object of scalars as a form.
fn form(body: &Value) -> String {
    let escape =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs = body.as_object().unwrap().iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{}={}", escape(name), escape(&text))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn without_null(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_null(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_null).collect(),
        other => other,
    }
}

impl TypedClient for SpecClient {
    fn provider(&self) -> &'static str {
        "test"
    }

    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
        let value: Value = serde_json::from_str(json).unwrap();
        if self.fault == Fault::Untyped {
            return None;
        }
        if self.fault != Fault::Nameless && json.contains("obkit_unlisted") {
            // What types do with a name that they do not know.
            obkit_runtime::open_enum::unlisted();
        }
        if let Some(reason) = self.typed.then(|| self.unreadable(operation_id, part, &value)).flatten() {
            return Some(Err(reason));
        }
        Some(match self.fault {
            Fault::CannotRead => Err("missing field `x`".to_owned()),
            Fault::LosesNull => Ok(without_null(value).to_string()),
            _ => Ok(value.to_string()),
        })
    }

    fn to_domain(&self, _: &str, json: &str) -> Option<Result<Value, String>> {
        Some(match self.fault {
            Fault::CannotMap => Err("no such status".to_owned()),
            _ => Ok(serde_json::from_str(json).unwrap()),
        })
    }

    fn call<'a>(
        &'a self,
        operation_id: &'a str,
        arguments: &'a Arguments,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>> {
        Box::pin(self.send(operation_id, arguments))
    }
}
