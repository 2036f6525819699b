//! `obkit proxy`: a server that forwards and judges, as a process of its own.

mod args;

use std::sync::Arc;

use obkit_conformance::config::Config;
use obkit_conformance::proxy::{Passed, Proxy as Server, ProxyBuilder, Recording, Upstream};
use obkit_conformance::report::visible;
use obkit_conformance::server::Breach;
use obkit_conformance::traffic::Judgement;
use obkit_conformance::verdict::Run;

pub(crate) use self::args::Proxy;
use crate::exit::{Exit, Outcome};
use crate::output::{self, tell, unwritable};
use crate::{listen, report, traffic};

pub(crate) fn run(arguments: &Proxy) -> Outcome {
    let Proxy { listen, told, copies, .. } = arguments;
    let config = arguments.judged.config(Run::Traffic)?;
    let written = report::files(told.output.as_deref(), &copies.files).chain(arguments.record.as_deref());
    output::must_be_writable(written, listen.files().chain(config.files()))?;
    let upstream = Upstream::new(&arguments.upstream).map_err(|error| error.to_string())?;
    let listener = listen.bind()?;
    let profile = arguments.profile.or(config.gate.profile).unwrap_or_default().strictest();
    let server = Server::builder(Arc::new(listen.contract()?), upstream).profile(profile);
    let builder = set_up(arguments, server)?;
    listen::announce(&listener)?;
    let (judgement, recorded) = listen::serve(|| builder.start_on(listener), Server::shutdown)?;
    let exit = sum_up(arguments, &config, &judgement)?;
    match (recorded, &arguments.record) {
        (Err(error), Some(file)) => {
            Err(format!("{}: the recording is not whole: {error}\n  help: name a file with more room", file.display()))
        }
        _ => Ok(exit),
    }
}

fn set_up(arguments: &Proxy, builder: ProxyBuilder) -> Result<ProxyBuilder, String> {
    let mut builder = builder.enforce(arguments.enforce).uncompressed(arguments.uncompressed);
    builder = arguments.listen.based(builder, ProxyBuilder::base_path_of_servers, ProxyBuilder::base_path);
    if let Some(file) = &arguments.record {
        let recording = output::make_folder(file)
            .and_then(|()| Recording::create(file))
            .map_err(|error| unwritable(file, &error))?;
        builder = builder.record(recording);
    }
    Ok(match arguments.listen.teller(text) {
        Some(tell) => builder.observe(tell),
        None => builder,
    })
}

/// Says what was found.
fn sum_up(arguments: &Proxy, config: &Config, judgement: &Judgement) -> Outcome {
    let report = traffic::judged_by(config, judgement);
    report::write(Some(&arguments.told), &arguments.copies.files, &report)?;
    tell!("{}", traffic::counted(judgement));
    if judgement.judged == 0 {
        tell!("error: nothing was checked\n  help: send requests to the proxy, below the paths that the document has");
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
        text.push_str(&format!("\n  {location} {} {keyword}: {}", visible(pointer), visible(message)));
    }
    text
}
