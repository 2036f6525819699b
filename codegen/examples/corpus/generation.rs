//! From documents to crates, several at once.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use obkit_codegen::{Document, Runtime, Spec, Target, generate, lint};

use crate::Failure;
use crate::corpus::SpecFile;
use crate::workspace::Workspace;

/// What the main thread of a program has, so that nothing overflows here alone.
const STACK: usize = 8 * 1024 * 1024;

/// What became of a document.
pub(crate) struct Case {
    /// The name of its file.
    pub(crate) file: String,
    /// The name of its crate.
    pub(crate) package: String,
    /// The version of OpenAPI that it states.
    pub(crate) version: String,
    /// The document, where it can be read.
    pub(crate) spec: Option<Spec>,
    /// What was said about it.
    pub(crate) notes: usize,
    /// How many of those say that meaning is lost, by rule.
    pub(crate) lossy: BTreeMap<&'static str, usize>,
    /// Why there is no crate.
    pub(crate) error: Option<String>,
}

/// Generates all crates into a workspace.
pub(crate) fn all(specs: &[SpecFile], workspace: &Workspace) -> Result<Vec<Case>, Failure> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, spec)) = specs.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((index, one(spec, workspace)));
        }
        done
    };
    let mut cases = std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(specs.len());
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let workers = (0..threads).map(spawn).collect::<Result<Vec<_>, _>>()?;
        let done = workers.into_iter().map(|worker| worker.join().map_err(|_| "a thread of the run stopped"));
        Ok::<_, Failure>(done.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect::<Vec<_>>())
    })?;
    cases.sort_by_key(|(index, _)| *index);
    Ok(cases.into_iter().map(|(_, case)| case).collect())
}

fn one(file: &SpecFile, workspace: &Workspace) -> Case {
    let mut case = Case {
        file: file.name.clone(),
        package: file.package.clone(),
        version: stated_version(&file.path),
        spec: None,
        notes: 0,
        lossy: BTreeMap::new(),
        error: None,
    };
    let done = catch_unwind(AssertUnwindSafe(|| fill(&mut case, file, workspace)));
    case.error = match done {
        // The name of the file is enough, and the same on every machine.
        Ok(done) => done.err().map(|error| error.to_string().replace(&*file.path.to_string_lossy(), &file.name)),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("for no stated reason");
            Some(format!("the generator panicked: {message}"))
        }
    };
    case
}

/// Reads the document, counts its notes and writes its crate.
fn fill(case: &mut Case, file: &SpecFile, workspace: &Workspace) -> Result<(), Failure> {
    let spec = case.spec.insert(Spec::read(Document::load(&file.path)?)?);
    let notes = lint(spec);
    case.notes = notes.len();
    for note in notes.iter().filter(|note| note.lossy) {
        *case.lossy.entry(note.rule).or_default() += 1;
    }
    let target = Target {
        name: case.package.clone(),
        provider: case.package.clone(),
        source: case.file.clone(),
        runtime: Runtime::Path(workspace.runtime.clone()),
    };
    generate(spec, &target)?.write(&workspace.member(&case.package))?;
    Ok(())
}

/// The version that a document states, though it may not be readable otherwise.
fn stated_version(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines = text.trim_start_matches('\u{feff}').lines().filter_map(|line| line.split_once(':'));
    let mut versions = lines
        .filter(|(key, _)| matches!(key.trim().trim_matches(['"', '\'']), "openapi" | "swagger"))
        .map(|(_, value)| value.trim().trim_matches([',', '"', '\'', ' ']).to_owned());
    versions.next().unwrap_or_else(|| "?".to_owned())
}
