//! What preferences lead to.

use obkit_codegen::spec::StatusKey;

use super::breach::quoted;
use super::offer::{Offer, preferred};
use super::prefer::{Preferences, Unmet};
use super::respond::Target;

/// What preferences lead to.
pub(super) struct Picked<'p> {
    pub(super) key: Option<StatusKey>,
    pub(super) status: Option<u16>,
    pub(super) example: Option<&'p str>,
    pub(super) applied: Vec<String>,
    pub(super) unmet: Vec<Unmet>,
}

impl<'p> Picked<'p> {
    pub(super) fn of(target: Target<'_>, preferences: &'p Preferences) -> Self {
        let unmet = preferences.unmet.clone();
        let mut picked = Self { key: None, status: None, example: None, applied: Vec::new(), unmet };
        if let Some(code) = preferences.code {
            match target.operation.response(code) {
                Some(response) => {
                    (picked.key, picked.status) = (Some(response.status), Some(code));
                    picked.applied.push(format!("code={code}"));
                }
                None => picked.miss("code", format!("the operation documents no {code}")),
            }
        }
        if let Some(name) = preferences.example.as_deref() {
            let named = |offer: &&Offer| {
                offer.example.as_deref() == Some(name) && picked.key.is_none_or(|key| offer.key == key)
            };
            // Of equals the first, which is what `min_by_key` finds.
            match target.offers.iter().filter(named).min_by_key(|offer| !offer.success) {
                Some(offer) => {
                    (picked.key, picked.example) = (Some(offer.key), Some(name));
                    let is_token = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
                    let shown = if is_token { name.to_owned() } else { quoted(name) };
                    picked.applied.push(format!("example={shown}"));
                }
                None => picked.miss("example", "there is no such example".to_owned()),
            }
        }
        picked.key = picked.key.or_else(|| preferred(target.offers));
        picked
    }

    /// Tells what came of the preferences that depend on the answer.
    pub(super) fn judge(&mut self, preferences: &Preferences, is_generated: bool) {
        match preferences.dynamic {
            Some(wanted) if wanted == is_generated => self.applied.push(format!("dynamic={wanted}")),
            Some(true) => self.miss("dynamic", "the answer cannot be generated".to_owned()),
            Some(false) => self.miss("dynamic", "there is no example".to_owned()),
            None => {}
        }
        match preferences.seed {
            Some(seed) if is_generated => self.applied.push(format!("seed={seed}")),
            Some(_) => self.miss("seed", "the answer is an example".to_owned()),
            None => {}
        }
        if let Some(wait) = preferences.wait {
            self.applied.push(format!("wait={}", wait.as_secs_f64()));
        }
    }

    fn miss(&mut self, name: &'static str, reason: String) {
        self.unmet.push(Unmet { name, reason });
    }
}
