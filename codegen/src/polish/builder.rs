//! The builders: setters that say why they refuse a value, and that have a name of their own.

use heck::{ToPascalCase, ToSnakeCase};
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Expr, GenericArgument, Item, ItemImpl, ItemMod, PathArguments, Type};

use super::send::InSend;
use super::{deprecated, is_call};
use crate::emit::doc::{code, rustdoc};
use crate::model::{BodyKind, Model, Operation, Parameter, RequestBody};
use crate::spec::essence;

pub(super) fn builders(module: &mut ItemMod, model: &Model) -> Result<(), String> {
    let Some((_, items)) = &mut module.content else { return Ok(()) };
    items.retain(|item| !matches!(item, Item::Use(_)));
    for item in items.iter_mut() {
        match item {
            Item::Impl(block) => {
                let name = builder_name(block).ok_or("progenitor wrote a builder without a name")?;
                builder(block, of_builder(model, &name)?, model)?;
            }
            Item::Struct(block) => body_field(block, of_builder(model, &block.ident.to_string())?),
            _ => {}
        }
    }
    let mut all = super::items(quote! {
        #[allow(unused_imports)]
        use super::{ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue, types};
    });
    all.append(items);
    *items = all;
    Ok(())
}

fn of_builder<'m>(model: &'m Model, name: &str) -> Result<&'m Operation, String> {
    let found = model.operations.iter().find(|op| op.ident.to_pascal_case() == name);
    found.ok_or_else(|| format!("progenitor wrote a builder `{name}` that is no operation"))
}

/// A body that need not be set may be none.
fn body_field(block: &mut syn::ItemStruct, operation: &Operation) {
    if operation.request.as_ref().is_none_or(|body| body.required) {
        return;
    }
    let body = block.fields.iter_mut().find(|field| field.ident.as_ref().is_some_and(|name| name == "body"));
    if let Some(syn::Field { ty: Type::Path(path), .. }) = body
        && let Some(segment) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut segment.arguments
        && let Some(GenericArgument::Type(ty)) = arguments.args.first_mut()
    {
        *ty = syn::parse_quote!(Option<#ty>);
    }
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
            let mut send = InSend::new(model, operation);
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

/// The parameter that progenitor calls so: it takes the name that it is shown into snake case once more.
pub(super) fn parameter<'m>(operation: &'m Operation, name: &str) -> Option<&'m Parameter> {
    let name = name.to_snake_case();
    operation.parameters.iter().find(|parameter| parameter.ident.to_snake_case() == name)
}

/// In `new`: a value that is missing is named as the provider names it.
struct InNew<'m> {
    operation: &'m Operation,
}

impl VisitMut for InNew<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        let syn::Member::Named(name) = &field.member else { return };
        if matches!(&field.expr, Expr::Call(call) if is_call(call, "Err")) {
            let name = name.to_string();
            field.expr = if name == "body" && self.operation.request.as_ref().is_some_and(|body| !body.required) {
                syn::parse_quote!(Ok(None))
            } else {
                let known = parameter(self.operation, &name);
                let message = format!("{} is required", known.map_or(name.as_str(), |p| &p.wire));
                syn::parse_quote!(Err(#message.to_owned()))
            };
        }
    }
}

/// A setter that documents its parameter and keeps the reason of a refusal.
fn setter(function: &syn::ImplItemFn, operation: &Operation) -> Option<syn::ImplItemFn> {
    let name = &function.sig.ident;
    let target = converted_type(function)?;
    let mut setter = name.clone();
    let (wire, doc, required) = match (parameter(operation, &name.to_string()), &operation.request) {
        (Some(p), _) => {
            setter = syn::Ident::new(&p.ident, name.span());
            let kind = if p.required { "a required" } else { "an optional" };
            let deprecated = if p.deprecated && p.required { " The provider calls it deprecated." } else { "" };
            let intro = format!("{}, {kind} {} parameter.{deprecated}", code(&p.wire), p.location.as_str());
            (p.wire.clone(), format!("{intro}\n\n{}", rustdoc(&p.doc)).trim().to_owned(), p.required)
        }
        (None, Some(body)) if name == "body" => ("body".to_owned(), body_doc(body), body.required),
        (None, Some(body)) => {
            let required = body.required && body.kind.default_media_type().is_none();
            (name.to_string(), "What the bytes of the body are: a media type.".to_owned(), required)
        }
        (None, None) => return None,
    };
    let known = parameter(operation, &name.to_string());
    let deprecated = known.filter(|parameter| parameter.is_avoidable()).map(|_| deprecated()).unwrap_or_default();
    let present = if required { quote!() } else { quote!(.map(Some)) };
    let message = format!("{}: {{error}}", wire.replace('{', "{{").replace('}', "}}"));
    Some(syn::parse_quote! {
        #[doc = #doc]
        #(#deprecated)*
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

fn body_doc(body: &RequestBody) -> String {
    let which = if body.required { "The body" } else { "The optional body" };
    let intro = match &body.kind {
        BodyKind::Json { media_type, .. } if essence(media_type) != "application/json" => {
            format!("{which} of the request, sent as `{media_type}`.")
        }
        BodyKind::Form { .. } => format!("{which} of the request, sent as a form."),
        BodyKind::Multipart => format!("{which} of the request, sent as `multipart/form-data`."),
        BodyKind::Json { .. } => format!("{which} of the request."),
        BodyKind::Raw { .. } => match body.kind.default_media_type() {
            Some(media_type) => format!("{which} of the request, sent as `{media_type}`."),
            None => format!("{which} of the request."),
        },
    };
    format!("{intro}\n\n{}", rustdoc(&body.doc)).trim().to_owned()
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
