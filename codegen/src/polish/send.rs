//! The calls: values go through the runtime, and so does the answer.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, ExprMethodCall, Ident, Stmt, Token};

use super::builder::parameter;
use super::{is_call, values};
use crate::model::{Model, Operation, SuccessBody};
use crate::spec::Location;

/// In `send`: values go through the runtime, and so does the answer.
pub(super) struct InSend<'m> {
    pub(super) model: &'m Model,
    pub(super) operation: &'m Operation,
    /// Whether the answer was found.
    pub(super) decoded: bool,
    /// The variable of the request.
    request: Option<Ident>,
    /// What is put into the request once it is made.
    written: Vec<Stmt>,
}

impl<'m> InSend<'m> {
    pub(super) fn new(model: &'m Model, operation: &'m Operation) -> Self {
        Self { model, operation, decoded: false, request: None, written: Vec::new() }
    }
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
        let made = block.stmts.iter().position(|statement| made_request(statement).is_some());
        if let Some(request) = made.and_then(|index| made_request(&block.stmts[index])) {
            self.request = Some(request.clone());
        }
        visit_mut::visit_block_mut(self, block);
        if let Some(index) = made {
            block.stmts.splice(index + 1..index + 1, std::mem::take(&mut self.written));
        }
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if call.path.is_ident("format")
            && let Ok(mut arguments) = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        {
            arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            if let Some(template) = arguments.first_mut() {
                let path = format!("{{}}{}", without_names(&self.operation.path));
                *template = syn::parse_quote!(#path);
            }
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
                    *expression = values::segment(self.operation, &value);
                }
            }
            Expr::MethodCall(call) if call.method == "header" => self.asked(call),
            Expr::MethodCall(call) if call.method == "append" => self.header(call),
            Expr::MethodCall(call) if call.method == "query" || call.method == "json" => {
                *expression = self.chained(call);
            }
            Expr::Try(_) => self.attempt(expression),
            // reqwest has no methods of these names.
            Expr::MethodCall(call) if call.method == "options" || call.method == "trace" => {
                let method = Ident::new(&call.method.to_string().to_ascii_uppercase(), call.method.span());
                call.method = Ident::new("request", call.method.span());
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

    /// JSON is asked for by the names that the document has for it.
    fn asked(&self, call: &mut ExprMethodCall) {
        let Some(media_types) = &self.operation.accept else { return };
        let is_accept = |name: &Expr| matches!(name, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "ACCEPT"));
        if call.args.first().is_some_and(is_accept)
            && let Some(value) = call.args.get_mut(1)
        {
            *value = syn::parse_quote!(::reqwest::header::HeaderValue::from_static(#media_types));
        }
    }

    fn accepted(&self) -> Option<&str> {
        match &self.operation.success.body {
            SuccessBody::Raw(media_type) if media_type.bytes().all(|b| b.is_ascii_graphic() || b == b' ') => {
                Some(media_type)
            }
            _ => None,
        }
    }

    /// The chain that makes the request, with this call of it or without. What does not stay in it is
    /// written afterwards.
    fn chained(&mut self, call: &ExprMethodCall) -> Expr {
        let without = (*call.receiver).clone();
        let (Some(request), with) = (self.request.clone(), Expr::MethodCall(call.clone())) else { return without };
        if call.method != "query" {
            let written = values::body(self.operation, &request);
            let chain = if written.is_some() { without } else { with };
            self.written.extend(written);
            return chain;
        }
        let Some((shown, value)) = shown_pair(call) else { return with };
        // A parameter that is none is the media type of the body, which goes where the body does.
        let Some(parameter) = parameter(self.operation, &shown) else { return without };
        if let Some(argument) = values::pairs(self.model, parameter, &value) {
            return syn::parse_quote!(#without.query(#argument));
        }
        self.written.push(values::written(parameter, &value, &request));
        without
    }

    /// `append(name, x.to_string().try_into()?)` becomes a header of its own name whose secrets are marked.
    fn header(&self, call: &mut ExprMethodCall) {
        let Some(Expr::Try(value)) = call.args.iter().nth(1) else { return };
        let Expr::MethodCall(conversion) = &*value.expr else { return };
        let Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(shown), .. })) = call.args.first() else { return };
        if let ("try_into", Some(value), Some(parameter)) = (
            conversion.method.to_string().as_str(),
            text_of(&conversion.receiver),
            parameter(self.operation, &shown.value()),
        ) {
            call.args = values::header(parameter, &value);
        }
    }

    /// What no type holds is checked once all values are there, and before anything is sent.
    fn checks(&self) -> Vec<Stmt> {
        let parameters = self.operation.parameters.iter().filter_map(|parameter| {
            Some((parameter.wire.as_str(), parameter.ident.as_str(), parameter.rules.as_ref()?))
        });
        let body = self.operation.request.iter().filter_map(|body| Some(("body", "body", body.rules.as_ref()?)));
        let check = |(place, value, rules): (&str, &str, &String)| {
            let value = Ident::new(value, proc_macro2::Span::call_site());
            let rules = Ident::new(rules, proc_macro2::Span::call_site());
            syn::parse_quote!(obkit_runtime::check(#place, &#value, &super::super::rules::#rules)?;)
        };
        parameters.chain(body).map(check).collect()
    }

    fn has_headers(&self) -> bool {
        self.accepted().is_some() || self.operation.parameters.iter().any(|p| p.location == Location::Header)
    }

    /// `result?` and `form_urlencoded(body)?`.
    fn attempt(&mut self, expression: &mut Expr) {
        let Expr::Try(attempt) = expression else { return };
        match &mut *attempt.expr {
            Expr::MethodCall(call) if call.method == "form_urlencoded" => *expression = self.chained(call),
            // Where there is no answer, there is no body of a documented type.
            Expr::Path(path) if ends_in_result(&path.path) => {
                let result = &path;
                *expression = syn::parse_quote! {
                    match #result {
                        Ok(response) => response,
                        Err(error) => return Err(error.without_body()),
                    }
                };
            }
            _ => {}
        }
    }
}

/// A template with its variables nameless.
fn without_names(path: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for c in path.chars() {
        within = match c {
            '{' => true,
            '}' => false,
            _ => within,
        };
        if !within || c == '{' {
            out.push(c);
        }
    }
    out
}

/// The name and the value of `query(&QueryParam::new(name, &value))`.
fn shown_pair(call: &ExprMethodCall) -> Option<(String, Expr)> {
    let Some(Expr::Reference(argument)) = call.args.first() else { return None };
    let Expr::Call(pair) = &*argument.expr else { return None };
    match (pair.args.get(0), pair.args.get(1)) {
        (Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. })), Some(Expr::Reference(value))) => {
            Some((name.value(), (*value.expr).clone()))
        }
        _ => None,
    }
}

/// The variable of `let mut request = ... .build()?;`.
fn made_request(statement: &Stmt) -> Option<&Ident> {
    let Stmt::Local(local) = statement else { return None };
    let (syn::Pat::Ident(pattern), Some(init)) = (&local.pat, &local.init) else { return None };
    let Expr::Try(built) = &*init.expr else { return None };
    matches!(&*built.expr, Expr::MethodCall(call) if call.method == "build").then_some(&pattern.ident)
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
