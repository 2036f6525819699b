//! `obkit mock`: the contract server as a process of its own.

use std::fs::File;
use std::io::{self, Write};
use std::net::TcpListener;
use std::sync::Arc;

use obkit_conformance::Contract;
use obkit_conformance::server::{Breach, ContractServer, Verdict};

use crate::args::{Format, Mock};
use crate::exit::{Exit, Outcome};
use crate::output::log;
use crate::spec::read_spec;
use crate::stop::stopped;

pub(crate) fn run(arguments: &Mock) -> Outcome {
    let Mock { spec: file, host, port, .. } = arguments;
    File::open(file).map_err(|error| {
        format!("{}: cannot be read: {error}\n  help: name an existing, readable OpenAPI document", file.display())
    })?;
    let listener = TcpListener::bind((host.as_str(), *port)).map_err(|error| {
        format!("{host}:{port} cannot be listened on: {error}\n  help: name a free port, or 0 for any")
    })?;
    let address = listener.local_addr().map_err(|error| format!("{host}:{port}: {error}"))?;
    // A large document takes a while; who connects in the meantime waits for the answer. Who does not read the address
    // will know it.
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "http://{address}").and_then(|()| out.flush());
    drop(out);
    let spec = read_spec(file, &arguments.overlay)?;
    // One operation that cannot be read is no reason not to serve the others.
    if let Some(error) = spec.error() {
        eprintln!("warning: {error}");
    }
    let contract = Contract::new("", spec).map_err(|e| format!("{}: {e}", file.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    runtime.block_on(serve(arguments, contract, listener))
}

async fn serve(arguments: &Mock, contract: Contract, listener: TcpListener) -> Outcome {
    let mut builder = ContractServer::builder(Arc::new(contract))
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
    let unusable = |error: io::Error| format!("the server cannot be started: {error}");
    // Heard from here on, a signal ends the server and not the process.
    let stopped = stopped().map_err(|error| format!("signals cannot be received: {error}"))?;
    let server = builder.start_on(listener).map_err(unusable)?;
    stopped.await;
    server.shutdown().await;
    Ok(Exit::Clean)
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
