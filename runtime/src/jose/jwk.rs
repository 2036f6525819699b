//! Keys that verify (RFC 7517).

use std::fmt;

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{Algorithm, base64url};

/// The most keys of a set: no provider has more than a few, and each text of a set costs its decoding.
const MAX_KEYS: usize = 64;

/// RSA moduli below this are too weak, above [`MAX_RSA_BITS`] too slow to be asked of a server.
const MIN_RSA_BITS: usize = 2048;
const MAX_RSA_BITS: usize = 8192;

/// The keys of an issuer, by their ids.
///
/// Only keys that can verify a signature are in it. The others of the document are left out, each with the reason:
/// one odd key must not take the rest of the set with it.
#[derive(Clone, Default)]
pub struct KeySet {
    keys: Vec<VerificationKey>,
    unusable: Vec<(Option<String>, Unusable)>,
}

impl KeySet {
    /// Reads a JWK Set.
    ///
    /// # Errors
    /// It is no JWK Set, or has more than 64 keys.
    pub fn from_json(json: &[u8]) -> Result<Self, KeySetError> {
        let document: Value = serde_json::from_slice(json).map_err(|_| KeySetError::NotAKeySet)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(KeySetError::NotAKeySet)?;
        if keys.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys);
        }
        let mut set = Self::default();
        for key in keys {
            let id = || key.get("kid").and_then(Value::as_str).map(str::to_owned);
            match VerificationKey::from_jwk(key) {
                Ok(key) => set.keys.push(key),
                Err(reason) => set.unusable.push((id(), reason)),
            }
        }
        set.leave_out_ambiguous();
        Ok(set)
    }

    /// Two keys of one id leave open which of them a signature is held against: neither is used.
    fn leave_out_ambiguous(&mut self) {
        let ids: Vec<String> = self.keys.iter().map(|key| key.id.clone()).collect();
        let is_ambiguous = |id: &str| ids.iter().filter(|other| *other == id).count() > 1;
        let ambiguous = self.keys.iter().filter(|key| is_ambiguous(&key.id));
        self.unusable.extend(ambiguous.map(|key| (Some(key.id.clone()), Unusable::Ambiguous)));
        self.keys.retain(|key| !is_ambiguous(&key.id));
    }

    /// The key of this id.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&VerificationKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The ids of the keys, in the order of the document.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(VerificationKey::id)
    }

    /// The keys of the document that verify nothing, by their ids, and why.
    pub fn unusable(&self) -> impl Iterator<Item = (Option<&str>, Unusable)> {
        self.unusable.iter().map(|(id, reason)| (id.as_deref(), *reason))
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.keys).field("unusable", &self.unusable).finish()
    }
}

/// A public key with the one algorithm that it is for.
#[derive(Clone)]
pub struct VerificationKey {
    id: String,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An uncompressed point.
    P256([u8; 65]),
}

impl VerificationKey {
    /// Reads a JWK.
    ///
    /// # Errors
    /// The key cannot verify a signature, or not a safe one.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Unusable> {
        let members = jwk.as_object().ok_or(Unusable::NotAKey)?;
        let id = text(members, "kid").filter(|id| !id.is_empty()).ok_or(Unusable::NoId)?;
        let material = match text(members, "kty") {
            Some("RSA") => rsa(members)?,
            Some("EC") => p256(members)?,
            // Keys of this type are secrets, and a published secret is none.
            Some("oct") => return Err(Unusable::Symmetric),
            _ => return Err(Unusable::KeyType),
        };
        let key = Self { id: id.to_owned(), material };
        is_for_signatures(members)?;
        match members.get("alg") {
            Some(name) if name.as_str() != Some(key.algorithm().name()) => Err(Unusable::Algorithm),
            _ => Ok(key),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Rsa { .. } => Algorithm::Rs256,
            Material::P256(_) => Algorithm::Es256,
        }
    }

    /// Whether this key signed the message.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
            Material::P256(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
        }
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerificationKey({:?}, {})", self.id, self.algorithm())
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

fn bytes(members: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    base64url::decode(text(members, name)?)
}

/// `use` and `key_ops` may be absent; where they stand they must allow verifying.
fn is_for_signatures(members: &Map<String, Value>) -> Result<(), Unusable> {
    let purpose = members.get("use").is_none_or(|purpose| purpose.as_str() == Some("sig"));
    let operations = members.get("key_ops").is_none_or(|operations| {
        Vec::<String>::deserialize(operations).is_ok_and(|names| names.iter().any(|name| name == "verify"))
    });
    if members.contains_key("d") {
        return Err(Unusable::Private);
    }
    if purpose && operations { Ok(()) } else { Err(Unusable::Purpose) }
}

fn rsa(members: &Map<String, Value>) -> Result<Material, Unusable> {
    let (modulus, exponent) = bytes(members, "n").zip(bytes(members, "e")).ok_or(Unusable::Encoding)?;
    // Base64urlUInt has no leading zeros (RFC 7518, section 2); with them a short modulus would look long.
    let (Some(first), Some(_)) = (modulus.first().filter(|b| **b != 0), exponent.first().filter(|b| **b != 0)) else {
        return Err(Unusable::Encoding);
    };
    let bits = modulus.len() * 8 - first.leading_zeros() as usize;
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(Unusable::RsaSize);
    }
    // FIPS 186-5, section 5.4: odd, and more than 2^16. Long ones only cost time, and ring has its own limit.
    let exponent_is_sound = (3..=4).contains(&exponent.len()) && exponent.last().is_some_and(|last| last % 2 == 1);
    if exponent_is_sound { Ok(Material::Rsa { modulus, exponent }) } else { Err(Unusable::RsaExponent) }
}

fn p256(members: &Map<String, Value>) -> Result<Material, Unusable> {
    if text(members, "crv") != Some("P-256") {
        return Err(Unusable::Curve);
    }
    let mut point = [4; 65];
    let (x, y) = bytes(members, "x").zip(bytes(members, "y")).ok_or(Unusable::Encoding)?;
    if x.len() != 32 || y.len() != 32 {
        return Err(Unusable::Encoding);
    }
    point[1..33].copy_from_slice(&x);
    point[33..].copy_from_slice(&y);
    // Whether the point is on the curve is ring's to find out: no signature verifies when it is not.
    Ok(Material::P256(point))
}

/// Why a key verifies nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unusable {
    /// It is no JSON object.
    NotAKey,
    /// It has no id, so that no signature can name it.
    NoId,
    /// Its type is neither `RSA` nor `EC`.
    KeyType,
    /// It is a secret (`oct`).
    Symmetric,
    /// It is published with its private part.
    Private,
    /// It is not for signatures (`use`, `key_ops`).
    Purpose,
    /// Its algorithm is neither RS256 nor ES256, or not that of its type.
    Algorithm,
    /// Its curve is not P-256.
    Curve,
    /// Its modulus has fewer than 2048 bits, or more than 8192.
    RsaSize,
    /// Its exponent is even, less than 65537, or longer than 32 bits.
    RsaExponent,
    /// A member is missing, or is not its one base64url text.
    Encoding,
    /// Another key of the set has the same id.
    Ambiguous,
}

/// A document is no JWK Set. Does not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// It is no JSON object with a list `keys`.
    NotAKeySet,
    /// It has more than 64 keys.
    TooManyKeys,
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAKeySet => "the document is no JWK Set: a JSON object with a list `keys`",
            Self::TooManyKeys => "the JWK Set has more than 64 keys",
        })
    }
}

impl std::error::Error for KeySetError {}
