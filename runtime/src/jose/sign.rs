//! Signing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::json;

/// A private key that signs JWTs, with the id under which its public half is known (`kid`).
///
/// An RSA key signs with `RS256`, a key on the curve P-256 with `ES256` (RFC 7518, section 3.1).
pub struct SigningKey {
    id: String,
    pair: Pair,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl SigningKey {
    /// Reads the first private key of a PEM text: PKCS#8 (`BEGIN PRIVATE KEY`), or PKCS#1 for RSA
    /// (`BEGIN RSA PRIVATE KEY`). RSA keys have 2048 to 4096 bits.
    ///
    /// # Errors
    ///
    /// When the text holds no such key.
    pub fn from_pem(id: impl Into<String>, pem: &SecretString) -> Result<Self, SigningError> {
        let key = PrivateKeyDer::from_pem_slice(pem.expose_secret().as_bytes()).map_err(|_| SigningError::NoKey)?;
        let pair = match &key {
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).map(Pair::rsa),
            PrivateKeyDer::Pkcs8(key) => pkcs8(key.secret_pkcs8_der()),
            _ => return Err(SigningError::NotPkcs8),
        };
        let pair = pair.map_err(|error| SigningError::Rejected(error.to_string()))?;
        Ok(Self { id: id.into(), pair })
    }

    /// The id of the key (`kid`).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The algorithm (`alg`): `RS256` or `ES256`.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::P256(_) => "ES256",
        }
    }

    /// The claims as a signed JWT, in compact form. Its header names the algorithm and the key.
    ///
    /// # Errors
    ///
    /// When the claims cannot be written as JSON, or when the operating system has no randomness to give.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SigningError> {
        let header = json!({"alg": self.algorithm(), "typ": "JWT", "kid": self.id}).to_string();
        let claims = serde_json::to_vec(claims).map_err(|_| SigningError::Claims)?;
        let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.pair.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

/// The format does not say which kind of key it holds; each reader refuses the other's.
fn pkcs8(der: &[u8]) -> Result<Pair, ring::error::KeyRejected> {
    let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
    match EcdsaKeyPair::from_pkcs8(curve, der, &SystemRandom::new()) {
        Ok(pair) => Ok(Pair::P256(Box::new(pair))),
        Err(_) => RsaKeyPair::from_pkcs8(der).map(Pair::rsa),
    }
}

impl Pair {
    fn rsa(pair: RsaKeyPair) -> Self {
        Self::Rsa(Box::new(pair))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        let signed = match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
            Self::P256(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
        };
        signed.map_err(|_| SigningError::Failed)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

/// Nothing can be signed. Never shows the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// The PEM text holds no private key that is not encrypted.
    NoKey,
    /// The key is in the form SEC 1 (`BEGIN EC PRIVATE KEY`).
    NotPkcs8,
    /// The key is of another kind than RSA and P-256, too short, or damaged.
    Rejected(String),
    /// The claims cannot be written as JSON.
    Claims,
    /// The operating system has no randomness to give.
    Failed,
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str(
                "the PEM text holds no private key, or an encrypted one: give a decrypted `BEGIN PRIVATE KEY`",
            ),
            Self::NotPkcs8 => f.write_str("the key is in SEC 1 form: convert it by `openssl pkcs8 -topk8 -nocrypt`"),
            Self::Rejected(why) => {
                write!(f, "the key is neither an RSA key of 2048 to 4096 bits nor one on the curve P-256: {why}")
            }
            Self::Claims => f.write_str("the claims cannot be written as JSON"),
            Self::Failed => f.write_str("nothing can be signed without randomness from the operating system"),
        }
    }
}

impl std::error::Error for SigningError {}
