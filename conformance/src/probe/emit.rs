//! Failures as tests.

use super::failure::Failure;
use crate::report::visible;

/// A failure as a Rust test of its own file, that fails as long as the server answers as it did. The file needs
/// `obkit-codegen`, `obkit-conformance`, `serde_json` and `tokio` (with its features `macros` and `rt`), the path of the
/// document in `OBKIT_SPEC` and the server in `OBKIT_BASE_URL`; credentials are those of the variable `OBKIT_TOKEN`, if it is set.
///
/// # Errors
/// Never for a failure of this crate; the serializer's signature allows it.
pub fn test_of(failure: &Failure, spec: &str, base_url: &str) -> serde_json::Result<String> {
    let replay = serde_json::to_string_pretty(&failure.replay)?;
    let finding = &failure.finding;
    let subject = visible(finding.operation.as_deref().unwrap_or("the server"));
    let name: String = format!("{}_{}", finding.rule, failure.replay.id)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    let host = reqwest::Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let told: String = finding.message.lines().map(|line| format!("//! {}\n", visible(line))).collect();
    Ok(format!(
        r###"//! {rule} of {subject}:
{told}
use std::time::Duration;

use obkit_codegen::{{Document, Spec}};
use obkit_conformance::Contract;
use obkit_conformance::probe::{{Asked, Credentials, Replay, Secret, Target, ask_again}};

const REPLAY: &str = {replay:?};

#[tokio::test]
async fn {name}() {{
    let variable = |name: &str, other: &str| std::env::var(name).unwrap_or_else(|_| other.to_owned());
    let document = Document::load(variable("OBKIT_SPEC", {spec:?})).unwrap();
    let contract = Contract::new({provider:?}, Spec::read(document).unwrap());
    let target = Target::new(&variable("OBKIT_BASE_URL", {base_url:?}), &[{host:?}.to_owned()]).unwrap();
    let mut credentials = Credentials::default();
    if let Ok(secret) = Secret::from_env("OBKIT_TOKEN") {{
        credentials.any(secret);
    }}
    let replay: Replay = serde_json::from_str(REPLAY).unwrap();
    let asked = Asked {{ target, credentials, timeout: Duration::from_secs(10) }};
    let replayed = ask_again(&contract, &asked, &replay).await.unwrap();
    assert!(replayed.again.is_none(), "{{:#?}}", replayed.findings);
}}
"###,
        rule = finding.rule,
        provider = finding.provider,
    ))
}
