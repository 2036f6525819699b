//! Lists the accounts of two providers at once.
//!
//! Both are asked in the same moment, through the same trait. One that fails does not take the accounts of the other away.
//!
//! ```sh
//! cargo run -p obkit-example-domain --example accounts
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use futures_util::future::join_all;
use obkit::domain::{Account, ConsentReference};
use obkit::provider::Provider;
use obkit_example_domain::Setup;

/// A connection, and what an account holder has permitted there.
pub type Access = (Box<dyn Provider>, ConsentReference);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let setup = Setup::new(&["yapily", "wych"]).await?;
    let yapily = (setup.connect("yapily")?, setup.access("yapily")?);
    let wych = (setup.connect("wych")?, setup.access("wych")?);
    list(&[yapily, wych], &mut stdout()).await
}

/// Writes a line for each account of all providers.
///
/// # Errors
/// No provider could be read, or `out` cannot be written.
pub async fn list(providers: &[Access], out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let lists = join_all(providers.iter().map(|(provider, access)| accounts(&**provider, access))).await;
    let mut failures = 0;
    for ((provider, _), list) in providers.iter().zip(lists) {
        match list {
            Ok(accounts) => {
                for account in &accounts {
                    write_account(provider.name(), account, out)?;
                }
            }
            // No error shows a secret or what was sent, so it may be printed.
            Err(error) => {
                failures += 1;
                writeln!(out, "{}: {error}", provider.name())?;
            }
        }
    }
    if failures == providers.len() { Err("no provider could be read".into()) } else { Ok(()) }
}

async fn accounts(provider: &dyn Provider, access: &ConsentReference) -> Result<Vec<Account>, obkit::Error> {
    let mut accounts = provider.accounts()?.accounts(access).await?;
    for account in &mut accounts {
        // Some providers send the balances with the account, some want another call.
        if account.balances.is_empty() {
            account.balances = provider.accounts()?.balances(access, &account.id).await?;
        }
    }
    Ok(accounts)
}

fn write_account(provider: &str, account: &Account, out: &mut dyn Write) -> std::io::Result<()> {
    let kind = account.kind.as_ref().map_or_else(|| "account".to_owned(), ToString::to_string);
    // The id is the provider's. Account numbers and names are `Sensitive`: whoever wants one says so, with `expose`.
    write!(out, "{provider}: {kind} {}", account.id)?;
    for balance in &account.balances {
        let kind = balance.kind.as_ref().map_or_else(|| "balance".to_owned(), ToString::to_string);
        write!(out, ", {kind} {} {}", balance.signed_amount(), balance.amount.currency)?;
    }
    writeln!(out)
}
