//! Reads a payment order and says what would be sent. Nothing is sent.
//!
//! ```sh
//! cargo run -p obkit-example-build-script
//! ```

use obkit_example_build_script::payments::{Auth, BASE_URL, Client, Transport, types};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let order =
        r#"{"amount": 10.50, "currency": "GBP", "creditor": {"name": "A. Smith", "iban": "GB33BUKB20201555555555"}}"#;
    let payment: types::NewPayment = serde_json::from_str(order)?;
    println!("to {BASE_URL}: {payment:?}");

    let client = Client::new(BASE_URL, Transport::builder("payments").auth(Auth::bearer("token")).build()?);
    let _never_sent = client.create_payment().idempotency_key("order-1").body(payment);
    Ok(())
}
