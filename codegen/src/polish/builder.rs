//! The builders: setters that say why they refuse a value, and that have a name of their own.

use heck::ToPascalCase;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Expr, GenericArgument, Item, ItemImpl, ItemMod, PathArguments, Type};

use super::is_call;
use super::send::InSend;
use crate::emit::doc::rustdoc;
use crate::lower::names::snake;
use crate::model::{Model, Operation, Parameter};

pub(super) fn builders(module: &mut ItemMod, model: &Model) -> Result<(), String> {
    let Some((_, items)) = &mut module.content else { return Ok(()) };
    items.retain(|item| !matches!(item, Item::Use(_)));
    for item in items.iter_mut() {
        if let Item::Impl(block) = item {
            let name = builder_name(block).ok_or("progenitor wrote a builder without a name")?;
            let operation = model
                .operations
                .iter()
                .find(|op| op.ident.to_pascal_case() == name)
                .ok_or_else(|| format!("progenitor wrote a builder `{name}` that is no operation"))?;
            builder(block, operation, model)?;
        }
    }
    let mut all = super::items(quote! {
        #[allow(unused_imports)]
        use super::{ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, RequestBuilderExt, ResponseValue, types};
    });
    all.append(items);
    *items = all;
    Ok(())
}

fn builder_name(block: &ItemImpl) -> Option<String> {
    match &*block.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn builder(block: &mut ItemImpl, operation: &Operation, model: &Model) -> Result<(), String> {
    for item in &mut block.items {
        let syn::ImplItem::Fn(function) = item else { continue };
        if function.sig.asyncness.is_some() {
            let mut send = InSend { model, operation, decoded: false };
            send.visit_impl_item_fn_mut(function);
            if !send.decoded {
                return Err(format!("progenitor wrote `{}` without a match on the status", operation.ident));
            }
            let doc = format!("Makes the call: `{}`.", operation.signature());
            function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            function.attrs.push(syn::parse_quote!(#[doc = #doc]));
        } else if function.sig.receiver().is_none() {
            InNew { operation }.visit_impl_item_fn_mut(function);
            function.attrs.push(syn::parse_quote!(#[doc = "A builder without values."]));
        } else {
            let name = &function.sig.ident;
            *function = setter(function, operation).ok_or_else(|| format!("progenitor wrote no setter `{name}`"))?;
        }
    }
    Ok(())
}

/// The parameter that progenitor calls so: it takes the name on the wire into snake case.
fn parameter<'m>(operation: &'m Operation, name: &syn::Ident) -> Option<&'m Parameter> {
    operation.parameters.iter().find(|parameter| *name == snake(&parameter.wire))
}

/// In `new`: a value that is missing is named as the provider names it.
struct InNew<'m> {
    operation: &'m Operation,
}

impl VisitMut for InNew<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        let syn::Member::Named(name) = &field.member else { return };
        if matches!(&field.expr, Expr::Call(call) if is_call(call, "Err")) {
            let message = format!("{} is required", parameter(self.operation, name).map_or("body", |p| &p.wire));
            field.expr = syn::parse_quote!(Err(#message.to_owned()));
        }
    }
}

/// A setter that documents its parameter and keeps the reason of a refusal.
fn setter(function: &syn::ImplItemFn, operation: &Operation) -> Option<syn::ImplItemFn> {
    let name = &function.sig.ident;
    let target = converted_type(function)?;
    let mut setter = name.clone();
    let (wire, doc, required) = match parameter(operation, name) {
        Some(p) => {
            setter = syn::Ident::new(&p.ident, name.span());
            let kind = if p.required { "a required" } else { "an optional" };
            let intro = format!("`{}`, {kind} {} parameter.", p.wire, p.location.as_str());
            (p.wire.clone(), format!("{intro}\n\n{}", rustdoc(&p.doc)).trim().to_owned(), p.required)
        }
        None => ("body".to_owned(), "The body of the request.".to_owned(), true),
    };
    let present = if required { quote!() } else { quote!(.map(Some)) };
    let message = format!("{wire}: {{error}}");
    Some(syn::parse_quote! {
        #[doc = #doc]
        pub fn #setter<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<#target>,
            V::Error: std::fmt::Display,
        {
            self.#name = value.try_into() #present .map_err(|error| format!(#message));
            self
        }
    })
}

/// The `T` of a setter's bound `V: TryInto<T>`.
fn converted_type(function: &syn::ImplItemFn) -> Option<Type> {
    let clause = function.sig.generics.where_clause.as_ref()?;
    clause.predicates.iter().find_map(|predicate| {
        let syn::WherePredicate::Type(predicate) = predicate else { return None };
        predicate.bounds.iter().find_map(|bound| {
            let syn::TypeParamBound::Trait(bound) = bound else { return None };
            let segment = bound.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
            match arguments.args.first()? {
                GenericArgument::Type(ty) if segment.ident == "TryInto" => Some(ty.clone()),
                _ => None,
            }
        })
    })
}
