//! Payloads as providers send them some day: what clients have to bear, though no schema says so.

use serde_json::{Value, json};

use super::choice::{Choices, Policy, SplitMix, Words};
use super::{GenerateError, Generator, Leaf, Payload};

/// How many places of a payload are changed at most.
const MAX_DEVIATIONS: usize = 4;

/// A liberty that was taken with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Liberty {
    /// A value that the `enum` does not list.
    UnlistedValue,
    /// A number at the end of what a number can be.
    ExtremeNumber,
    /// A text that is long, or of other scripts than the Latin one.
    UnusualText,
}

/// A place of a payload that is not as the schema says, or not as anyone expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The place; a JSON pointer.
    pub instance_pointer: String,
    /// What was done there.
    pub liberty: Liberty,
}

impl Generator<'_> {
    /// A payload as of [`from_words`](Self::from_words), in which some values are unlisted, extreme or unusual. It says
    /// where. It may be valid all the same; nothing but the values at these places is other than in a valid one.
    ///
    /// # Errors
    /// No payload was found within the budget.
    pub fn lenient(&self, words: &[u32]) -> Result<Payload, GenerateError> {
        // The payload and the liberties must not share their words: fewer liberties would be another payload.
        let (own, taken) = words.split_at(words.len().min(8));
        let made = self.drawn(taken)?;
        let mut payload = made.payload;
        let leaves: Vec<_> = made.places.into_iter().filter(|place| place.leaf != Leaf::None).collect();
        let mut choices = Choices::new(Policy::Drawn, Words::Given(own));
        if leaves.is_empty() {
            return Ok(payload);
        }
        for _ in 0..choices.below(MAX_DEVIATIONS + 1) {
            let place = &leaves[choices.below(leaves.len())];
            let Some(slot) = payload.value.pointer_mut(&place.instance) else { continue };
            if let Some((value, liberty)) = deviant(place.leaf, slot, &mut choices) {
                *slot = value;
                let deviation = Deviation { instance_pointer: place.instance.clone(), liberty };
                payload.deviations.retain(|known| known.instance_pointer != deviation.instance_pointer);
                payload.deviations.push(deviation);
            }
        }
        Ok(payload)
    }
}

fn deviant(leaf: Leaf, here: &Value, choices: &mut Choices<'_>) -> Option<(Value, Liberty)> {
    Some(match (leaf, here) {
        (Leaf::Listed, Value::String(_)) => {
            let unlisted = ["UNLISTED", "unlisted value", "Nové_číslo_7", ""];
            (unlisted[choices.below(unlisted.len())].into(), Liberty::UnlistedValue)
        }
        (Leaf::Number, Value::Number(number)) => {
            let whole = number.is_i64() || number.is_u64();
            let extremes = [json!(i64::MAX), json!(i64::MIN), json!(0), json!(i32::MIN)];
            let fractions = [json!(-0.01), json!(0.1 + 0.2), json!(1e15), json!(1e300), json!(5e-324), json!(-1e22)];
            let all: Vec<Value> = extremes.into_iter().chain(fractions.into_iter().filter(|_| !whole)).collect();
            (all[choices.below(all.len())].clone(), Liberty::ExtremeNumber)
        }
        (Leaf::Text, Value::String(_)) => {
            let seed = SplitMix(choices.below(1 << 16) as u64);
            let scripts =
                ["Ελληνικά ", "汉字漢字", "العربية ", "e\u{301}\u{1f469}\u{200d}\u{1f4bb}", "\u{202e}\u{0}\"\\"];
            let mut letters = Choices::new(Policy::Drawn, Words::Seeded(seed));
            let times = [1, 8, 900][choices.below(3)];
            let text: String = (0..times).map(|_| scripts[letters.below(scripts.len())]).collect();
            (text.into(), Liberty::UnusualText)
        }
        _ => return None,
    })
}
