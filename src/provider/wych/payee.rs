//! Stored payees of Wych.

use obkit_runtime::Sensitive;
use obkit_wych::types as wych;

use super::client::call;
use super::{Wych, map};
use crate::domain::{Coded, ConsentReference, Party, Payee, PayeeKind, Source};
use crate::provider::{Payees, Reply};

impl Payees for Wych {
    fn payees<'a>(&'a self, _: &'a ConsentReference, account_id: &'a str) -> Reply<'a, Vec<Payee>> {
        Box::pin(async move { Ok(payees(&call!(self.get_payees()).account_id(account_id).send().await?, account_id)) })
    }
}

/// The payees of an answer.
#[must_use]
pub fn payees(source: &[wych::Payee], account_id: &str) -> Vec<Payee> {
    source.iter().map(|item| payee(item, account_id)).collect()
}

fn payee(source: &wych::Payee, account_id: &str) -> Payee {
    Payee {
        id: source.id.as_ref().map(|id| id.as_str().to_owned()),
        account_id: Some(account_id.to_owned()),
        kind: source.type_.as_ref().map(kind),
        trusted: None,
        nickname: source.nickname.as_deref().map(Sensitive::from),
        reference: None,
        creditor: source.payee_details.as_ref().map(creditor),
        address: None,
        source: Source::of(source.clone()),
    }
}

/// The kind of a payee.
pub(super) fn kind(kind: &wych::PayeeType) -> Coded<PayeeKind> {
    let code = match kind {
        wych::PayeeType::Biller => Some(PayeeKind::Biller),
        wych::PayeeType::DigitalWallet => Some(PayeeKind::DigitalWallet),
        wych::PayeeType::Domestic => Some(PayeeKind::Domestic),
        wych::PayeeType::International => Some(PayeeKind::International),
        _ => None,
    };
    Coded::new(code, kind.as_str())
}

/// Who is paid.
pub(super) fn creditor(details: &wych::PayeeDetails) -> Party {
    Party { name: details.name.clone(), identifiers: details.account_number.iter().map(map::identifier).collect() }
}
