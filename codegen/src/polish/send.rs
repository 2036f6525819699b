//! The calls: values go through the runtime, and so does the answer.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, ExprMethodCall, Stmt, Token};

use super::is_call;
use crate::lower::names::snake;
use crate::model::{Model, Operation, SuccessBody, TypeRef, resolve};
use crate::spec::Location;

/// In `send`: values go through the runtime, and so does the answer.
pub(super) struct InSend<'m> {
    pub(super) model: &'m Model,
    pub(super) operation: &'m Operation,
    /// Whether the answer was found.
    pub(super) decoded: bool,
}

impl VisitMut for InSend<'_> {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let has_headers = self.has_headers();
        block.stmts.retain(|statement| has_headers || !declares(statement, "header_map"));
        let accept = self.accept_header();
        if let Some(index) = block.stmts.iter().position(is_api_version) {
            block.stmts.splice(index..=index, accept);
        }
        if let Some(index) = block.stmts.iter().position(is_url) {
            block.stmts.splice(index..index, self.checks());
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if call.path.is_ident("format")
            && let Ok(mut arguments) = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        {
            arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            call.tokens = quote!(#arguments);
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        match expression {
            Expr::Path(path) if is_path(&path.path, &["Error", "InvalidRequest"]) => {
                *expression = syn::parse_quote!(Error::invalid_request);
            }
            Expr::Field(field) if matches!(&field.member, syn::Member::Named(name) if name == "baseurl") => {
                if let Some(own) = &self.operation.server {
                    let (client, own) = (&field.base, own.trim_end_matches('/'));
                    *expression = syn::parse_quote!(#client.own_server(#own));
                }
            }
            Expr::Call(call) if is_call(call, "encode_path") => {
                if let Some(value) = call.args.first().and_then(text_of) {
                    *expression = syn::parse_quote!(obkit_runtime::path_segment(&#value));
                }
            }
            Expr::MethodCall(call) if call.method == "append" => header(call),
            Expr::MethodCall(call) if call.method == "query" => self.query(call),
            // reqwest has no methods of these names.
            Expr::MethodCall(call) if call.method == "options" || call.method == "trace" => {
                let method = syn::Ident::new(&call.method.to_string().to_ascii_uppercase(), call.method.span());
                call.method = syn::Ident::new("request", call.method.span());
                call.args.insert(0, syn::parse_quote!(reqwest::Method::#method));
            }
            // Without header parameters there is no map of headers.
            Expr::MethodCall(call) if call.method == "headers" && !self.has_headers() => {
                *expression = (*call.receiver).clone();
            }
            Expr::Struct(info) if info.path.is_ident("OperationInfo") => {
                let id = &self.operation.id;
                *expression = syn::parse_quote!(OperationInfo { operation_id: #id });
            }
            // Where there is no answer, nothing but the call itself knows which one it was.
            Expr::Try(attempt) if matches!(&*attempt.expr, Expr::Path(path) if ends_in_result(&path.path)) => {
                let (result, id) = (&attempt.expr, &self.operation.id);
                *expression = syn::parse_quote! {
                    match #result {
                        Ok(response) => response,
                        Err(error) => return Err(Error::from(error).with_operation(#id)),
                    }
                };
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

    /// `query(&QueryParam::new(name, &value))` becomes pairs of texts: what is a number to a serializer
    /// is a text in a query, digit by digit.
    fn query(&self, call: &mut ExprMethodCall) {
        let Some(Expr::Reference(argument)) = call.args.first() else { return };
        let Expr::Call(pair) = &*argument.expr else { return };
        let (Some(Expr::Lit(name)), Some(Expr::Reference(value))) = (pair.args.get(0), pair.args.get(1)) else {
            return;
        };
        let syn::Lit::Str(wire) = &name.lit else { return };
        let wire = wire.value();
        let known = self.operation.parameters.iter().find(|p| p.location == Location::Query && p.wire == wire);
        let Some(parameter) = known else { return };
        let value = &value.expr;
        let listed = matches!(resolve(&self.model.types, &parameter.ty), TypeRef::Array(_));
        let values = match (parameter.required, listed) {
            (true, false) => quote!([(#wire, obkit_runtime::Param::to_param(&#value))]),
            (false, true) => quote!(super::pairs(#wire, #value.iter().flatten())),
            _ => quote!(super::pairs(#wire, #value.iter())),
        };
        call.args = syn::parse_quote!(&#values);
    }

    /// What no type holds is checked once all values are there, and before anything is sent.
    fn checks(&self) -> Vec<Stmt> {
        let parameters =
            self.operation.parameters.iter().filter_map(|parameter| {
                Some((parameter.wire.as_str(), snake(&parameter.wire), parameter.rules.as_ref()?))
            });
        let body = self.operation.request_rules.as_ref().map(|rules| ("body", "body".to_owned(), rules));
        let check = |(place, value, rules): (&str, String, &String)| {
            let value = syn::Ident::new(&value, proc_macro2::Span::call_site());
            let rules = syn::Ident::new(rules, proc_macro2::Span::call_site());
            syn::parse_quote!(obkit_runtime::check(#place, &#value, &super::super::rules::#rules)?;)
        };
        parameters.chain(body).map(check).collect()
    }

    fn has_headers(&self) -> bool {
        self.accepted().is_some() || self.operation.parameters.iter().any(|p| p.location == Location::Header)
    }
}

/// The statement that makes the URL comes right after all values were taken.
fn is_url(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else { return false };
    let made = local.init.as_ref().map(|init| &*init.expr);
    matches!(made, Some(Expr::Macro(call)) if call.mac.path.is_ident("format"))
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

/// progenitor puts underscores before the name when a parameter is called the same.
fn ends_in_result(path: &syn::Path) -> bool {
    path.get_ident().is_some_and(|ident| ident.to_string().trim_start_matches('_') == "result")
}

fn is_path(path: &syn::Path, segments: &[&str]) -> bool {
    path.segments.len() == segments.len() && path.segments.iter().zip(segments).all(|(a, b)| a.ident == b)
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
