//! Attacks on the webhook verifier. None succeeds; `docs/reliability.md` lists each test of this file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod signer;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use obkit_runtime::jose::{JwsError, KeySet, Part, Unusable};
use obkit_runtime::reqwest::header::{HeaderMap, HeaderValue};
use obkit_runtime::webhook::{KeySourceError, SignedWebhook, VerifiedWebhook, WebhookError, WebhookVerifier};
use proptest::prelude::*;
use ring::hmac;
use serde_json::{Value, json};
use signer::{BODY, KEY_ID, SIGNATURE, Signer, base64url, headers, key_set, scheme};

fn verify(headers: &HeaderMap, body: &[u8], keys: &KeySet) -> Result<VerifiedWebhook, WebhookError> {
    scheme().verify(headers, body.to_vec().into(), keys)
}

/// The refusal of a JWS that comes with the genuine body and key id.
fn refusal_of(signer: &Signer, jws: &str) -> WebhookError {
    verify(&headers(signer.id, jws), BODY, &key_set(&[signer])).unwrap_err()
}

fn assert_refused(signer: &Signer, jws: &str, expected: JwsError) {
    match refusal_of(signer, jws) {
        WebhookError::Signature(error) => assert_eq!(error, expected, "{jws}"),
        other => panic!("{other:?} instead of {expected:?}"),
    }
}

/// The genuine header with one more member.
fn header_with(signer: &Signer, name: &str, value: Value) -> String {
    let mut header = signer.header();
    header[name] = value;
    header.to_string()
}

#[test]
fn the_genuine_webhook_is_accepted() {
    // Without this, every other test of the file could pass for the wrong reason.
    for signer in [Signer::rsa(), Signer::p256()] {
        let webhook = verify(&signer.headers(BODY), BODY, &key_set(&[&signer])).unwrap();
        assert_eq!((webhook.body(), webhook.key_id()), (BODY, signer.id));
    }
}

#[test]
fn alg_none_is_refused() {
    let signer = Signer::rsa();
    for name in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({"alg": name, "kid": signer.id}).to_string();
        assert_refused(&signer, &format!("{}.{}.", base64url(&header), base64url(BODY)), JwsError::Algorithm);
        assert_refused(&signer, &signer.jws_with(header, BODY), JwsError::Algorithm);
    }
    for header in [json!({"kid": signer.id}), json!({"kid": signer.id, "alg": ["RS256"]})] {
        assert_refused(&signer, &signer.jws_with(header.to_string(), BODY), JwsError::Algorithm);
    }
}

#[test]
fn hs256_with_the_public_key_as_secret_is_refused() {
    let signer = Signer::rsa();
    let header = json!({"alg": "HS256", "kid": signer.id}).to_string();
    let signed = format!("{}.{}", base64url(header), base64url(BODY));
    let jwk = signer.jwk();
    for secret in [jwk["n"].as_str().unwrap().as_bytes(), jwk.to_string().as_bytes()] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
        assert_refused(&signer, &format!("{signed}.{}", base64url(tag)), JwsError::Algorithm);
    }
}

#[test]
fn a_symmetric_key_of_the_set_verifies_nothing() {
    let signer = Signer::rsa();
    let jwk = json!({"kty": "oct", "kid": signer.id, "k": "AAAA", "alg": "HS256", "use": "sig"});
    let keys = KeySet::from_json(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
    assert_eq!(keys.unusable().collect::<Vec<_>>(), [(Some(signer.id), Unusable::Symmetric)]);
    assert!(matches!(verify(&signer.headers(BODY), BODY, &keys), Err(WebhookError::UnknownKey)));
}

#[test]
fn an_algorithm_that_is_not_the_keys_is_refused() {
    let (rsa, p256) = (Signer::rsa(), Signer::p256());
    for (signer, name) in [(&rsa, "ES256"), (&p256, "RS256")] {
        let header = json!({"alg": name, "kid": signer.id}).to_string();
        assert_refused(signer, &signer.jws_with(header, BODY), JwsError::AlgorithmOfAnotherKey);
    }
    for name in ["rs256", "RS384", "PS256", "ES384", "EdDSA"] {
        let header = json!({"alg": name, "kid": rsa.id}).to_string();
        assert_refused(&rsa, &rsa.jws_with(header, BODY), JwsError::Algorithm);
    }
}

#[test]
fn a_signature_under_the_id_of_another_key_is_refused() {
    let (current, previous) = (Signer::rsa(), Signer::previous_rsa());
    let header = json!({"alg": "RS256", "kid": current.id}).to_string();
    let swapped = headers(current.id, &previous.jws_with(header, BODY));
    let error = verify(&swapped, BODY, &key_set(&[&current, &previous])).unwrap_err();
    assert!(matches!(error, WebhookError::Signature(JwsError::Signature)), "{error}");
}

#[test]
fn two_key_ids_that_differ_are_refused() {
    let (current, previous) = (Signer::rsa(), Signer::previous_rsa());
    let swapped = headers(current.id, &previous.jws(BODY));
    let error = verify(&swapped, BODY, &key_set(&[&current, &previous])).unwrap_err();
    assert!(matches!(error, WebhookError::KeyIdMismatch), "{error}");
}

#[test]
fn a_key_id_that_is_no_text_is_refused() {
    let signer = Signer::rsa();
    for id in [json!(null), json!(7), json!([signer.id])] {
        assert_refused(&signer, &signer.jws_with(header_with(&signer, "kid", id), BODY), JwsError::Header);
    }
}

#[test]
fn another_body_is_refused() {
    let signer = Signer::rsa();
    let same_length = BODY.to_ascii_uppercase();
    for forged in [&same_length[..], br#"{"type":"link_status_update","status":"failed"}"#, b""] {
        let error = verify(&signer.headers(BODY), forged, &key_set(&[&signer])).unwrap_err();
        assert!(matches!(error, WebhookError::PayloadMismatch), "{error}");
    }
}

#[test]
fn the_same_json_in_other_bytes_is_refused() {
    let signer = Signer::rsa();
    let parsed: Value = serde_json::from_slice(BODY).unwrap();
    let bom = [b"\xef\xbb\xbf", BODY].concat();
    for body in [parsed.to_string().as_bytes(), &[BODY, b"\n"].concat(), &bom, &BODY[..BODY.len() - 1], b""] {
        let error = verify(&signer.headers(BODY), body, &key_set(&[&signer])).unwrap_err();
        assert!(matches!(error, WebhookError::PayloadMismatch), "{error}");
    }
}

#[test]
fn a_detached_payload_is_refused() {
    let signer = Signer::rsa();
    let jws = signer.jws(BODY);
    let parts: Vec<&str> = jws.split('.').collect();
    assert_refused(&signer, &format!("{}..{}", parts[0], parts[2]), JwsError::Detached);
}

#[test]
fn a_payload_that_is_not_encoded_is_refused() {
    let signer = Signer::rsa();
    let header = header_with(&signer, "b64", json!(false));
    let encoded = base64url(&header);
    let signature = base64url(signer.sign_bytes(&[encoded.as_bytes(), b".", BODY].concat()));
    assert_refused(&signer, &format!("{encoded}..{signature}"), JwsError::UnencodedPayload);
    assert_refused(&signer, &signer.jws_with(header, BODY), JwsError::UnencodedPayload);
}

#[test]
fn critical_extensions_are_refused() {
    let signer = Signer::rsa();
    for names in [json!(["b64"]), json!(["exp"]), json!(["alg"]), json!([]), json!(null)] {
        assert_refused(&signer, &signer.jws_with(header_with(&signer, "crit", names), BODY), JwsError::Critical);
    }
}

#[test]
fn a_key_in_the_header_is_refused() {
    let (provider, attacker) = (Signer::rsa(), Signer::previous_rsa());
    let mut jwk = attacker.jwk();
    jwk["kid"] = provider.id.into();
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://attacker.example/jwks.json")),
        ("x5u", json!("https://attacker.example/chain.pem")),
        ("x5c", json!(["MIIB"])),
    ] {
        let header = header_with(&provider, name, value);
        assert_refused(&provider, &attacker.jws_with(header, BODY), JwsError::BringsItsKey);
    }
}

#[test]
fn a_header_member_that_stands_twice_is_refused() {
    let signer = Signer::rsa();
    for header in [r#"{"alg":"RS256","kid":"rsa-1","alg":"none"}"#, r#"{"alg":"none","kid":"rsa-1","alg":"RS256"}"#] {
        assert_refused(&signer, &signer.jws_with(header, BODY), JwsError::Header);
    }
}

#[test]
fn a_header_that_is_no_object_is_refused() {
    let signer = Signer::rsa();
    for header in ["", "[]", "null", "\"RS256\"", "{", r#"{"alg":"RS256"} {}"#, "\u{feff}{}"] {
        assert_refused(&signer, &signer.jws_with(header, BODY), JwsError::Header);
    }
    assert_refused(&signer, &signer.jws_with(b"\xff", BODY), JwsError::Header);
    let deep = "[".repeat(1500);
    assert_refused(&signer, &signer.jws_with(deep, BODY), JwsError::Header);
}

#[test]
fn a_token_made_for_another_use_is_refused() {
    let signer = Signer::rsa();
    for name in [json!("at+jwt"), json!("dpop+jwt"), json!("JOSE+JSON"), json!(""), json!(null), json!(["JWT"])] {
        assert_refused(&signer, &signer.jws_with(header_with(&signer, "typ", name), BODY), JwsError::Type);
    }
}

#[test]
fn a_truncated_signature_is_refused() {
    for signer in [Signer::rsa(), Signer::p256()] {
        let jws = signer.jws(BODY);
        let signed = jws.rsplit_once('.').unwrap().0;
        let signature = signer.sign_bytes(signed.as_bytes());
        for kept in [0, 1, 32, signature.len() - 1] {
            assert_refused(&signer, &format!("{signed}.{}", base64url(&signature[..kept])), JwsError::Signature);
        }
        let longer = [&signature[..], &[0]].concat();
        assert_refused(&signer, &format!("{signed}.{}", base64url(longer)), JwsError::Signature);
        assert_refused(&signer, signed, JwsError::Malformed);
    }
}

#[test]
fn every_flipped_bit_of_a_signature_is_refused() {
    let signer = Signer::p256();
    let jws = signer.jws(BODY);
    let signed = jws.rsplit_once('.').unwrap().0;
    let signature = signer.sign_bytes(signed.as_bytes());
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_refused(&signer, &format!("{signed}.{}", base64url(flipped)), JwsError::Signature);
    }
}

#[test]
fn any_other_character_is_refused() {
    for signer in [Signer::rsa(), Signer::p256()] {
        let jws = signer.jws(BODY);
        for at in 0..jws.len() {
            for other in ["A", "B", "_", ".", "="].iter().filter(|other| jws[at..at + 1] != ***other) {
                let changed = format!("{}{other}{}", &jws[..at], &jws[at + 1..]);
                let outcome = verify(&headers(signer.id, &changed), BODY, &key_set(&[&signer]));
                assert!(outcome.is_err(), "{other} at {at}");
            }
            let shorter = format!("{}{}", &jws[..at], &jws[at + 1..]);
            assert!(verify(&headers(signer.id, &shorter), BODY, &key_set(&[&signer])).is_err(), "nothing at {at}");
        }
    }
}

proptest! {
    /// Whatever stands in the headers and the body: it is refused, and nothing panics.
    #[test]
    fn noise_is_refused(
        id in "\\PC{0,8}",
        parts in prop::collection::vec(
            prop_oneof![
                "[A-Za-z0-9_.=+/ -]{0,40}",
                prop::collection::vec(any::<u8>(), 0..40).prop_map(base64url),
                "\\{\"(alg|kid|crit|typ|b64)\":(\"(RS256|ES256|none)\"|null|1|\\[\\])\\}".prop_map(base64url),
            ],
            0..5,
        ),
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let signer = Signer::p256();
        let mut noise = HeaderMap::new();
        for (name, value) in [(KEY_ID, id), (SIGNATURE, parts.join("."))] {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                noise.append(name, value);
            }
        }
        prop_assert!(verify(&noise, &body, &key_set(&[&signer])).is_err());
        noise.insert(KEY_ID, HeaderValue::from_static(signer.id));
        prop_assert!(verify(&noise, &body, &key_set(&[&signer])).is_err());
    }
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    let signer = Signer::p256();
    let jws = signer.jws(BODY);
    let signed = jws.rsplit_once('.').unwrap().0;
    let der = signer.sign_bytes_asn1(signed.as_bytes());
    assert_refused(&signer, &format!("{signed}.{}", base64url(der)), JwsError::Signature);
}

#[test]
fn an_ecdsa_signature_of_zeros_is_refused() {
    let signer = Signer::p256();
    let jws = signer.jws(BODY);
    let signed = jws.rsplit_once('.').unwrap().0;
    assert_refused(&signer, &format!("{signed}.{}", base64url([0; 64])), JwsError::Signature);
}

#[test]
fn other_texts_of_the_same_bytes_are_refused() {
    let signer = Signer::rsa();
    let jws = signer.jws(BODY);
    let parts: Vec<&str> = jws.split('.').collect();
    for (index, part) in [Part::Header, Part::Payload, Part::Signature].into_iter().enumerate() {
        let with = |text: String| {
            let mut parts = parts.clone();
            parts[index] = &text;
            parts.join(".")
        };
        let text = parts[index];
        for other in [format!("{text}="), format!("{text}=="), text.replacen(&text[..1], "+", 1), format!("{text}%")] {
            assert_refused(&signer, &with(other), JwsError::Encoding(part));
        }
    }
    // 256 bytes of a signature leave four bits of the last character unused.
    let spare = jws[..jws.len() - 1].to_owned() + next_in_alphabet(&jws[jws.len() - 1..]);
    assert_refused(&signer, &spare, JwsError::Encoding(Part::Signature));
}

/// The character of base64url after this one: the lowest bit is another.
fn next_in_alphabet(character: &str) -> &'static str {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let at = ALPHABET.find(character).unwrap();
    &ALPHABET[at + 1..at + 2]
}

#[test]
fn white_space_is_refused() {
    let signer = Signer::rsa();
    let jws = signer.jws(BODY);
    let with_space = |at: usize| format!("{} {}", &jws[..at], &jws[at..]);
    for text in [with_space(0), with_space(4), with_space(jws.len()), jws.replace('.', " . "), format!("{jws}\t")] {
        assert!(matches!(refusal_of(&signer, &text), WebhookError::Signature(JwsError::Encoding(_))), "{text:?}");
    }
}

#[test]
fn other_serialisations_are_refused() {
    let signer = Signer::rsa();
    let jws = signer.jws(BODY);
    let parts: Vec<&str> = jws.split('.').collect();
    let json = json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]}).to_string();
    for text in [json.as_str(), "a", "..", ".", &format!("{jws}."), &format!("{jws}.{}", parts[2]), &jws[1..]] {
        assert!(matches!(refusal_of(&signer, text), WebhookError::Signature(_)), "{text}");
    }
}

#[test]
fn two_signatures_are_refused() {
    let (signer, attacker) = (Signer::rsa(), Signer::previous_rsa());
    for name in [SIGNATURE, KEY_ID] {
        let mut twice = signer.headers(BODY);
        let second = attacker.headers(BODY).remove(&name).unwrap();
        twice.append(&name, second);
        let error = verify(&twice, BODY, &key_set(&[&signer])).unwrap_err();
        assert!(matches!(&error, WebhookError::DuplicateHeader(header) if *header == name), "{error}");
    }
    // As a proxy would join them.
    let joined = format!("{}, {}", signer.jws(BODY), attacker.jws(BODY));
    assert!(matches!(refusal_of(&signer, &joined), WebhookError::Signature(_)));
}

#[test]
fn a_missing_or_empty_header_is_refused() {
    let signer = Signer::rsa();
    for name in [SIGNATURE, KEY_ID] {
        let mut without = signer.headers(BODY);
        without.remove(&name);
        let error = verify(&without, BODY, &key_set(&[&signer])).unwrap_err();
        assert!(matches!(&error, WebhookError::MissingHeader(header) if *header == name), "{error}");
        for value in [HeaderValue::from_static(""), HeaderValue::from_bytes(b"\xff").unwrap()] {
            without.insert(&name, value);
            let error = verify(&without, BODY, &key_set(&[&signer])).unwrap_err();
            assert!(matches!(&error, WebhookError::InvalidHeader(header) if *header == name), "{error}");
        }
    }
}

#[test]
fn an_oversize_body_is_refused() {
    let signer = Signer::rsa();
    let scheme = SignedWebhook::new(SIGNATURE, KEY_ID).max_body(BODY.len());
    let longer = [BODY, b" "].concat();
    let verify = |body: &[u8]| scheme.verify(&signer.headers(body), body.to_vec().into(), &key_set(&[&signer]));
    verify(BODY).unwrap();
    let error = verify(&longer).unwrap_err();
    assert!(matches!(error, WebhookError::BodyTooLarge(limit) if limit == BODY.len()), "{error}");
    assert_eq!(error.status().as_u16(), 413);
}

#[test]
fn an_oversize_header_is_refused() {
    let signer = Signer::rsa();
    let long = header_with(&signer, "note", "x".repeat(2048).into());
    assert_refused(&signer, &signer.jws_with(long, BODY), JwsError::TooLong(Part::Header));
    let jws = signer.jws(BODY);
    let (signed, _) = jws.rsplit_once('.').unwrap();
    assert_refused(&signer, &format!("{signed}.{}", "A".repeat(1400)), JwsError::TooLong(Part::Signature));
    let endless = format!("{jws}{}", "A".repeat(100_000));
    assert!(matches!(refusal_of(&signer, &endless), WebhookError::InvalidHeader(name) if name == SIGNATURE));
    let error = verify(&headers(&"k".repeat(300), &jws), BODY, &key_set(&[&signer])).unwrap_err();
    assert!(matches!(error, WebhookError::InvalidHeader(name) if name == KEY_ID));
}

#[test]
fn keys_that_are_weak_or_for_something_else_are_not_in_the_set() {
    let (rsa, p256) = (Signer::rsa().jwk(), Signer::p256().jwk());
    let but = |jwk: &Value, name: &str, value: Value| {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    };
    let short = format!("_{}", "A".repeat(169));
    let padded = base64url([&[0; 129][..], &[0xff; 127]].concat());
    for (jwk, reason) in [
        (json!("key"), Unusable::NotAKey),
        (but(&rsa, "kid", json!(7)), Unusable::NoId),
        (but(&rsa, "kty", json!("OKP")), Unusable::KeyType),
        (but(&rsa, "use", json!("enc")), Unusable::Purpose),
        (but(&rsa, "use", json!(null)), Unusable::Purpose),
        (but(&rsa, "key_ops", json!(["encrypt"])), Unusable::Purpose),
        (but(&rsa, "d", json!("AAAA")), Unusable::Private),
        (but(&rsa, "alg", json!("none")), Unusable::Algorithm),
        (but(&rsa, "alg", json!("HS256")), Unusable::Algorithm),
        (but(&rsa, "alg", json!("PS256")), Unusable::Algorithm),
        (but(&rsa, "alg", json!("ES256")), Unusable::Algorithm),
        (but(&p256, "alg", json!("RS256")), Unusable::Algorithm),
        (but(&rsa, "n", json!(short)), Unusable::RsaSize),
        (but(&rsa, "n", json!(padded)), Unusable::Encoding),
        (but(&rsa, "n", json!(base64url(vec![0xff; 1025]))), Unusable::RsaSize),
        (but(&rsa, "n", json!("not base64url!")), Unusable::Encoding),
        (but(&rsa, "e", json!("Aw")), Unusable::RsaExponent),
        (but(&rsa, "e", json!("AQAA")), Unusable::RsaExponent),
        (but(&rsa, "e", json!("")), Unusable::Encoding),
        (but(&p256, "crv", json!("P-384")), Unusable::Curve),
        (but(&p256, "crv", json!("secp256k1")), Unusable::Curve),
        (but(&p256, "x", json!("AAAA")), Unusable::Encoding),
    ] {
        let keys = KeySet::from_json(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
        assert_eq!(keys.unusable().map(|(_, reason)| reason).collect::<Vec<_>>(), [reason], "{jwk}");
        assert_eq!(keys.ids().count(), 0);
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_verifies_nothing() {
    let signer = Signer::p256();
    let mut jwk = signer.jwk();
    jwk["y"] = jwk["x"].clone();
    let keys = KeySet::from_json(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
    let error = verify(&signer.headers(BODY), BODY, &keys).unwrap_err();
    assert!(matches!(error, WebhookError::Signature(JwsError::Signature)), "{error}");
}

#[test]
fn two_keys_of_one_id_are_both_left_out() {
    let (signer, mut second) = (Signer::rsa(), Signer::previous_rsa().jwk());
    second["kid"] = signer.id.into();
    let keys = json!({"keys": [signer.jwk(), second]}).to_string();
    let keys = KeySet::from_json(keys.as_bytes()).unwrap();
    assert_eq!(keys.unusable().collect::<Vec<_>>(), [(Some(signer.id), Unusable::Ambiguous); 2]);
    assert!(matches!(verify(&signer.headers(BODY), BODY, &keys), Err(WebhookError::UnknownKey)));
}

#[test]
fn no_refusal_shows_the_body_or_the_signature() {
    let signer = Signer::rsa();
    let jws = signer.jws(BODY);
    let webhook = verify(&signer.headers(BODY), BODY, &key_set(&[&signer])).unwrap();
    let refusals = [
        verify(&headers(signer.id, &jws), b"{}", &key_set(&[&signer])).unwrap_err(),
        refusal_of(&signer, &jws[1..]),
        refusal_of(&signer, &format!("{jws}A")),
        verify(&headers("another", &jws), BODY, &key_set(&[&signer])).unwrap_err(),
    ];
    let shown = format!("{webhook:?} {refusals:?} {}", refusals.each_ref().map(ToString::to_string).join(" "));
    for secret in ["3f1b7e52", "completed", &jws[..12], &jws[jws.len() - 12..]] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// A verifier whose keys and clock the test sets, and how often it asked for keys.
struct Stage {
    verifier: WebhookVerifier,
    published: Arc<Mutex<String>>,
    now: Arc<Mutex<Instant>>,
    asked: Arc<Mutex<usize>>,
}

impl Stage {
    fn new(keys: &[&Signer]) -> Self {
        let published = Arc::new(Mutex::new(signer::jwks(keys)));
        let now = Arc::new(Mutex::new(Instant::now()));
        let asked = Arc::new(Mutex::new(0));
        let (source, count, clock) = (Arc::clone(&published), Arc::clone(&asked), Arc::clone(&now));
        let fetch = move || {
            *count.lock().unwrap() += 1;
            let keys = KeySet::from_json(source.lock().unwrap().as_bytes()).map_err(KeySourceError::Document);
            async move { keys }
        };
        let verifier = WebhookVerifier::builder(scheme(), fetch).clock(move || *clock.lock().unwrap()).build();
        Self { verifier, published, now, asked }
    }

    fn publish(&self, keys: &[&Signer]) {
        *self.published.lock().unwrap() = signer::jwks(keys);
    }

    fn wait(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    async fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<VerifiedWebhook, WebhookError> {
        self.verifier.verify(headers, body.to_vec().into()).await
    }
}

#[tokio::test]
async fn a_replay_is_refused() {
    let signer = Signer::rsa();
    let stage = Stage::new(&[&signer]);
    let webhook = signer.headers(BODY);
    stage.receive(&webhook, BODY).await.unwrap();
    stage.wait(Duration::from_secs(24 * 60 * 60 - 1));
    let error = stage.receive(&webhook, BODY).await.unwrap_err();
    assert!(matches!(error, WebhookError::Replayed), "{error}");
    assert_eq!(error.status().as_u16(), 200);
}

#[tokio::test]
async fn of_two_replays_at_the_same_time_one_is_refused() {
    let signer = Signer::rsa();
    let stage = Stage::new(&[&signer]);
    let webhook = signer.headers(BODY);
    let (a, b) = tokio::join!(stage.receive(&webhook, BODY), stage.receive(&webhook, BODY));
    assert_eq!([&a, &b].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{a:?} {b:?}");
}

#[tokio::test]
async fn a_replay_with_the_other_signature_of_ecdsa_is_refused() {
    // (r, n - s) is as valid as (r, s), and anybody can compute it.
    let signer = Signer::p256();
    let stage = Stage::new(&[&signer]);
    let jws = signer.jws(BODY);
    stage.receive(&headers(signer.id, &jws), BODY).await.unwrap();
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    let rewritten = format!("{signed}.{}", other_signature(signature));
    assert_ne!(rewritten, jws);
    verify(&headers(signer.id, &rewritten), BODY, &key_set(&[&signer])).expect("the other signature is valid");
    let error = stage.receive(&headers(signer.id, &rewritten), BODY).await.unwrap_err();
    assert!(matches!(error, WebhookError::Replayed), "{error}");
}

/// `s` replaced with the order of P-256 minus `s`.
fn other_signature(signature: &str) -> String {
    use base64::Engine as _;
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
        0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let mut bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).unwrap();
    let mut borrow = 0;
    for index in (0..32).rev() {
        let difference = i32::from(ORDER[index]) - i32::from(bytes[32 + index]) - borrow;
        borrow = i32::from(difference < 0);
        bytes[32 + index] = difference.rem_euclid(256) as u8;
    }
    base64url(bytes)
}

#[tokio::test]
async fn a_refused_webhook_leaves_no_trace_in_the_memory() {
    let signer = Signer::rsa();
    let stage = Stage::new(&[&signer]);
    let jws = signer.jws(BODY);
    let (signed, _) = jws.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", base64url([0; 256]));
    stage.receive(&headers(signer.id, &forged), BODY).await.unwrap_err();
    stage.receive(&headers(signer.id, &jws), BODY).await.expect("the forgery does not shut the genuine one out");
}

#[tokio::test]
async fn a_key_that_has_left_the_set_is_refused() {
    let (current, previous) = (Signer::rsa(), Signer::previous_rsa());
    let stage = Stage::new(&[&current, &previous]);
    stage.receive(&previous.headers(BODY), BODY).await.unwrap();
    stage.publish(&[&current]);
    stage.wait(Duration::from_secs(60 * 60));
    let other = br#"{"type":"job_status_update"}"#;
    let error = stage.receive(&previous.headers(other), other).await.unwrap_err();
    assert!(matches!(error, WebhookError::UnknownKey), "{error}");
}

#[tokio::test]
async fn strangers_cannot_make_the_verifier_ask_for_keys_again_and_again() {
    let (signer, stranger) = (Signer::rsa(), Signer::p256());
    let stage = Stage::new(&[&signer]);
    stage.receive(&signer.headers(BODY), BODY).await.unwrap();
    assert_eq!(stage.asked(), 1);
    for _ in 0..50 {
        stage.wait(Duration::from_secs(1));
        stage.receive(&stranger.headers(BODY), BODY).await.unwrap_err();
    }
    assert_eq!(stage.asked(), 2, "50 seconds have one interval of 30");
}

#[tokio::test]
async fn a_request_that_is_wrong_in_itself_asks_for_no_keys() {
    let signer = Signer::rsa();
    let stage = Stage::new(&[&signer]);
    stage.receive(&signer.headers(BODY), b"{}").await.unwrap_err();
    stage.receive(&headers(signer.id, "a.b.c"), BODY).await.unwrap_err();
    assert_eq!(stage.asked(), 0);
}
