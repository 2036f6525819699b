//! `typed_client.rs`: every operation and every body behind one object-safe trait.
//!
//! The conformance suite drives clients through it: it knows operations by their ids and values as
//! JSON, and what lies between is exactly the code that programs use.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::{Scope, rust_type};
use crate::model::{BodyKind, Model, Operation, Parameter, RequestBody, SuccessBody, TypeRef};
use crate::spec::StatusKey;

/// Renders the implementation of `obkit_runtime::typed_client::TypedClient`.
pub(crate) fn render(model: &Model) -> Result<TokenStream, syn::Error> {
    let mut round_trips = model.operations.iter().map(round_trips).collect::<Result<Vec<_>, _>>()?;
    for (id, ty) in &model.received {
        let ty = rust(ty)?;
        round_trips.push(quote! { (#id, Part::Request) => Some(round_trip_request::<#ty>(json)), });
    }
    let functions = model.operations.iter().map(function).collect::<Result<Vec<_>, _>>()?;
    let names = model.operations.iter().map(name);
    let ids = model.operations.iter().map(|operation| &operation.id);
    Ok(quote! {
        //! Every operation and every body by name, for the conformance suite.

        #[allow(unused_imports)]
        use obkit_runtime::typed_client::{
            Arguments, Failure, Part, Reply, TypedClient, argument, failure, multipart, raw, round_trip_body,
            round_trip_request,
        };
        #[allow(unused_imports)]
        use obkit_runtime::{Date, DateTime, Decimal, DecimalText, Sensitive, Uuid};
        #[allow(unused_imports)]
        use serde_json::{Map, Value};

        #[allow(unused_imports)]
        use crate::types;
        use crate::Client;

        #[allow(unused_variables, clippy::match_single_binding)]
        impl TypedClient for Client {
            fn provider(&self) -> &'static str {
                self.inner.provider()
            }

            fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {
                match (operation_id, part) {
                    #(#round_trips)*
                    _ => None,
                }
            }

            fn call<'a>(
                &'a self,
                operation_id: &'a str,
                arguments: &'a Arguments,
            ) -> std::pin::Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>> {
                match operation_id {
                    #(#ids => Box::pin(#names(self, arguments)),)*
                    _ => Box::pin(async { Err(Failure::unknown_operation()) }),
                }
            }
        }

        #(#functions)*
    })
}

fn rust(ty: &TypeRef) -> Result<Type, syn::Error> {
    syn::parse_str(&rust_type(ty, &Scope::TYPED_CLIENT))
}

/// The arms of `round_trip` for one operation.
fn round_trips(operation: &Operation) -> Result<TokenStream, syn::Error> {
    let id = &operation.id;
    let mut arms = TokenStream::new();
    if let Some(ty) = operation.request.as_ref().and_then(|body| body.kind.ty()) {
        let ty = rust(ty)?;
        arms.extend(quote! { (#id, Part::Request) => Some(round_trip_request::<#ty>(json)), });
    }
    let mut responses = operation.responses.clone();
    responses.sort();
    for (status, ty) in &responses {
        let Some(ty) = ty else { continue };
        // What the client gives for a success is the operation's one type, and for the rest its error.
        let ty = match (&operation.success.body, &operation.error) {
            (SuccessBody::Json(success), _) if status.is_success() => success,
            (_, Some(error)) if !status.is_success() => error,
            _ => ty,
        };
        let ty = rust(ty)?;
        let pattern = match status {
            StatusKey::Code(code) => {
                let code = proc_macro2::Literal::u16_unsuffixed(*code);
                quote!(status @ #code)
            }
            StatusKey::Range(range) => {
                let [low, high] = [range * 100, range * 100 + 99].map(proc_macro2::Literal::u16_unsuffixed);
                quote!(status @ #low..=#high)
            }
            StatusKey::Default => quote!(status),
        };
        arms.extend(quote! { (#id, Part::Response(#pattern)) => Some(round_trip_body::<#ty>(status, json)), });
    }
    Ok(arms)
}

/// The name of the function that makes the call; it must not meet a name in scope.
fn name(operation: &Operation) -> Ident {
    format_ident!("call_{}", operation.ident)
}

/// The function that makes the call.
fn function(operation: &Operation) -> Result<TokenStream, syn::Error> {
    let name = name(operation);
    let method = format_ident!("{}", operation.ident);
    let mut setters = operation.parameters.iter().map(parameter).collect::<Result<Vec<_>, _>>()?;
    if let Some(request) = &operation.request {
        setters.push(body(request)?);
    }
    let reply = match &operation.success.body {
        SuccessBody::Json(_) => quote!(Ok(Reply::json(&call.send().await.map_err(failure)?)?)),
        SuccessBody::Raw(_) => quote!(Reply::bytes(call.send().await.map_err(failure)?).await),
        SuccessBody::Empty => quote!(Ok(Reply::empty(&call.send().await.map_err(failure)?))),
    };
    let (arguments, mutable) =
        if setters.is_empty() { (quote!(_), quote!()) } else { (quote!(arguments), quote!(mut)) };
    Ok(quote! {
        async fn #name(client: &Client, #arguments: &Arguments) -> Result<Reply, Failure> {
            let #mutable call = client.#method();
            #(#setters)*
            #reply
        }
    })
}

/// What sets the body: JSON of its type, an object of parts, or a text of bytes.
fn body(body: &RequestBody) -> Result<TokenStream, syn::Error> {
    let value = match &body.kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => {
            let ty = rust(ty)?;
            quote!(argument::<#ty>(arguments.body.as_ref())?)
        }
        BodyKind::Multipart => quote!(multipart(arguments.body.as_ref())?),
        BodyKind::Raw { .. } => quote!(raw(arguments.body.as_ref())),
    };
    let media_type = match &body.kind {
        BodyKind::Raw { media_types, choice: Some(choice) } if body.kind.default_media_type().is_none() => {
            let choice = format_ident!("{choice}");
            // Something of the range, which is all that is known.
            let media_type = media_types.first().map(|range| range.replace('*', "octet-stream"));
            quote!(.#choice(#media_type))
        }
        _ => quote!(),
    };
    Ok(quote! {
        if let Some(body) = #value {
            call = call.body(body)#media_type;
        }
    })
}

fn parameter(parameter: &Parameter) -> Result<TokenStream, syn::Error> {
    let ty = rust(&parameter.ty)?;
    let (location, wire) = (parameter.location.as_str(), &parameter.wire);
    let setter = format_ident!("{}", parameter.ident);
    Ok(quote! {
        if let Some(value) = argument::<#ty>(arguments.parameter(#location, #wire))? {
            call = call.#setter(value);
        }
    })
}
