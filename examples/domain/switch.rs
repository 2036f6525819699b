//! One program over any provider: the configuration says which.
//!
//! The word `provider` in a file, or the variable `OBKIT_PROVIDER`, is all that changes. What a provider does not offer is an
//! error that says so, and can be asked beforehand.
//!
//! ```sh
//! cargo run -p obkit-example-domain --example switch -- fena      # or yapily, finqlink, candescent, wych
//! CONNECTIONS_FILE=examples/domain/connections.toml cargo run -p obkit-example-domain --example switch -- fena
//! OBKIT_PROVIDER=fena OBKIT_BASE_URL=.. OBKIT_FENA_CLIENT_ID=.. OBKIT_FENA_CLIENT_SECRET=.. cargo run -p ..
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use obkit::Config;
use obkit::domain::{ConsentReference, TransactionQuery};
use obkit::provider::{Capability, Provider};
use obkit_example_domain::{Setup, permitted};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("OBKIT_PROVIDER").is_some() {
        let config = Config::from_env("OBKIT")?;
        return show(&config, &permitted(config.provider())?, &mut stdout()).await;
    }
    // In a program of yours: `Config::from_file("bank.toml")`, or `Connections::from_file(..)?.config(&name)` of several.
    let name = std::env::args().nth(1).unwrap_or_else(|| "yapily".to_owned());
    let setup = Setup::new(&[&name]).await?;
    show(&setup.config(&name)?, &setup.access(&name)?, &mut stdout()).await
}

/// Shows what the provider of a configuration offers, and what a holder has there.
///
/// # Errors
/// There is no connection, or the provider says no.
pub async fn show(config: &Config, access: &ConsentReference, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let provider = obkit::connect(config)?;
    let offered: Vec<_> = provider.capabilities().iter().map(|capability| capability.words()).collect();
    writeln!(out, "{} offers {}", provider.name(), offered.join(", "))?;
    for account in provider.accounts()?.accounts(access).await? {
        writeln!(out, "account {}: {}", account.id, latest(&*provider, access, &account.id).await?)?;
    }
    Ok(())
}

/// The latest transaction of an account, in words.
async fn latest(
    provider: &dyn Provider,
    access: &ConsentReference,
    account_id: &str,
) -> Result<String, Box<dyn Error>> {
    if !provider.capabilities().contains(&Capability::Transactions) {
        return Ok("transactions are not offered".to_owned());
    }
    let page = provider.transactions()?.page(access, account_id, &TransactionQuery::default().page_size(1)).await?;
    let Some(transaction) = page.items.first() else { return Ok("no transaction".to_owned()) };
    Ok(format!("{} {}", transaction.signed_amount(), transaction.amount.currency))
}
