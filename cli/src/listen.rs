//! Verbs that serve: a document behind an address, until the process is asked to stop.

mod args;
mod stop;

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use obkit_conformance::Contract;
use serde::Serialize;

pub(crate) use self::args::Listen;
use self::stop::stopped;
use crate::args::Format;
use crate::output::{log, tell};
use crate::spec::{contract, read_spec};

impl Listen {
    /// The files that are read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        std::iter::once(&self.spec).chain(&self.overlay).map(PathBuf::as_path)
    }

    /// Takes the address, if there is a document to serve. Who connects from here on waits for the answer.
    pub(crate) fn bind(&self) -> Result<TcpListener, String> {
        let Self { spec, host, port, .. } = self;
        File::open(spec).map_err(|error| {
            format!("{}: cannot be read: {error}\n  help: name an existing, readable OpenAPI document", spec.display())
        })?;
        TcpListener::bind((host.as_str(), *port)).map_err(|error| {
            let remedy = match error.kind() {
                ErrorKind::AddrInUse | ErrorKind::PermissionDenied => "name a free port, or 0 for any",
                _ => "name an address of this machine with `--host`, such as 127.0.0.1",
            };
            format!("{host}:{port} cannot be listened on: {error}\n  help: {remedy}")
        })
    }

    /// The document. One operation that cannot be read is no reason not to serve the others.
    pub(crate) fn contract(&self) -> Result<Contract, String> {
        let spec = read_spec(&self.spec, &self.overlay)?;
        if let Some(error) = spec.error() {
            tell!("warning: {error}");
        }
        Ok(contract(spec))
    }

    /// Gives a server its base paths.
    pub(crate) fn based<B>(&self, builder: B, of_servers: fn(B) -> B, path: fn(B, &str) -> B) -> B {
        let add = |builder, text: &String| if text == "servers" { of_servers(builder) } else { path(builder, text) };
        self.base_path.iter().fold(builder, add)
    }

    /// What tells on standard error what became of each request, if that is asked for.
    pub(crate) fn teller<T>(&self, text: fn(&T) -> String) -> Option<impl Fn(&T) + Send + Sync + 'static>
    where
        T: Serialize + 'static,
    {
        self.log.map(|format| {
            move |told: &T| match format {
                Format::Json => log(serde_json::to_string(told).unwrap_or_default()),
                Format::Text => log(text(told)),
            }
        })
    }
}

/// Prints the URL to call. Who does not read it will know it.
pub(crate) fn announce(listener: &TcpListener) -> Result<(), String> {
    let address = listener.local_addr().map_err(|error| format!("the address to listen on is not known: {error}"))?;
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "http://{address}").and_then(|()| out.flush());
    Ok(())
}

/// Serves until the process is asked to stop, and gives what the server leaves when it ends.
pub(crate) fn serve<S, E: Future>(
    start: impl FnOnce() -> io::Result<S>,
    end: impl FnOnce(S) -> E,
) -> Result<E::Output, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    runtime.block_on(async {
        // Heard from here on, a signal ends the server and not the process.
        let stopped = stopped().map_err(|error| format!("signals cannot be received: {error}"))?;
        let server = start().map_err(|error| format!("the server cannot be started: {error}"))?;
        stopped.await;
        Ok(end(server).await)
    })
}
