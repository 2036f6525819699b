//! `examples/<crate>_first_call.rs`: from nothing to an answer, as text that compiles. The README shows it.

mod value;

use self::value::Values;
use super::krate::{CrateOptions, key_arguments, key_function};
use crate::lower::is_absolute;
use crate::model::{Model, Operation, Scheme};

/// Where the example calls when the document names no host.
const SOME_HOST: &str = "https://api.example.com";

/// How long a line is at most.
const MAX_WIDTH: usize = 100;

/// Renders the example.
pub(crate) fn render(model: &Model, options: &CrateOptions) -> String {
    let module = options.name.replace('-', "_");
    let credentials = credentials(model.schemes.first(), &module);
    let auth = if credentials.starts_with("Auth::") { "Auth, " } else { "" };
    let (call, types) = match simplest(model) {
        Some((operation, setters)) => {
            let types = if setters.iter().any(|setter| setter.contains("types::")) { ", types" } else { "" };
            (format!("{}    println!(\"{{}}\", answer.status());\n", call(operation, &setters)), types)
        }
        None => ("    println!(\"{client:?}\");\n".to_owned(), ""),
    };
    let (comment, base) = base(model, &module);
    format!(
        "use {module}::{{{auth}Client, Transport{types}}};

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let auth = {credentials};
    let transport = Transport::builder({provider:?}).auth(auth).build()?;
{comment}    let client = Client::new({base}, transport);

{call}    Ok(())
}}
",
        provider = options.provider,
    )
}

/// The statement of the call, laid out as `rustfmt` does.
fn call(operation: &Operation, setters: &[String]) -> String {
    let line = format!("    let answer = client.{}(){}.send().await?;\n", operation.ident, setters.concat());
    if line.len() <= MAX_WIDTH {
        return line;
    }
    let setters: String = setters.iter().map(|setter| format!("        {setter}\n")).collect();
    format!("    let answer = client\n        .{}()\n{setters}        .send()\n        .await?;\n", operation.ident)
}

/// The base URL, and what is to be said before it.
fn base(model: &Model, module: &str) -> (&'static str, String) {
    match model.servers.first().map_or("", |server| server.url.as_str()) {
        url if is_absolute(url) => ("", format!("{module}::BASE_URL")),
        path => {
            let comment = "    // The document names no host: this is to be the provider's.\n";
            (comment, format!("{:?}", format!("{SOME_HOST}/{}", path.trim_start_matches('/')).trim_end_matches('/')))
        }
    }
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

/// The operation that is called with the least, and its setters: one that reads if there is one, with the fewest
/// required parameters, and one that deletes last. What is deprecated is not called.
fn simplest(model: &Model) -> Option<(&Operation, Vec<String>)> {
    let required = |operation: &Operation| operation.parameters.iter().filter(|p| p.required).count();
    let harm = |operation: &Operation| match operation.method.as_str() {
        "GET" => 0,
        "DELETE" => 2,
        _ => 1,
    };
    let values = Values { model };
    let callable =
        model.operations.iter().filter(|op| !op.deprecated).filter_map(|op| Some((op, setters(op, &values)?)));
    callable.min_by_key(|(op, setters)| (harm(op), op.request.is_some(), required(op), setters.len()))
}

/// What sets all that is required; none when there is something that the example has no value for.
fn setters(operation: &Operation, values: &Values<'_>) -> Option<Vec<String>> {
    let parameters = operation.parameters.iter().filter(|p| p.required).map(|parameter| {
        let value = values.of_setter(&parameter.ty, &parameter.ident)?;
        Some(format!(".{}({value})", parameter.ident))
    });
    let body = operation.request.iter().filter(|body| body.required).map(|body| {
        let value = values.of_setter(body.kind.ty()?, "body")?;
        Some(format!(".body({value})"))
    });
    parameters.chain(body).collect()
}
