#![allow(clippy::unwrap_used)]

use super::*;

/// What each listed value means. A value that is new in the document fails the test until somebody decides.
#[test]
fn every_status_is_mapped() {
    use PaymentStatus as S;
    let meanings = [
        ("PENDING", Some(S::Pending), false),
        ("FAILED", Some(S::Failed), true),
        ("DECLINED", Some(S::Rejected), true),
        ("COMPLETED", Some(S::AcceptedSettlementCompleted), true),
        ("COMPLETED_SETTLEMENT_IN_PROCESS", Some(S::AcceptedSettlementInProcess), false),
        ("EXPIRED", Some(S::Expired), true),
        ("UNKNOWN", None, false),
        ("ACTIVE", Some(S::Active), true),
        ("INACTIVE", Some(S::Inactive), true),
    ];
    assert_eq!(meanings.map(|(word, ..)| word), yapily::PaymentStatus::VALUES);
    for (word, meaning, is_final) in meanings {
        let coded = status(Some(&word.parse().unwrap()), None).unwrap();
        assert_eq!((coded.code, coded.word.as_str()), (meaning, word));
        assert_eq!(meaning.is_some_and(S::is_final), is_final, "{word}");
    }
}

#[test]
fn every_iso_code_is_itself() {
    use crate::domain::Code as _;
    for code in yapily::PaymentIsoStatusCodeEnum::VALUES {
        let meaning = iso_status(&code.parse().unwrap());
        match *code {
            "ACCO" => assert_eq!(meaning, None),
            code => assert_eq!(meaning.unwrap().iso(), Some(code)),
        }
    }
}

#[test]
fn the_iso_code_is_finer_than_the_word_which_is_kept() {
    let details = |code: &str| -> yapily::PaymentStatusDetails {
        serde_json::from_value(serde_json::json!({ "isoStatus": { "code": code } })).unwrap()
    };
    let completed = yapily::PaymentStatus::Completed;
    let read = |code: &str| status(Some(&completed), Some(&details(code))).unwrap();
    assert_eq!(read("ACCP").code, Some(PaymentStatus::AcceptedCustomerProfile));
    assert_eq!(read("ACCP").word, "COMPLETED");
    assert_eq!(read("NEWS").code, Some(PaymentStatus::AcceptedSettlementCompleted), "a new code says nothing");
    assert_eq!(status(None, Some(&details("RJCT"))).unwrap().word, "RJCT");
    assert_eq!(status(None, None), None);
}
