//! A server on the loopback interface that gives its answers in order and keeps what it was asked.

#![allow(dead_code, unreachable_pub)]

use std::sync::{Arc, Mutex};

use obkit_runtime::reqwest::{Method, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running server; it stops when it is dropped.
pub struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

/// What the server does with a connection.
#[derive(Clone)]
pub enum Answer {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Reads the request and closes without a word.
    Silence,
    /// Reads the request, closes without a word, and lets no further connection in.
    LastWords(Vec<u8>),
}

/// A response with a status line such as `502 Bad Gateway`, further header lines, and a body.
pub fn answer(status: &str, headers: &[&str], body: &str) -> Answer {
    Answer::Bytes(response(status, headers, body))
}

/// As [`answer`], and the server stops listening.
pub fn last_answer(status: &str, headers: &[&str], body: &str) -> Answer {
    Answer::LastWords(response(status, headers, body))
}

fn response(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

impl Server {
    /// Starts a server with one answer per connection; the last one repeats.
    pub async fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut answers = answers.into_iter().peekable();
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read_request(&mut stream).await;
                kept.lock().unwrap().push(request);
                let current = match answers.next() {
                    Some(answer) if answers.peek().is_none() => {
                        answers = vec![answer.clone()].into_iter().peekable();
                        answer
                    }
                    Some(answer) => answer,
                    None => return,
                };
                match current {
                    Answer::Bytes(bytes) => stream.write_all(&bytes).await.unwrap(),
                    Answer::Silence => {}
                    Answer::LastWords(bytes) => {
                        drop(listener);
                        stream.write_all(&bytes).await.unwrap();
                        return;
                    }
                }
            }
        });
        Self { address, requests, task }
    }

    /// The server's scheme, host and port.
    pub fn base_url(&self) -> String {
        self.address.clone()
    }

    /// A request to this server.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(method, format!("{}{path}", self.address).parse().unwrap())
    }

    /// Every request so far, as text.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0_usize);
            if body.len() >= length {
                return text;
            }
        }
        if read == 0 {
            return text;
        }
    }
}
