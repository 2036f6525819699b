//! Objects and arrays.

use std::collections::BTreeSet;

use obkit_codegen::load::escape_token;
use serde_json::{Map, Value};

use super::error::Reason;
use super::run::{Fault, Run};
use super::shape::{Shape, Term};

/// The most elements that are made where more are allowed, and properties alike.
const MANY: usize = 64;

/// How often an element is made anew because it is there already.
const UNIQUE_TRIES: usize = 12;

impl<'c> Run<'_, 'c, '_> {
    pub(super) fn object(&mut self, at: &str, shape: &Shape<'c>) -> Result<Value, Fault> {
        if let Some(name) = shape.required.iter().find(|name| shape.forbidden.contains(*name)) {
            let at = format!("{at}/properties/{}", escape_token(name));
            return Err(Fault::new(&at, Reason::Contradiction("required")));
        }
        let names = self.names(at, shape)?;
        let mut object = Map::new();
        for name in names {
            let required = shape.required.contains(name.as_str());
            // What an object of this size needs is no choice either.
            let needed = required || object.len() < shape.count.0;
            let Some(terms) = self.generator.property(shape, &name) else {
                if required {
                    return Err(Fault::new(at, Reason::Contradiction("required")));
                }
                continue;
            };
            let (token, cuts) = (escape_token(&name), self.cuts());
            let made = match shape.tags.get(name.as_str()) {
                Some(tag) => self.tagged(&token, &terms, &name, tag),
                None => self.within(&token, &terms, Some(&name)),
            };
            match made {
                Ok(value) => {
                    object.insert(name, value);
                }
                Err(fault) if needed || fault.reason == Reason::Budget => return Err(fault),
                Err(fault) => self.omit(fault, cuts),
            }
        }
        Ok(Value::Object(object))
    }

    /// The value of a discriminator: what names the alternative, where the property allows it.
    fn tagged(&mut self, token: &str, terms: &[Term], name: &str, tag: &str) -> Result<Value, Fault> {
        let value = Value::from(tag);
        let made = self.within(token, terms, Some(name))?;
        let allowed = terms.iter().all(|term| self.generator.fits(&term.at, &value) == term.holds);
        Ok(if allowed { value } else { made })
    }

    /// The names of an object's properties: what is required first, then as the schemas list them.
    fn names(&mut self, at: &str, shape: &Shape<'c>) -> Result<Vec<String>, Fault> {
        let mut names: Vec<String> = shape.required.iter().map(|name| (*name).to_owned()).collect();
        let mut seen: BTreeSet<String> = names.iter().cloned().collect();
        let mut spare = Vec::new();
        for part in &shape.properties {
            for name in part.named.into_iter().flatten().map(|(name, _)| name) {
                let here = format!("{}/properties/{}", part.at, escape_token(name));
                if !seen.insert(name.clone()) || shape.forbidden.contains(name.as_str()) {
                    continue;
                }
                if self.generator.hidden(&here) || !self.fits_names(shape, name) {
                    continue;
                }
                let included = !self.tight && self.choices.includes(&here);
                (if included { &mut names } else { &mut spare }).push(name.clone());
            }
        }
        self.further(shape, &mut names, &mut seen)?;
        let most = shape.count.1.max(shape.required.len());
        if shape.required.len() > shape.count.1 {
            return Err(Fault::new(at, Reason::Contradiction("maxProperties")));
        }
        names.truncate(most);
        self.dependents(shape, &mut names);
        if names.len() > most {
            names.retain(|name| shape.required.contains(name.as_str()));
        }
        let least = shape.count.0.min(MANY * 64);
        while names.len() < least && !spare.is_empty() {
            names.push(spare.remove(0));
        }
        for extra in 0.. {
            if names.len() >= least {
                break;
            }
            let name = self.name(at, shape, extra)?;
            if seen.insert(name.clone()) {
                names.push(name);
            } else if extra > least * 2 + MANY {
                return Err(Fault::new(at, Reason::Contradiction("minProperties")));
            }
        }
        Ok(names)
    }

    /// Properties that no schema names, where schemas say what they would be.
    fn further(
        &mut self,
        shape: &Shape<'c>,
        names: &mut Vec<String>,
        seen: &mut BTreeSet<String>,
    ) -> Result<(), Fault> {
        for part in &shape.properties {
            let patterns = part.patterns.into_iter().flatten().map(|(pattern, _)| pattern);
            for pattern in patterns {
                let here = format!("{}/patternProperties/{}", part.at, escape_token(pattern));
                if !self.tight
                    && self.choices.includes(&here)
                    && let Some(name) = self.of_pattern(pattern, 0)
                    && self.fits_names(shape, &name)
                    && !shape.forbidden.contains(name.as_str())
                    && seen.insert(name.clone())
                {
                    names.push(name);
                }
            }
            let here = format!("{}/additionalProperties", part.at);
            if part.additional
                && !matches!(self.generator.schema(&here), Some(Value::Bool(false)) | None)
                && !self.tight
                && self.choices.includes(&here)
            {
                let name = self.name(&here, shape, 0)?;
                if seen.insert(name.clone()) {
                    names.push(name);
                }
            }
        }
        Ok(())
    }

    /// A name that no schema gives.
    fn name(&mut self, at: &str, shape: &Shape<'c>, index: usize) -> Result<String, Fault> {
        if shape.names.is_empty() {
            // Where only patterns are open, a name has to match one.
            let patterns = shape.properties.iter().filter_map(|part| part.patterns).flatten();
            let mut patterns = patterns.map(|(pattern, _)| pattern.as_str());
            let plain = if index == 0 { "additional".to_owned() } else { format!("additional{index}") };
            if self.generator.property(shape, &plain).is_some() {
                return Ok(plain);
            }
            return patterns
                .find_map(|pattern| self.of_pattern(pattern, index))
                .ok_or_else(|| Fault::new(at, Reason::Contradiction("additionalProperties")));
        }
        let terms: Vec<Term> = shape.names.iter().map(Term::holds).collect();
        let before = (index > 0).then(|| self.choices.detour());
        let trace = self.trace.len();
        let made = self.value(&terms, None);
        self.trace.truncate(trace);
        if let Some(before) = before {
            self.choices.restore(before);
        }
        match made? {
            Value::String(name) => Ok(name),
            _ => Err(Fault::new(at, Reason::Contradiction("propertyNames"))),
        }
    }

    fn fits_names(&self, shape: &Shape<'c>, name: &str) -> bool {
        shape.names.iter().all(|at| self.generator.fits(at, &Value::from(name)))
    }

    /// Adds what the presence of others asks for.
    fn dependents(&self, shape: &Shape<'c>, names: &mut Vec<String>) {
        let mut index = 0;
        while index < names.len() {
            let name = names[index].clone();
            let asked = shape.dependent.iter().filter_map(|map| map.get(&name)?.as_array()).flatten();
            for name in asked.filter_map(Value::as_str) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            index += 1;
        }
    }

    pub(super) fn array(&mut self, at: &str, shape: &Shape<'c>, name: Option<&str>) -> Result<Value, Fault> {
        let (low, high) = shape.items;
        if low > high {
            return Err(Fault::new(at, Reason::Contradiction("maxItems")));
        }
        if low > MANY * 64 {
            return Err(Fault::new(at, Reason::Budget));
        }
        let size = if self.tight {
            low
        } else {
            let mut edges = vec![low];
            edges.extend((high <= MANY && high != low).then_some(high));
            match self.choices.edge(&format!("{at}/items"), edges.len()) {
                Some(edge) => edges[edge],
                None => self.choices.size(low, high.min(low.max(MANY)), low.max(2)),
            }
        };
        let mut items: Vec<Value> = Vec::new();
        while items.len() < size {
            let cuts = self.cuts();
            match self.element(shape, &items, name) {
                Ok(item) => items.push(item),
                Err(fault) if items.len() >= low && fault.reason != Reason::Budget => {
                    self.omit(fault, cuts);
                    break;
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(Value::Array(items))
    }

    /// The next element of an array.
    fn element(&mut self, shape: &Shape<'c>, items: &[Value], name: Option<&str>) -> Result<Value, Fault> {
        let index = items.len();
        let mut terms = Vec::new();
        for part in &shape.elements {
            if index < part.prefix {
                terms.push(Term::holds(format!("{}/prefixItems/{index}", part.at)));
            } else if part.rest && !part.closed {
                terms.push(Term::holds(format!("{}/items", part.at)));
            }
        }
        for (at, least, most) in &shape.contains {
            if index < *least {
                terms.push(Term::holds(at));
            } else if index >= *most {
                terms.push(Term::fails(at));
            }
        }
        let token = index.to_string();
        if terms.is_empty() && !shape.unique {
            return Ok(self.anything());
        }
        let trace = self.trace.len();
        let mut item = self.within(&token, &terms, name)?;
        for _ in 0..UNIQUE_TRIES {
            if !shape.unique || !items.contains(&item) {
                return Ok(item);
            }
            self.trace.truncate(trace);
            let before = self.choices.detour();
            let again = self.within(&token, &terms, name);
            self.choices.restore(before);
            item = again?;
        }
        let at = shape.applied.first().map_or("", String::as_str);
        Err(Fault::new(at, Reason::Contradiction("uniqueItems")))
    }
}
