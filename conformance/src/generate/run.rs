//! One payload being made.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::choice::{Choices, Kind};
use super::error::Reason;
use super::shape::{Shape, Term, Types};
use super::{Generator, Leaf, Place};

/// How often a value is tried before what holds it is given up.
const LOCAL_TRIES: usize = 6;

/// How many values a run may make, those included that are thrown away.
const MAX_WORK: usize = 40_000;

/// How many levels of a schema within itself are made before what is optional is left out.
const MAX_RECURSION: usize = 2;

/// Why a value cannot be made; the pointer is one of the lowered document.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) at: String,
    pub(super) reason: Reason,
}

impl Fault {
    pub(super) fn new(at: &str, reason: Reason) -> Self {
        Self { at: at.to_owned(), reason }
    }
}

/// One payload being made.
pub(super) struct Run<'g, 'c, 'p> {
    pub(super) generator: &'g Generator<'c>,
    pub(super) choices: Choices<'p>,
    /// Whether what a schema says about alternatives is verified on the spot. It costs, and is seldom needed.
    pub(super) careful: bool,
    /// Whether all that is optional is left out from here on.
    pub(super) tight: bool,
    /// Where in the payload.
    pub(super) path: String,
    pub(super) depth: usize,
    work: usize,
    made: usize,
    active: Vec<String>,
    /// How often something was cut short, because it lies deep or there is much already.
    cuts: usize,
    /// What stands where.
    pub(super) trace: Vec<Place>,
    /// Optional parts that cannot be made.
    pub(super) omitted: BTreeMap<String, Reason>,
}

impl<'g, 'c, 'p> Run<'g, 'c, 'p> {
    pub(super) fn new(generator: &'g Generator<'c>, choices: Choices<'p>, careful: bool) -> Self {
        Self {
            generator,
            choices,
            careful,
            tight: false,
            path: String::new(),
            depth: 0,
            work: 0,
            made: 0,
            active: Vec::new(),
            cuts: 0,
            trace: Vec::new(),
            omitted: BTreeMap::new(),
        }
    }

    /// A value that these schemas hold for; `name` is the property that it becomes.
    pub(super) fn value(&mut self, terms: &[Term], name: Option<&str>) -> Result<Value, Fault> {
        let tries = if self.careful { LOCAL_TRIES } else { 1 };
        let mut first = None;
        for attempt in 0..tries {
            let detour = (attempt > 0).then(|| self.choices.detour());
            let (traced, active, path) = (self.trace.len(), self.active.len(), self.path.len());
            let (tight, depth) = (self.tight, self.depth);
            let made = self.attempt(terms, name);
            (self.tight, self.depth) = (tight, depth);
            self.active.truncate(active);
            self.path.truncate(path);
            if let Some(before) = detour {
                self.choices.restore(before);
            }
            match made {
                Ok(value) => return Ok(value),
                Err(fault) => {
                    self.trace.truncate(traced);
                    let spent = fault.reason == Reason::Budget;
                    first.get_or_insert(fault);
                    if spent {
                        break;
                    }
                }
            }
        }
        Err(first.unwrap_or_else(|| Fault::new("", Reason::Budget)))
    }

    fn attempt(&mut self, terms: &[Term], name: Option<&str>) -> Result<Value, Fault> {
        self.work += 1;
        let at = terms.first().map_or("", |term| term.at.as_str());
        if self.work > MAX_WORK {
            return Err(Fault::new(at, Reason::Budget));
        }
        let shape = self.flatten(terms)?;
        let recursion = shape.references.iter().map(|target| self.active.iter().filter(|a| *a == target).count());
        let recursion = recursion.max().unwrap_or_default();
        if self.depth > self.generator.hard_depth() {
            return Err(Fault::new(at, Reason::Endless));
        }
        self.tight |=
            recursion >= MAX_RECURSION || self.depth >= self.generator.depth || self.made >= self.generator.values;
        self.cuts += usize::from(self.tight);
        self.active.extend(shape.references.iter().cloned());
        self.made += 1;
        let place = self.trace.len();
        self.trace.push(Place { instance: self.path.clone(), schemas: shape.applied.clone(), leaf: Leaf::None });
        let (value, leaf) = self.of_shape(at, &shape, name)?;
        self.trace[place].leaf = leaf;
        if self.careful {
            self.verify(&shape, &value)?;
        }
        Ok(value)
    }

    /// Asks the validators about schemas that exclude something.
    fn verify(&self, shape: &Shape<'c>, value: &Value) -> Result<(), Fault> {
        for at in &shape.doubtful {
            if !self.generator.fits(at, value) {
                return Err(Fault::new(at, Reason::Refused(self.generator.refusing(at))));
            }
        }
        Ok(())
    }

    fn of_shape(&mut self, at: &str, shape: &Shape<'c>, name: Option<&str>) -> Result<(Value, Leaf), Fault> {
        if let Some(listed) = &shape.listed {
            return self.listed(shape, listed).map(|value| (value, Leaf::Listed));
        }
        let types = shape.candidates();
        let kind = match types.as_slice() {
            [] => return Err(Fault::new(at, Reason::Contradiction("type"))),
            [only] => *only,
            several if shape.properties.is_empty() && free(shape) => {
                // Nothing is asked: any type does, and lists of anything would not end.
                let simple: Vec<Types> = several.iter().copied().filter(|kind| *kind != Types::ARRAY).collect();
                simple[self.choices.below(simple.len())]
            }
            several => several[self.choices.decide(Kind::Branch, &format!("{at}/type"), several.len())],
        };
        Ok(match kind {
            Types::NULL => (Value::Null, Leaf::None),
            Types::BOOLEAN => (self.boolean(at, shape)?, Leaf::None),
            Types::INTEGER | Types::FRACTION => (self.number(at, shape)?, Leaf::Number),
            Types::STRING => {
                let free = shape.formats.is_empty() && shape.patterns.is_empty();
                (Value::String(self.text(at, shape, name)?), if free { Leaf::Text } else { Leaf::None })
            }
            Types::ARRAY => (self.array(at, shape, name)?, Leaf::None),
            _ => (self.object(at, shape)?, Leaf::None),
        })
    }

    fn boolean(&mut self, at: &str, shape: &Shape<'c>) -> Result<Value, Fault> {
        let both = [Value::Bool(false), Value::Bool(true)];
        let open: Vec<&Value> = both.iter().filter(|value| shape.allows(value)).collect();
        if open.is_empty() {
            return Err(Fault::new(at, Reason::Contradiction("not")));
        }
        Ok(open[self.choices.decide(Kind::Value, at, open.len())].clone())
    }

    fn listed(&mut self, shape: &Shape<'c>, listed: &[&'c Value]) -> Result<Value, Fault> {
        let at = &shape.listed_at;
        let open: Vec<&'c Value> = listed
            .iter()
            .copied()
            .filter(|value| shape.allows(value) && self.generator.leaf_fits(shape, value))
            .collect();
        if open.is_empty() {
            return Err(Fault::new(at, Reason::Contradiction("enum")));
        }
        Ok(open[self.choices.decide(Kind::Value, at, open.len())].clone())
    }

    /// Goes a step down into the payload.
    pub(super) fn within(&mut self, token: &str, terms: &[Term], name: Option<&str>) -> Result<Value, Fault> {
        let (length, tight) = (self.path.len(), self.tight);
        self.path.push('/');
        self.path.push_str(token);
        self.depth += 1;
        let active = self.active.len();
        let made = self.value(terms, name);
        self.active.truncate(active);
        self.depth -= 1;
        self.tight = tight;
        self.path.truncate(length);
        made
    }

    /// How often something was cut short so far.
    pub(super) fn cuts(&self) -> usize {
        self.cuts
    }

    /// Notes that something optional was left out; not when that is because something was cut short.
    pub(super) fn omit(&mut self, fault: Fault, cuts: usize) {
        if cuts == self.cuts {
            self.omitted.insert(fault.at, fault.reason);
        }
    }

    /// An empty value of a shape that asks for nothing.
    pub(super) fn anything(&mut self) -> Value {
        match self.choices.below(4) {
            0 => json!("text"),
            1 => json!(1),
            2 => json!(true),
            _ => Value::Object(Map::new()),
        }
    }
}

/// Whether a shape asks for nothing at all.
fn free(shape: &Shape<'_>) -> bool {
    shape.types == Shape::default().types && shape.listed.is_none() && shape.candidates().len() > 5
}
