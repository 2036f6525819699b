//! `obkit providers`: what there is.

use obkit_codegen::spec::{Evidence, Operation};
use obkit_codegen::{Provider, Providers as Table, Spec};
use obkit_conformance::workspace::Connection;
use serde::Serialize;

use crate::args::{Providers, TableFormat};
use crate::exit::{Exit, Outcome};
use crate::output;

/// A provider in numbers.
#[derive(Debug, Serialize)]
struct Row {
    provider: String,
    title: String,
    version: String,
    #[serde(rename = "crate")]
    crate_name: String,
    operations: usize,
    documented: usize,
    guide: usize,
    inferred: usize,
    schemas: usize,
    examples: usize,
    auth: String,
    environments: std::collections::BTreeMap<String, String>,
    /// What the domain offers of it; nothing where it is not mapped.
    capabilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inferred_operations: Vec<String>,
}

pub(crate) fn run(arguments: &Providers) -> Outcome {
    let table = Table::load(arguments.workspace.root()).map_err(|e| e.to_string())?;
    let rows: Vec<Row> = table
        .select(&arguments.workspace.provider)?
        .into_iter()
        .map(|provider| row(&table, provider))
        .collect::<Result<_, _>>()?;
    let text = match arguments.format {
        TableFormat::Json => output::json(&rows)?,
        TableFormat::Markdown => markdown(&rows),
        TableFormat::Text => text(&rows),
    };
    output::write(arguments.output.as_deref(), &text)?;
    Ok(Exit::Clean)
}

fn row(table: &Table, provider: &Provider) -> Result<Row, String> {
    let document = table.document(provider).map_err(|e| e.to_string())?;
    let spec = Spec::read(document).map_err(|e| e.to_string())?;
    let operations = spec.operations();
    let count = |evidence| operations.iter().filter(|op| op.evidence == Some(evidence)).count();
    let inferred = operations.iter().filter(|op| op.evidence == Some(Evidence::Inferred));
    Ok(Row {
        provider: provider.name.clone(),
        title: provider.title.clone(),
        version: spec.document().at("/info/version").and_then(|v| v.as_str()).unwrap_or_default().to_owned(),
        crate_name: provider.crate_name.clone(),
        operations: operations.len(),
        documented: count(Evidence::Documented),
        guide: count(Evidence::Guide),
        inferred: count(Evidence::Inferred),
        schemas: spec.schemas().count(),
        examples: operations.iter().map(examples).sum(),
        auth: provider.auth.clone(),
        environments: provider.environments.clone(),
        capabilities: capabilities(&provider.name),
        inferred_operations: inferred.map(|op| op.id.clone()).collect(),
    })
}

/// What a connection says it offers. It is made for an address that is never called.
fn capabilities(provider: &str) -> Vec<&'static str> {
    let connection = obkit_conformance::workspace::client(provider, "http://127.0.0.1:9");
    let words = |connection: Box<dyn Connection>| connection.capabilities().iter().map(|it| it.words()).collect();
    connection.map(words).unwrap_or_default()
}

fn examples(operation: &Operation) -> usize {
    let request = operation.request.iter().flat_map(|r| &r.content);
    request.chain(operation.responses.iter().flat_map(|r| &r.content)).map(|c| c.examples.len()).sum()
}

const HEADER: [&str; 8] =
    ["provider", "version", "operations", "documented", "guide", "inferred", "schemas", "examples"];

fn cells(row: &Row) -> [String; 8] {
    [
        row.provider.clone(),
        row.version.clone(),
        row.operations.to_string(),
        row.documented.to_string(),
        row.guide.to_string(),
        row.inferred.to_string(),
        row.schemas.to_string(),
        row.examples.to_string(),
    ]
}

fn markdown(rows: &[Row]) -> String {
    let mut text = format!("| {} |\n|---|---|{}\n", HEADER.join(" | "), "---:|".repeat(HEADER.len() - 2));
    for row in rows {
        text.push_str(&format!("| {} |\n", cells(row).join(" | ")));
    }
    text
}

fn text(rows: &[Row]) -> String {
    let table: Vec<[String; 8]> = std::iter::once(HEADER.map(str::to_owned)).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| table.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in &table {
        let cells: Vec<_> =
            row.iter()
                .enumerate()
                .map(|(column, cell)| {
                    if column < 2 { format!("{cell:<0$}", width(column)) } else { format!("{cell:>0$}", width(column)) }
                })
                .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    for row in rows {
        let environments: Vec<_> = row.environments.iter().map(|(name, url)| format!("{name} {url}")).collect();
        let environments = if environments.is_empty() { "none published".to_owned() } else { environments.join(", ") };
        text.push_str(&format!(
            "\n{}: crate {}, auth {}, environments: {environments}\n",
            row.title, row.crate_name, row.auth
        ));
        if !row.capabilities.is_empty() {
            text.push_str(&format!("  capabilities: {}\n", row.capabilities.join(", ")));
        }
        if !row.inferred_operations.is_empty() {
            text.push_str(&format!("  inferred: {}\n", row.inferred_operations.join(", ")));
        }
    }
    text
}
