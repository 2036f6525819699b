//! The workspace that the generated crates are built in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::generation::Case;

/// The name of the crate that takes payloads through the types of the others.
pub(crate) const HARNESS: &str = "corpus-harness";

/// The workspace on disk.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Where everything is built.
    pub(crate) target: OsString,
    /// The folder of `obkit-runtime`.
    pub(crate) runtime: PathBuf,
}

impl Workspace {
    /// Makes the folder of the workspace.
    pub(crate) fn open(root: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(root).map_err(|error| format!("{}: {error}", root.display()))?;
        // Cargo names files by their real paths.
        let root = root.canonicalize()?;
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| root.join("target").into());
        let runtime = repository()?.join("runtime");
        Ok(Self { root, target, runtime })
    }

    /// The folder of a crate.
    pub(crate) fn member(&self, package: &str) -> PathBuf {
        self.root.join(package)
    }

    /// Writes the manifest of the workspace over the crates that were generated, and one that was not.
    pub(crate) fn write(&self, cases: &[Case], other: Option<&str>) -> Result<(), Failure> {
        let generated = cases.iter().filter(|case| case.error.is_none()).map(|case| case.package.as_str());
        let members: Vec<&str> = generated.chain(other).collect();
        let profile = "[profile.dev]\ndebug = false\nincremental = false\n";
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{profile}");
        std::fs::write(self.root.join("Cargo.toml"), manifest)?;
        // The versions of the repository, so that nothing is downloaded.
        std::fs::copy(repository()?.join("Cargo.lock"), self.root.join("Cargo.lock"))?;
        Ok(())
    }
}

/// The root of this repository.
fn repository() -> Result<PathBuf, Failure> {
    Ok(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?)
}
