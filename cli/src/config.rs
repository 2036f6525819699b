//! `obkit config`, `obkit waivers`, and the settings of the verbs that judge.

use std::path::Path;

use obkit_conformance::config::{self, Config};
use obkit_conformance::verdict::{Policy, Run, template, today};

use crate::args::{ConfigVerb, Judged, WaiversVerb};
use crate::exit::{Exit, Outcome};
use crate::output::tell;
use crate::{output, report};

impl Judged {
    /// What is set: what the arguments say, and else what the file says.
    ///
    /// # Errors
    /// The file cannot be read, or no check is left that the kind of run makes.
    pub(crate) fn config(&self, run: Run) -> Result<Config, String> {
        let mut config = load(self.config.as_deref())?;
        if !self.checks.is_empty() {
            config.gate.checks.clone_from(&self.checks);
        }
        if !self.exclude_checks.is_empty() {
            config.gate.exclude_checks.clone_from(&self.exclude_checks);
        }
        config.gate.fail_on = self.fail_on.map(Into::into).or(config.gate.fail_on);
        if config.policy().checks.is_nothing_of(run) {
            let own = !self.checks.is_empty() || !self.exclude_checks.is_empty();
            let keys =
                if own { "`--checks` and `--exclude-checks`" } else { "`checks` and `exclude-checks` of obkit.toml" };
            return Err(format!(
                "{keys} leave no check that this command makes: nothing could fail\n  help: `obkit checks list` has them; leave out only \
                 what is not to count"
            ));
        }
        Ok(config)
    }
}

/// The settings of a file, or of the nearest one that there is.
pub(crate) fn load(file: Option<&Path>) -> Result<Config, String> {
    let config = match file {
        Some(file) => Config::load(file),
        None => Config::find(Path::new("")),
    };
    config.map_err(|error| error.to_string())
}

/// By what a kind of run is judged; none where nothing is set that a verdict depends on.
pub(crate) fn policy(config: &Config, run: Run) -> Option<Policy> {
    let policy = Policy { coverage: config.coverage.of(run), ..config.policy() };
    (policy != Policy::default()).then_some(policy)
}

pub(crate) fn run(verb: &ConfigVerb) -> Outcome {
    let ConfigVerb::Schema(arguments) = verb;
    output::write(arguments.output.as_deref(), &output::json(&config::schema())?)?;
    Ok(Exit::Clean)
}

pub(crate) fn waivers(verb: &WaiversVerb) -> Outcome {
    let WaiversVerb::Template(arguments) = verb;
    let config = load(None)?;
    output::must_be_writable(arguments.output.as_deref(), config.files().chain([arguments.report.as_path()]))?;
    let text = template(&report::read(&arguments.report)?, today());
    if text.is_empty() {
        tell!("there is nothing to waive");
    }
    output::write(arguments.output.as_deref(), &text)?;
    Ok(Exit::Clean)
}
