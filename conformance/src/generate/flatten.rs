//! Schemas that hold for one value, taken together: references followed, alternatives chosen.

use serde_json::{Map, Number, Value};

use super::choice::Kind;
use super::error::Reason;
use super::run::{Fault, Run};
use super::shape::{Limit, Shape, Term, Types};
use crate::pointer;

impl<'c> Run<'_, 'c, '_> {
    /// All that these schemas ask of a value.
    pub(super) fn flatten(&mut self, terms: &[Term]) -> Result<Shape<'c>, Fault> {
        let mut shape = Shape::default();
        for term in terms {
            self.term(term, &mut shape)?;
        }
        Ok(shape)
    }

    fn term(&mut self, term: &Term, shape: &mut Shape<'c>) -> Result<(), Fault> {
        let outcome = if term.holds { self.apply(&term.at, shape) } else { self.deny(&term.at, shape) };
        outcome?;
        shape.contradiction().map_or(Ok(()), |reason| Err(Fault::new(&term.at, reason)))
    }

    /// Adds a schema that holds.
    fn apply(&mut self, at: &str, shape: &mut Shape<'c>) -> Result<(), Fault> {
        if !shape.seen.insert(at.to_owned()) {
            return Ok(());
        }
        let members = match self.generator.schema(at) {
            Some(Value::Object(members)) => members,
            Some(Value::Bool(false)) => return Err(Fault::new(at, Reason::Contradiction("false"))),
            _ => return Ok(()),
        };
        shape.applied.push(at.to_owned());
        shape.assert(at, members);
        for keyword in ["$ref", "$dynamicRef"] {
            if let Some(reference) = members.get(keyword).and_then(Value::as_str) {
                let target = pointer::of_reference(reference);
                shape.references.push(target.clone());
                self.apply(&target, shape)?;
            }
        }
        for index in 0..branches(members, "allOf") {
            self.apply(&format!("{at}/allOf/{index}"), shape)?;
        }
        self.dependent_schemas(at, members, shape)?;
        self.conditional(at, members, shape)?;
        for keyword in ["anyOf", "oneOf"] {
            if members.contains_key(keyword) {
                self.alternative(at, keyword, branches(members, keyword), shape)?;
            }
        }
        self.family(at, members, shape)?;
        if members.contains_key("not") {
            shape.doubtful.push(at.to_owned());
            self.deny(&format!("{at}/not"), shape)?;
        }
        shape.contradiction().map_or(Ok(()), |reason| Err(Fault::new(at, reason)))
    }

    /// Tries sets of schemas in turn, from the one that is chosen on; what is taken is the first that can hold.
    fn choose(&mut self, at: &str, sets: &[Vec<Term>], shape: &mut Shape<'c>) -> Result<usize, Fault> {
        let chosen = if self.tight {
            let heights = sets.iter().map(|terms| self.generator.height(terms));
            heights.enumerate().min_by_key(|(_, height)| *height).map_or(0, |(index, _)| index)
        } else {
            self.choices.decide(Kind::Branch, at, sets.len())
        };
        let mut fault = None;
        for step in 0..sets.len() {
            let index = (chosen + step) % sets.len();
            let mut trial = shape.clone();
            match sets[index].iter().try_for_each(|term| self.term(term, &mut trial)) {
                Ok(()) => {
                    *shape = trial;
                    return Ok(index);
                }
                Err(error) => fault = fault.or(Some(error)),
            }
        }
        Err(fault.unwrap_or_else(|| Fault::new(at, Reason::Contradiction("anyOf"))))
    }

    fn alternative(
        &mut self,
        at: &str,
        keyword: &'static str,
        count: usize,
        shape: &mut Shape<'c>,
    ) -> Result<(), Fault> {
        let here = format!("{at}/{keyword}");
        let only = keyword == "oneOf" && count > 1;
        if only {
            shape.doubtful.push(at.to_owned());
        }
        // Two alternatives may overlap; a second try keeps the others from holding as far as that is easy.
        let apart = only && self.careful && self.choices.once_in(2);
        let branch = |index: usize| Term::holds(format!("{here}/{index}"));
        let sets: Vec<Vec<Term>> = (0..count)
            .map(|index| {
                let others = (0..count).filter(|other| apart && *other != index);
                let others = others.map(|other| Term::fails(format!("{here}/{other}")));
                std::iter::once(branch(index)).chain(others).collect()
            })
            .collect();
        let chosen = self.choose(&here, &sets, shape)?;
        if let Some((property, tag)) = self.generator.tag(at, keyword, chosen) {
            shape.tags.insert(property, tag);
        }
        Ok(())
    }

    /// A schema with a discriminator and no alternatives of its own: those that refer to it are its alternatives.
    fn family(&mut self, at: &str, members: &Map<String, Value>, shape: &mut Shape<'c>) -> Result<(), Fault> {
        if members.contains_key("oneOf") || members.contains_key("anyOf") {
            return Ok(());
        }
        let Some((property, mapping)) = self.generator.family(at) else { return Ok(()) };
        if mapping.is_empty() || shape.tags.contains_key(property) {
            return Ok(());
        }
        let child = mapping.iter().position(|(_, target)| target != at && shape.seen.contains(target));
        let chosen = match child {
            Some(child) => child,
            None => {
                let sets: Vec<_> = mapping.iter().map(|(_, target)| vec![Term::holds(target)]).collect();
                self.choose(&format!("{at}/discriminator"), &sets, shape)?
            }
        };
        shape.tags.insert(property, mapping[chosen].0.clone());
        Ok(())
    }

    fn conditional(&mut self, at: &str, members: &Map<String, Value>, shape: &mut Shape<'c>) -> Result<(), Fault> {
        let Some(condition) = members.get("if") else { return Ok(()) };
        let part = |keyword: &str| members.contains_key(keyword).then(|| Term::holds(format!("{at}/{keyword}")));
        let met: Vec<Term> = std::iter::once(Term::holds(format!("{at}/if"))).chain(part("then")).collect();
        let unmet: Vec<Term> = std::iter::once(Term::fails(format!("{at}/if"))).chain(part("else")).collect();
        // A value is simpler than none.
        let is_null = condition.get("type").and_then(Value::as_str) == Some("null");
        if !is_null {
            shape.doubtful.push(at.to_owned());
        }
        let sets = if is_null { [unmet, met] } else { [met, unmet] };
        self.choose(&format!("{at}/if"), &sets, shape).map(|_| ())
    }

    fn dependent_schemas(
        &mut self,
        at: &str,
        members: &'c Map<String, Value>,
        shape: &mut Shape<'c>,
    ) -> Result<(), Fault> {
        let schemas = members.get("dependentSchemas").and_then(Value::as_object);
        for name in schemas.into_iter().flatten().map(|(name, _)| name) {
            let here = format!("{at}/dependentSchemas/{}", obkit_codegen::load::escape_token(name));
            if shape.required.contains(name.as_str()) || (!self.tight && self.choices.includes(&here)) {
                shape.required.insert(name);
                self.apply(&here, shape)?;
            } else {
                shape.forbidden.insert(name);
            }
        }
        Ok(())
    }

    /// Adds a schema that does not hold: one of its keywords is chosen, and does not. What is not understood is left
    /// to the validator.
    fn deny(&mut self, at: &str, shape: &mut Shape<'c>) -> Result<(), Fault> {
        let members = match self.generator.schema(at) {
            Some(Value::Object(members)) if !members.is_empty() => members,
            Some(Value::Bool(false)) | None => return Ok(()),
            _ => return Err(Fault::new(at, Reason::Contradiction("not"))),
        };
        let keywords: Vec<(&'c String, &'c Value)> = members.iter().collect();
        let chosen = self.choices.decide(Kind::Branch, &format!("{at}/not"), keywords.len());
        let mut fault = None;
        for step in 0..keywords.len() {
            let (keyword, value) = keywords[(chosen + step) % keywords.len()];
            let mut trial = shape.clone();
            match self.deny_keyword(at, keyword, value, &mut trial) {
                Ok(()) if trial.contradiction().is_none() => {
                    *shape = trial;
                    return Ok(());
                }
                Ok(()) => {}
                Err(error) => fault = fault.or(Some(error)),
            }
        }
        Err(fault.unwrap_or_else(|| Fault::new(at, Reason::Contradiction("not"))))
    }

    fn deny_keyword(
        &mut self,
        at: &str,
        keyword: &'c str,
        value: &'c Value,
        shape: &mut Shape<'c>,
    ) -> Result<(), Fault> {
        let impossible = || Err(Fault::new(at, Reason::Contradiction("not")));
        match (keyword, value) {
            ("$ref", Value::String(reference)) => {
                let target = pointer::of_reference(reference);
                if !shape.seen.insert(format!("not {target}")) {
                    return impossible();
                }
                self.deny(&target, shape)
            }
            ("type", _) => {
                shape.types = shape.types.without(Types::of_keyword(value));
                Ok(())
            }
            ("enum", Value::Array(values)) => {
                shape.excluded.extend(values);
                Ok(())
            }
            ("const", _) => {
                shape.excluded.push(value);
                Ok(())
            }
            ("required", Value::Array(names)) => {
                let mut names = names.iter().filter_map(Value::as_str);
                let Some(name) = names.find(|name| !shape.required.contains(name)) else { return impossible() };
                shape.types.keep(Types::OBJECT);
                shape.forbidden.insert(name);
                Ok(())
            }
            ("properties", Value::Object(properties)) => {
                let Some(name) = properties.keys().next() else { return impossible() };
                let here = format!("{at}/properties/{}", obkit_codegen::load::escape_token(name));
                shape.types.keep(Types::OBJECT);
                shape.required.insert(name);
                shape.of_property.push((name, Term::fails(here)));
                Ok(())
            }
            ("allOf", Value::Array(branches)) => {
                let sets: Vec<Vec<Term>> =
                    (0..branches.len()).map(|index| vec![Term::fails(format!("{at}/allOf/{index}"))]).collect();
                self.choose(&format!("{at}/allOf"), &sets, shape).map(|_| ())
            }
            ("anyOf" | "oneOf", Value::Array(branches)) => {
                (0..branches.len()).try_for_each(|index| self.deny(&format!("{at}/{keyword}/{index}"), shape))
            }
            ("not", _) => self.apply(&format!("{at}/not"), shape),
            ("minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum", Value::Number(number)) => {
                deny_limit(keyword, number, shape);
                Ok(())
            }
            (
                "minLength" | "minItems" | "minProperties" | "maxLength" | "maxItems" | "maxProperties",
                Value::Number(number),
            ) => deny_count(keyword, number, shape).map_or_else(impossible, Ok),
            // Left to chance and the validator.
            ("pattern" | "format", _) => {
                shape.types.keep(Types::STRING);
                Ok(())
            }
            ("items" | "contains" | "uniqueItems" | "multipleOf" | "propertyNames", _) => Ok(()),
            _ => impossible(),
        }
    }
}

/// A number beyond a limit: what was included is not, and the other way round.
fn deny_limit<'c>(keyword: &str, number: &'c Number, shape: &mut Shape<'c>) {
    let limit = Limit { number, exclusive: !keyword.starts_with("exclusive") };
    shape.types.keep(Types::of_keyword(&"number".into()));
    if keyword.ends_with("inimum") { shape.high.push(limit) } else { shape.low.push(limit) }
}

/// Fewer than a least count, or more than a most one; nothing, where nothing is fewer.
fn deny_count(keyword: &str, number: &Number, shape: &mut Shape<'_>) -> Option<()> {
    let count = number.as_u64().map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let (kind, (least, most)) = counted(keyword, shape);
    if keyword.starts_with("min") {
        *most = (*most).min(count?.checked_sub(1)?);
    } else {
        *least = (*least).max(count.unwrap_or(usize::MAX).saturating_add(1));
    }
    shape.types.keep(kind);
    Some(())
}

fn counted<'s>(keyword: &str, shape: &'s mut Shape<'_>) -> (Types, &'s mut (usize, usize)) {
    match &keyword[3..] {
        "Length" => (Types::STRING, &mut shape.length),
        "Items" => (Types::ARRAY, &mut shape.items),
        _ => (Types::OBJECT, &mut shape.count),
    }
}

fn branches(members: &Map<String, Value>, keyword: &str) -> usize {
    members.get(keyword).and_then(Value::as_array).map_or(0, Vec::len)
}
