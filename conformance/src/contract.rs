//! A document ready to be enforced.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread;

use obkit_codegen::spec::{Operation, StatusKey};
use obkit_codegen::{Document, LoadError, Spec};
use sha2::{Digest, Sha256};

use crate::base_url::BaseUrls;
use crate::coverage::{Map, schemas};
use crate::generate::Vocabulary;
use crate::route::Routes;
use crate::schema::Direction;
use crate::security::SecuritySchemes;
use crate::validator::Validators;

/// A document with its validators and routes. Made once, shared behind an `Arc`.
#[derive(Debug)]
pub struct Contract {
    provider: String,
    spec: Spec,
    validators: Arc<Validators>,
    routes: Routes,
    vocabulary: OnceLock<Vocabulary>,
    base_urls: OnceLock<BaseUrls>,
    security: OnceLock<SecuritySchemes>,
    /// What there is to exercise, of requests and of responses.
    maps: [OnceLock<Map>; 2],
}

impl Contract {
    /// Prepares a provider's document. A schema of it that cannot be enforced is told of where it is used.
    #[must_use]
    pub fn new(provider: impl Into<String>, spec: Spec) -> Self {
        Self::with_validators(provider.into(), Arc::new(Validators::new(spec.document())), spec)
    }

    fn with_validators(provider: String, validators: Arc<Validators>, spec: Spec) -> Self {
        let routes = Routes::new(spec.operations());
        Self {
            provider,
            spec,
            validators,
            routes,
            vocabulary: OnceLock::new(),
            base_urls: OnceLock::new(),
            security: OnceLock::new(),
            maps: Default::default(),
        }
    }

    /// Reads a document, YAML or JSON, and prepares it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn load(provider: impl Into<String>, file: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::read(provider, Document::load(file)?)
    }

    /// Reads the operations of a document, and prepares the schemas of its responses meanwhile: most payloads are responses, and in large
    /// documents either takes a while.
    ///
    /// # Errors
    /// As [`Spec::read`].
    pub fn read(provider: impl Into<String>, document: Document) -> Result<Self, LoadError> {
        let validators = Arc::new(Validators::new(&document));
        let prepared = Arc::clone(&validators);
        // Without a thread they are prepared when they are asked for.
        drop(thread::Builder::new().spawn(move || prepared.prepare(Direction::Response)));
        Ok(Self::with_validators(provider.into(), validators, Spec::read(document)?))
    }

    /// The provider's name.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The operations.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        self.spec.document()
    }

    /// The validators.
    #[must_use]
    pub fn validators(&self) -> &Validators {
        &self.validators
    }

    /// A hash of the document, as it is after its overlays: what is judged by one is judged by the same rules as what is judged by
    /// another of the same hash.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let text = self.document().root().to_string();
        Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The words of the document's examples.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| Vocabulary::new(&self.spec))
    }

    /// The base URLs of the document's servers.
    pub(crate) fn base_urls(&self) -> &BaseUrls {
        self.base_urls.get_or_init(|| BaseUrls::of_servers(self.document()))
    }

    /// The document's security schemes.
    pub(crate) fn security(&self) -> &SecuritySchemes {
        self.security.get_or_init(|| SecuritySchemes::of(self.document()))
    }

    /// What there is to exercise in a direction.
    pub(crate) fn map(&self, direction: Direction) -> &Map {
        let [request, response] = &self.maps;
        let map = match direction {
            Direction::Request => request,
            Direction::Response => response,
        };
        map.get_or_init(|| Map::new(self, direction, &schemas(self.spec.all(), direction)))
    }

    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.provider, self.document().file().display())
    }
}

/// A status that a documented response answers: the code itself, or one that a range or `default`
/// covers and no other response of the operation claims.
#[must_use]
pub fn concrete_status(operation: &Operation, key: StatusKey) -> u16 {
    let candidates: Vec<u16> = match key {
        StatusKey::Code(code) => return code,
        StatusKey::Range(range) => (range * 100..range * 100 + 100).collect(),
        StatusKey::Default if is_success(operation, key) => (200..300).collect(),
        StatusKey::Default => (500..600).chain(400..500).collect(),
    };
    let claimed = |status: &u16| operation.response(*status).is_some_and(|response| response.status == key);
    candidates.iter().copied().find(claimed).unwrap_or(500)
}

/// Whether a response stands for success; `default` does when nothing else of the operation does.
#[must_use]
pub fn is_success(operation: &Operation, key: StatusKey) -> bool {
    key.is_success()
        || (key == StatusKey::Default && !operation.responses.iter().any(|response| response.status.is_success()))
}
