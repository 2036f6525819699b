//! Listening, whatever answers: an address, connections from the first byte to the last, and an end.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::Response;
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// The largest head of a request, in bytes.
pub(crate) const MAX_HEAD: usize = 64 * 1024;

/// How long a connection may be silent before and within the head of a request.
const MAX_SILENCE: Duration = Duration::from_secs(30);

/// How many connections are open at most; others wait.
const MAX_CONNECTIONS: usize = 1000;

/// How long connections have to end when the server shuts down.
const GRACE: Duration = Duration::from_secs(10);

/// The connection is closed without an answer. hyper closes it when it gets an error.
#[derive(Debug)]
pub(crate) struct HangUp;

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is reset, as the faults have it")
    }
}

impl Error for HangUp {}

/// What answers the requests of connections.
pub(crate) trait Service: Send + Sync + 'static {
    /// The bodies of its answers.
    type Answer: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;

    /// Answers a request, or closes the connection.
    fn respond(
        &self,
        request: hyper::Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Self::Answer>, HangUp>> + Send;
}

/// Where to listen: a host and a port, of which 0 is any that is free.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Default for Address {
    /// A free port of the loopback interface.
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: 0 }
    }
}

impl Address {
    /// Takes the address.
    pub(crate) async fn bind(&self) -> io::Result<TcpListener> {
        TcpListener::bind((self.host.as_str(), self.port)).await
    }
}

/// A listener of the standard library, as one of the current tokio runtime.
pub(crate) fn adopted(listener: std::net::TcpListener) -> io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// Connections that are taken and answered. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Listening {
    /// Takes connections from here on, on the current tokio runtime.
    pub(crate) fn start<S: Service>(listener: TcpListener, address: SocketAddr, service: Arc<S>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, service, stopped));
        Self { address, stop, serving }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL to give to a client, without a slash at its end, and without a base path.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more connections, and waits until the answers to those that are open are sent, ten seconds at most.
    pub(crate) async fn shutdown(mut self) {
        // An error says that it has ended already; so does one of waiting for it.
        let _ = self.stop.send(true);
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Takes connections until it is told to stop, and then waits for those that are open.
async fn serve<S: Service>(listener: TcpListener, service: Arc<S>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            // An error says that nobody is left to stop it.
            _ = stop.wait_for(|stop| *stop) => break,
            _ = connections.join_next(), if connections.len() >= MAX_CONNECTIONS => continue,
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, Arc::clone(&service), stop.clone()));
            }
            // Too many open files, for one, pass.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    // Those that take longer end with the set.
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

async fn connection<S: Service>(stream: TcpStream, service: Arc<S>, mut stop: watch::Receiver<bool>) {
    // Answers go out as they are; a failure only makes them slower.
    let _ = stream.set_nodelay(true);
    let hung_up = AtomicBool::new(false);
    let service = service_fn(|request| {
        let (service, hung_up) = (&service, &hung_up);
        async move {
            let answer = service.respond(request).await;
            hung_up.store(answer.is_err(), Ordering::Relaxed);
            answer
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(MAX_SILENCE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    // How a connection ends is its client's business.
    let has_ended = tokio::select! {
        _ = &mut connection => true,
        _ = stop.wait_for(|stop| *stop) => false,
    };
    if !has_ended {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = (&mut connection).await;
    }
    if hung_up.load(Ordering::Relaxed) {
        // Closed at once and with nothing sent, it is reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}
