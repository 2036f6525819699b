//! A connection to Candescent that is not quite honest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, dead_code, unreachable_pub)]

use std::path::Path;
use std::sync::Arc;

use obkit::domain::{Account, Balance, ConsentReference};
use obkit::provider::{Accounts, Capability, Institutions, Provider, Reply};
use obkit::{Error, Unsupported};
use obkit_codegen::{Document, Spec};
use obkit_conformance::server::ContractServer;
use obkit_conformance::suite::{ProviderReport, capabilities};
use obkit_conformance::workspace::{Connection, client};
use obkit_conformance::{Contract, Finding};

pub async fn run(wrap: impl FnOnce(Box<dyn Connection>) -> Box<dyn Provider>) -> ProviderReport {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/candescent/openapi.yaml");
    let spec = Spec::read(Document::load(file).unwrap()).unwrap();
    let contract = Arc::new(Contract::new("candescent", spec));
    let server = ContractServer::start(Arc::clone(&contract)).await.unwrap();
    let provider = wrap(client("candescent", &server.base_url()).unwrap());
    capabilities::run(&contract, &*provider, &server, ProviderReport::default(), &mut |_| {}).await
}

/// What it does, and about what it lies.
#[derive(Debug)]
struct Liar {
    honest: Box<dyn Connection>,
    declares: &'static [Capability],
    lie: Lie,
}

#[derive(Debug, PartialEq)]
pub enum Lie {
    /// It offers less than it declares.
    Declares,
    /// It answers without asking anybody.
    Invents,
    /// It takes errors for empty lists.
    Swallows,
    /// It fails on what was answered well.
    Fails,
}

impl Provider for Liar {
    fn name(&self) -> &'static str {
        "candescent"
    }

    fn capabilities(&self) -> &'static [Capability] {
        self.declares
    }

    fn accounts(&self) -> Result<&dyn Accounts, Unsupported> {
        Ok(self)
    }

    fn institutions(&self) -> Result<&dyn Institutions, Unsupported> {
        self.honest.institutions()
    }
}

impl Accounts for Liar {
    fn accounts<'a>(&'a self, consent: &'a ConsentReference) -> Reply<'a, Vec<Account>> {
        Box::pin(async move {
            let honest = Provider::accounts(&*self.honest)?.accounts(consent);
            match self.lie {
                Lie::Invents => Ok(Vec::new()),
                Lie::Swallows => Ok(honest.await.unwrap_or_default()),
                Lie::Fails => {
                    honest.await?;
                    Err(Error::Unsupported(Unsupported { provider: "candescent", what: "this" }))
                }
                Lie::Declares => honest.await,
            }
        })
    }

    fn balances<'a>(&'a self, consent: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Balance>> {
        Box::pin(async move { Provider::accounts(&*self.honest)?.balances(consent, account_id).await })
    }
}

pub async fn found(lie: Lie, declares: &'static [Capability]) -> Vec<Finding> {
    run(|honest| Box::new(Liar { honest, declares, lie })).await.findings
}
