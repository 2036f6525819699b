//! The `obkit` command. Every verb is a call of a library; what stands here reads arguments, prints
//! results and chooses the exit code.

#![forbid(unsafe_code)]

mod args;
mod checks;
mod config;
mod conform;
mod exit;
mod generate;
mod lint;
mod listen;
mod mock;
mod output;
mod paths;
mod probe;
mod providers;
mod proxy;
mod report;
mod rules;
mod spec;
mod traffic;
mod validate;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Verb};
use crate::exit::Exit;
use crate::output::tell;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse_from(args::with_verb(std::env::args_os().collect()));
    let result = catch_unwind(AssertUnwindSafe(|| match &arguments.verb {
        Verb::Conform(arguments) => conform::run(arguments),
        Verb::Generate(arguments) => generate::run(arguments),
        Verb::Lint(arguments) => lint::run(arguments),
        Verb::Mock(arguments) => mock::run(arguments),
        Verb::Validate(arguments) => validate::run(arguments),
        Verb::Proxy(arguments) => proxy::run(arguments),
        Verb::Probe(arguments) => probe::run(arguments),
        Verb::Providers(arguments) => providers::run(arguments),
        Verb::Checks(arguments) => checks::run(arguments),
        Verb::Report(arguments) => report::run(arguments),
        Verb::Config(verb) => config::run(verb),
        Verb::Waivers(verb) => config::waivers(verb),
    }));
    match result {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(message)) => {
            tell!("error: {message}");
            Exit::BadInput.into()
        }
        Err(_) => {
            tell!("error: this is a bug of obkit; please report what you ran");
            Exit::Bug.into()
        }
    }
}
