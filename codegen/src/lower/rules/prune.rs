//! Rules that check nothing, and rules that nothing refers to, are left out.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::{RuleRef, Rules};

/// Leaves out rules that check nothing, however deep.
pub(super) fn prune(rules: &mut BTreeMap<String, Rules>) {
    let telling = telling(rules);
    rules.retain(|name, _| telling.contains(name));
    rules.values_mut().for_each(|rules| trim(rules, &telling));
}

/// The names of the rules that check something, or refer to such.
fn telling(rules: &BTreeMap<String, Rules>) -> HashSet<String> {
    let mut holders: HashMap<String, Vec<&String>> = HashMap::new();
    for (name, held) in rules {
        let mut names = Vec::new();
        names_in(held, &mut names);
        names.into_iter().for_each(|held| holders.entry(held).or_default().push(name));
    }
    let mut telling = HashSet::new();
    let mut open: Vec<&String> =
        rules.iter().filter(|(_, rules)| tells(rules, &telling)).map(|(name, _)| name).collect();
    while let Some(name) = open.pop() {
        if telling.insert(name.clone()) {
            open.extend(holders.get(name).into_iter().flatten());
        }
    }
    telling
}

/// Leaves out rules that no place refers to any more.
pub(super) fn keep_reached<'n>(rules: &mut BTreeMap<String, Rules>, places: impl Iterator<Item = &'n String>) {
    let mut reached: HashSet<String> = HashSet::new();
    let mut open: Vec<String> = places.cloned().collect();
    while let Some(name) = open.pop() {
        if let Some(rules) = rules.get(&name)
            && reached.insert(name)
        {
            names_in(rules, &mut open);
        }
    }
    rules.retain(|name, _| reached.contains(name));
}

fn names_in(rules: &Rules, names: &mut Vec<String>) {
    for reference in rules.parts() {
        match reference {
            RuleRef::Named(name) => names.push(name.clone()),
            RuleRef::Inline(rules) => names_in(rules, names),
        }
    }
}

fn tells(rules: &Rules, telling: &HashSet<String>) -> bool {
    let told = |reference: &RuleRef| match reference {
        RuleRef::Named(name) => telling.contains(name),
        RuleRef::Inline(rules) => tells(rules, telling),
    };
    let held = rules.items.iter().chain(&rules.values).map(AsRef::as_ref);
    let members = rules.members.iter().map(|(_, rule)| rule);
    let alternatives = rules.alternatives.iter().flat_map(|alternatives| &alternatives.of);
    let alternatives = alternatives.map(|alternative| &alternative.rules);
    !rules.own.is_empty() || held.chain(members).chain(&rules.all).chain(alternatives).any(told)
}

fn trim(rules: &mut Rules, telling: &HashSet<String>) {
    let keep = |reference: &mut RuleRef| match reference {
        RuleRef::Named(name) => telling.contains(name),
        RuleRef::Inline(rules) => {
            let tells = tells(rules, telling);
            trim(rules, telling);
            tells
        }
    };
    rules.items = rules.items.take().and_then(|mut items| keep(&mut items).then_some(items));
    rules.values = rules.values.take().and_then(|mut values| keep(&mut values).then_some(values));
    rules.members.retain_mut(|(_, rule)| keep(rule));
    rules.all.retain_mut(keep);
    // An alternative without rules is one all the same: a value that is one keeps the rules of the others.
    let mut some = false;
    for alternative in rules.alternatives.iter_mut().flat_map(|alternatives| &mut alternatives.of) {
        if keep(&mut alternative.rules) {
            some = true;
        } else {
            alternative.rules = RuleRef::Inline(Rules::default());
        }
    }
    rules.alternatives = rules.alternatives.take().filter(|_| some);
}
