//! `obkit mock`: the contract server as a process of its own.

use std::sync::Arc;

use obkit_conformance::Contract;
use obkit_conformance::report::visible;
use obkit_conformance::server::{Breach, ContractServer, ServerBuilder, Verdict};

use crate::args::Mock;
use crate::exit::{Exit, Outcome};
use crate::listen;

pub(crate) fn run(arguments: &Mock) -> Outcome {
    let listener = arguments.listen.bind()?;
    // A large document takes a while; who connects in the meantime waits for the answer. Only a server that comes is announced.
    let builder = set_up(arguments, arguments.listen.contract()?);
    listen::announce(&listener)?;
    listen::serve(|| builder.start_on(listener), ContractServer::shutdown)?;
    Ok(Exit::Clean)
}

fn set_up(arguments: &Mock, contract: Contract) -> ServerBuilder {
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
    builder = arguments.listen.based(builder, ServerBuilder::base_path_of_servers, ServerBuilder::base_path);
    match arguments.listen.teller(text) {
        Some(tell) => builder.observe(tell),
        None => builder,
    }
}

fn text(verdict: &Verdict) -> String {
    let Verdict { method, path, status, basis, micros, .. } = verdict;
    let path = path.as_deref().unwrap_or("(no documented path)");
    let fault = verdict.fault.as_ref().map(|fault| format!(", fault {fault}")).unwrap_or_default();
    let mut text = format!("{method} {path} {status} ({basis}{fault}, {micros} µs)");
    let mut add = |kind: &str, breach: &Breach| {
        let Breach { location, pointer, keyword, message, .. } = breach;
        text.push_str(&format!("\n  {kind}: {location} {} {keyword}: {}", visible(pointer), visible(message)));
    };
    verdict.violations.iter().for_each(|breach| add("violation", breach));
    verdict.notes.iter().for_each(|breach| add("note", breach));
    for unmet in &verdict.unmet {
        text.push_str(&format!("\n  preference not met: {}", visible(unmet)));
    }
    text
}
