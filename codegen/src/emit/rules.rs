//! `rules.rs`: what is checked of a request when it is sent, as data.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::model::{Model, RuleRef, Rules};
use crate::schema::count;

/// Renders the rules of all requests; nothing when there are none.
pub(crate) fn render(model: &Model) -> Option<TokenStream> {
    let statics = model.rules.iter().map(|(name, rules)| {
        let (name, rules) = (Ident::new(name, Span::call_site()), expression(rules));
        quote!(pub(crate) static #name: Rules = #rules;)
    });
    let imports = if model.rules.values().any(has_pattern) { quote!({Pattern, Rules}) } else { quote!(Rules) };
    (!model.rules.is_empty()).then(|| {
        quote! {
            //! What is checked of a request when it is sent, because no type holds it.

            use obkit_runtime::#imports;

            #(#statics)*
        }
    })
}

/// Whether a pattern is among some rules.
pub(super) fn has_pattern(rules: &Rules) -> bool {
    let inline = |rule: &RuleRef| matches!(rule, RuleRef::Inline(rules) if has_pattern(rules));
    rules.own.iter().any(|(keyword, _)| *keyword == "pattern") || rules.parts().any(inline)
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
    let any = rules.any.iter().map(reference);
    let any = (!rules.any.is_empty()).then(|| quote!(any: &[#(#any),*],));
    quote!(Rules { #own #items #values #members #all #any ..Rules::NONE })
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
    let excluded = |keyword: &str| rules.own.iter().any(|(k, value)| *k == keyword && *value == Value::Bool(true));
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
            "minimum" => {
                let excluded = excluded("exclusiveMinimum");
                ("minimum", value.as_f64().map(|bound| quote!(Some((#bound, #excluded)))))
            }
            "maximum" => {
                let excluded = excluded("exclusiveMaximum");
                ("maximum", value.as_f64().map(|bound| quote!(Some((#bound, #excluded)))))
            }
            // In 3.1 the excluded bound is a number of its own.
            "exclusiveMinimum" => ("minimum", value.as_f64().map(|bound| quote!(Some((#bound, true))))),
            "exclusiveMaximum" => ("maximum", value.as_f64().map(|bound| quote!(Some((#bound, true))))),
            _ => return None,
        };
        let field = format_ident!("{field}");
        value.map(|value| quote!(#field: #value,))
    });
    quote!(#(#fields)*)
}
