//! `typed_client.rs`: every operation and every body behind one object-safe trait.
//!
//! The conformance suite drives clients through it: it knows operations by their ids and values as
//! JSON, and what lies between is exactly the code that programs use.

use std::fmt::Write;

use super::types::rust_type;
use crate::model::{Model, Operation, SuccessBody, TypeRef};
use crate::spec::StatusKey;

/// Renders the implementation of `obkit_runtime::typed_client::TypedClient`.
pub(crate) fn render(model: &Model) -> String {
    let mut body = String::new();
    render_trait(&mut body, model);
    for operation in &model.operations {
        render_call(&mut body, operation);
    }
    let mut out = String::from(
        "//! Every operation and every body by name, for the conformance suite.\n\nuse obkit_runtime::typed_client::{\n    Arguments, Failure, Part, Reply, TypedClient, argument, failure, round_trip_body, round_trip_request,\n};\n#[allow(unused_imports)]\nuse obkit_runtime::{Date, DateTime, Decimal, DecimalText, Sensitive, Uuid};\n#[allow(unused_imports)]\nuse serde_json::{Map, Value};\n\nuse crate::{Client, types};\n",
    );
    out.push_str(&body);
    out
}

fn render_trait(out: &mut String, model: &Model) {
    out.push_str(
        "\nimpl TypedClient for Client {\n    fn provider(&self) -> &'static str {\n        self.inner.provider()\n    }\n\n    fn round_trip(&self, operation_id: &str, part: Part, json: &str) -> Option<Result<String, String>> {\n        match (operation_id, part) {\n",
    );
    for operation in &model.operations {
        render_round_trips(out, operation);
    }
    out.push_str(
        "            _ => None,\n        }\n    }\n\n    fn call<'a>(\n        &'a self,\n        operation_id: &'a str,\n        arguments: &'a Arguments,\n    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>> {\n        match operation_id {\n",
    );
    for operation in &model.operations {
        let _ = writeln!(
            out,
            "            {:?} => Box::pin({}(self, arguments)),",
            operation.id,
            function(operation)
        );
    }
    out.push_str("            _ => Box::pin(async { Err(Failure::unknown_operation()) }),\n        }\n    }\n}\n");
}

fn render_round_trips(out: &mut String, operation: &Operation) {
    let id = &operation.id;
    if let Some(ty) = &operation.request {
        let ty = rust_type(ty, "types::");
        let _ = writeln!(out, "            ({id:?}, Part::Request) => Some(round_trip_request::<{ty}>(json)),");
    }
    let mut responses = operation.responses.clone();
    responses.sort();
    for (status, ty) in &responses {
        let Some(ty) = ty else { continue };
        // What the client gives for a success is the operation's one type, and for the rest its error.
        let ty = match (&operation.success.body, &operation.error) {
            (SuccessBody::Json(success), _) if status.is_success() => success,
            (_, Some(error)) if !status.is_success() => error,
            _ => ty,
        };
        let pattern = match status {
            StatusKey::Code(code) => format!("Part::Response(status @ {code})"),
            StatusKey::Range(range) => format!("Part::Response(status @ {range}00..={range}99)"),
            StatusKey::Default => "Part::Response(status)".to_owned(),
        };
        let ty = rust_type(ty, "types::");
        let _ = writeln!(out, "            ({id:?}, {pattern}) => Some(round_trip_body::<{ty}>(status, json)),");
    }
}

/// The name of the function that makes the call; it must not meet a name in scope.
fn function(operation: &Operation) -> String {
    format!("call_{}", operation.ident.trim_end_matches('_'))
}

fn render_call(out: &mut String, operation: &Operation) {
    let takes = !operation.parameters.is_empty() || operation.request.is_some();
    let _ = write!(
        out,
        "\nasync fn {}(client: &Client, {}: &Arguments) -> Result<Reply, Failure> {{\n    let {}call = client.{}();\n",
        function(operation),
        if takes { "arguments" } else { "_" },
        if takes { "mut " } else { "" },
        operation.ident
    );
    for parameter in &operation.parameters {
        let _ = write!(
            out,
            "    if let Some(value) = argument::<{}>(arguments.parameter({:?}, {:?}))? {{\n        call = call.{}(value);\n    }}\n",
            rust_type(&parameter.ty, "types::"),
            parameter.location.as_str(),
            parameter.wire,
            parameter.ident
        );
    }
    if let Some(ty) = &operation.request {
        let _ = write!(
            out,
            "    if let Some(body) = argument::<{}>(arguments.body.as_ref())? {{\n        call = call.body(body);\n    }}\n",
            rust_type(ty, "types::")
        );
    }
    let reply = match &operation.success.body {
        SuccessBody::Json(TypeRef::Json) | SuccessBody::Json(_) => "Reply::json(&call.send().await.map_err(failure)?)",
        SuccessBody::Raw(_) => "Reply::bytes(call.send().await.map_err(failure)?).await",
        SuccessBody::Empty => "Ok(Reply::empty(&call.send().await.map_err(failure)?))",
    };
    let _ = writeln!(out, "    {reply}\n}}");
}
