//! Generates the client of `openapi.yaml`, as `overlays/` corrects it.

use obkit_codegen::{BuildError, Builder};

fn main() -> Result<(), BuildError> {
    println!("cargo:rerun-if-changed=build.rs");
    Builder::new("openapi.yaml").overlay("overlays/010-names.yaml").name("payments").generate()?;
    Ok(())
}
