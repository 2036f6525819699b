//! Payment links of FinqLink.

use obkit_finqlink::types as finqlink;
use obkit_runtime::{DateTime, Nullable, Sensitive, Uuid};

use super::client::{FinqLink, pagination};
use super::map::{LINKS, MAPPER, next};
use crate::domain::{
    AccountIdentifier, Coded, Page, PaymentLink, PaymentLinkQuery, PaymentLinkRequest, PaymentLinkStatus, Source,
};
use crate::error::{Error, MapError};
use crate::provider::mapping::mapped;
use crate::provider::mapping::{each, invalid_request};
use crate::provider::request::{Writer, payable};
use crate::provider::{PaymentLinks, Reply};

const WRITER: Writer = Writer { provider: "finqlink" };

impl PaymentLinks for FinqLink {
    fn create_link<'a>(&'a self, link: &'a PaymentLinkRequest) -> Reply<'a, PaymentLink> {
        Box::pin(async move {
            let mut body = finqlink::CreateLinkRequest::new(self.client_id()?);
            body.client_secret = self.client_secret.clone();
            describe(link, &mut body)?;
            mapped(self.api().create_link().body(body).send().await?, created)
        })
    }

    fn link<'a>(&'a self, id: &'a str) -> Reply<'a, PaymentLink> {
        Box::pin(async move {
            let id = finqlink::LinkId::try_from(id)
                .map_err(|_| invalid_request("the id of the link is not one of this provider: no UUID"))?;
            let mut body = finqlink::GetLinkRequest::new(self.client_id()?, id);
            body.client_secret = self.client_secret.clone();
            mapped(self.api().get_link().body(body).send().await?, link)
        })
    }

    fn links<'a>(&'a self, query: &'a PaymentLinkQuery) -> Reply<'a, Page<PaymentLink>> {
        Box::pin(async move {
            let mut filter = finqlink::LinksFilter::new();
            filter.status = query.filter.status.map(word);
            filter.inserted_at_from = query.from.map(DateTime::from);
            filter.inserted_at_to = query.to.map(DateTime::from);
            let mut body = finqlink::ListLinksRequest::new(self.client_id()?);
            body.client_secret = self.client_secret.clone();
            body.filter = (filter != finqlink::LinksFilter::new()).then_some(filter);
            body.pagination = pagination(LINKS, query.cursor.as_ref(), query.page_size)?;
            mapped(self.api().list_links().body(body).send().await?, links)
        })
    }
}

/// Writes what is asked for. FinqLink knows accounts by their IBAN alone.
fn describe(source: &PaymentLinkRequest, body: &mut finqlink::CreateLinkRequest) -> Result<(), Error> {
    if source.expires_at.is_some() {
        return Err(WRITER.unsupported("payment links that end at a chosen time"));
    }
    if source.creditor.bank.is_some() || source.creditor.country.is_some() {
        return Err(WRITER.unsupported("the bank or the country of a payee"));
    }
    let amount = payable(&source.amount)?;
    let text = amount.amount.to_string();
    let text = finqlink::DecimalValue::try_from(text.as_str());
    body.amount = Some(text.map_err(|_| invalid_request("the amount is not one of plain digits"))?);
    body.currency = Some(amount.currency.as_str().to_owned());
    body.description = source.reference.clone();
    body.creditor = Some(party(Some(&source.creditor.name), &source.creditor.account)?);
    let debtor = source.debtor.as_ref();
    body.debtor = debtor.map(|debtor| party(debtor.name.as_ref(), &debtor.account)).transpose()?;
    let institution = source.institution_id.as_deref();
    body.payment_method = institution.map(|id| finqlink::PaymentMethodFilter::new().with_provider_id(id));
    body.options = source.redirect_url.as_deref().map(|url| finqlink::LinkOptions::new().with_redirect_url(url));
    Ok(())
}

fn party(name: Option<&Sensitive>, account: &AccountIdentifier) -> Result<finqlink::PaymentParty, Error> {
    let AccountIdentifier::Iban { iban } = account else {
        return Err(WRITER.unsupported("accounts without an IBAN"));
    };
    let mut party = finqlink::PaymentParty::new().with_iban(iban.clone());
    party.name = name.cloned();
    Ok(party)
}

/// A link that has just been made. In the flow without a page, the payer goes to the bank at once.
///
/// # Errors
/// It has no id, or a date has no offset.
pub fn created(source: &finqlink::CreateLinkResponse) -> Result<PaymentLink, MapError> {
    let id = MAPPER.required("link_id", source.link_id.as_ref())?;
    let mut link = bare(id, &source.web_url, source.status.as_ref(), source.expires_at.as_ref())?;
    link.url = link.url.or_else(|| source.sca_url.clone());
    link.source = Source::of(source.clone());
    Ok(link)
}

/// The state of a link.
///
/// # Errors
/// A date has no offset.
pub fn link(source: &finqlink::GetLinkResponse) -> Result<PaymentLink, MapError> {
    let mut link = bare(&source.link_id, &source.web_url, Some(&source.status), source.expires_at.as_ref())?;
    link.is_expired = source.is_expired;
    link.source = Source::of(source.clone());
    Ok(link)
}

/// A page of links.
///
/// # Errors
/// A link has no id, a date has no offset, or the next page cannot be found.
pub fn links(source: &finqlink::ListLinksResponse) -> Result<Page<PaymentLink>, MapError> {
    let items = each("links", &source.links, |summary| {
        let id = MAPPER.required("link_id", summary.link_id.as_ref())?;
        let mut link = bare(id, &summary.web_url, summary.status.as_ref(), summary.expires_at.as_ref())?;
        link.source = Source::of(summary.clone());
        Ok(link)
    })?;
    let last = source.links.last().and_then(|link| link.keyset.as_ref());
    Ok(Page { items, next: next(LINKS, source.pagination.as_ref(), last)?, total: None })
}

/// What all answers have. None of them says what is to be paid.
fn bare(
    id: &Uuid,
    url: &Nullable<Sensitive>,
    status: Option<&finqlink::LinkStatus>,
    expires_at: Option<&DateTime>,
) -> Result<PaymentLink, MapError> {
    Ok(PaymentLink {
        id: id.as_str().to_owned(),
        url: url.as_option().cloned(),
        status: status.map(|word| Coded::new(meaning(word), word.as_str())),
        amount: None,
        creditor: None,
        debtor: None,
        reference: None,
        created_at: None,
        expires_at: MAPPER.time("expires_at", expires_at)?,
        is_expired: None,
        payments: Vec::new(),
        source: Source::default(),
    })
}

/// Each status and its word; both ways.
macro_rules! statuses {
    ($($word:ident $meaning:ident,)*) => {
        fn meaning(word: &finqlink::LinkStatus) -> Option<PaymentLinkStatus> {
            match word {
                $(finqlink::LinkStatus::$word => Some(PaymentLinkStatus::$meaning),)*
                _ => None,
            }
        }

        fn word(meaning: PaymentLinkStatus) -> finqlink::LinkStatus {
            match meaning {
                $(PaymentLinkStatus::$meaning => finqlink::LinkStatus::$word,)*
            }
        }
    };
}

statuses! {
    Created Created,
    Started Started,
    Requested Requested,
    IntentAccepted IntentAccepted,
    AwaitingAuthz AwaitingAuthorisation,
    Received Received,
    Submitted Submitted,
    Completed Completed,
    Failed Failed,
    Revoked Revoked,
    FundsReceived FundsReceived,
    FundsRejected FundsRejected,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_status_has_a_meaning_and_goes_back_to_its_word() {
        let finals = ["completed", "failed", "revoked", "funds_received", "funds_rejected"];
        for text in finqlink::LinkStatus::VALUES {
            let status: finqlink::LinkStatus = text.parse().unwrap();
            let meant = meaning(&status).unwrap();
            assert_eq!(word(meant).as_str(), *text);
            assert_eq!(meant.is_final(), finals.contains(text), "{text}");
        }
        assert_eq!(meaning(&finqlink::LinkStatus::from("tomorrow")), None);
    }
}
