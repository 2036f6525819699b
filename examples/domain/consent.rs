//! The life of a consent: asked for, authorised by the account holder, used, and taken back.
//!
//! In a web application, [`ask`] is in the handler that sends the holder to the bank, [`wait`] in the one that the holder comes
//! back to, and what stands between is the id of the consent.
//!
//! ```sh
//! cargo run -p obkit-example-domain --example consent
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use obkit::domain::{Coded, ConsentReference, ConsentRequest, ConsentStatus};
use obkit::mock::InMemory;
use obkit::provider::{Polled, Polling, Provider, until_final};
use obkit_example_domain::Setup;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let out = &mut stdout();
    if std::env::var_os("CONNECTIONS_FILE").is_some() {
        let provider = Setup::new(&["yapily"]).await?.connect("yapily")?;
        let id = ask(&*provider, "modelo-sandbox", out).await?;
        return wait_and_use(&*provider, &id, out).await;
    }
    // A bank in memory has real states. The holder is this line.
    let bank = InMemory::sample();
    let id = ask(&bank, "sample-bank", out).await?;
    bank.authorise(&id)?;
    wait_and_use(&bank, &id, out).await
}

async fn wait_and_use(provider: &dyn Provider, id: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    match wait(provider, id, &Polling::default(), out).await? {
        Some(access) => use_and_revoke(provider, &access, out).await,
        None => Ok(()),
    }
}

/// Asks the holder for permission, and gives the id of the consent, to be kept until the holder is back.
///
/// # Errors
/// The provider could not be asked, or says no.
pub async fn ask(provider: &dyn Provider, institution: &str, out: &mut dyn Write) -> Result<String, Box<dyn Error>> {
    let request = ConsentRequest::new(institution).user_id("customer-1042").redirect_url("https://shop.example/back");
    let consent = provider.consents()?.create(&request).await?;
    let url = consent.authorisation_url.as_ref().ok_or("the provider says no place to authorise")?;
    // The one reader who may see the URL is the holder: whoever opens it can go on in the holder's name.
    writeln!(out, "consent {}: please authorise at {}", consent.id, url.expose())?;
    Ok(consent.id)
}

/// Waits until the holder has decided. There is nothing to use when that was no, or when there was no decision in time.
///
/// # Errors
/// The state could not be read.
pub async fn wait(
    provider: &dyn Provider,
    id: &str,
    polling: &Polling,
    out: &mut dyn Write,
) -> Result<Option<ConsentReference>, Box<dyn Error>> {
    let consents = provider.consents()?;
    let consent = match until_final(polling, || consents.consent(id)).await? {
        Polled::Final(consent) => consent,
        // Nothing has failed: the holder may still come.
        Polled::Unfinished(consent) => {
            writeln!(out, "consent {}: not decided yet", consent.id)?;
            return Ok(None);
        }
    };
    let status = consent.status.as_ref().and_then(Coded::code);
    writeln!(
        out,
        "consent {}: {}",
        consent.id,
        consent.status.as_ref().map_or("unknown", |status| status.word.as_str())
    )?;
    // It holds the token of the consent, so it is a secret; where secrets are kept, it goes as JSON.
    Ok((status == Some(ConsentStatus::Authorised)).then(|| consent.reference()))
}

/// Reads what was permitted, and takes the consent back.
///
/// # Errors
/// The provider could not be called, or says no: the holder may have taken the consent back at the bank.
pub async fn use_and_revoke(
    provider: &dyn Provider,
    access: &ConsentReference,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    for account in provider.accounts()?.accounts(access).await? {
        writeln!(out, "account {}", account.id)?;
    }
    provider.consents()?.delete(&access.id).await?;
    writeln!(out, "consent {}: taken back", access.id)?;
    Ok(())
}
