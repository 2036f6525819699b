//! `obkit proxy`: a server that forwards and judges, as a process of its own.

mod args;

use std::fs::File;
use std::io::{self, Write};
use std::net::TcpListener;
use std::sync::Arc;

use obkit_conformance::Contract;
use obkit_conformance::config::Config;
use obkit_conformance::proxy::{Passed, Proxy as Server, ProxyBuilder, Recording, Upstream};
use obkit_conformance::server::Breach;

pub(crate) use self::args::Proxy;
use crate::args::Format;
use crate::exit::{Exit, Outcome};
use crate::output::log;
use crate::spec::read_spec;
use crate::stop::stopped;
use crate::{report, traffic};

pub(crate) fn run(arguments: &Proxy) -> Outcome {
    let Proxy { spec: file, host, port, told, copies, .. } = arguments;
    let config = arguments.judged.config()?;
    report::must_be_writable(Some(told), &copies.files)?;
    let upstream = Upstream::new(&arguments.upstream).map_err(|error| error.to_string())?;
    File::open(file).map_err(|error| {
        format!("{}: cannot be read: {error}\n  help: name an existing, readable OpenAPI document", file.display())
    })?;
    let spec = read_spec(file, &arguments.overlay)?;
    if let Some(error) = spec.error() {
        eprintln!("warning: {error}");
    }
    let name = spec.document().at("/info/title").and_then(|title| title.as_str()).unwrap_or_default().to_owned();
    let contract = Contract::new(name, spec).map_err(|error| format!("{}: {error}", file.display()))?;
    let listener = TcpListener::bind((host.as_str(), *port)).map_err(|error| {
        format!("{host}:{port} cannot be listened on: {error}\n  help: name a free port, or 0 for any")
    })?;
    let address = listener.local_addr().map_err(|error| format!("{host}:{port}: {error}"))?;
    let builder = set_up(arguments, Server::builder(Arc::new(contract), upstream))?;
    // Who does not read the address will know it; who connects from here on waits for the answer.
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "http://{address}").and_then(|()| out.flush());
    drop(out);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no asynchronous runtime could be started: {error}"))?;
    runtime.block_on(serve(arguments, &config, builder, listener))
}

fn set_up(arguments: &Proxy, mut builder: ProxyBuilder) -> Result<ProxyBuilder, String> {
    builder = builder.enforce(arguments.enforce).uncompressed(arguments.uncompressed);
    for path in &arguments.base_path {
        builder = if path == "servers" { builder.base_path_of_servers() } else { builder.base_path(path) };
    }
    if let Some(file) = &arguments.record {
        let recording = Recording::create(file).map_err(|error| {
            format!(
                "{}: cannot be written: {error}\n  help: name a file in an existing, writable folder",
                file.display()
            )
        })?;
        builder = builder.record(recording);
    }
    Ok(match arguments.log {
        Some(Format::Json) => builder.observe(|passed| log(serde_json::to_string(passed).unwrap_or_default())),
        Some(Format::Text) => builder.observe(|passed| log(text(passed))),
        None => builder,
    })
}

async fn serve(arguments: &Proxy, config: &Config, builder: ProxyBuilder, listener: TcpListener) -> Outcome {
    let unusable = |error: io::Error| format!("the proxy cannot be started: {error}");
    // Heard from here on, a signal ends the proxy and not the process.
    let stopped = stopped().map_err(|error| format!("signals cannot be received: {error}"))?;
    let server = builder.start_on(listener).map_err(unusable)?;
    stopped.await;
    let (judgement, recorded) = server.shutdown().await;
    let report = traffic::judged_by(config, &judgement);
    report::write(Some(&arguments.told), &arguments.copies.files, &report)?;
    eprintln!("{}", traffic::counted(&judgement));
    if let (Err(error), Some(file)) = (recorded, &arguments.record) {
        return Err(format!(
            "{}: the recording is not whole: {error}\n  help: name a file with more room",
            file.display()
        ));
    }
    if judgement.judged == 0 {
        eprintln!(
            "error: nothing was checked\n  help: send requests to the proxy, below the paths that the document has"
        );
        return Ok(Exit::BadInput);
    }
    Ok(report::exit(&report, config.gate.fail_on.unwrap_or_default()))
}

fn text(passed: &Passed) -> String {
    let Passed { method, path, status, forwarded, request, response, micros, .. } = passed;
    let path = path.as_deref().unwrap_or("(no documented path)");
    let status = match status {
        Some(status) => status.to_string(),
        None if *forwarded => "no answer".to_owned(),
        None => "refused".to_owned(),
    };
    let mut text = format!("{method} {path} {status} ({micros} µs)");
    for Breach { location, pointer, keyword, message, .. } in request.iter().chain(response) {
        text.push_str(&format!("\n  {location} {pointer} {keyword}: {message}"));
    }
    text
}
