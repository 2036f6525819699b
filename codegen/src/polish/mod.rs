//! Polish: what progenitor wrote becomes what people like to use.
//!
//! * The answer is decoded by the runtime, status first, so that an error keeps its status whatever
//!   its body is, and several documented bodies are told apart.
//! * Path, query and header values go through the runtime, which marks secrets as sensitive.
//! * No `api-version` header is sent: it is a convention of one server framework.
//! * Setters say why a value was refused.

mod builder;
mod send;
mod values;

use quote::quote;
use syn::parse::Parser;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, File, Item, ItemImpl, ItemMod};

use self::builder::builders;
use crate::emit::DEPRECATED;
use crate::emit::doc::{line, rustdoc};
use crate::model::{Model, Operation};

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
            Item::Impl(block) if has_method(&block, "new_with_client") => items.extend(constructors(model)),
            Item::Struct(mut client) if client.ident == "Client" => {
                document(&mut client, model);
                if elsewhere(model)
                    && let syn::Fields::Named(fields) = &mut client.fields
                {
                    fields.named.push(syn::parse_quote!(pub(crate) elsewhere: Option<String>));
                }
                items.push(Item::Struct(client));
            }
            Item::Impl(mut block) => {
                InOperations { model }.visit_item_impl_mut(&mut block);
                items.push(Item::Impl(block));
            }
            other => items.push(other),
        }
    }
    items.extend(hooks(model));
    file.items = items;
    Ok(file)
}

/// Documents the client in words that rustdoc takes as they are.
fn document(client: &mut syn::ItemStruct, model: &Model) {
    let (title, version) = (line(&model.title), line(&model.version));
    let doc = format!("Client of the {title}, version {version}.\n\n{}", rustdoc(&model.description));
    let doc = doc.trim_end();
    client.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    client.attrs.insert(0, syn::parse_quote!(#[doc = #doc]));
}

fn prelude() -> Vec<Item> {
    items(quote! {
        #[allow(unused_imports)]
        use obkit_runtime::{ByteStream, Error, ResponseValue};
        #[allow(unused_imports)]
        use obkit_runtime::client::{ClientHooks, ClientInfo, OperationInfo};

        use super::types;

        /// A query parameter that may be absent, or may be there several times.
        #[allow(dead_code)]
        fn pairs<'v, P: obkit_runtime::Param + 'v>(
            name: &'static str,
            values: impl Iterator<Item = &'v P>,
        ) -> Vec<(&'static str, std::borrow::Cow<'v, str>)> {
            values.map(|value| (name, value.to_param())).collect()
        }
    })
}

/// Whether some operations have a server of their own.
fn elsewhere(model: &Model) -> bool {
    model.operations.iter().any(|operation| operation.server.is_some())
}

fn constructors(model: &Model) -> Vec<Item> {
    let (field, methods) = if elsewhere(model) {
        let methods = quote! {
            /// Sends the operations that have a server of their own to `baseurl`, too: to a proxy or a test.
            #[must_use]
            pub fn with_every_server_at(mut self, baseurl: &str) -> Self {
                self.elsewhere = Some(baseurl.trim_end_matches('/').to_owned());
                self
            }

            fn own_server<'c>(&'c self, own: &'c str) -> &'c str {
                self.elsewhere.as_deref().unwrap_or(own)
            }
        };
        (quote!(elsewhere: None,), methods)
    } else {
        (quote!(), quote!())
    };
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
                    #field
                }
            }

            #methods
        }
    })
}

fn hooks(model: &Model) -> Vec<Item> {
    let open: Vec<&str> = model.operations.iter().filter(|op| op.open).map(|op| op.id.as_str()).collect();
    let exempt = (!open.is_empty()).then(|| {
        quote! {
            // These operations say that they take no credentials, so they are given none.
            let call = if matches!(info.operation_id, #(#open)|*) { call.open() } else { call };
        }
    });
    let elsewhere = elsewhere(model).then(|| quote!(.or_at(self.elsewhere.as_deref())));
    items(quote! {
        /// Credentials, retries and a span around a call: all of it is the transport's.
        impl ClientHooks<obkit_runtime::Transport> for Client {
            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> Result<reqwest::Response, Error> {
                let call = obkit_runtime::Call::new(info.operation_id, &self.baseurl)#elsewhere;
                #exempt
                self.inner.execute(request, call).await
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

/// In `impl Client`: the documentation's example names no crate, so it is left out, and the path is the
/// one on the wire.
struct InOperations<'m> {
    model: &'m Model,
}

impl VisitMut for InOperations<'_> {
    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, function);
        let known = self.model.operations.iter().find(|op| function.sig.ident == op.ident);
        if known.is_some_and(|operation| operation.deprecated) {
            function.attrs.extend(deprecated());
        }
        for attribute in &mut function.attrs {
            if let (Some(operation), Some(text)) = (known, doc_of(attribute)) {
                let value = with_path(&text.value(), operation);
                *text = syn::LitStr::new(&value, text.span());
            }
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        if let Some(text) = doc_of(attribute) {
            let value = text.value();
            let value = value.split_once("```ignore").map_or(value.as_str(), |(before, _)| before).trim_end();
            let lines: Vec<&str> = value.lines().map(without_colon).collect();
            *text = syn::LitStr::new(&lines.join("\n"), text.span());
        }
    }
}

fn deprecated() -> Vec<syn::Attribute> {
    syn::Attribute::parse_outer.parse_str(DEPRECATED).unwrap_or_default()
}

/// The text of an attribute such as `#[doc = "..."]`.
fn doc_of(attribute: &mut syn::Attribute) -> Option<&mut syn::LitStr> {
    let syn::Meta::NameValue(pair) = &mut attribute.meta else { return None };
    match &mut pair.value {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

/// The line of an argument that nothing is said about ends with its name.
fn without_colon(line: &str) -> &str {
    if line.starts_with("- `") {
        line.trim_end().strip_suffix("`:").map_or(line, |name| &line[..=name.len()])
    } else {
        line
    }
}

/// "Sends a `GET` request to `...`" with the operation's own path.
fn with_path(doc: &str, operation: &Operation) -> String {
    let intro = format!("Sends a `{}` request to `", operation.method);
    let parts = doc.split_once(&intro).and_then(|(before, rest)| Some((before, rest.split_once('`')?.1)));
    parts.map_or_else(|| doc.to_owned(), |(before, after)| format!("{before}{intro}{}`{after}", operation.path))
}

fn is_call(call: &ExprCall, function: &str) -> bool {
    matches!(&*call.func, Expr::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == function))
}
