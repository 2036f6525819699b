//! Whether what stands under a keyword can stand there, for every object that the specification names.

use serde_json::{Map, Value};

use super::Lint;
use super::keywords::{self, Form, Keyword};
use crate::load::escape_token;
use crate::load::shape::Kind;
use crate::note;
use crate::schema::{count, text};
use crate::spelling;
use crate::subject::subject;

impl Lint<'_> {
    /// Checks a part of the document against the table of keywords.
    pub(super) fn form(&mut self, kind: Kind, pointer: &str, value: &Value) {
        let Value::Object(members) = value else {
            if !(kind == Kind::Schema && value.is_boolean()) {
                let expected = if kind == Kind::Schema { "a schema, which is an object" } else { "an object" };
                self.malformed(pointer, value, expected, None);
            }
            return;
        };
        if let Some(reference) = members.get("$ref").filter(|reference| !reference.is_string()) {
            self.malformed(&format!("{pointer}/$ref"), reference, "text that says what is meant", None);
        }
        self.members(keywords::of(kind), pointer, members);
        let scheme = text(value, "type").filter(|_| kind == Kind::SecurityScheme).unwrap_or_default();
        for name in keywords::needed_by_scheme(scheme).iter().filter(|name| !members.contains_key(**name)) {
            self.missing(pointer, name);
        }
    }

    fn members(&mut self, keywords: &[Keyword], pointer: &str, members: &Map<String, Value>) {
        let mut misspelt = Vec::new();
        let is_unknown = |key: &&String| {
            *key != "$ref" && !key.starts_with("x-") && keywords.iter().all(|keyword| keyword.name != **key)
        };
        for key in members.keys().filter(is_unknown) {
            let absent = keywords.iter().map(|keyword| keyword.name).filter(|name| !members.contains_key(*name));
            if let Some(meant) = meant(key, absent) {
                misspelt.push(meant);
                let at = format!("{pointer}/{}", escape_token(key));
                let message = format!("`{key}` of {} means nothing: did you mean `{meant}`?", subject(pointer));
                self.note(note::KEYWORD_MISSPELT, &at, message);
            }
        }
        // Where a reference stands, what is needed stands elsewhere.
        let stands_here = !members.contains_key("$ref") && !members.contains_key("x-obkit-external");
        for Keyword { name, form, needed } in keywords {
            match members.get(*name) {
                Some(value) => self.value(*form, &format!("{pointer}/{name}"), value),
                None if *needed && stands_here && !misspelt.contains(name) => self.missing(pointer, name),
                None => {}
            }
        }
    }

    fn value(&mut self, form: Form, pointer: &str, value: &Value) {
        let count = || count(value).is_some();
        let texts = || value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
        let (fits, expected) = match form {
            Form::Any | Form::Part => return,
            Form::Text if value.is_number() || value.is_boolean() => (false, "text, which stands in quotes"),
            Form::Text => (value.is_string(), "text"),
            Form::Flag => (value.is_boolean(), "true or false"),
            Form::Number => (value.is_number(), "a number"),
            Form::Step => (value.as_f64().is_some_and(|step| step > 0.0), "a number above zero"),
            Form::Count => (count(), "a whole number, zero or above"),
            Form::Bound => (value.is_number() || value.is_boolean(), "a number, or true or false"),
            Form::Texts => (texts(), "a list of texts"),
            Form::Values => (value.as_array().is_some_and(|values| !values.is_empty()), "a list of values"),
            Form::Parts => (value.is_array(), "a list"),
            Form::Named => (value.is_object(), "an object"),
            Form::Word(words) => return self.word(words, pointer, value),
            Form::Words(words) => {
                let one = std::slice::from_ref(value);
                let stated = value.as_array().map_or(one, Vec::as_slice);
                return stated.iter().for_each(|stated| self.word(words, pointer, stated));
            }
            Form::Object(keywords) => {
                return match value {
                    Value::Object(members) => self.members(keywords, pointer, members),
                    _ => self.malformed(pointer, value, "an object", None),
                };
            }
            Form::Objects(keywords) => match value {
                Value::Array(items) => {
                    let items = items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item));
                    return items.for_each(|(at, item)| self.value(Form::Object(keywords), &at, item));
                }
                _ => (false, "a list of objects"),
            },
            Form::NamedObjects(keywords) => match value {
                Value::Object(entries) => {
                    let entries = entries.iter().map(|(name, e)| (format!("{pointer}/{}", escape_token(name)), e));
                    return entries.for_each(|(at, entry)| self.value(Form::Object(keywords), &at, entry));
                }
                _ => (false, "an object"),
            },
            Form::NamedTexts => match value {
                Value::Object(entries) => {
                    let entries = entries.iter().map(|(name, e)| (format!("{pointer}/{}", escape_token(name)), e));
                    return entries.for_each(|(at, entry)| self.value(Form::Text, &at, entry));
                }
                _ => (false, "an object of texts"),
            },
        };
        if !fits {
            self.malformed(pointer, value, expected, None);
        }
    }

    fn word(&mut self, words: &[&'static str], pointer: &str, value: &Value) {
        let stated = value.as_str();
        if !stated.is_some_and(|word| words.contains(&word)) {
            let expected = format!("one of `{}`", words.join("`, `"));
            self.malformed(pointer, value, &expected, stated.and_then(|word| meant(word, words.iter().copied())));
        }
    }

    fn malformed(&mut self, pointer: &str, value: &Value, expected: &str, meant: Option<&str>) {
        let (owner, key) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let key = crate::load::unescape_token(key);
        let meant = meant.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
        let document = self.spec.document();
        // What a reference to some other file brings in may be no document at all, and nothing of it is quoted.
        let is_own = document.origin(pointer).file == document.file();
        let found = match value {
            Value::String(_) if !is_own => "a text".to_owned(),
            _ => described(value, &document.written(pointer, value)),
        };
        let message = format!("`{key}` of {} is {found}, and must be {expected}{meant}", subject(owner));
        self.note(note::KEYWORD_MALFORMED, pointer, message);
    }

    fn missing(&mut self, pointer: &str, name: &str) {
        self.note(note::KEYWORD_MISSING, pointer, format!("{} has no `{name}`", subject(pointer)));
    }
}

/// What was meant by a word: one that differs by case only, or by few letters of many.
fn meant<'c>(word: &str, candidates: impl Iterator<Item = &'c str> + Clone) -> Option<&'c str> {
    let same = candidates.clone().find(|candidate| candidate.eq_ignore_ascii_case(word));
    let long = |candidate: &&str| candidate.len() > 3 && word.len() > 3;
    same.or_else(|| spelling::nearest(word, candidates.filter(long)))
}

/// A value in a few words, given how it is written.
fn described(value: &Value, written: &str) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(_) => format!("the number {written}"),
        Value::String(text) => format!("the text `{}`", text.chars().take(40).collect::<String>()),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
