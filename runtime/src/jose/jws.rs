//! Signed content in compact serialisation (RFC 7515, section 7.1).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::{Algorithm, VerificationKey, base64url};

/// The most characters of a protected header: one that brings no key has a few dozen.
const MAX_HEADER: usize = 2048;

/// The most characters of a signature: an RSA key of 8192 bits makes 1366.
const MAX_SIGNATURE: usize = 1366;

/// Parameters by which a token would bring its own key (RFC 8725, section 3.10).
const KEY_PARAMETERS: [&str; 4] = ["jwk", "jku", "x5c", "x5u"];

/// A JWS as read, its signature not verified yet.
pub struct CompactJws<'a> {
    /// The header and the payload as they stand in the text: what was signed.
    signed: &'a str,
    algorithm: Algorithm,
    key_id: Option<String>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// Reads a compact serialisation.
    ///
    /// # Errors
    /// It is not one, or asks for something that is never accepted.
    pub fn parse(text: &'a str) -> Result<Self, JwsError> {
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
        if payload.contains('.') {
            return Err(JwsError::Malformed);
        }
        if header.len() > MAX_HEADER {
            return Err(JwsError::TooLong(Part::Header));
        }
        if signature.len() > MAX_SIGNATURE {
            return Err(JwsError::TooLong(Part::Signature));
        }
        let decode = |part, text| base64url::decode(text).ok_or(JwsError::Encoding(part));
        let header = ProtectedHeader::parse(&decode(Part::Header, header)?)?;
        if payload.is_empty() {
            return Err(JwsError::Detached);
        }
        Ok(Self {
            signed,
            algorithm: header.algorithm()?,
            key_id: header.key_id()?,
            payload: decode(Part::Payload, payload)?,
            signature: decode(Part::Signature, signature)?,
        })
    }

    /// The id of the key that signed, where the protected header has it.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The payload, whether anybody signed it or not.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// What was signed: the header and the payload as texts. The signature is no part of it: an ECDSA signature can be
    /// rewritten into a second valid one, so that it identifies nothing.
    #[must_use]
    pub fn signed(&self) -> &'a str {
        self.signed
    }

    /// Verifies the signature with a key.
    ///
    /// # Errors
    /// The token names another algorithm than the key's, or the key did not sign it.
    pub fn verify(&self, key: &VerificationKey) -> Result<(), JwsError> {
        if self.algorithm != key.algorithm() {
            return Err(JwsError::AlgorithmOfAnotherKey);
        }
        if key.has_signed(self.signed.as_bytes(), &self.signature) { Ok(()) } else { Err(JwsError::Signature) }
    }
}

impl fmt::Debug for CompactJws<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompactJws")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

/// The members of a protected header, each there once.
struct ProtectedHeader(BTreeMap<String, Value>);

impl ProtectedHeader {
    fn parse(json: &[u8]) -> Result<Self, JwsError> {
        let header: Self = serde_json::from_slice(json).map_err(|_| JwsError::Header)?;
        header.asks_for_nothing_more()?;
        Ok(header)
    }

    fn asks_for_nothing_more(&self) -> Result<(), JwsError> {
        // No extension is understood, so that whatever is critical is a reason to refuse.
        if self.0.contains_key("crit") {
            return Err(JwsError::Critical);
        }
        // RFC 7797: the payload would be taken as it stands. Without `crit` the parameter is wrong, and is a trap.
        if self.0.contains_key("b64") {
            return Err(JwsError::UnencodedPayload);
        }
        if KEY_PARAMETERS.iter().any(|name| self.0.contains_key(*name)) {
            return Err(JwsError::BringsItsKey);
        }
        match self.0.get("typ") {
            None => Ok(()),
            Some(Value::String(name)) if is_plain(name) => Ok(()),
            Some(_) => Err(JwsError::Type),
        }
    }

    fn algorithm(&self) -> Result<Algorithm, JwsError> {
        self.0.get("alg").and_then(Value::as_str).and_then(Algorithm::named).ok_or(JwsError::Algorithm)
    }

    fn key_id(&self) -> Result<Option<String>, JwsError> {
        match self.0.get("kid") {
            None => Ok(None),
            Some(Value::String(id)) => Ok(Some(id.clone())),
            Some(_) => Err(JwsError::Header),
        }
    }
}

/// Types that libraries write when nobody asks for one. Every other names a use of its own (`at+jwt`, `dpop+jwt`): a
/// token made for it must not count for another (RFC 8725, section 3.11).
fn is_plain(name: &str) -> bool {
    ["JOSE", "JWT", "application/jose", "application/jwt"].iter().any(|plain| name.eq_ignore_ascii_case(plain))
}

impl<'de> Deserialize<'de> for ProtectedHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueMembers)
    }
}

/// Reads an object whose names are unique (RFC 7515, section 4): of two that are not, one reader takes the first and
/// another the last.
struct UniqueMembers;

impl<'de> Visitor<'de> for UniqueMembers {
    type Value = ProtectedHeader;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if members.insert(name, value).is_some() {
                return Err(M::Error::custom("a name stands twice"));
            }
        }
        Ok(ProtectedHeader(members))
    }
}

/// A part of a compact serialisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The protected header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "protected header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// A JWS is not accepted. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JwsError {
    /// It is not three parts with full stops between.
    Malformed,
    /// A part is longer than any that is accepted.
    TooLong(Part),
    /// A part is not its one base64url text: padding, white space, the other alphabet, unused bits.
    Encoding(Part),
    /// The protected header is no JSON object, has a member twice, or a `kid` that is no text.
    Header,
    /// The payload stands elsewhere (RFC 7515, appendix F).
    Detached,
    /// The algorithm is neither RS256 nor ES256: `none`, a symmetric one, or missing.
    Algorithm,
    /// The algorithm is not that of the key.
    AlgorithmOfAnotherKey,
    /// An extension must be understood (`crit`); none is.
    Critical,
    /// The payload is not encoded (`b64`, RFC 7797).
    UnencodedPayload,
    /// It brings or names a key of its own (`jwk`, `jku`, `x5c`, `x5u`).
    BringsItsKey,
    /// It was made for another use (`typ`).
    Type,
    /// The key did not sign it.
    Signature,
}

impl fmt::Display for JwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "is not a JWS in compact serialisation",
            Self::TooLong(part) => return write!(f, "has a {part} that is too long"),
            Self::Encoding(part) => return write!(f, "has a {part} that is not canonical base64url"),
            Self::Header => "has a protected header that is no JSON object of unique members",
            Self::Detached => "has a detached payload",
            Self::Algorithm => "has an algorithm that is neither RS256 nor ES256",
            Self::AlgorithmOfAnotherKey => "has an algorithm that is not that of the key",
            Self::Critical => "has critical header parameters, of which none is understood",
            Self::UnencodedPayload => "has a payload that is not encoded",
            Self::BringsItsKey => "brings a key of its own",
            Self::Type => "was made for another use, by its `typ`",
            Self::Signature => "was not signed by the key",
        })
    }
}

impl std::error::Error for JwsError {}
