//! `examples/<crate>_first_call.rs`: from nothing to an answer, as text that compiles. The README shows it.

use super::krate::{CrateOptions, key_arguments, key_function};
use crate::model::{Kind, Model, Operation, Parameter, Scheme, TypeRef, resolve};

/// Renders the example.
pub(crate) fn render(model: &Model, options: &CrateOptions) -> String {
    let module = options.name.replace('-', "_");
    let credentials = credentials(model.schemes.first(), &module);
    let auth = if credentials.starts_with("Auth::") { "Auth, " } else { "" };
    let call = match simplest(model) {
        Some((operation, setters)) => format!(
            "    let answer = client.{}(){setters}.send().await?;\n    println!(\"{{}}\", answer.status());\n",
            operation.ident
        ),
        None => "    println!(\"{client:?}\");\n".to_owned(),
    };
    format!(
        "use {module}::{{{auth}Client, Transport}};

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let auth = {credentials};
    let transport = Transport::builder({provider:?}).auth(auth).build()?;
    let client = Client::new({module}::BASE_URL, transport);

{call}    Ok(())
}}
",
        provider = options.provider,
    )
}

fn credentials(scheme: Option<&Scheme>, module: &str) -> String {
    match scheme {
        None => "Auth::none()".to_owned(),
        Some(Scheme::Basic) => "Auth::basic(\"user\", \"password\")".to_owned(),
        Some(Scheme::Bearer) => "Auth::bearer(\"token\")".to_owned(),
        Some(Scheme::Keys(keys)) => {
            let values: Vec<_> =
                key_arguments(keys).iter().map(|name| format!("{:?}", name.replace('_', "-"))).collect();
            format!("{module}::{}({})", key_function(keys), values.join(", "))
        }
    }
}

/// The operation that reads with the fewest required parameters, and its setters.
fn simplest(model: &Model) -> Option<(&Operation, String)> {
    let required = |operation: &Operation| operation.parameters.iter().filter(|p| p.required).count();
    let setters = |operation: &Operation| {
        operation.parameters.iter().filter(|p| p.required).map(|p| setter(model, p)).collect::<Option<String>>()
    };
    let readable = model.operations.iter().filter(|op| op.method == "GET" && op.request.is_none());
    let callable = readable.filter_map(|op| setters(op).map(|setters| (op, setters)));
    callable.min_by_key(|(op, _)| required(op))
}

fn setter(model: &Model, parameter: &Parameter) -> Option<String> {
    let value = match resolve(&model.types, &parameter.ty) {
        TypeRef::String | TypeRef::Sensitive => format!("{:?}", format!("the-{}", parameter.ident.replace('_', "-"))),
        TypeRef::Bool => "true".to_owned(),
        TypeRef::I32 | TypeRef::I64 => "1".to_owned(),
        TypeRef::Formatted("Date") => "\"2026-01-31\"".to_owned(),
        TypeRef::Formatted("DateTime") => "\"2026-01-31T12:00:00Z\"".to_owned(),
        TypeRef::Formatted("Uuid") => "\"6f2b9a0e-4c1d-4d0e-9a55-3f0c1d2e4b6a\"".to_owned(),
        TypeRef::Formatted(_) => "\"10.00\"".to_owned(),
        TypeRef::Named(name) => match &model.types.iter().find(|def| def.name == *name)?.kind {
            Kind::Enum { values, .. } => format!("{:?}", values.first()?.value),
            Kind::ConstrainedInteger { minimum, maximum, .. } => {
                1.clamp(*minimum, (*maximum).max(*minimum)).to_string()
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(format!(".{}({value})", parameter.ident))
}
