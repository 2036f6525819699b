//! Recorded traffic, judged exchange by exchange: HAR 1.2, and exchanges as JSON lines.
//!
//! A recording of any size is read in constant memory: `cut` takes one entry after another out of the stream, and threads judge
//! them as [`exchange`](crate::exchange) does. What many exchanges have in common is one finding, which says how often it was seen and
//! where first.
//!
//! # What is not judged
//!
//! An exchange with a server that is none of the document's ([`BaseUrls`]) is foreign: it is counted by its host (`RT003`). A body that
//! was not recorded, an answer that never came, and a body whose coding is neither `gzip` nor `deflate` are counted as such (`GI012`), and pass for
//! nothing.
//!
//! # Exchanges as lines
//!
//! One JSON object per line:
//!
//! ```json
//! {"request": {"method": "POST", "url": "https://api.bank.example/v1/payments", "headers": {"content-type": "application/json"}, "body": "{}"},
//!  "response": {"status": 201, "headers": [["content-type", "application/json"]], "body": "{}"}}
//! ```
//!
//! (shown here in two). `headers` is an object, whose values may be lists, or a list of names and values, or one of objects with `name` and
//! `value`; an integer or a truth value is what it is as text. `body` is text; `base64` stands in
//! its place for bytes. Without either, the body was not recorded; an empty one is `""`. Without `response`, or with `null`, there was no answer.

mod bad;
pub(crate) mod coding;
mod cut;
mod exchange;
mod fields;
mod har;
mod judge;
mod lines;
mod run;
mod tally;

use std::fmt;
use std::io::{BufRead, Read};
use std::sync::Arc;

pub use self::bad::{BadEntry, Broken};
pub use self::exchange::{Exchange, Recorded};
pub(crate) use self::judge::{Judge, Judged, Verdict};
pub use self::tally::Judgement;
pub(crate) use self::tally::Tally;
use crate::base_url::BaseUrls;
use crate::contract::Contract;
use crate::profile::Profile;

/// The largest entry that is judged, in bytes.
pub const MAX_ENTRY: usize = 32 * 1024 * 1024;

/// Who is told how many exchanges were looked at, a batch at a time, from any thread.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// How traffic is judged.
#[derive(Clone)]
pub struct Options {
    /// Below which URLs the paths of the document stand; other exchanges are foreign.
    pub base_urls: BaseUrls,
    /// Whether credentials and other secrets were taken out of the recording, or replaced by `[redacted]`: then nothing is found about
    /// what is missing for this reason.
    pub redacted: bool,
    /// How strictly bodies, parameters and header fields are judged by their schemas.
    pub profile: Profile,
    /// How many threads judge; as many as there are processors, where it is zero.
    pub threads: usize,
    /// Who is told how far it has come.
    pub progress: Option<Progress>,
}

impl Options {
    /// Exchanges with the document's servers, whole.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        Self {
            base_urls: BaseUrls::of_servers(contract.document()),
            redacted: false,
            profile: Profile::default(),
            threads: 0,
            progress: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("base_urls", &self.base_urls)
            .field("redacted", &self.redacted)
            .field("profile", &self.profile)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// Judges a HAR as it is read. What is wrong with the HAR stands in the judgement, beside what the entries before it are like.
#[must_use]
pub fn validate_har(contract: &Contract, options: &Options, har: impl Read) -> Judgement {
    run::run(contract, options, "entry", cut::Entries::new(har), har::exchange)
}

/// Judges exchanges, one per line. What is wrong with a line stands in the judgement; the others are judged.
#[must_use]
pub fn validate_lines(contract: &Contract, options: &Options, lines: impl BufRead) -> Judgement {
    run::run(contract, options, "line", lines::Lines::new(lines), lines::exchange)
}
