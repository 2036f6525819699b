//! `rules.rs`: what is checked of a request when it is sent, as data.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::model::{Model, RuleRef, RuledAlternative, Rules};
use crate::schema::count;

/// Renders the rules of all requests; nothing when there are none.
pub(crate) fn render(model: &Model) -> Option<TokenStream> {
    let statics = model.rules.iter().map(|(name, rules)| {
        let (name, rules) = (Ident::new(name, Span::call_site()), expression(rules));
        quote!(pub(crate) static #name: Rules = #rules;)
    });
    let imports = imports(model);
    (!model.rules.is_empty()).then(|| {
        quote! {
            //! What is checked of a request when it is sent, because no type holds it.

            use obkit_runtime::#imports;

            #(#statics)*
        }
    })
}

/// What the rules name of the runtime.
fn imports(model: &Model) -> TokenStream {
    let mut names = BTreeSet::from(["Rules"]);
    for rules in model.rules.values() {
        visit(rules, &mut |rules| {
            let own = rules.own.iter().any(|(keyword, _)| *keyword == "pattern");
            names.extend(own.then_some("Pattern"));
            let alternatives = rules.alternatives.as_ref();
            names.extend(alternatives.into_iter().flat_map(|_| ["Alternatives", "Shape"]));
            for alternative in alternatives.into_iter().flat_map(|alternatives| &alternatives.of) {
                names.extend((!alternative.types.is_empty()).then_some("JsonType"));
                names.extend((!alternative.values.is_empty()).then_some("Tag"));
            }
        });
    }
    let names: Vec<Ident> = names.into_iter().map(|name| Ident::new(name, Span::call_site())).collect();
    match names.as_slice() {
        [one] => quote!(#one),
        several => quote!({#(#several),*}),
    }
}

/// Shows some rules, and those that stand in them.
fn visit(rules: &Rules, see: &mut impl FnMut(&Rules)) {
    see(rules);
    for part in rules.parts() {
        if let RuleRef::Inline(rules) = part {
            visit(rules, see);
        }
    }
}

/// Whether a pattern is among some rules.
pub(super) fn has_pattern(rules: &Rules) -> bool {
    let mut found = false;
    visit(rules, &mut |rules| found |= rules.own.iter().any(|(keyword, _)| *keyword == "pattern"));
    found
}

fn expression(rules: &Rules) -> TokenStream {
    let own = own(rules);
    let items = rules.items.as_deref().map(reference).map(|items| quote!(items: Some(#items),));
    let values = rules.values.as_deref().map(reference).map(|values| quote!(values: Some(#values),));
    let members = rules.members.iter().map(|(name, rule)| {
        let rule = reference(rule);
        quote!((#name, #rule))
    });
    let members = (!rules.members.is_empty()).then(|| quote!(members: &[#(#members),*],));
    let all = rules.all.iter().map(reference);
    let all = (!rules.all.is_empty()).then(|| quote!(all: &[#(#all),*],));
    let alternatives = rules.alternatives.as_ref().map(|known| {
        let tag = option(known.tag.as_ref());
        let of = known.of.iter().map(alternative);
        quote!(alternatives: Some(&Alternatives { tag: #tag, of: &[#(#of),*] }),)
    });
    quote!(Rules { #own #items #values #members #all #alternatives ..Rules::NONE })
}

fn option(text: Option<&String>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}

fn alternative(alternative: &RuledAlternative) -> TokenStream {
    let RuledAlternative { values, types, required, members, rules } = alternative;
    let list = |name: &str, items: Vec<TokenStream>| {
        let name = format_ident!("{name}");
        (!items.is_empty()).then(|| quote!(#name: &[#(#items),*],))
    };
    let texts = |texts: &[String]| texts.iter().map(|text| quote!(#text)).collect();
    let types = types.iter().map(|ty| Ident::new(ty, Span::call_site()));
    let types = list("types", types.map(|ty| quote!(JsonType::#ty)).collect());
    let values = list("values", values.iter().filter_map(tag).collect());
    let (required, members) = (list("required", texts(required)), list("members", texts(members)));
    let rules = match rules {
        RuleRef::Inline(rules) if *rules == Rules::default() => None,
        rules => {
            let rules = reference(rules);
            Some(quote!(rules: #rules,))
        }
    };
    quote!(Shape { #values #types #required #members #rules ..Shape::ANY })
}

fn tag(value: &Value) -> Option<TokenStream> {
    match value {
        Value::String(text) => Some(quote!(Tag::Text(#text))),
        Value::Bool(is) => Some(quote!(Tag::Bool(#is))),
        Value::Number(number) => {
            let integer = proc_macro2::Literal::i64_unsuffixed(number.as_i64()?);
            Some(quote!(Tag::Integer(#integer)))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn reference(rule: &RuleRef) -> TokenStream {
    match rule {
        RuleRef::Named(name) => {
            let name = Ident::new(name, Span::call_site());
            quote!(&#name)
        }
        RuleRef::Inline(rules) => {
            let rules = expression(rules);
            quote!(&#rules)
        }
    }
}

fn own(rules: &Rules) -> TokenStream {
    let fields = rules.own.iter().filter_map(|(keyword, value)| {
        let count = || count(value).map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let (field, value) = match *keyword {
            "minLength" => ("min_length", count().map(|n| quote!(Some(#n)))),
            "maxLength" => ("max_length", count().map(|n| quote!(Some(#n)))),
            "minItems" => ("min_items", count().map(|n| quote!(Some(#n)))),
            "maxItems" => ("max_items", count().map(|n| quote!(Some(#n)))),
            "minProperties" => ("min_properties", count().map(|n| quote!(Some(#n)))),
            "maxProperties" => ("max_properties", count().map(|n| quote!(Some(#n)))),
            "pattern" => ("pattern", value.as_str().map(|pattern| quote!(Some(Pattern::new(#pattern))))),
            "uniqueItems" => ("unique_items", value.as_bool().map(|unique| quote!(#unique))),
            "multipleOf" => ("multiple_of", value.as_f64().map(|step| quote!(Some(#step)))),
            _ => return None,
        };
        let field = format_ident!("{field}");
        value.map(|value| quote!(#field: #value,))
    });
    let minimum = bound(rules, ["minimum", "exclusiveMinimum"], |one, other| one > other);
    let minimum = minimum.map(|bound| quote!(minimum: #bound,));
    let maximum = bound(rules, ["maximum", "exclusiveMaximum"], |one, other| one < other);
    let maximum = maximum.map(|bound| quote!(maximum: #bound,));
    quote!(#(#fields)* #minimum #maximum)
}

/// The stricter of a bound and an excluded one, as text, which holds every number. In 3.0 the second keyword says
/// whether the first is excluded.
fn bound(rules: &Rules, keywords: [&str; 2], is_stricter: fn(f64, f64) -> bool) -> Option<TokenStream> {
    let stated = |keyword: &str| rules.own.iter().find(|(known, _)| *known == keyword).map(|(_, value)| value);
    let [bound, exclusive] = keywords.map(stated);
    let number = |value: Option<&Value>| Some((value?.as_number()?.to_string(), value?.as_f64()?));
    let (text, excluded) = match (number(bound), number(exclusive)) {
        (Some((text, _)), None) => (text, exclusive == Some(&Value::Bool(true))),
        (Some((text, bound)), Some((_, excluded))) if is_stricter(bound, excluded) => (text, false),
        (_, Some((text, _))) => (text, true),
        (None, None) => return None,
    };
    Some(quote!(Some((#text, #excluded))))
}
