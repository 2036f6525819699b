//! A provider that signs webhooks, with keys that are for tests only.

#![allow(dead_code, unreachable_pub)]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use obkit_runtime::jose::KeySet;
use obkit_runtime::reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use obkit_runtime::webhook::SignedWebhook;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use serde_json::{Value, json};

pub const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
pub const KEY_ID: HeaderName = HeaderName::from_static("x-signature-kid");

/// A notice with a member that a JSON writer would order and space otherwise.
pub const BODY: &[u8] = br#"{"type":"link_status_update", "status":"completed","link_id":"3f1b7e52"}"#;

pub fn scheme() -> SignedWebhook {
    SignedWebhook::new(SIGNATURE, KEY_ID)
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key with its id.
pub struct Signer {
    pub id: &'static str,
    pair: Pair,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256 { fixed: Box<EcdsaKeyPair>, asn1: Box<EcdsaKeyPair> },
}

impl Signer {
    /// The RSA key that signs now.
    pub fn rsa() -> Self {
        Self::from_pem("rsa-1", include_str!("../keys/rsa-2048-current.test.pem"))
    }

    /// The RSA key that signed before.
    pub fn previous_rsa() -> Self {
        Self::from_pem("rsa-0", include_str!("../keys/rsa-2048-previous.test.pem"))
    }

    fn from_pem(id: &'static str, pem: &str) -> Self {
        let lines = pem.lines().skip_while(|line| !line.starts_with("-----")).filter(|line| !line.starts_with("-----"));
        let der = STANDARD.decode(lines.collect::<String>()).unwrap();
        Self { id, pair: Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(&der).unwrap())) }
    }

    /// A new P-256 key.
    pub fn p256() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = |algorithm| Box::new(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap());
        let pair =
            Pair::P256 { fixed: pair(&ECDSA_P256_SHA256_FIXED_SIGNING), asn1: pair(&ECDSA_P256_SHA256_ASN1_SIGNING) };
        Self { id: "p256-1", pair }
    }

    pub fn algorithm(&self) -> &'static str {
        match &self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::P256 { .. } => "ES256",
        }
    }

    /// The public key.
    pub fn jwk(&self) -> Value {
        let mut jwk = json!({"kid": self.id, "alg": self.algorithm(), "use": "sig"});
        match &self.pair {
            Pair::Rsa(pair) => {
                let public: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
                jwk["kty"] = "RSA".into();
                jwk["n"] = base64url(public.n).into();
                jwk["e"] = base64url(public.e).into();
            }
            Pair::P256 { fixed, .. } => {
                let point = fixed.public_key().as_ref();
                jwk["kty"] = "EC".into();
                jwk["crv"] = "P-256".into();
                jwk["x"] = base64url(&point[1..33]).into();
                jwk["y"] = base64url(&point[33..]).into();
            }
        }
        jwk
    }

    /// The header that the provider writes.
    pub fn header(&self) -> Value {
        json!({"alg": self.algorithm(), "kid": self.id})
    }

    pub fn sign_bytes(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
            Pair::P256 { fixed, .. } => fixed.sign(&random, message).unwrap().as_ref().to_vec(),
        }
    }

    /// An ECDSA signature in DER.
    pub fn sign_bytes_asn1(&self, message: &[u8]) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(_) => panic!("RSA has one form"),
            Pair::P256 { asn1, .. } => asn1.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
        }
    }

    /// A JWS with this text as its header.
    pub fn jws_with(&self, header: impl AsRef<[u8]>, payload: &[u8]) -> String {
        let signed = format!("{}.{}", base64url(header), base64url(payload));
        let signature = base64url(self.sign_bytes(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The JWS that the provider writes.
    pub fn jws(&self, payload: &[u8]) -> String {
        self.jws_with(self.header().to_string(), payload)
    }

    /// The headers that the provider sends with a body.
    pub fn headers(&self, body: &[u8]) -> HeaderMap {
        headers(self.id, &self.jws(body))
    }
}

/// The JWK Set of these keys, as JSON.
pub fn jwks(signers: &[&Signer]) -> String {
    json!({"keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>()}).to_string()
}

pub fn key_set(signers: &[&Signer]) -> KeySet {
    KeySet::from_json(jwks(signers).as_bytes()).unwrap()
}

/// The headers of a webhook.
pub fn headers(key_id: &str, jws: &str) -> HeaderMap {
    HeaderMap::from_iter([
        (KEY_ID, HeaderValue::from_str(key_id).unwrap()),
        (SIGNATURE, HeaderValue::from_str(jws).unwrap()),
    ])
}
