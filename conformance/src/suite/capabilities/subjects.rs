//! What the capabilities are called with, where no answer gives it.

use obkit::Unsupported;
use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, BulkPaymentRequest, ConsentRequest, Creditor, Currency, IdempotencyKey,
    LimitAlignment, LimitPeriod, LimitRequest, MandateKind, MandatePaymentRequest, MandateRequest, Money,
    PaymentLinkRequest, PaymentRequest, Timestamp, UserRequest, WebhookEventType, WebhookRequest,
};

/// The id of something that no answer named.
pub(super) const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
/// Where people come back to.
const BACK: &str = "https://application.example/back";
/// Where webhooks go.
const HOOKS: &str = "https://application.example/hooks";
/// A key that is neither too long nor too short for any provider.
const KEY: &str = "1d54cf71bfe44b1b8e67247aed455d96";
/// A call that came to no end.
pub(super) const NO_END: Unsupported = Unsupported { provider: "the provider", what: "an end to the call" };

/// Consents to ask for: with all that can be asked for, and then with ever less, as not each provider takes all.
pub(super) fn consents(institution: &str) -> Vec<ConsentRequest> {
    let bare = ConsentRequest::new(institution);
    let back = bare.clone().redirect_url(BACK);
    let user = back.clone().user_id(UNKNOWN);
    let window = user.clone().transactions(time("2026-01-01T00:00:00Z"), time("2026-12-31T00:00:00Z"));
    let ends = |request: &ConsentRequest| time("2027-01-01T00:00:00Z").map(|at| request.clone().expires_at(at));
    [ends(&window), ends(&back), Some(window), Some(user), Some(back), Some(bare)].into_iter().flatten().collect()
}

/// Who is asked to authorise a payment.
pub(super) fn payer(institution: &str) -> AuthorisationRequest {
    AuthorisationRequest::new(institution).user_id(UNKNOWN).redirect_url(BACK)
}

/// A payment, to each form of account in turn.
pub(super) fn payments() -> Vec<PaymentRequest> {
    each_payee(|key, payee, amount| PaymentRequest::with_key(key, payee, amount).reference("Bill 88"))
}

/// Several payments at once.
pub(super) fn bulks() -> Vec<BulkPaymentRequest> {
    each_payee(|key, payee, amount| {
        BulkPaymentRequest::with_key(key.clone(), vec![PaymentRequest::with_key(key, payee, amount)])
    })
}

/// A mandate of a kind.
pub(super) fn mandates(kind: MandateKind) -> Vec<MandateRequest> {
    each_payee(|_, payee, amount| {
        let limit = LimitRequest { amount, period: LimitPeriod::Month, alignment: LimitAlignment::Consent };
        let request = MandateRequest::new(kind, payee, amount, limit).reference("Savings");
        request.valid(time("2026-12-01T00:00:00Z"), time("2027-12-01T00:00:00Z"))
    })
}

/// A payment under a mandate.
pub(super) fn mandate_payments() -> Vec<MandatePaymentRequest> {
    key().zip(pounds()).map(|(key, amount)| MandatePaymentRequest::with_key(key, amount)).into_iter().collect()
}

/// A payment link, to each form of account in turn, with what some provider needs.
pub(super) fn links(institution: &str) -> Vec<PaymentLinkRequest> {
    each_payee(|_, payee, amount| {
        let link = PaymentLinkRequest::new(payee, amount).reference("Bill 88").redirect_url(BACK);
        link.institution(institution).country("GB").user_id(UNKNOWN)
    })
}

/// A user by all that a provider may know them by.
pub(super) fn user() -> UserRequest {
    UserRequest::default().application_user_id("user-1").email("jane@application.example")
}

/// Webhooks to register: for the kinds of events that the provider lists, and then for one of a consent, as not each
/// provider takes both.
pub(super) fn webhooks(types: Vec<WebhookEventType>) -> Vec<WebhookRequest> {
    let listed = WebhookRequest::new(HOOKS, types.into_iter().map(|kind| kind.name)).backup_url(HOOKS);
    vec![listed, WebhookRequest::new(HOOKS, ["ACCOUNTS"]).consent(UNKNOWN)]
}

/// A sum.
pub(super) fn pounds() -> Option<Money> {
    let currency: Currency = "GBP".parse().ok()?;
    Some(Money::new("8.70".parse().ok()?, currency))
}

fn each_payee<T>(request: impl Fn(IdempotencyKey, Creditor, Money) -> T) -> Vec<T> {
    let accounts = [
        AccountIdentifier::SortCodeAccountNumber { sort_code: "123456".into(), account_number: "12345678".into() },
        AccountIdentifier::Iban { iban: "GB29NWBK60161331926819".into() },
    ];
    let made = |account| Some(request(key()?, Creditor::new("Jane Doe", account), pounds()?));
    accounts.into_iter().filter_map(made).collect()
}

fn key() -> Option<IdempotencyKey> {
    KEY.parse().ok()
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
