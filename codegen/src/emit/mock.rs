//! `mock.rs`: the server that stands in for the provider in tests, with a method per operation.
//!
//! What it does is the runtime's; what stands here is what the document says: the routes, an example of a success of each
//! operation, and the type of each response's body.

use heck::ToPascalCase;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::doc::code;
use super::{CrateOptions, Scope, rust_type};
use crate::lower::names::Names;
use crate::model::{Model, Operation, TypeRef};
use crate::spec::{Content, Response, Spec, StatusKey};

/// The methods of a server that are no operations. An operation of such a name is called `<name>_operation`.
const OWN: &[&str] = &["base_url", "client", "client_with", "requests", "start", "verify"];

/// Renders the server.
pub(crate) fn render(model: &Model, spec: &Spec, options: &CrateOptions) -> Result<TokenStream, syn::Error> {
    let operations: Vec<Mocked<'_>> = model.operations.iter().map(|operation| Mocked::of(operation, spec)).collect();
    let routes = operations.iter().map(Mocked::route).collect::<Result<Vec<_>, _>>()?;
    let names = methods(model.operations.iter().map(|operation| operation.ident.as_str()));
    let methods = operations.iter().zip(&names).enumerate().map(|(index, (mocked, name))| mocked.method(index, name));
    let markers = operations.iter().map(Mocked::marker).collect::<Result<Vec<_>, _>>()?;
    let elsewhere = model.operations.iter().any(|operation| operation.server.is_some());
    let elsewhere = elsewhere.then(|| quote!(.with_every_server_at(self.base_url())));
    let usage = usage(&options.name.replace('-', "_"));
    let provider = &options.provider;
    Ok(quote! {
        //! A server that stands in for the provider in tests.
        //!
        //! It listens on a free port of the loopback interface. What an operation answers is said by the method of its name,
        //! with bodies of the types that the document gives; without a word, it answers the document's first example of a
        //! success. What it can do beside is shown at [`obkit_runtime::mock`].
        #![doc = #usage]

        #[allow(unused_imports)]
        use obkit_runtime::mock::{Example, Received, Route, Server, Stub, Unmet};
        use obkit_runtime::{RetryPolicy, Transport, TransportError};

        use crate::Client;

        /// A server that stands in for the provider. Dropping it ends it.
        #[derive(Debug)]
        pub struct MockServer {
            server: Server,
        }

        /// The server itself.
        impl MockServer {
            /// Starts a server on the current tokio runtime.
            ///
            /// # Errors
            /// No port can be had.
            pub async fn start() -> std::io::Result<Self> {
                Ok(Self { server: Server::start(ROUTES).await? })
            }

            /// The URL to give to a client, without a slash at its end.
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.server.base_url()
            }

            /// A client of this server, without credentials, that makes every call once.
            ///
            /// # Errors
            /// There is no HTTP client to be had.
            pub fn client(&self) -> Result<Client, TransportError> {
                let transport = Transport::builder(#provider).retry(RetryPolicy::none()).build()?;
                Ok(self.client_with(transport))
            }

            /// A client of this server with credentials, retries and all else as they are in the program.
            #[must_use]
            pub fn client_with(&self, transport: Transport) -> Client {
                Client::new(self.base_url(), transport) #elsewhere
            }

            /// Every request so far, in order.
            #[must_use]
            pub fn requests(&self) -> Vec<Received> {
                self.server.requests()
            }

            /// Compares what was asked with what was expected ([`Stub::expect`]).
            ///
            /// # Errors
            /// An operation was asked more or less often than it expects, or a request was for no operation of the document.
            pub fn verify(&self) -> Result<(), Unmet> {
                self.server.verify()
            }
        }

        /// What each operation answers.
        impl MockServer {
            #(#methods)*
        }

        static ROUTES: &[Route] = &[#(#routes),*];

        /// The operations, each with the bodies that the document gives to its statuses.
        pub mod operation {
            #[allow(unused_imports)]
            use super::super::types;

            #(#markers)*
        }
    })
}

/// How the server is used, as a test that compiles.
fn usage(krate: &str) -> String {
    format!(
        "
```no_run
# async fn example() -> Result<(), Box<dyn std::error::Error>> {{
let server = {krate}::mock::MockServer::start().await?;
let client = server.client()?;
// ... what is to be tested, with this client ...
server.verify()?;
# drop(client);
# Ok(())
# }}
```"
    )
}

/// The names of the operations' methods: their own, as far as the server does not have them already.
fn methods<'o>(idents: impl Iterator<Item = &'o str> + Clone) -> Vec<String> {
    let is_own = |ident: &str| OWN.contains(&ident);
    let mut names = Names::default();
    for ident in idents.clone().filter(|ident| !is_own(ident)) {
        names.unique_exact(ident.to_owned());
    }
    idents
        .map(|ident| match is_own(ident) {
            true => names.unique_exact(format!("{ident}_operation")),
            false => ident.to_owned(),
        })
        .collect()
}

/// An operation, and what the document says about its answers.
struct Mocked<'m> {
    operation: &'m Operation,
    responses: &'m [Response],
}

/// What a response carries.
enum Carried<'m> {
    Json(&'m TypeRef, &'m str),
    Raw(&'m str),
    Nothing,
}

impl<'m> Mocked<'m> {
    fn of(operation: &'m Operation, spec: &'m Spec) -> Self {
        let found = spec.operations().iter().find(|found| found.id == operation.id);
        Self { operation, responses: found.map_or(&[], |found| &found.responses) }
    }

    fn name(&self) -> Ident {
        format_ident!("{}", self.operation.ident.to_pascal_case())
    }

    fn method(&self, index: usize, name: &str) -> TokenStream {
        let (method, marker) = (format_ident!("{name}"), self.name());
        let doc = format!(" What {} answers, and what it was asked.", code(&self.operation.signature()));
        let index = Literal::usize_unsuffixed(index);
        quote! {
            #[doc = #doc]
            pub fn #method(&self) -> Stub<'_, operation::#marker> {
                Stub::new(&self.server, #index)
            }
        }
    }

    fn route(&self) -> Result<TokenStream, syn::Error> {
        let Operation { id, method, path, .. } = self.operation;
        let example = match self.example() {
            None => quote!(None),
            Some(Shown { status, media_type, body, .. }) => {
                let media_type = media_type.map_or_else(|| quote!(None), |media_type| quote!(Some(#media_type)));
                let (status, body) = (Literal::u16_unsuffixed(status), text(&body)?);
                quote!(Some(Example { status: #status, media_type: #media_type, body: #body }))
            }
        };
        Ok(quote!(Route { operation_id: #id, method: #method, path: #path, example: #example }))
    }

    /// The type that stands for the operation, and the bodies of its statuses.
    fn marker(&self) -> Result<TokenStream, syn::Error> {
        let name = self.name();
        let doc = format!(" {}", code(&self.operation.signature()));
        let mut documents = Vec::new();
        for response in self.responses {
            let implemented = match response.status {
                StatusKey::Code(100..=199) | StatusKey::Range(1) => continue,
                StatusKey::Code(code) => {
                    let code = Literal::u16_unsuffixed(code);
                    quote!(Documents<#code>)
                }
                StatusKey::Range(hundreds) => {
                    let hundreds = Literal::u16_unsuffixed(hundreds);
                    quote!(DocumentsRange<#hundreds>)
                }
                StatusKey::Default => quote!(DocumentsDefault),
            };
            let carried = self.carried(response);
            let media_type = carried.media_type().map_or_else(|| quote!(None), |media_type| quote!(Some(#media_type)));
            let content = carried.content()?;
            documents.push(quote! {
                impl obkit_runtime::mock::#implemented for #name {
                    type Content = #content;
                    const MEDIA_TYPE: Option<&'static str> = #media_type;
                }
            });
        }
        let exemplified = match self.example() {
            None => None,
            Some(shown) => {
                let content = shown.carried.content()?;
                Some(quote!(impl obkit_runtime::mock::Exemplified for #name { type Content = #content; }))
            }
        };
        Ok(quote! {
            #[doc = #doc]
            #[derive(Debug)]
            pub struct #name;

            #(#documents)*
            #exemplified
        })
    }

    /// What a response carries, as the client reads it.
    fn carried(&self, response: &'m Response) -> Carried<'m> {
        let ty = self.operation.responses.iter().find(|(status, _)| *status == response.status);
        let content = preferred(response);
        match (ty.and_then(|(_, ty)| ty.as_ref()), content) {
            (_, None) => Carried::Nothing,
            (Some(ty), Some(content)) => Carried::Json(ty, concrete(content, "application/json")),
            (None, Some(content)) => Carried::Raw(concrete(content, "application/octet-stream")),
        }
    }

    /// The first success that the document shows: with an example, or without a body.
    fn example(&self) -> Option<Shown<'m>> {
        let is_documented = self.responses.iter().any(|response| response.status.is_success());
        let successes = || {
            self.responses.iter().filter(move |response| match response.status {
                // Only `default` is documented: then it is what a success looks like, too.
                StatusKey::Default => !is_documented,
                status => status.is_success(),
            })
        };
        let shown = |response: &'m Response| {
            let example = preferred(response)?.examples.first()?;
            let carried = self.carried(response);
            let body = match (&carried, &example.value) {
                (Carried::Raw(_), serde_json::Value::String(text)) => text.clone(),
                (_, value) => value.to_string(),
            };
            Some(Shown { status: status(response), media_type: carried.media_type(), body, carried })
        };
        let bare = |response: &'m Response| {
            let (status, carried) = (status(response), self.carried(response));
            let is_bare = matches!(carried, Carried::Nothing);
            is_bare.then_some(Shown { status, media_type: None, body: String::new(), carried })
        };
        successes().find_map(shown).or_else(|| successes().find_map(bare))
    }
}

/// A success as the document shows it.
struct Shown<'m> {
    status: u16,
    media_type: Option<&'m str>,
    body: String,
    carried: Carried<'m>,
}

impl<'m> Carried<'m> {
    fn media_type(&self) -> Option<&'m str> {
        match self {
            Self::Json(_, media_type) | Self::Raw(media_type) => Some(media_type),
            Self::Nothing => None,
        }
    }

    fn content(&self) -> Result<TokenStream, syn::Error> {
        Ok(match self {
            Self::Json(ty, _) => {
                let ty: Type = syn::parse_str(&rust_type(ty, &Scope::CLIENT))?;
                quote!(obkit_runtime::mock::Json<#ty>)
            }
            Self::Raw(_) => quote!(obkit_runtime::mock::Raw),
            Self::Nothing => quote!(obkit_runtime::mock::Empty),
        })
    }
}

/// The content that the client reads: JSON if there is any, else the first.
fn preferred(response: &Response) -> Option<&Content> {
    response.json().or_else(|| response.content.first())
}

/// The media type of a content; of a range, something of it.
fn concrete<'m>(content: &'m Content, of_range: &'static str) -> &'m str {
    if content.media_type.contains('*') { of_range } else { &content.media_type }
}

/// The status of a success.
fn status(response: &Response) -> u16 {
    match response.status {
        StatusKey::Code(code) => code,
        StatusKey::Range(_) | StatusKey::Default => 200,
    }
}

/// A text as Rust, and as itself where that can be.
fn text(text: &str) -> Result<Literal, syn::Error> {
    if text.is_empty() || text.contains(|c: char| c.is_control()) || !text.is_ascii() {
        return Ok(Literal::string(text));
    }
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    let raw: syn::LitStr = syn::parse_str(&format!("r{hashes}\"{text}\"{hashes}"))?;
    Ok(raw.token())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_takes_no_name_of_the_server() {
        let names = |idents: &[&str]| methods(idents.iter().copied());
        assert_eq!(names(&["get_accounts", "start"]), ["get_accounts", "start_operation"]);
        assert_eq!(names(&["start", "start_operation"]), ["start_operation2", "start_operation"]);
    }
}
