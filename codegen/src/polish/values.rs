//! Values: how each is put into the request, under its name on the wire.

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Expr, Stmt, Token};

use super::builder::parameter;
use crate::model::{BodyKind, Model, Operation, Parameter, Style, TypeRef, resolve};
use crate::spec::{Location, essence};

/// The expression of a style.
fn style(style: Style) -> Expr {
    let shape = Ident::new(style.shape, Span::call_site());
    let calls = [(style.explode, "exploded"), (style.reserved, "reserved"), (style.sensitive, "sensitive")];
    let calls = calls.iter().filter(|(is, _)| *is).map(|(_, call)| Ident::new(call, Span::call_site()));
    syn::parse_quote!(obkit_runtime::Style::#shape #(.#calls())*)
}

/// A variable as a segment of the path.
pub(super) fn segment(operation: &Operation, value: &Expr) -> Expr {
    let known = match value {
        Expr::Path(path) => path.path.get_ident().and_then(|name| parameter(operation, &name.to_string())),
        _ => None,
    };
    let name = known.map_or("a parameter", |parameter| &parameter.wire);
    match known.and_then(|parameter| parameter.style).map(style) {
        Some(style) => syn::parse_quote!(obkit_runtime::write::segment(#name, &#value, #style)?),
        None => syn::parse_quote!(obkit_runtime::path_segment(#name, &#value)?),
    }
}

/// The arguments of `append` for a header.
pub(super) fn header(parameter: &Parameter, value: &Expr) -> Punctuated<Expr, Token![,]> {
    let wire = &parameter.wire;
    match parameter.style.map(style) {
        Some(style) => syn::parse_quote!(#wire, obkit_runtime::write::header(&#value, #style)?),
        None => syn::parse_quote!(#wire, obkit_runtime::header_value(&#value)?),
    }
}

/// The argument of `query` for a parameter without a style: pairs of texts, since what is a number to a
/// serializer is a text in a query, digit by digit.
pub(super) fn pairs(model: &Model, parameter: &Parameter, value: &Expr) -> Option<Expr> {
    if parameter.style.is_some() || parameter.location != Location::Query {
        return None;
    }
    let wire = &parameter.wire;
    let listed = matches!(resolve(&model.types, &parameter.ty), TypeRef::Array(_));
    let values = match (parameter.required, listed) {
        (true, false) => quote!([(#wire, obkit_runtime::Param::to_param(&#value))]),
        (false, true) => quote!(super::pairs(#wire, #value.iter().flatten())),
        _ => quote!(super::pairs(#wire, #value.iter())),
    };
    Some(syn::parse_quote!(&#values))
}

/// The statement that writes what has a style into the request; a value that is none writes nothing.
pub(super) fn written(parameter: &Parameter, value: &Expr, request: &Ident) -> Stmt {
    let wire = &parameter.wire;
    let style = style(parameter.style.unwrap_or(Style::of("FORM")));
    let place = match parameter.location {
        Location::Cookie => quote!(cookie),
        _ => quote!(query),
    };
    syn::parse_quote!(obkit_runtime::write::#place(&mut #request, #wire, &#value, #style)?;)
}

/// The statement that writes a body, unless progenitor's own call does.
pub(super) fn body(operation: &Operation, request: &Ident) -> Option<Stmt> {
    let body = operation.request.as_ref()?;
    // A body that may be missing is bound by reference, one that is there is a variable.
    let value = if body.required { quote!(&body) } else { quote!(body) };
    let write = match &body.kind {
        BodyKind::Json { media_type, .. } if body.required && essence(media_type) == "application/json" => return None,
        BodyKind::Json { media_type, .. } => quote!(obkit_runtime::write::json(&mut #request, #media_type, #value)?;),
        BodyKind::Form { styles, .. } => {
            let styles = styles.iter().map(|(name, member)| {
                let style = style(*member);
                quote!((#name, #style))
            });
            quote!(obkit_runtime::write::form(&mut #request, #value, &[#(#styles),*])?;)
        }
        BodyKind::Multipart => quote!(obkit_runtime::write::multipart(&mut #request, #value)?;),
        BodyKind::Raw { choice, .. } => {
            let media_type = body.kind.default_media_type();
            let choice = choice.as_ref().map(|choice| Ident::new(choice, Span::call_site()));
            let media_type = match (choice, media_type) {
                (Some(choice), Some(media_type)) => quote!(#choice.as_deref().unwrap_or(#media_type)),
                (Some(choice), None) if body.required => quote!(&#choice),
                (Some(choice), None) => {
                    let message = format!("{choice} is required");
                    quote!(#choice.as_deref().ok_or_else(|| Error::invalid_request(#message))?)
                }
                (None, media_type) => quote!(#media_type),
            };
            quote!(obkit_runtime::write::raw(&mut #request, #media_type, #value)?;)
        }
    };
    Some(match body.required {
        true => syn::parse_quote!(#write),
        false => syn::parse_quote!(if let Some(body) = &body { #write }),
    })
}
