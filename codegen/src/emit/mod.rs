//! Emission: the model as the files of a crate.

pub(crate) mod doc;
mod krate;
mod typed_client;
mod types;

pub(crate) use krate::{CrateOptions, lib_rs, manifest, readme};
pub(crate) use typed_client::render as typed_client;
pub(crate) use types::render as types;
