//! `obkit validate --har` and `--exchanges`: recorded traffic in, a report out.

mod args;

use std::path::{Path, PathBuf};

use obkit_codegen::spelling;
use obkit_conformance::base_url::BaseUrls;
use obkit_conformance::config::{Config, FailOn};
use obkit_conformance::report::Format;
use obkit_conformance::traffic::{self, Judgement, Options};
use obkit_conformance::verdict::{Policy, Run, today};
use obkit_conformance::{Contract, Report};

pub(crate) use self::args::Traffic;
use crate::args::{Told, Validate};
use crate::config::policy;
use crate::exit::{Exit, Outcome};
use crate::output::{self, tell};
use crate::{report, validate};

pub(crate) fn run(arguments: &Validate) -> Outcome {
    let Validate { spec, overlay, traffic, profile, output, copies, judged, .. } = arguments;
    let config = judged.config(Run::Traffic)?;
    let told = Told { format: output.format.unwrap_or(Format::Text), output: output.output.clone() };
    let traffics = [Some(spec), traffic.har.as_ref(), traffic.exchanges.as_ref()].into_iter().flatten();
    let read = traffics.chain(overlay).map(PathBuf::as_path).chain(config.files());
    output::must_be_writable(report::files(told.output.as_deref(), &copies.files), read)?;
    let contract = validate::contract(spec, overlay)?;
    let profile = profile.or(config.gate.profile).unwrap_or_default().strictest();
    let options = Options { profile, ..options(&contract, traffic)? };
    let (file, judgement) = match (&traffic.har, &traffic.exchanges) {
        (Some(har), _) => (har, traffic::validate_har(&contract, &options, validate::read(har)?)),
        (None, Some(lines)) => (lines, traffic::validate_lines(&contract, &options, validate::read(lines)?)),
        (None, None) => return Err("no traffic is named\n  help: give `--har FILE` or `--exchanges FILE`".to_owned()),
    };
    let report = judged_by(&config, &judgement);
    report::write(Some(&told), &copies.files, &report)?;
    Ok(sum_up(file, &judgement, &report, config.gate.fail_on.unwrap_or_default()))
}

/// The report of what was found, judged by the configuration. Traffic is what somebody has, and not all there is.
pub(crate) fn judged_by(config: &Config, judgement: &Judgement) -> Report {
    let mut report = Report { providers: vec![judgement.report.clone()], ..Report::default() };
    if let Some(policy) = policy(config, Run::Traffic) {
        report.judge(Policy { partial: true, providers: Vec::new(), ..policy }, today());
    }
    report
}

fn options(contract: &Contract, traffic: &Traffic) -> Result<Options, String> {
    let mut options = Options { redacted: traffic.redacted, ..Options::of(contract) };
    if !traffic.base_url.is_empty() {
        options.base_urls = BaseUrls::of_urls(&traffic.base_url).map_err(|error| error.to_string())?;
    }
    Ok(options)
}

/// Says what stands in no report: what is wrong with the recording itself.
fn sum_up(file: &Path, judgement: &Judgement, report: &Report, fail_on: FailOn) -> Exit {
    let file = file.display();
    for bad in &judgement.bad {
        tell!("error: {file}:{}:{}: entry {}: {}", bad.line, bad.column, bad.number, bad.message);
    }
    if judgement.bad_entries > judgement.bad.len() as u64 {
        tell!("error: {file}: {} more entries cannot be read", judgement.bad_entries - judgement.bad.len() as u64);
    }
    if let Some(broken) = &judgement.broken {
        tell!("error: {file}:{}:{}: {broken}", broken.line, broken.column);
    }
    if judgement.bad_entries > 0 || judgement.broken.is_some() {
        tell!("  help: record it anew, or mend it; what could be read was judged");
    }
    tell!("{}", counted(judgement));
    if judgement.bad_entries > 0 || judgement.broken.is_some() {
        return Exit::BadInput;
    }
    if judgement.judged == 0 {
        let remedy = if judgement.exchanges == 0 {
            "give a recording with at least one exchange"
        } else {
            "name the server that was recorded with `--base-url URL`"
        };
        tell!("error: {file}: nothing was checked\n  help: {remedy}");
        return Exit::BadInput;
    }
    report::exit(report, fail_on)
}

/// The exchanges in numbers, and the foreign ones by host.
pub(crate) fn counted(judgement: &Judgement) -> String {
    let Judgement { exchanges, judged, foreign, unjudged, .. } = judgement;
    let exchanges = spelling::counted(*exchanges, "exchange");
    let mut text = format!("{exchanges}: {judged} judged, {} foreign", foreign.values().sum::<u64>());
    if judgement.preflights > 0 {
        text.push_str(&format!(", {} of browsers", spelling::counted(judgement.preflights, "preflight")));
    }
    if *unjudged > 0 {
        text.push_str(&format!("; {unjudged} bodies or answers were not judged"));
    }
    // As many as a screen has lines for.
    for (host, count) in foreign.iter().take(20) {
        text.push_str(&format!("\n  foreign: {host} {count}"));
        if let Some(bases) = judgement.near.get(host) {
            text.push_str(&format!(", not below {bases}"));
        }
    }
    if foreign.len() > 20 {
        text.push_str(&format!("\n  foreign: {} more hosts", foreign.len() - 20));
    }
    text
}
