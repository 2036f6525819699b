//! What becomes of a document, and what must not.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

use obkit_codegen::{Document, GenerateError, LoadError, Note, Runtime, Spec, Target, generate, lint};

/// The outcome of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A crate came of it.
    Generated,
    /// It could not be read.
    NotRead,
    /// It breaks rules that stop generation.
    BreaksRules,
    /// A bug: how it showed, without what differs from case to case.
    Failed(String),
}

impl Verdict {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::NotRead => "not read",
            Self::BreaksRules => "breaks rules",
            Self::Failed(_) => "FAILED",
        }
    }
}

thread_local! {
    /// Where this thread panicked last, and what it said.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics of cases quiet, and remembers them; others are printed as ever.
fn remember_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printed = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if RUNNING.with_borrow(|running| *running) {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                let said = info.payload().downcast_ref::<String>().map(String::as_str);
                let said = said.or_else(|| info.payload().downcast_ref::<&str>().copied()).unwrap_or_default();
                let said = said.lines().next().unwrap_or_default();
                PANIC.with_borrow_mut(|panic| *panic = format!("panics at {place}: {said}"));
            } else {
                printed(info);
            }
        }));
    });
}

thread_local! {
    static RUNNING: RefCell<bool> = const { RefCell::new(false) };
}

/// Takes a document through everything that can be done with it.
pub(crate) fn judge(text: &str) -> Verdict {
    remember_panics();
    RUNNING.with_borrow_mut(|running| *running = true);
    let verdict = catch_unwind(AssertUnwindSafe(|| pipeline(text)));
    RUNNING.with_borrow_mut(|running| *running = false);
    match verdict {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(how)) => Verdict::Failed(how),
        Err(_) => Verdict::Failed(PANIC.with_borrow(Clone::clone)),
    }
}

fn pipeline(text: &str) -> Result<Verdict, String> {
    // As much as can be read, so that rules and lowering meet what is wrong, too.
    let document = match Document::survey_text("fuzzed", text, &[]) {
        Ok(document) => document,
        Err(error) => return located(&error).map(|()| Verdict::NotRead),
    };
    if let Err(error) = Spec::read(document.clone()) {
        located(&error)?;
    }
    let spec = Spec::survey(document);
    let notes = lint(&spec);
    placed(&notes)?;
    let target = Target {
        name: "fuzzed".to_owned(),
        provider: "fuzzed".to_owned(),
        source: "fuzzed".to_owned(),
        runtime: Runtime::Registry,
    };
    match generate(&spec, &target) {
        Ok(generated) => {
            placed(&generated.notes)?;
            let rust = generated.files.iter().filter(|(path, _)| path.extension() == Some("rs".as_ref()));
            for (path, text) in rust {
                parses(path, text)?;
            }
            Ok(Verdict::Generated)
        }
        Err(GenerateError::Lint { errors, .. }) => placed(&errors).map(|()| Verdict::BreaksRules),
        Err(GenerateError::Load(error)) => located(&error).map(|()| Verdict::NotRead),
        Err(error) => Err(format!("a bug that is known as one: {}", general(&error.to_string()))),
    }
}

fn parses(path: &Path, text: &str) -> Result<(), String> {
    syn::parse_file(text).map(|_| ()).map_err(|error| format!("{} is not Rust: {error}", path.display()))
}

/// An error names its place, unless there is nothing in the document, and what to do.
fn located(error: &LoadError) -> Result<(), String> {
    if error.position.is_none() && error.message != "is empty" {
        return Err(format!("an error without a place: {}", general(&error.message)));
    }
    if error.remedy.is_empty() || error.message.is_empty() {
        return Err(format!("an error without message or remedy: {}", general(&error.message)));
    }
    Ok(())
}

fn placed(notes: &[Note]) -> Result<(), String> {
    let lost = |note: &&Note| note.line == 0 || note.column == 0 || note.message.is_empty() || note.remedy.is_empty();
    notes
        .iter()
        .find(lost)
        .map_or(Ok(()), |note| Err(format!("a note without place, message or remedy: {}", note.rule)))
}

/// A message without the names in it, so that cases that fail alike are counted as one.
fn general(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let outside = line.split('`').step_by(2).collect::<Vec<_>>().join("`…`");
    outside.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).take(160).collect()
}
