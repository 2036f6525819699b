//! Regenerates every provider of the workspace: the library call behind `obkit generate`.

use obkit_codegen::{Providers, generate_provider};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let providers = Providers::load(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()))?;
    for provider in providers.all() {
        let generated = generate_provider(&providers, provider)?;
        let drift = generated.write(&providers.root().join(&provider.generated))?;
        println!("{}: {} files written, {} notes", provider.name, drift.len(), generated.notes.len());
    }
    Ok(())
}
