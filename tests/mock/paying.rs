//! Payments, mandates, payment links and jobs.

use std::time::Duration;

use obkit::domain::{
    AccountIdentifier, AuthorisationRequest, BulkPaymentRequest, Coded, ConsentReference, ConsentStatus, Creditor,
    IdempotencyKey, LimitAlignment, LimitPeriod, LimitRequest, MandateKind, MandatePaymentRequest, MandateRequest,
    PayerPresence, PaymentEnd, PaymentFrequency, PaymentLinkQuery, PaymentLinkRequest, PaymentLinkStatus,
    PaymentRequest, PaymentStatus, PaymentTiming, PeriodicPayment, RefreshJobStatus,
};
use obkit::mock::{InMemory, codes};
use obkit::provider::{Payments, Polled, Polling, Provider, until_final};

use crate::{access, gbp, refused};

fn jane() -> Creditor {
    let account =
        AccountIdentifier::SortCodeAccountNumber { sort_code: "200000".into(), account_number: "55779911".into() };
    Creditor::new("Jane Sample", account)
}

fn key(text: &str) -> IdempotencyKey {
    text.parse().unwrap()
}

fn payment(id: &str, amount: &str) -> PaymentRequest {
    PaymentRequest::with_key(key(id), jane(), gbp(amount)).reference("Bill")
}

/// The consent of a payment that the payer has authorised.
async fn permission(bank: &InMemory, request: &PaymentRequest) -> ConsentReference {
    let payer = AuthorisationRequest::new("sample-bank");
    let asked = bank.payments().unwrap().authorise(&payer, request).await.unwrap();
    assert_eq!(asked.idempotency_key.as_ref(), Some(&request.idempotency_key));
    bank.authorise(&asked.consent.id).unwrap();
    bank.consents().unwrap().consent(&asked.consent.id).await.unwrap().reference()
}

fn status(payment: &obkit::domain::Payment) -> PaymentStatus {
    payment.status.as_ref().and_then(Coded::code).unwrap()
}

#[tokio::test]
async fn a_payment_is_executed_once_for_its_key() {
    let bank = InMemory::sample();
    let payments: &dyn Payments = bank.payments().unwrap();
    let request = payment("k1", "8.70");
    let asked = payments.authorise(&AuthorisationRequest::new("sample-bank"), &request).await.unwrap();
    let early = payments.submit(&asked.consent.reference(), &request).await;
    assert_eq!(refused(early), (403, codes::CONSENT_NOT_AUTHORISED.to_owned()));

    let consent = permission(&bank, &request).await;
    let made = payments.submit(&consent, &request).await.unwrap();
    assert_eq!((made.amount, status(&made)), (Some(gbp("8.70")), PaymentStatus::Pending));
    assert_eq!((made.idempotency_key.as_deref(), made.reference.as_deref()), (Some("k1"), Some("Bill")));
    assert_eq!(payments.submit(&consent, &request).await.unwrap().id, made.id, "a repetition is the same payment");
    assert_eq!(bank.executed().len(), 1);

    let other = payment("k1", "8.71");
    let conflict = permission(&bank, &other).await;
    let error = payments.submit(&conflict, &other).await.unwrap_err();
    assert_eq!(error.call().unwrap().idempotency_key(), Some("k1"));
    assert_eq!(refused(Err::<(), _>(error)), (409, codes::IDEMPOTENCY_CONFLICT.to_owned()));
    let again = payment("k2", "8.70");
    assert_eq!(refused(payments.submit(&consent, &again).await), (403, codes::CONSENT_CONSUMED.to_owned()));
    let differs = permission(&bank, &payment("k3", "1")).await;
    let other = payments.submit(&differs, &payment("k4", "1")).await;
    assert_eq!(refused(other), (400, codes::PAYMENT_DIFFERS.to_owned()));
    let reading = access(&bank).await;
    assert_eq!(refused(payments.submit(&reading, &payment("k5", "1")).await).1, codes::CONSENT_SCOPE);
    let scope = bank.accounts().unwrap().accounts(&differs).await;
    assert_eq!(refused(scope), (403, codes::CONSENT_SCOPE.to_owned()));
    assert_eq!(bank.executed().len(), 1);

    let error = payments.submit(&consent, &payment("k6", "1.001")).await.unwrap_err();
    assert!(!error.may_have_been_sent(), "what no provider sends is not sent here: {error}");
}

#[tokio::test]
async fn a_payment_comes_to_its_end_step_by_step() {
    let bank = InMemory::sample();
    let payments = bank.payments().unwrap();
    let request = payment("k1", "1");
    let consent = permission(&bank, &request).await;
    let id = payments.submit(&consent, &request).await.unwrap().id;
    let read = async || status(&payments.payment(&consent, &id).await.unwrap());
    assert_eq!(read().await, PaymentStatus::Pending);
    bank.advance(&id).unwrap();
    assert_eq!(read().await, PaymentStatus::AcceptedSettlementInProcess);
    bank.pass_time(Duration::from_secs(60));
    bank.settle(&id).unwrap();
    let settled = payments.payment(&consent, &id).await.unwrap();
    assert_eq!(status(&settled), PaymentStatus::AcceptedSettlementCompleted);
    assert_eq!(settled.status_at, Some(bank.now()));
    assert_eq!(
        bank.refuse(&id).unwrap_err().to_string(),
        "payment payment-1 is AcceptedSettlementCompleted and stays so"
    );
    assert_eq!(refused(payments.payment(&consent, "payment-9").await).0, 404);

    let request = payment("k2", "1");
    let other = permission(&bank, &request).await;
    assert_eq!(refused(payments.payment(&other, &id).await).0, 404, "a payment is read under its own consent");
    let refused_id = payments.submit(&other, &request).await.unwrap().id;
    bank.refuse(&refused_id).unwrap();
    assert_eq!(status(&bank.executed()[1]), PaymentStatus::Rejected);

    let first = bank.now();
    let periodic = PeriodicPayment { first, frequency: PaymentFrequency::MONTHLY, end: PaymentEnd::Open };
    let request = payment("k3", "1").timing(PaymentTiming::Periodic(periodic));
    let consent = permission(&bank, &request).await;
    let id = payments.submit(&consent, &request).await.unwrap().id;
    bank.settle(&id).unwrap();
    assert_eq!(status(&payments.payment(&consent, &id).await.unwrap()), PaymentStatus::Active);
}

#[tokio::test(start_paused = true)]
async fn polling_sees_a_payment_advance() {
    let bank = InMemory::sample().advancing();
    let payments = bank.payments().unwrap();
    let request = payment("k1", "1");
    let consent = permission(&bank, &request).await;
    let id = payments.submit(&consent, &request).await.unwrap().id;
    let polled = until_final(&Polling::default(), || payments.payment(&consent, &id)).await.unwrap();
    let Polled::Final(settled) = polled else { panic!("{polled:?}") };
    assert_eq!(status(&settled), PaymentStatus::AcceptedSettlementCompleted);
    let read = bank.calls().iter().filter(|call| call.operation == "payment").count();
    assert_eq!(read, 3, "pending, in process, settled");

    let access = access(&bank).await;
    let jobs = bank.refresh_jobs().unwrap();
    let job = jobs.refresh(&access).await.unwrap();
    assert_eq!((job.status.code(), job.consent_id), (Some(RefreshJobStatus::Started), Some(access.id)));
    let polled = until_final(&Polling::default(), || jobs.refresh_job(&job.id)).await.unwrap();
    assert!(matches!(polled, Polled::Final(job) if job.status.code() == Some(RefreshJobStatus::Completed)));
}

#[tokio::test]
async fn a_bulk_is_one_payment_under_its_own_key() {
    let bank = InMemory::sample();
    let bulks = bank.bulk_payments().unwrap();
    let bulk = BulkPaymentRequest::with_key(key("b1"), vec![payment("k1", "1"), payment("k2", "2")]);
    let payer = AuthorisationRequest::new("sample-bank");
    let asked = bulks.authorise_bulk(&payer, &bulk).await.unwrap();
    assert_eq!(asked.idempotency_key, None);
    bank.authorise(&asked.consent.id).unwrap();
    let consent = bank.consents().unwrap().consent(&asked.consent.id).await.unwrap().reference();
    let made = bulks.submit_bulk(&consent, &bulk).await.unwrap();
    assert_eq!(bulks.submit_bulk(&consent, &bulk).await.unwrap(), made);
    bank.settle(&made.id).unwrap();
    assert!(status(&bulks.bulk_payment(&consent, &made.id).await.unwrap()).is_success());
    assert_eq!(bank.executed().len(), 1);
    let nothing = BulkPaymentRequest::with_key(key("b2"), Vec::new());
    assert!(!bulks.authorise_bulk(&payer, &nothing).await.unwrap_err().may_have_been_sent());
}

fn mandate(limit: &str, per_payment: &str) -> MandateRequest {
    let limit = LimitRequest { amount: gbp(limit), period: LimitPeriod::Month, alignment: LimitAlignment::Consent };
    MandateRequest::new(MandateKind::Sweeping, jane(), gbp(per_payment), limit)
}

async fn granted(bank: &InMemory, request: &MandateRequest) -> ConsentReference {
    let mandates = bank.mandates().unwrap();
    let asked = mandates.create_mandate(&AuthorisationRequest::new("sample-bank"), request).await.unwrap();
    bank.authorise(&asked.id).unwrap();
    mandates.mandate(request.kind, &asked.id).await.unwrap().consent()
}

#[tokio::test]
async fn a_mandate_keeps_its_limits() {
    let bank = InMemory::sample();
    let mandates = bank.mandates().unwrap();
    let mandate_of = granted(&bank, &mandate("100", "60")).await;
    let pay = async |id: &str, amount: &str| {
        mandates.pay(&mandate_of, &MandatePaymentRequest::with_key(key(id), gbp(amount))).await
    };
    assert_eq!(refused(pay("k0", "60.01").await), (422, codes::LIMIT_PER_PAYMENT.to_owned()));
    let first = pay("k1", "60").await.unwrap();
    assert_eq!(first.mandate_id.as_deref(), Some(mandate_of.id.as_str()));
    assert_eq!(pay("k1", "60").await.unwrap().id, first.id, "a repetition is the same payment");
    assert_eq!(refused(pay("k1", "59").await), (409, codes::IDEMPOTENCY_CONFLICT.to_owned()));
    assert_eq!(refused(pay("k2", "40.01").await), (422, codes::LIMIT_PER_PERIOD.to_owned()));
    pay("k3", "40").await.unwrap();
    bank.refuse(&first.id).unwrap();
    pay("k4", "60").await.unwrap();
    assert_eq!(refused(pay("k5", "0.01").await).1, codes::LIMIT_PER_PERIOD);
    bank.pass_time(Duration::from_secs(31 * 86_400));
    pay("k6", "60").await.unwrap();

    let present = MandatePaymentRequest::with_key(key("k7"), gbp("1")).presence(PayerPresence::Needed);
    assert_eq!(refused(mandates.pay(&mandate_of, &present).await), (422, codes::PRESENCE.to_owned()));
    let euros = obkit::domain::Money::new(1.into(), obkit::domain::Currency::EUR);
    let euros = MandatePaymentRequest::with_key(key("k8"), euros);
    assert_eq!(refused(mandates.pay(&mandate_of, &euros).await), (422, codes::LIMIT_CURRENCY.to_owned()));
    assert!(mandates.confirm_funds(&mandate_of, &gbp("5000")).await.unwrap().available);
    assert!(!mandates.confirm_funds(&mandate_of, &gbp("5000.01")).await.unwrap().available);
    let read = mandates.mandate_payment(&mandate_of, &first.id).await.unwrap();
    assert_eq!(status(&read), PaymentStatus::Rejected);

    mandates.delete_mandate(&mandate_of.id).await.unwrap();
    assert_eq!(refused(pay("k9", "1").await), (403, codes::CONSENT_REVOKED.to_owned()));
    assert_eq!(bank.executed().len(), 4);
    assert_eq!(refused(mandates.mandate(MandateKind::Commercial, &mandate_of.id).await).0, 404);
}

/// Amounts as large as there are add up to more than there can be: that is beyond any limit, and no panic.
#[tokio::test]
async fn a_mandate_over_the_largest_amount_keeps_its_limits() {
    const MOST: &str = "79228162514264337593543950335";
    for alignment in [LimitAlignment::Consent, LimitAlignment::Calendar] {
        let bank = InMemory::new();
        let mut request = mandate(MOST, MOST);
        request.limit.alignment = alignment;
        let mandate_of = granted(&bank, &request).await;
        let mandates = bank.mandates().unwrap();
        let pay = async |id: &str, amount: &str| {
            mandates.pay(&mandate_of, &MandatePaymentRequest::with_key(key(id), gbp(amount))).await
        };
        pay("k1", "1").await.unwrap();
        assert_eq!(refused(pay("k2", MOST).await).1, codes::LIMIT_PER_PERIOD, "{alignment:?}");
    }
}

#[tokio::test]
async fn a_mandate_holds_from_its_beginning_to_its_end() {
    let bank = InMemory::sample();
    let (day, mandates) = (Duration::from_secs(86_400), bank.mandates().unwrap());
    let request = mandate("100", "60").valid(Some(bank.now() + day), Some(bank.now() + 3 * day));
    let mandate_of = granted(&bank, &request).await;
    let pay = async |id: &str| mandates.pay(&mandate_of, &MandatePaymentRequest::with_key(key(id), gbp("1"))).await;
    assert_eq!(refused(pay("k1").await), (422, codes::MANDATE_NOT_YET_VALID.to_owned()));
    bank.pass_time(day);
    pay("k2").await.unwrap();
    bank.pass_time(2 * day);
    assert_eq!(refused(pay("k3").await), (403, codes::CONSENT_EXPIRED.to_owned()));
    let read = mandates.mandate(MandateKind::Sweeping, &mandate_of.id).await.unwrap();
    assert_eq!(read.status.unwrap().code(), Some(ConsentStatus::Expired));
    let twice = mandate("100", "60").limit(mandate("1", "1").limit);
    let invalid = mandates.create_mandate(&AuthorisationRequest::new("sample-bank"), &twice).await.unwrap_err();
    assert!(!invalid.may_have_been_sent(), "{invalid}");
}

#[tokio::test]
async fn a_payment_link_is_paid_or_lapses() {
    let bank = InMemory::sample();
    let links = bank.payment_links().unwrap();
    let hour = Duration::from_secs(3600);
    let request = PaymentLinkRequest::new(jane(), gbp("12")).reference("Invoice").expires_at(bank.now() + hour);
    let made = links.create_link(&request).await.unwrap();
    assert!(made.url.is_some() && made.is_expired == Some(false));
    bank.settle(&made.id).unwrap();
    let paid = links.link(&made.id).await.unwrap();
    assert_eq!(paid.status.unwrap().code(), Some(PaymentLinkStatus::Completed));
    assert_eq!((paid.payments[0].amount, status(&paid.payments[0]).is_success()), (Some(gbp("12")), true));

    let unused = links.create_link(&request).await.unwrap();
    bank.pass_time(hour);
    assert_eq!(links.link(&unused.id).await.unwrap().is_expired, Some(true));
    assert_eq!(bank.settle(&unused.id).unwrap_err().to_string(), "payment link link-2 is Created and stays so");
    let failed = links.create_link(&PaymentLinkRequest::new(jane(), gbp("1"))).await.unwrap();
    bank.refuse(&failed.id).unwrap();

    let query = PaymentLinkQuery::default().page_size(2);
    let page = links.links(&query).await.unwrap();
    assert_eq!((page.items.len(), page.total), (2, Some(3)));
    let rest = links.links(&query.starting_at(page.next.unwrap())).await.unwrap();
    assert_eq!(rest.items[0].status.as_ref().unwrap().code(), Some(PaymentLinkStatus::Failed));
    let completed = links.links(&PaymentLinkQuery::default().status(PaymentLinkStatus::Completed)).await.unwrap();
    assert_eq!(completed.items[0].id, made.id);
}
