//! `obkit mock`: the contract server as a process of its own.

use std::io::{self, Write};
use std::sync::Arc;
#[cfg(unix)]
use std::task::Poll;

use obkit_conformance::Contract;
use obkit_conformance::server::{Breach, ContractServer, Verdict};

use crate::args::{Format, Mock};
use crate::exit::{Exit, Outcome};
use crate::spec::read_spec;

pub(crate) fn run(arguments: &Mock) -> Outcome {
    let spec = read_spec(&arguments.spec, &arguments.overlay)?;
    // One operation that cannot be read is no reason not to serve the others.
    if let Some(error) = spec.error() {
        eprintln!("warning: {error}");
    }
    let contract = Contract::new("", spec).map_err(|e| format!("{}: {e}", arguments.spec.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    runtime.block_on(serve(arguments, contract))
}

async fn serve(arguments: &Mock, contract: Contract) -> Outcome {
    let Mock { host, port, .. } = arguments;
    let mut builder = ContractServer::builder(Arc::new(contract))
        .listen(host, *port)
        .record(false)
        .seed(arguments.seed)
        .dynamic(arguments.dynamic)
        .lenient(arguments.lenient)
        .cors(arguments.cors)
        .faults(arguments.fault.clone().unwrap_or_default());
    if let Some(latency) = arguments.latency {
        builder = builder.latency(latency);
    }
    for path in &arguments.base_path {
        builder = if path == "servers" { builder.base_path_of_servers() } else { builder.base_path(path) };
    }
    builder = match arguments.log {
        Some(Format::Json) => builder.observe(|verdict| log(serde_json::to_string(verdict).unwrap_or_default())),
        Some(Format::Text) => builder.observe(|verdict| log(text(verdict))),
        None => builder,
    };
    let unheard = |error: io::Error| {
        format!("{host}:{port} cannot be listened on: {error}\n  help: name a free port, or 0 for any")
    };
    let server = builder.start().await.map_err(unheard)?;
    let mut out = io::stdout().lock();
    // Who does not read the address will know it.
    let _ = writeln!(out, "{}", server.base_url()).and_then(|()| out.flush());
    drop(out);
    stopped().await.map_err(|error| format!("signals cannot be received: {error}"))?;
    server.shutdown().await;
    Ok(Exit::Clean)
}

/// Waits until the process is asked to end.
async fn stopped() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        std::future::poll_fn(|context| {
            if interrupt.poll_recv(context).is_ready() {
                Poll::Ready(())
            } else {
                terminate.poll_recv(context).map(drop)
            }
        })
        .await;
        Ok(())
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn log(line: String) {
    // A log that nobody reads is no reason to stop.
    let _ = io::stderr().lock().write_all((line + "\n").as_bytes());
}

fn text(verdict: &Verdict) -> String {
    let Verdict { method, path, status, basis, micros, .. } = verdict;
    let path = path.as_deref().unwrap_or("(no documented path)");
    let fault = verdict.fault.as_ref().map(|fault| format!(", fault {fault}")).unwrap_or_default();
    let mut text = format!("{method} {path} {status} ({basis}{fault}, {micros} µs)");
    let mut add = |kind: &str, breach: &Breach| {
        let Breach { location, pointer, keyword, message, .. } = breach;
        text.push_str(&format!("\n  {kind}: {location} {pointer} {keyword}: {message}"));
    };
    verdict.violations.iter().for_each(|breach| add("violation", breach));
    verdict.notes.iter().for_each(|breach| add("note", breach));
    for unmet in &verdict.unmet {
        text.push_str(&format!("\n  preference not met: {unmet}"));
    }
    text
}
