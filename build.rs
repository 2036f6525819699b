//! Feeds every spec through the generator when the feature `codegen` is on: the crates go to
//! `OUT_DIR`, and the build fails when what is committed under `generated/` is not the same.
//!
//! Without the feature, which is how consumers build, it does nothing and needs nothing.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    if let Err(message) = codegen::run() {
        println!("cargo:warning={}", message.replace('\n', " "));
        eprintln!("{message}");
        std::process::exit(1);
    }
}

#[cfg(feature = "codegen")]
mod codegen {
    use std::path::{Path, PathBuf};

    use obkit_codegen::{Providers, generate_provider};

    pub(crate) fn run() -> Result<(), String> {
        let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?);
        println!("cargo:rerun-if-changed=specs/providers.toml");
        let providers = Providers::load(".").map_err(|e| e.to_string())?;
        let mut stale = Vec::new();
        for provider in providers.all() {
            // The folder, so that an overlay that is added counts, too.
            let specs = provider.spec.parent().unwrap_or(&provider.spec);
            println!("cargo:rerun-if-changed={}", specs.display());
            println!("cargo:rerun-if-changed={}", provider.generated.display());
            let generated = generate_provider(&providers, provider).map_err(|e| e.to_string())?;
            // The spec again, and the files it refers to.
            for source in &generated.sources {
                println!("cargo:rerun-if-changed={}", source.display());
            }
            generated.write(&out.join(&provider.name)).map_err(|e| e.to_string())?;
            let drift = generated.drift(Path::new(&provider.generated)).map_err(|e| e.to_string())?;
            stale.extend(drift.iter().map(|drift| format!("{}: {drift}", provider.name)));
        }
        if stale.is_empty() {
            return Ok(());
        }
        Err(format!("generated code is out of date\n{}\n  help: run `obkit generate` and commit", stale.join("\n")))
    }
}
