//! How far a consent is, and which way it can go.

use std::fmt;

use crate::domain::code::codes;

codes! {
    /// How far a consent is (the codes are those of UK Open Banking 4.0, which took them from ISO
    /// 20022 where it has them).
    pub enum ConsentStatus {
        /// The holder has not authorised it yet, or has to do so again.
        AwaitingAuthorisation = "AWAU",
        /// The holder authorised it. It can be used, at some providers after a moment more; their word says it.
        Authorised = "AUTH",
        /// It was refused.
        Rejected = "RJCT",
        /// It was taken back.
        Revoked = "CANC",
        /// It was used up.
        Consumed = "COSU",
        /// Its time is over.
        Expired = "EXPD",
        /// It failed.
        Failed,
        /// The provider stopped it for good.
        Suspended,
    }
}

impl ConsentStatus {
    /// All there are.
    pub const ALL: &'static [Self] = &[
        Self::AwaitingAuthorisation,
        Self::Authorised,
        Self::Rejected,
        Self::Revoked,
        Self::Consumed,
        Self::Expired,
        Self::Failed,
        Self::Suspended,
    ];

    /// Whether a consent never leaves this state.
    #[must_use]
    pub fn is_final(self) -> bool {
        Self::ALL.iter().all(|next| !self.can_become(*next))
    }

    /// Whether a consent can go from this state to that one in one step. An authorised one may have to be authorised
    /// again; only then can it be refused.
    #[must_use]
    pub fn can_become(self, next: Self) -> bool {
        match self {
            Self::AwaitingAuthorisation => !matches!(next, Self::AwaitingAuthorisation | Self::Consumed),
            Self::Authorised => !matches!(next, Self::Authorised | Self::Rejected),
            Self::Rejected | Self::Revoked | Self::Consumed | Self::Expired | Self::Failed | Self::Suspended => false,
        }
    }

    /// Whether a consent that was in this state can be in that one later, by any number of steps.
    pub(super) fn leads_to(self, later: Self) -> bool {
        let mut reached = vec![self];
        let mut at = 0;
        while let Some(status) = reached.get(at).copied() {
            let next = Self::ALL.iter().filter(|next| status.can_become(**next) && !reached.contains(next));
            let next: Vec<Self> = next.copied().collect();
            reached.extend(next);
            at += 1;
        }
        reached.contains(&later)
    }
}

/// A provider says that a consent went from one state to another that no way leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IllegalTransition {
    /// The provider's id of the consent.
    pub consent_id: String,
    /// The state before.
    pub from: ConsentStatus,
    /// The state after.
    pub to: ConsentStatus,
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "consent {} cannot go from {:?} to {:?}", self.consent_id, self.from, self.to)
    }
}

impl std::error::Error for IllegalTransition {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::{Coded, Consent, Source};
    use ConsentStatus::{Authorised, AwaitingAuthorisation, Consumed, Expired, Failed, Rejected, Revoked, Suspended};

    fn consent(id: &str, status: Option<ConsentStatus>) -> Consent {
        Consent {
            id: id.to_owned(),
            institution_id: None,
            status: Some(Coded::new(status, "word")),
            created_at: None,
            expires_at: None,
            reconfirm_by: None,
            transactions_from: None,
            transactions_to: None,
            permissions: Vec::new(),
            authorisation_url: None,
            token: None,
            source: Source::default(),
        }
    }

    #[test]
    fn each_state_has_its_ways() {
        let ways = |from: ConsentStatus| -> Vec<_> {
            ConsentStatus::ALL.iter().copied().filter(|to| from.can_become(*to)).collect()
        };
        assert_eq!(ways(AwaitingAuthorisation), [Authorised, Rejected, Revoked, Expired, Failed, Suspended]);
        assert_eq!(ways(Authorised), [AwaitingAuthorisation, Revoked, Consumed, Expired, Failed, Suspended]);
        for end in [Rejected, Revoked, Consumed, Expired, Failed, Suspended] {
            assert!(ways(end).is_empty() && end.is_final(), "{end:?}");
        }
        assert!(!AwaitingAuthorisation.is_final() && !Authorised.is_final());
    }

    #[test]
    fn a_state_that_was_missed_is_no_illegal_transition() {
        let check = |from, to| consent("c", from).check_transition(&consent("c", to));
        assert_eq!(check(Some(AwaitingAuthorisation), Some(Consumed)), Ok(()), "authorised in between");
        assert_eq!(check(Some(Authorised), Some(Authorised)), Ok(()));
        assert_eq!(check(Some(Revoked), Some(Revoked)), Ok(()));
        assert_eq!(check(Some(Revoked), None), Ok(()), "a new word cannot be judged");
    }

    #[test]
    fn nothing_comes_back_from_the_end() {
        let check = |from, to| consent("c", Some(from)).check_transition(&consent("c", Some(to)));
        let error = check(Revoked, Authorised).unwrap_err();
        assert_eq!((error.from, error.to), (Revoked, Authorised));
        assert_eq!(error.to_string(), "consent c cannot go from Revoked to Authorised");
        assert!(check(Expired, Revoked).is_err());
        let other = consent("d", Some(Authorised));
        assert_eq!(consent("c", Some(Revoked)).check_transition(&other), Ok(()), "another consent");
    }
}
