//! A mandate for variable recurring payments: asked for, authorised, paid under within its limits, and taken back.
//!
//! ```sh
//! cargo run -p obkit-example-domain --example mandate
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, Coded, ConsentStatus, Creditor, Currency, LimitAlignment, LimitPeriod,
    LimitRequest, Mandate, MandateKind, MandatePaymentRequest, MandateRequest, Money,
};
use obkit::provider::{Polled, Polling, Provider, until_final};
use obkit_example_domain::Setup;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let setup = Setup::new(&["yapily"]).await?;
    let provider = setup.connect("yapily")?;
    let (polling, out) = (Polling::default(), &mut stdout());
    let id = ask(&*provider, "modelo-sandbox", out).await?;
    // ... the payer comes back ...
    let Some(mandate) = wait(&*provider, &id, &polling, out).await? else { return Ok(()) };
    // Ten pounds, and then more than the payer allows at once.
    for amount in ["10.00", "10.01"] {
        // Here the payment, with its key, would be kept before it is sent.
        let payment = MandatePaymentRequest::new(gbp(amount)?)?;
        pay(&*provider, &mandate, &payment, &polling, out).await?;
    }
    provider.mandates()?.delete_mandate(&mandate.id).await?;
    writeln!(out, "mandate {}: taken back", mandate.id)?;
    Ok(())
}

/// Asks the payer for at most ten pounds at once and a hundred a day, and gives the id of the mandate.
///
/// # Errors
/// The provider could not be asked, or says no.
pub async fn ask(provider: &dyn Provider, institution: &str, out: &mut dyn Write) -> Result<String, Box<dyn Error>> {
    let account =
        AccountIdentifier::SortCodeAccountNumber { sort_code: "123456".into(), account_number: "12345678".into() };
    let daily = LimitRequest { amount: gbp("100.00")?, period: LimitPeriod::Day, alignment: LimitAlignment::Consent };
    let request = MandateRequest::new(MandateKind::Sweeping, Creditor::new("John Doe", account), gbp("10.00")?, daily)
        .reference("Sweeping");
    let payer = AuthorisationRequest::new(institution).redirect_url("https://shop.example/back");
    let mandate = provider.mandates()?.create_mandate(&payer, &request).await?;
    let url = mandate.authorisation_url.as_ref().ok_or("the provider says no place to authorise")?;
    writeln!(out, "mandate {}: please authorise at {}", mandate.id, url.expose())?;
    Ok(mandate.id)
}

/// Waits until the payer has decided, and gives the mandate if that was yes.
///
/// # Errors
/// The state could not be read.
pub async fn wait(
    provider: &dyn Provider,
    id: &str,
    polling: &Polling,
    out: &mut dyn Write,
) -> Result<Option<Mandate>, Box<dyn Error>> {
    let mandates = provider.mandates()?;
    let (Polled::Final(mandate) | Polled::Unfinished(mandate)) =
        until_final(polling, || mandates.mandate(MandateKind::Sweeping, id)).await?;
    writeln!(
        out,
        "mandate {}: {}",
        mandate.id,
        mandate.status.as_ref().map_or("unknown", |status| status.word.as_str())
    )?;
    // The payer may have granted less than was asked for.
    if let Some(most) = mandate.max_per_payment {
        writeln!(out, "  at most {most} at once")?;
    }
    for limit in &mandate.limits {
        writeln!(out, "  at most {} {:?}", limit.amount, limit.period.as_ref().and_then(Coded::code))?;
    }
    let status = mandate.status.as_ref().and_then(Coded::code);
    Ok((status == Some(ConsentStatus::Authorised)).then_some(mandate))
}

/// Pays, if the mandate allows it and the account can bear it.
///
/// # Errors
/// The provider could not be called, or says no, for a limit of a period perhaps. A payment that fails with
/// [`may_have_been_sent`](obkit::Error::may_have_been_sent) is repeated with the same `payment`, as the example `payment` does.
pub async fn pay(
    provider: &dyn Provider,
    mandate: &Mandate,
    payment: &MandatePaymentRequest,
    polling: &Polling,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let (mandates, access, amount) = (provider.mandates()?, mandate.consent(), &payment.amount);
    let fits = |most: &Money| most.currency == amount.currency && amount.amount <= most.amount;
    // What was paid within the period before, the bank counts.
    if !mandate.max_per_payment.iter().chain(mandate.limits.iter().map(|limit| &limit.amount)).all(fits) {
        writeln!(out, "{amount} is more than the mandate allows")?;
        return Ok(());
    }
    if !mandates.confirm_funds(&access, amount).await?.available {
        writeln!(out, "{amount} is not there at the moment")?;
        return Ok(());
    }
    let made = mandates.pay(&access, payment).await?;
    let (Polled::Final(made) | Polled::Unfinished(made)) =
        until_final(polling, || mandates.mandate_payment(&access, &made.id)).await?;
    writeln!(
        out,
        "payment {} of {amount}: {}",
        made.id,
        made.status.map_or_else(String::new, |status| status.to_string())
    )?;
    Ok(())
}

fn gbp(amount: &str) -> Result<Money, Box<dyn Error>> {
    Ok(Money::new(amount.parse()?, Currency::GBP))
}
