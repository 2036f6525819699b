//! A payment that is made once, whatever goes wrong.
//!
//! The key in the [`PaymentRequest`] makes it one payment: it stands in the permission and in every attempt to submit. Keep it
//! beside the order *before* anything is sent; then a program that dies in between goes on with the same key.
//!
//! ```sh
//! cargo run -p obkit-example-domain --example payment
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, ConsentReference, Creditor, Currency, IdempotencyKey, Money, Payment,
    PaymentRequest,
};
use obkit::provider::{Polled, Polling, Provider, until_final};
use obkit::runtime::Effect;
use obkit_example_domain::Setup;

/// How often a payment is submitted, each time with the connection's own retries and pauses.
const ATTEMPTS: u32 = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let setup = Setup::new(&["yapily"]).await?;
    let provider = setup.connect("yapily")?;
    // Here the key would be written beside the order.
    let payment = order(IdempotencyKey::mint()?)?;
    let out = &mut stdout();
    let id = ask(&*provider, "modelo-sandbox", &payment, out).await?;
    // ... the payer comes back ...
    pay(&*provider, &id, &payment, &Polling::default(), out).await
}

/// What is to be paid, under a key of its own.
///
/// # Errors
/// The amount is none.
pub fn order(key: IdempotencyKey) -> Result<PaymentRequest, Box<dyn Error>> {
    let account =
        AccountIdentifier::SortCodeAccountNumber { sort_code: "123456".into(), account_number: "12345678".into() };
    let amount = Money::new("8.70".parse()?, Currency::GBP);
    Ok(PaymentRequest::with_key(key, Creditor::new("Jane Doe", account), amount).reference("Bill 88"))
}

/// Asks the payer for permission, and gives the id of the consent, to be kept until the payer is back. No money moves.
///
/// # Errors
/// The provider could not be asked, or says no.
pub async fn ask(
    provider: &dyn Provider,
    institution: &str,
    payment: &PaymentRequest,
    out: &mut dyn Write,
) -> Result<String, Box<dyn Error>> {
    let payer = AuthorisationRequest::new(institution).redirect_url("https://shop.example/back");
    let consent = provider.payments()?.authorise(&payer, payment).await?.consent;
    let url = consent.authorisation_url.as_ref().ok_or("the provider says no place to authorise")?;
    writeln!(out, "please authorise {} at {}", payment.amount, url.expose())?;
    Ok(consent.id)
}

/// Pays when the payer has decided, and waits for the end.
///
/// # Errors
/// A state could not be read, or there is no decision. What became of the payment is no error: it is written to `out`.
pub async fn pay(
    provider: &dyn Provider,
    consent_id: &str,
    payment: &PaymentRequest,
    polling: &Polling,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let consents = provider.consents()?;
    let Polled::Final(consent) = until_final(polling, || consents.consent(consent_id)).await? else {
        return Err("the payer has not decided yet".into());
    };
    let access = consent.reference();
    match submit(provider, &access, payment, out).await? {
        Outcome::Made(made) => {
            let payments = provider.payments()?;
            let (Polled::Final(made) | Polled::Unfinished(made)) =
                until_final(polling, || payments.payment(&access, &made.id)).await?;
            writeln!(
                out,
                "payment {}: {}",
                made.id,
                made.status.map_or_else(String::new, |status| status.to_string())
            )?;
        }
        Outcome::NotMade(error) => writeln!(out, "not paid: {error}")?,
        Outcome::Unknown(error) => {
            writeln!(out, "perhaps paid: submit again under the key {} later: {error}", payment.idempotency_key)?;
        }
    }
    Ok(())
}

/// What is known of a payment that was submitted.
pub enum Outcome {
    /// The provider has it.
    Made(Box<Payment>),
    /// It had no effect: mend what is wrong and pay again, under any key.
    NotMade(obkit::Error),
    /// Nobody knows. **No new payment:** the same one again, under the same key.
    Unknown(obkit::Error),
}

/// Submits a payment until something is known of it.
async fn submit(
    provider: &dyn Provider,
    access: &ConsentReference,
    payment: &PaymentRequest,
    out: &mut dyn Write,
) -> Result<Outcome, Box<dyn Error>> {
    let mut attempt = 1;
    loop {
        match provider.payments()?.submit(access, payment).await {
            Ok(made) => return Ok(Outcome::Made(Box::new(made))),
            // The same request has the same key: whether the provider has it by now or not, this makes one payment.
            Err(error) if error.is_retryable() && attempt < ATTEMPTS => writeln!(out, "attempt {attempt}: {error}")?,
            // Of a later attempt, this would say nothing about the earlier ones.
            Err(error) if attempt == 1 && error.effect() == Effect::None => return Ok(Outcome::NotMade(error)),
            Err(error) => return Ok(Outcome::Unknown(error)),
        }
        attempt += 1;
    }
}
