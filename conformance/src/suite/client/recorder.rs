//! A server that keeps what arrives as it arrives, byte for byte, and answers whatever it is told to.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::exchange::Request;

/// The largest request that is read, in bytes.
const MAX_REQUEST: usize = 16 * 1024 * 1024;

/// What is answered to any request.
#[derive(Clone, Debug, Default)]
pub(super) struct RawAnswer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl RawAnswer {
    /// A status that is never tried again, and that no document has.
    pub(super) fn refusal() -> Self {
        Self { status: 418, ..Self::default() }
    }

    fn written(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Answer\r\ncontent-length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// The server, on a free port of the loopback interface. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Recorder {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    _stop: oneshot::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    answer: RawAnswer,
    /// What arrived; nothing that cannot be read as HTTP.
    arrived: Vec<Request>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // Whoever panicked while holding it left whole values behind.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// Starts a server on the current tokio runtime.
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State { answer: RawAnswer::refusal(), arrived: Vec::new() }));
        let (stop, mut stopped) = oneshot::channel::<()>();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let stream = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = &mut stopped => return,
                };
                if let Ok((stream, _)) = stream {
                    tokio::spawn(serve(stream, Arc::clone(&shared)));
                }
            }
        });
        Ok(Self { address, state, _stop: stop })
    }

    /// The URL to give to a client, without a slash at its end.
    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Decides the next answers.
    pub(super) fn answer(&self, answer: RawAnswer) {
        lock(&self.state).answer = answer;
    }

    /// Takes what arrived since the last time. This is payload.
    pub(super) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut lock(&self.state).arrived)
    }
}

/// Serves a connection until it is closed, or until something arrives that is not HTTP/1.1.
async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut buffer = Vec::new();
    while let Ok(Some((request, length))) = read(&mut stream, &mut buffer).await {
        buffer.drain(..length);
        let answer = {
            let mut state = lock(&state);
            state.arrived.push(request);
            state.answer.written()
        };
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// The next request, and how many bytes it is long; none at the end.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<(Request, usize)>> {
    loop {
        if let Some(found) = parsed(buffer)? {
            return Ok(Some(found));
        }
        if buffer.len() > MAX_REQUEST || stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// The request that some bytes begin with; none when it is not all there.
fn parsed(bytes: &[u8]) -> io::Result<Option<(Request, usize)>> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    // Header fields may hold any byte (RFC 9110, section 5.5), and are compared as text.
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut line = lines.next().unwrap_or_default().splitn(3, ' ');
    let (Some(method), Some(target), Some("HTTP/1.1")) = (line.next(), line.next(), line.next()) else {
        return Err(invalid());
    };
    let field = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    let headers = lines.map(field).collect::<Option<Vec<_>>>().ok_or_else(invalid)?;
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query.to_owned())));
    let mut request = Request { method: method.to_owned(), path: path.to_owned(), query, headers, body: Vec::new() };
    let start = end + 4;
    if request.header("transfer-encoding").is_some() {
        let Some((body, length)) = chunks(&bytes[start..]) else { return Ok(None) };
        request.body = body;
        return Ok(Some((request, start + length)));
    }
    let length = request.header("content-length").map_or(Ok(0), |text| text.parse().map_err(|_| invalid()))?;
    let Some(body) = bytes[start..].get(..length) else { return Ok(None) };
    request.body = body.to_vec();
    Ok(Some((request, start + length)))
}

/// A chunked body (RFC 9112, section 7.1) and its length; none when it is not all there.
fn chunks(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let end = at + bytes.get(at..)?.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&bytes[at..end]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        at = end + 2;
        body.extend_from_slice(bytes.get(at..at.checked_add(size)?)?);
        at += size + 2;
        if size == 0 {
            return (bytes.len() >= at).then_some((body, at));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_request_is_read_when_all_of_it_is_there() {
        let bytes = b"PUT /a%2Fb?c=%20 HTTP/1.1\r\nHost: x\r\nX-A: \xc3\xa9 \r\ncontent-length: 2\r\n\r\n{}GET";
        let (request, length) = parsed(bytes).unwrap().unwrap();
        assert_eq!((request.path.as_str(), request.query.as_deref()), ("/a%2Fb", Some("c=%20")));
        assert_eq!((request.header("x-a").as_deref(), request.body.as_slice()), (Some("é"), &b"{}"[..]));
        assert_eq!(length, bytes.len() - 3);
        assert!(parsed(&bytes[..length - 1]).unwrap().is_none());
        assert!(parsed(b"nonsense\r\n\r\n").is_err());
    }

    #[test]
    fn chunks_are_joined() {
        let bytes = b"2;x\r\nab\r\n1\r\nc\r\n0\r\n\r\nGET";
        assert_eq!(chunks(bytes), Some((b"abc".to_vec(), bytes.len() - 3)));
        assert_eq!(chunks(&bytes[..8]), None);
    }
}
