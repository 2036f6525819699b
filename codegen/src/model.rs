//! What is generated, before it is text: types, operations, servers.
//!
//! The model is the outcome of lowering. Everything that is emitted (the types, the document that
//! progenitor reads, the typed client of the conformance suite) is emitted from it.

use std::collections::{BTreeMap, HashMap};

use crate::spec::{Evidence, Location, StatusKey};

/// A whole client.
#[derive(Clone, Debug)]
pub struct Model {
    /// The title of the document.
    pub title: String,
    /// The version of the document.
    pub version: String,
    /// The description of the document.
    pub description: String,
    /// Base URLs.
    pub servers: Vec<Server>,
    /// How calls are authenticated.
    pub schemes: Vec<Scheme>,
    /// All types, in the order of the document.
    pub types: Vec<TypeDef>,
    /// What is checked of requests when they are sent, by name.
    pub rules: BTreeMap<String, Rules>,
    /// All operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// What is received as JSON by webhooks and callbacks: their ids, and the types of their bodies.
    pub received: Vec<(String, TypeRef)>,
    /// The type of the schema at a JSON pointer: of every component, and of every body that has a type.
    pub type_at: BTreeMap<String, TypeRef>,
}

/// A base URL with its variables filled in by their defaults.
#[derive(Clone, Debug)]
pub struct Server {
    /// The URL.
    pub url: String,
    /// What it is.
    pub description: String,
}

/// A security scheme that the runtime can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// HTTP Basic (RFC 7617).
    Basic,
    /// A bearer token (RFC 6750).
    Bearer,
    /// API keys: those that are needed together.
    Keys(Vec<Key>),
}

/// An API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it travels: a header, the query or a cookie.
    pub location: Location,
    /// Its name there.
    pub name: String,
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its Rust name.
    pub name: String,
    /// Where its schema stands in the source.
    pub pointer: String,
    /// Its documentation.
    pub doc: String,
    /// Its shape.
    pub kind: Kind,
    /// Whether requests carry it, so that code has to build it.
    pub in_requests: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// The shape of a named type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object with known members.
    Struct {
        /// The members.
        fields: Vec<Field>,
        /// The members that are not listed.
        additional: Additional,
    },
    /// Text out of an open list.
    Enum {
        /// The listed values.
        values: Vec<EnumValue>,
        /// The variant for values that are not listed.
        catch_all: String,
    },
    /// Text whose constraints are checked before it is sent.
    ConstrainedString {
        /// Fewest characters.
        min_length: Option<u64>,
        /// Most characters.
        max_length: Option<u64>,
        /// ECMA-262 pattern.
        pattern: Option<String>,
    },
    /// An integer whose bounds are checked before it is sent.
    ConstrainedInteger {
        /// `i32`, `i64` or `u64`.
        repr: &'static str,
        /// The smallest value.
        minimum: i128,
        /// The largest value.
        maximum: i128,
    },
    /// One of several shapes.
    Union {
        /// The shapes.
        variants: Vec<Variant>,
        /// The member that tells them apart, by its name on the wire; without one, the shape is taken that keeps and
        /// knows most of what was received.
        tag: Option<String>,
        /// The variant for what is none of them.
        catch_all: String,
    },
    /// Another name.
    Alias(TypeRef),
    /// One of several bodies, told apart by the status of the response.
    Responses(Vec<ResponseBody>),
}

impl Kind {
    /// The shape alone, to tell whether two types are the same.
    #[must_use]
    pub fn without_docs(&self) -> Self {
        let mut kind = self.clone();
        if let Self::Struct { fields, .. } = &mut kind {
            fields.iter_mut().for_each(|field| field.doc.clear());
        }
        kind
    }
}

/// What an object may hold beside the members that are listed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Additional {
    /// Whatever a provider may add: the schema does not say.
    #[default]
    Undeclared,
    /// Members of one type, by any name.
    Of(TypeRef),
    /// Nothing.
    Nothing,
}

/// A shape of [`Kind::Union`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its Rust name.
    pub ident: String,
    /// Its type.
    pub ty: TypeRef,
    /// The values of the tag that stand for it: texts, integers, true and false.
    pub tags: Vec<serde_json::Value>,
    /// Whether it must be boxed, because the type contains itself.
    pub boxed: bool,
}

/// A body of [`Kind::Responses`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseBody {
    /// The variant.
    pub ident: String,
    /// The statuses that carry it.
    pub statuses: Vec<StatusKey>,
    /// The body; none when the response has none.
    pub ty: Option<TypeRef>,
}

/// A listed value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The variant.
    pub ident: String,
    /// The text on the wire.
    pub value: String,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The Rust name.
    pub ident: String,
    /// The type of a present, non-null value.
    pub ty: TypeRef,
    /// Whether it must be present.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it must be boxed, because the type contains itself.
    pub boxed: bool,
    /// Whether its value must not be shown, though its type would.
    pub redacted: bool,
    /// The only value that it can have when it is sent, a text, an integer, true or false: constructors set it.
    pub fixed: Option<serde_json::Value>,
    /// Its documentation.
    pub doc: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// A use of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeRef {
    /// A type of the model.
    Named(String),
    /// Text.
    String,
    /// True or false.
    Bool,
    /// A 32-bit integer.
    I32,
    /// A 64-bit integer.
    I64,
    /// A 64-bit integer that is never negative.
    U64,
    /// An exact number.
    Decimal,
    /// Text with a format; the name of the runtime's type.
    Formatted(&'static str),
    /// Text that is never shown.
    Sensitive,
    /// Any JSON.
    Json,
    /// A list.
    Array(Box<TypeRef>),
    /// An object with free keys.
    Map(Box<TypeRef>),
    /// A value or null, where a list or a map holds it.
    OrNull(Box<TypeRef>),
}

/// What is checked of a value when it is sent, because no type holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// The keywords of the schema itself.
    pub own: Vec<(&'static str, serde_json::Value)>,
    /// What holds of the items of a list.
    pub items: Option<Box<RuleRef>>,
    /// What holds of members that are not listed.
    pub values: Option<Box<RuleRef>>,
    /// What holds of the members of an object.
    pub members: Vec<(String, RuleRef)>,
    /// What holds as well.
    pub all: Vec<RuleRef>,
    /// What holds of a value that is one of several.
    pub alternatives: Option<RuledAlternatives>,
}

impl Rules {
    /// The rules that these refer to.
    pub fn parts(&self) -> impl Iterator<Item = &RuleRef> {
        let held = self.items.iter().chain(&self.values).map(AsRef::as_ref);
        let alternatives = self.alternatives.iter().flat_map(|alternatives| &alternatives.of);
        let alternatives = alternatives.map(|alternative| &alternative.rules);
        held.chain(self.members.iter().map(|(_, rule)| rule)).chain(&self.all).chain(alternatives)
    }
}

/// The rules of the alternatives of a union, of which only those are checked of the one that a value is.
#[derive(Clone, Debug, PartialEq)]
pub struct RuledAlternatives {
    /// The member whose value says which one that is.
    pub tag: Option<String>,
    /// The alternatives.
    pub of: Vec<RuledAlternative>,
}

/// An alternative of [`RuledAlternatives`].
#[derive(Clone, Debug, PartialEq)]
pub struct RuledAlternative {
    /// The values of the tag that stand for it; without a tag, those that it may have, if it lists them.
    pub values: Vec<serde_json::Value>,
    /// The types of JSON that it may have, as the runtime's `JsonType` names them; none where any.
    pub types: Vec<&'static str>,
    /// The members that it must have.
    pub required: Vec<String>,
    /// The members that it knows.
    pub members: Vec<String>,
    /// What holds of it.
    pub rules: RuleRef,
}

/// Rules by name, or in place.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleRef {
    /// Rules of [`Model::rules`].
    Named(String),
    /// Rules that only hold here.
    Inline(Rules),
}

/// The type behind the aliases of a type. For many types, make an [`Index`].
#[must_use]
pub fn resolve<'t>(types: &'t [TypeDef], ty: &'t TypeRef) -> &'t TypeRef {
    behind(ty, types.len(), |name| types.iter().find(|def| def.name == name))
}

pub(crate) fn behind<'t>(mut ty: &'t TypeRef, count: usize, def: impl Fn(&str) -> Option<&'t TypeDef>) -> &'t TypeRef {
    // No chain of aliases is longer than the list of types.
    for _ in 0..count {
        let TypeRef::Named(name) = ty else { break };
        match def(name).map(|def| &def.kind) {
            Some(Kind::Alias(target)) => ty = target,
            _ => break,
        }
    }
    ty
}

/// Types by their names.
#[derive(Debug)]
pub struct Index<'t>(HashMap<&'t str, &'t TypeDef>);

impl<'t> Index<'t> {
    /// An index of types.
    #[must_use]
    pub fn of(types: &'t [TypeDef]) -> Self {
        Self(types.iter().map(|def| (def.name.as_str(), def)).collect())
    }

    /// The definition of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'t TypeDef> {
        self.0.get(name).copied()
    }

    /// The type behind the aliases of a type.
    #[must_use]
    pub fn resolve(&self, ty: &'t TypeRef) -> &'t TypeRef {
        behind(ty, self.0.len(), |name| self.0.get(name).copied())
    }

    /// The definition behind the aliases of a type; none when the type has no name.
    #[must_use]
    pub fn def(&self, ty: &'t TypeRef) -> Option<&'t TypeDef> {
        match self.resolve(ty) {
            TypeRef::Named(name) => self.0.get(name.as_str()).copied(),
            _ => None,
        }
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The id in the document.
    pub id: String,
    /// The Rust name of the client's method.
    pub ident: String,
    /// The method, in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The purpose, in a line.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Its groups.
    pub tags: Vec<String>,
    /// What its existence rests on.
    pub evidence: Option<Evidence>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The base URL of its own server, where it has one.
    pub server: Option<String>,
    /// Whether it says that it takes no credentials.
    pub open: bool,
    /// What it takes beside the body.
    pub parameters: Vec<Parameter>,
    /// The media types that it asks for, where they are not those that progenitor writes.
    pub accept: Option<String>,
    /// The body it takes.
    pub request: Option<RequestBody>,
    /// What it answers.
    pub success: Success,
    /// The documented error body, for every status that is not a success.
    pub error: Option<TypeRef>,
    /// The body of each documented response, where it is JSON.
    pub responses: Vec<(StatusKey, Option<TypeRef>)>,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// The Rust name of the builder's method.
    pub ident: String,
    /// Where it travels.
    pub location: Location,
    /// Whether it must be set.
    pub required: bool,
    /// Its type.
    pub ty: TypeRef,
    /// How it is written; none where it is one text, or a name that is repeated.
    pub style: Option<Style>,
    /// The name of the rules that the value is checked by.
    pub rules: Option<String>,
    /// Its documentation.
    pub doc: String,
    /// Whether the provider asks not to send it.
    pub deprecated: bool,
}

impl Parameter {
    /// Whether it is deprecated, and a call can do without it.
    #[must_use]
    pub fn is_avoidable(&self) -> bool {
        self.deprecated && !self.required
    }
}

/// How a value that is more than one text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The constant of the runtime's `Style`.
    pub shape: &'static str,
    /// `explode`.
    pub explode: bool,
    /// `allowReserved`.
    pub reserved: bool,
    /// Whether the value must stay out of logs.
    pub sensitive: bool,
}

impl Style {
    /// A style of this shape, and nothing more.
    #[must_use]
    pub fn of(shape: &'static str) -> Self {
        Self { shape, explode: false, reserved: false, sensitive: false }
    }
}

/// The body that an operation takes.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// What it is made of.
    pub kind: BodyKind,
    /// Whether it must be set.
    pub required: bool,
    /// The name of the rules that it is checked by.
    pub rules: Option<String>,
    /// Its documentation.
    pub doc: String,
}

/// What a request's body is made of.
#[derive(Clone, Debug)]
pub enum BodyKind {
    /// JSON.
    Json {
        /// Its type.
        ty: TypeRef,
        /// `application/json`, or a type of its own.
        media_type: String,
    },
    /// Names and values.
    Form {
        /// Its type.
        ty: TypeRef,
        /// The members that have a style of their own.
        styles: Vec<(String, Style)>,
    },
    /// Named parts.
    Multipart,
    /// Bytes.
    Raw {
        /// The documented media types, which may be ranges such as `image/*`.
        media_types: Vec<String>,
        /// The Rust name of the setter that says otherwise, where there is a choice.
        choice: Option<String>,
    },
}

impl BodyKind {
    /// The type of a body that is a value and not merely bytes.
    #[must_use]
    pub fn ty(&self) -> Option<&TypeRef> {
        match self {
            Self::Json { ty, .. } | Self::Form { ty, .. } => Some(ty),
            Self::Multipart | Self::Raw { .. } => None,
        }
    }

    /// What bytes are when nobody says so; none when that must be said.
    #[must_use]
    pub fn default_media_type(&self) -> Option<&str> {
        let Self::Raw { media_types, .. } = self else { return None };
        let concrete = media_types.iter().find(|media_type| !media_type.contains('*'));
        let anything = || media_types.iter().any(|media_type| media_type == "*/*");
        concrete.map(String::as_str).or_else(|| anything().then_some("application/octet-stream"))
    }
}

/// What an operation answers when all is well.
#[derive(Clone, Debug)]
pub struct Success {
    /// The documented statuses.
    pub statuses: Vec<StatusKey>,
    /// The body.
    pub body: SuccessBody,
}

/// The body of a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuccessBody {
    /// JSON.
    Json(TypeRef),
    /// Bytes of a media type.
    Raw(String),
    /// Nothing.
    Empty,
}

impl Operation {
    /// `GET /accounts/{accountId}`.
    #[must_use]
    pub fn signature(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The types that it takes and answers.
    pub fn types(&self) -> impl Iterator<Item = &TypeRef> {
        let success = match &self.success.body {
            SuccessBody::Json(ty) => Some(ty),
            SuccessBody::Raw(_) | SuccessBody::Empty => None,
        };
        let taken = self.parameters.iter().map(|parameter| &parameter.ty);
        let body = self.request.iter().filter_map(|body| body.kind.ty());
        let answered = self.responses.iter().filter_map(|(_, ty)| ty.as_ref());
        taken.chain(body).chain(success).chain(&self.error).chain(answered)
    }
}
