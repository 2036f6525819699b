//! The main job over an obkit workspace (feature `workspace`): every provider of `providers.toml`,
//! from its document to its domain values.

mod provenance;

use std::io;
use std::sync::Arc;

use obkit::provider::{self, candescent, fena, finqlink, wych, yapily};
use obkit::runtime::RetryPolicy;
use obkit_codegen::generate::Drift;
use obkit_codegen::{Document, GenerateError, LoadError, Note, Provider, Providers, Spec};
use obkit_codegen::{generate_provider, lint};

use crate::checks;
use crate::contract::Contract;
use crate::finding::{Finding, Severity};
use crate::report::Report;
use crate::server::ContractServer;
use crate::shard::Shard;
use crate::suite::client::Effort;
use crate::suite::{self, Observer, ProviderReport};
use crate::typed_client::TypedClient;

/// Why a provider could not be judged.
#[derive(Debug)]
pub enum ConformError {
    /// Its document cannot be used.
    Load(LoadError),
    /// Its crate cannot be generated.
    Generate(GenerateError),
    /// There is no typed client for it in this build.
    NoClient(String),
    /// The loopback server could not be started.
    Server(io::Error),
}

impl std::fmt::Display for ConformError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Load(error) => error.fmt(f),
            Self::Generate(error) => error.fmt(f),
            Self::NoClient(name) => {
                write!(f, "there is no client of `{name}`\n  help: add a mapping under src/provider/{name}")
            }
            Self::Server(error) => write!(f, "no loopback server could be started: {error}"),
        }
    }
}

impl std::error::Error for ConformError {}

/// What was found about all providers, and which could not be judged.
#[derive(Debug, Default)]
pub struct Conformance {
    /// What was found.
    pub report: Report,
    /// Providers that could not be judged, and why.
    pub failures: Vec<(String, ConformError)>,
}

/// Runs the main job for each provider; one that fails does not stop the others. Needs a tokio
/// runtime with its timer enabled.
pub async fn conform(providers: &Providers, rows: &[&Provider], progress: &mut Observer<'_>) -> Conformance {
    conform_shard(providers, rows, Shard::WHOLE, Effort::QUICK, progress).await
}

/// Runs a part of the main job, as [`conform`] does the whole.
pub async fn conform_shard(
    providers: &Providers,
    rows: &[&Provider],
    shard: Shard,
    effort: Effort,
    progress: &mut Observer<'_>,
) -> Conformance {
    let mut conformance = Conformance::default();
    conformance.report.shard = shard;
    conformance.report.effort = Some(effort);
    for row in rows {
        match provider(providers, row, shard, effort, progress).await {
            Ok(report) => conformance.report.providers.push(report),
            Err(error) => conformance.failures.push((row.name.clone(), error)),
        }
    }
    conformance
}

async fn provider(
    providers: &Providers,
    row: &Provider,
    shard: Shard,
    effort: Effort,
    progress: &mut Observer<'_>,
) -> Result<ProviderReport, ConformError> {
    let document = providers.document(row).map_err(ConformError::Load)?;
    let spec = Spec::read(document.clone()).map_err(ConformError::Load)?;
    let notes = lint(&spec);
    let contract = Arc::new(Contract::new(&row.name, spec));
    let server = ContractServer::start(Arc::clone(&contract)).await.map_err(ConformError::Server)?;
    let client = client(&row.name, &server.base_url()).ok_or_else(|| ConformError::NoClient(row.name.clone()))?;

    let mut report = suite::run_shard(&contract, &*client, &server, shard, progress).await;
    let connect = |base_url: &str| self::client(&row.name, base_url).map(|client| -> Box<dyn TypedClient> { client });
    let tried = suite::client::run(&contract, &connect, shard, effort, report, progress).await;
    report = tried.map_err(ConformError::Server)?;
    if shard.holds(&row.name, Shard::DOMAIN) {
        report = suite::capabilities::run(&contract, &*client, &server, report, progress).await;
    }
    if shard.holds(&row.name, Shard::DOCUMENT) {
        let noted = notes.iter().filter_map(|note| lint_finding(note, &document));
        let mistaken = provenance::of(providers, row, &document).map_err(ConformError::Load)?;
        noted.chain(mistaken).chain(staleness(providers, row, &document)?).for_each(|finding| report.report(finding));
    }
    Ok(report.finish())
}

/// A provider as the suite sees it: its operations, and the domain over them.
pub trait Connection: TypedClient + provider::Provider {}

impl<T: TypedClient + provider::Provider> Connection for T {}

/// A connection to a provider at a URL, with credentials of the documented form and no meaning. A call is one request: to
/// be answered the same again is no news.
#[must_use]
pub fn client(provider: &str, base_url: &str) -> Option<Box<dyn Connection>> {
    const ID: &str = "00000000-0000-4000-8000-000000000001";
    const SECRET: &str = "00000000-0000-4000-8000-000000000002";
    Some(match provider {
        "yapily" => {
            let config = yapily::Config::new(ID, SECRET).base_url(base_url).retry(RetryPolicy::none());
            Box::new(yapily::Yapily::connect(&config).ok()?)
        }
        "fena" => {
            let config = fena::Config::new(base_url, ID, SECRET).retry(RetryPolicy::none());
            Box::new(fena::Fena::connect(&config).ok()?)
        }
        "finqlink" => {
            let config = finqlink::Config::new(ID, SECRET).every_server_at(base_url).retry(RetryPolicy::none());
            Box::new(finqlink::FinqLink::connect(&config).ok()?)
        }
        "candescent" => {
            let config = candescent::Config::new(SECRET, candescent::User::OfToken).client(ID, SECRET);
            let config = config.base_url(base_url).retry(RetryPolicy::none());
            Box::new(candescent::Candescent::connect(&config).ok()?)
        }
        "wych" => {
            let config = wych::Config::new(ID, ID, ID, SECRET).every_server_at(base_url).retry(RetryPolicy::none());
            Box::new(wych::Wych::connect(&config).ok()?)
        }
        _ => return None,
    })
}

/// What lint says aloud; what is only worth knowing stays in `obkit lint`.
fn lint_finding(note: &Note, document: &Document) -> Option<Finding> {
    let check = checks::of_lint(note.rule).filter(|_| note.severity > Severity::Info)?;
    Some(Finding::new(check, note.message.clone()).remedy(note.remedy.clone()).noted(document, note))
}

fn staleness(providers: &Providers, row: &Provider, document: &Document) -> Result<Option<Finding>, ConformError> {
    let generated = match generate_provider(providers, row) {
        Ok(generated) => generated,
        // The rules it breaks are findings already.
        Err(GenerateError::Lint { .. }) => return Ok(None),
        Err(error) => return Err(ConformError::Generate(error)),
    };
    let folder = providers.root().join(&row.generated);
    let drift = generated.drift(&folder).map_err(ConformError::Generate)?;
    let Some(first) = drift.first() else { return Ok(None) };
    let prefix = format!("{}/", providers.root().display());
    let first = first.to_string();
    let first = first.strip_prefix(&prefix).unwrap_or(&first);
    let message = match drift.len() {
        1 => format!("generated code is out of date: {first}"),
        files => format!("generated code is out of date: {first} (and {} more files)", files - 1),
    };
    let remedy = format!("run `obkit generate --provider {}` and commit the result", row.name);
    let mut finding = Finding::new(checks::GI006, message).remedy(remedy).at(document, "");
    let (file, line) = match &drift[0] {
        Drift::Differs(file, line) => (file, Some(*line)),
        Drift::Missing(file) | Drift::Extra(file) => (file, None),
    };
    (finding.file, finding.line, finding.column) = (Some(file.display().to_string()), line, None);
    Ok(Some(finding))
}
