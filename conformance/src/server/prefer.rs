//! What a request prefers of its answer (RFC 7240).

use std::time::Duration;

/// The longest wait that a request may ask for.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// The preferences of a request that this server knows. Those it does not know are passed over, as RFC 7240 has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Preferences {
    /// `code=404`: the status of the answer.
    pub(super) code: Option<u16>,
    /// `example=NAME`: the documented example that is answered.
    pub(super) example: Option<String>,
    /// `dynamic=true`: whether the body is generated although there are examples.
    pub(super) dynamic: Option<bool>,
    /// `seed=7`: what the generated body depends on beside the request.
    pub(super) seed: Option<u64>,
    /// `wait=0.2`: how long the answer takes, in seconds.
    pub(super) wait: Option<Duration>,
    /// `handling=strict`: whether a preference that cannot be met is an error.
    pub(super) strict: bool,
    /// Preferences that are known and not well written, each with what is wrong.
    pub(super) unmet: Vec<Unmet>,
}

/// A preference that is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unmet {
    pub(super) name: &'static str,
    pub(super) reason: String,
}

impl Preferences {
    /// Reads the values of `Prefer` fields. Of several preferences of one name the first counts.
    pub(super) fn read<'v>(fields: impl Iterator<Item = &'v str>) -> Self {
        let mut read = Self::default();
        let mut seen = Vec::new();
        for field in fields {
            for preference in split(field, ',') {
                // What follows a semicolon are parameters of the preference, and no preference here has any.
                let stated = split(preference, ';').next().unwrap_or_default();
                let (name, value) = stated.split_once('=').unwrap_or((stated, ""));
                let name = name.trim().to_ascii_lowercase();
                if !seen.contains(&name) {
                    read.set(&name, &unquoted(value.trim()));
                    seen.push(name);
                }
            }
        }
        read
    }

    fn set(&mut self, name: &str, value: &str) {
        let (name, wanted) = match name {
            "code" => {
                self.code = value.parse().ok().filter(|code| (200..=599).contains(code));
                ("code", self.code.is_some().then_some(""))
            }
            "example" => {
                self.example = Some(value.to_owned()).filter(|name| !name.is_empty());
                ("example", self.example.is_some().then_some(""))
            }
            "dynamic" => {
                self.dynamic = match value {
                    "" | "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                };
                ("dynamic", self.dynamic.is_some().then_some(""))
            }
            "seed" => {
                self.seed = value.parse().ok();
                ("seed", self.seed.is_some().then_some(""))
            }
            "wait" => {
                let seconds: Option<f64> = value.parse().ok();
                let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                self.wait = wait.filter(|wait| *wait <= MAX_WAIT);
                ("wait", self.wait.is_some().then_some(""))
            }
            "handling" => {
                self.strict = value.eq_ignore_ascii_case("strict");
                return;
            }
            _ => return,
        };
        if wanted.is_none() {
            let reason = match name {
                "code" => "it is not a status from 200 to 599",
                "example" => "it names no example",
                "dynamic" => "it is neither true nor false",
                "seed" => "it is not a whole number from 0 to 18446744073709551615",
                _ => "it is not a number of seconds from 0 to 60",
            };
            self.unmet.push(Unmet { name, reason: reason.to_owned() });
        }
    }
}

/// The pieces of a field between separators, outside quotes; blank ones are left out.
pub(super) fn split(field: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = field;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (mut quoted, mut escaped) = (false, false);
            let end = rest.find(|character| {
                let ends = !quoted && character == separator;
                quoted ^= character == '"' && !escaped;
                escaped = quoted && character == '\\' && !escaped;
                ends
            });
            let piece = rest[..end.unwrap_or(rest.len())].trim();
            rest = end.map_or("", |end| &rest[end + separator.len_utf8()..]);
            if !piece.is_empty() {
                return Some(piece);
            }
        }
        None
    })
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn preferences_are_read_as_rfc_7240_writes_them() {
        let fields = [
            "Code=404; x=\"a,b\", example = \"two, \\\"2\\\"\" ,, respond-async",
            "code=500, dynamic, SEED=7, wait=0.25, handling=strict",
        ];
        let read = Preferences::read(fields.into_iter());
        let expected = Preferences {
            code: Some(404),
            example: Some("two, \"2\"".to_owned()),
            dynamic: Some(true),
            seed: Some(7),
            wait: Some(Duration::from_millis(250)),
            strict: true,
            unmet: Vec::new(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_known_and_not_well_written_is_said() {
        let read = Preferences::read(["code=42, example=, dynamic=maybe, seed=-1, wait=61"].into_iter());
        let names: Vec<_> = read.unmet.iter().map(|unmet| unmet.name).collect();
        assert_eq!(names, ["code", "example", "dynamic", "seed", "wait"]);
        for wait in ["NaN", "inf", "-1", "1e30", ""] {
            let read = Preferences::read([format!("wait={wait}").as_str()].into_iter());
            assert!(read.wait.is_none() && read.unmet.len() == 1, "{wait}");
        }
    }

    #[test]
    fn quotes_that_never_end_do_no_harm() {
        for field in ["example=\"a, code=404", "\"", "\"\\", "=;=,;,=", "é=\"ü\\"] {
            Preferences::read([field].into_iter());
        }
    }
}
