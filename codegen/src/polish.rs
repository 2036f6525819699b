//! Polish: what progenitor wrote becomes what people like to use.
//!
//! * The answer is decoded by the runtime, status first, so that an error keeps its status whatever
//!   its body is, and several documented bodies are told apart.
//! * Path, query and header values go through the runtime, which marks secrets as sensitive.
//! * No `api-version` header is sent: it is a convention of one server framework.
//! * Setters say why a value was refused.

use heck::ToPascalCase;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, ExprCall, ExprMethodCall, File, GenericArgument, Item, ItemImpl, ItemMod, PathArguments, Stmt, Token, Type};

use crate::emit::doc::rustdoc;
use crate::model::{Model, Operation, SuccessBody};
use crate::spec::Location;

/// Rewrites progenitor's file. An error means that progenitor's output is not what this was written
/// for, which its pinned version rules out.
pub(crate) fn polish(mut file: File, model: &Model) -> Result<File, String> {
    let mut items = prelude();
    for item in file.items {
        match item {
            Item::Use(_) => {}
            Item::Mod(module) if module.ident == "types" => must_be_empty(&module)?,
            Item::Mod(module) if module.ident == "prelude" => {}
            Item::Mod(mut module) if module.ident == "builder" => {
                builders(&mut module, model)?;
                items.push(Item::Mod(module));
            }
            Item::Impl(block) if has_method(&block, "new_with_client") => items.extend(constructors()),
            Item::Impl(mut block) => {
                InOperations.visit_item_impl_mut(&mut block);
                items.push(Item::Impl(block));
            }
            other => items.push(other),
        }
    }
    items.extend(hooks());
    file.items = items;
    Ok(file)
}

fn prelude() -> Vec<Item> {
    items(quote! {
        #[allow(unused_imports)]
        use obkit_runtime::{ByteStream, Error, ResponseValue};
        #[allow(unused_imports)]
        use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, RequestBuilderExt};

        use super::types;
    })
}

fn constructors() -> Vec<Item> {
    items(quote! {
        impl Client {
            /// A client of the server at `baseurl`, which has a scheme and a host and may have a path.
            ///
            /// Credentials, retries, timeouts and the connection pool are those of the transport.
            #[must_use]
            pub fn new(baseurl: &str, transport: obkit_runtime::Transport) -> Self {
                Self {
                    baseurl: baseurl.trim_end_matches('/').to_owned(),
                    client: transport.http().clone(),
                    inner: transport,
                }
            }
        }
    })
}

fn hooks() -> Vec<Item> {
    items(quote! {
        /// Credentials before a call, retries and a span around it: all of it is the transport's.
        impl ClientHooks<obkit_runtime::Transport> for Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                _: &OperationInfo,
            ) -> Result<(), progenitor_client::Error<E>> {
                self.inner.prepare(request).map_err(progenitor_client::Error::Custom)
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.execute(request, info.operation_id).await
            }
        }
    })
}

fn items(tokens: proc_macro2::TokenStream) -> Vec<Item> {
    syn::parse2::<File>(tokens).map(|file| file.items).unwrap_or_default()
}

/// Every type is replaced, so progenitor has none of its own left but its conversion error.
fn must_be_empty(module: &ItemMod) -> Result<(), String> {
    let left = module.content.iter().flat_map(|(_, items)| items).find_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    });
    left.map_or(Ok(()), |name| Err(format!("progenitor generated a type of its own: `{name}`")))
}

fn has_method(block: &ItemImpl, name: &str) -> bool {
    block.items.iter().any(|item| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == name))
}

/// In `impl Client`: the documentation's example names no crate, so it is left out.
struct InOperations;

impl VisitMut for InOperations {
    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        if let syn::Meta::NameValue(pair) = &mut attribute.meta {
            if let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &mut pair.value {
                let value = text.value();
                if let Some((before, _)) = value.split_once("```ignore") {
                    *text = syn::LitStr::new(before.trim_end(), text.span());
                }
            }
        }
    }
}

fn builders(module: &mut ItemMod, model: &Model) -> Result<(), String> {
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
            builder(block, operation)?;
        }
    }
    let mut all = self::items(quote! {
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

fn builder(block: &mut ItemImpl, operation: &Operation) -> Result<(), String> {
    for item in &mut block.items {
        let syn::ImplItem::Fn(function) = item else { continue };
        let name = function.sig.ident.to_string();
        match name.as_str() {
            "send" => {
                let mut send = InSend { operation, decoded: false };
                send.visit_impl_item_fn_mut(function);
                if !send.decoded {
                    return Err(format!("progenitor wrote `{}` without a match on the status", operation.ident));
                }
                let doc = format!("Makes the call: `{}`.", operation.signature());
                function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
                function.attrs.push(syn::parse_quote!(#[doc = #doc]));
            }
            "new" => {
                InNew { operation }.visit_impl_item_fn_mut(function);
                function.attrs.push(syn::parse_quote!(#[doc = "A builder without values."]));
            }
            _ => {
                if let Some(setter) = setter(function, operation) {
                    *function = setter;
                }
            }
        }
    }
    Ok(())
}

/// In `new`: a value that is missing is named as the provider names it.
struct InNew<'m> {
    operation: &'m Operation,
}

impl VisitMut for InNew<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        let syn::Member::Named(name) = &field.member else { return };
        if matches!(&field.expr, Expr::Call(call) if is_call(call, "Err")) {
            let parameter = self.operation.parameters.iter().find(|p| *name == p.ident);
            let message = format!("{} is required", parameter.map_or("body", |p| &p.wire));
            field.expr = syn::parse_quote!(Err(#message.to_owned()));
        }
    }
}

/// A setter that documents its parameter and keeps the reason of a refusal.
fn setter(function: &syn::ImplItemFn, operation: &Operation) -> Option<syn::ImplItemFn> {
    let name = &function.sig.ident;
    let target = converted_type(function)?;
    let parameter = operation.parameters.iter().find(|p| *name == p.ident);
    let (wire, doc, required) = match parameter {
        Some(p) => {
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
        pub fn #name<V>(mut self, value: V) -> Self
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

struct InSend<'m> {
    operation: &'m Operation,
    decoded: bool,
}

impl VisitMut for InSend<'_> {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let has_headers = self.has_headers();
        block.stmts.retain(|statement| has_headers || !declares(statement, "header_map"));
        let accept = self.accept_header();
        if let Some(index) = block.stmts.iter().position(is_api_version) {
            block.stmts.splice(index..=index, accept);
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if call.path.is_ident("format") {
            if let Ok(mut arguments) = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
                arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
                call.tokens = quote!(#arguments);
            }
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        match expression {
            Expr::Path(path) if is_path(&path.path, &["Error", "InvalidRequest"]) => {
                *expression = syn::parse_quote!(Error::invalid_request);
            }
            Expr::Call(call) if is_call(call, "encode_path") => {
                if let Some(value) = call.args.first().and_then(text_of) {
                    *expression = syn::parse_quote!(obkit_runtime::path_segment(&#value));
                }
            }
            Expr::MethodCall(call) if call.method == "append" => header(call),
            // Without header parameters there is no map of headers.
            Expr::MethodCall(call) if call.method == "headers" && !self.has_headers() => {
                *expression = (*call.receiver).clone();
            }
            Expr::Struct(info) if info.path.is_ident("OperationInfo") => {
                let id = &self.operation.id;
                *expression = syn::parse_quote!(OperationInfo { operation_id: #id });
            }
            Expr::Match(matching) if is_status(&matching.expr) => {
                self.decoded = true;
                matching.arms.retain(|arm| !is_error(arm));
                matching.arms.push(syn::parse_quote!(_ => Err(Error::from_response(response).await),));
            }
            _ => {}
        }
    }
}

impl InSend<'_> {
    /// A binary body is asked for by its media type; JSON is asked for by progenitor.
    fn accept_header(&self) -> Option<Stmt> {
        let media_type = self.accepted()?;
        Some(syn::parse_quote! {
            header_map.append(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static(#media_type),
            );
        })
    }

    fn accepted(&self) -> Option<&str> {
        match &self.operation.success.body {
            SuccessBody::Raw(media_type) if media_type.bytes().all(|b| b.is_ascii_graphic() || b == b' ') => {
                Some(media_type)
            }
            _ => None,
        }
    }

    fn has_headers(&self) -> bool {
        self.accepted().is_some() || self.operation.parameters.iter().any(|p| p.location == Location::Header)
    }
}

fn declares(statement: &Stmt, name: &str) -> bool {
    match statement {
        Stmt::Local(local) => matches!(&local.pat, syn::Pat::Ident(pattern) if pattern.ident == name),
        _ => is_api_version(statement),
    }
}

fn is_api_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else { return false };
    let first = call.args.first();
    call.method == "append" && first.is_some_and(|name| quote!(#name).to_string().contains("\"api-version\""))
}

fn is_path(path: &syn::Path, segments: &[&str]) -> bool {
    path.segments.len() == segments.len() && path.segments.iter().zip(segments).all(|(a, b)| a.ident == b)
}

fn is_call(call: &ExprCall, function: &str) -> bool {
    matches!(&*call.func, Expr::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == function))
}

/// The `x` of `&x.to_string()` or `x.to_string()`.
fn text_of(expression: &Expr) -> Option<Expr> {
    match expression {
        Expr::Reference(reference) => text_of(&reference.expr),
        Expr::MethodCall(call) if call.method == "to_string" => Some((*call.receiver).clone()),
        _ => None,
    }
}

/// `append(name, x.to_string().try_into()?)` becomes a header whose secrets are marked.
fn header(call: &mut ExprMethodCall) {
    let Some(Expr::Try(value)) = call.args.iter().nth(1) else { return };
    let Expr::MethodCall(conversion) = &*value.expr else { return };
    if conversion.method != "try_into" {
        return;
    }
    if let (Some(value), Some(last)) = (text_of(&conversion.receiver), call.args.last_mut()) {
        *last = syn::parse_quote!(obkit_runtime::header_value(&#value)?);
    }
}

fn is_status(matched: &Expr) -> bool {
    matches!(matched, Expr::MethodCall(call) if call.method == "as_u16")
}

fn is_error(arm: &Arm) -> bool {
    let body = match &*arm.body {
        Expr::Block(block) => match block.block.stmts.first() {
            Some(Stmt::Expr(expression, None)) => expression,
            _ => return false,
        },
        expression => expression,
    };
    matches!(body, Expr::Call(call) if is_call(call, "Err"))
}
