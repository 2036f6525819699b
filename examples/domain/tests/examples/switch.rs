#[path = "../../switch.rs"]
#[allow(dead_code, unreachable_pub)]
mod example;

use example::show;
use obkit::config::Loader;
use obkit_example_domain::Setup;

use crate::text;

/// Every provider, and a line of what there is at its local server.
const PROVIDERS: [(&str, &str); 5] = [
    ("yapily", "account 700004000000000000000002: -0.07 GBP"),
    ("fena", "account 22289: -100.23 GBP"),
    ("finqlink", "account acc-0001: -100.50 RON"),
    ("candescent", ": transactions are not offered"),
    ("wych", " NZD"),
];

#[tokio::test]
async fn one_program_runs_over_every_provider() {
    for (provider, expected) in PROVIDERS {
        let (setup, mut out) = (Setup::local(&[provider]).await.unwrap(), Vec::new());
        show(&setup.config(provider).unwrap(), &setup.access(provider).unwrap(), &mut out).await.unwrap();
        let said = text(out);
        assert!(said.starts_with(&format!("{provider} offers ")), "{said}");
        assert!(said.lines().skip(1).any(|line| line.starts_with("account ") && line.ends_with(expected)), "{said}");
        assert_eq!(setup.server(provider).unwrap().take_findings(), []);
    }
}

#[tokio::test]
async fn variables_of_the_environment_say_the_same() {
    let setup = Setup::local(&["fena"]).await.unwrap();
    let base_url = setup.server("fena").unwrap().base_url();
    let variables = [
        ("OBKIT_PROVIDER", "fena"),
        ("OBKIT_BASE_URL", &base_url),
        ("OBKIT_FENA_CLIENT_ID", "id"),
        ("OBKIT_FENA_CLIENT_SECRET", "secret"),
    ];
    let config = Loader::new().variables(variables).env("OBKIT").unwrap();
    let mut out = Vec::new();
    show(&config, &setup.access("fena").unwrap(), &mut out).await.unwrap();
    assert!(text(out).ends_with("account 22289: -100.23 GBP\n"));
}

/// A key that proves nothing to anybody.
const PRIVATE_KEY: &str = include_str!("../../../../runtime/tests/keys/rsa.pem");

#[test]
fn the_file_beside_the_examples_has_a_connection_to_every_provider() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/connections.toml");
    let variables = [
        ("YAPILY_APPLICATION_ID", "id"),
        ("YAPILY_APPLICATION_SECRET", "secret"),
        ("FENA_BASE_URL", "https://fena.example"),
        ("FENA_CLIENT_ID", "id"),
        ("FENA_CLIENT_SECRET", "secret"),
        ("FINQLINK_PRIVATE_KEY", PRIVATE_KEY),
        ("CANDESCENT_ACCESS_TOKEN", "token"),
        ("WYCH_API_KEY", "key"),
        ("WYCH_ACCESS_TOKEN", "token"),
    ];
    let connections = Loader::new().variables(variables).connections_file(file).unwrap();
    assert_eq!(connections.names().collect::<Vec<_>>(), PROVIDERS.map(|(provider, _)| provider));
    for (provider, _) in PROVIDERS {
        let connected = obkit::connect(&connections.config(provider).unwrap()).unwrap();
        assert_eq!(connected.name(), provider);
    }
}
