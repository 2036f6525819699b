//! What is wrong with a configuration: where, which key, and what to do, and never a value.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::error::Error;
use std::fmt::Write;

use obkit::Config;
use obkit::config::{ConfigError, ConfigErrorKind, Connections, Loader, Variable, schema, variables};
use obkit::provider::{finqlink, wych, yapily};

/// A document, what is wrong with it, and its kind.
const DOCUMENTS: &[(&str, ConfigErrorKind)] = &[
    ("provider = ", ConfigErrorKind::Syntax),
    ("provider = 'yapily'\napplication_secret = s3cret", ConfigErrorKind::Syntax),
    ("provider = 'yapily'\nprovider = 'fena'", ConfigErrorKind::Syntax),
    ("", ConfigErrorKind::MissingKey),
    ("provider = 1", ConfigErrorKind::InvalidValue),
    ("provider = 'yapilly'", ConfigErrorKind::UnknownProvider),
    ("provider = 's3cret'", ConfigErrorKind::UnknownProvider),
    ("provider = 'yapily'\napplication_id = 'id'", ConfigErrorKind::MissingKey),
    ("provider = 'yapily'\napplication_id = 'id'\naplication_secret = 's3cret'", ConfigErrorKind::UnknownKey),
    ("provider = 'yapily'\napplication_id = 'id'\nsomething = 's3cret'", ConfigErrorKind::UnknownKey),
    ("provider = 'yapily'\nclient_id = 's3cret'", ConfigErrorKind::UnknownKey),
    ("provider = 'yapily'\napplication_id = ''\napplication_secret = 's3cret'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\napplication_id = 17\napplication_secret = 's3cret'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\napplication_id = ['s3cret']\napplication_secret = ''", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\napplication_id = { value = 's3cret' }", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\napplication_id = { env = 'NOT_SET' }", ConfigErrorKind::Unreadable),
    ("provider = 'yapily'\napplication_id = { env = 's3cret!' }", ConfigErrorKind::Unreadable),
    ("provider = 'yapily'\napplication_id = { env = 'BANK_ID', file = 'id' }", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\napplication_id = { env = 1 }", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\napplication_id = { file = '/no/such/file' }", ConfigErrorKind::Unreadable),
    ("provider = 'yapily'\napplication_id = { file = \"s3cret\\n\" }", ConfigErrorKind::Unreadable),
    ("provider = 'yapily'\nenvironment = 'prod'", ConfigErrorKind::InvalidValue),
    ("provider = 'candescent'\nenvironment = 'prod'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\nenvironment = 'production'\nbase_url = 'https://s3cret'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\nbase_url = 's3cret'", ConfigErrorKind::InvalidValue),
    ("provider = 'fena'\nclient_id = 'id'\nclient_secret = 's3cret'", ConfigErrorKind::MissingKey),
    ("provider = 'yapily'\ncall_timeout = '20'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\ncall_timeout = 20", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\ncall_timeout = '99999999999999999999s'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\nretry = 3", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\nretry = { attempts = 3 }", ConfigErrorKind::UnknownKey),
    ("provider = 'yapily'\n[retry]\nmax_attempts = -1", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\n[retry]\nmax_attempts = '3'", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\nrate_limit.requests = 3", ConfigErrorKind::MissingKey),
    ("provider = 'yapily'\nrate_limit = { requests = 0, per = '1s' }", ConfigErrorKind::InvalidValue),
    ("provider = 'yapily'\nroot_certificates = 'a'\nonly_root_certificates = 'b'", ConfigErrorKind::InvalidValue),
    ("provider = 'finqlink'\nclient_id = 'id'", ConfigErrorKind::MissingKey),
    (
        "provider = 'finqlink'\nclient_id = 'id'\naccess_token = 's3cret'\nclient_secret = 's3cret'",
        ConfigErrorKind::InvalidValue,
    ),
    ("provider = 'finqlink'\nclient_id = 'id'\naccess_token = 's3cret'\nscope = 'ais'", ConfigErrorKind::InvalidValue),
    ("provider = 'finqlink'\nclient_id = 'id'\ntoken = {}", ConfigErrorKind::MissingKey),
    ("provider = 'finqlink'\nclient_id = 'id'\n[token]\nmethod = 's3cret'", ConfigErrorKind::InvalidValue),
    (
        "provider = 'finqlink'\nclient_id = 'id'\n[token]\nmethod = 'private_key_jwt'\nclient_secret = 's3cret'",
        ConfigErrorKind::InvalidValue,
    ),
    (
        "provider = 'finqlink'\nclient_id = 'id'\n[token]\nclient_secret = 's3cret'\nkey_id = 'k'",
        ConfigErrorKind::InvalidValue,
    ),
    ("provider = 'finqlink'\nclient_id = 'id'\n[token]\nprivate_key = 's3cret'", ConfigErrorKind::MissingKey),
    (
        "provider = 'finqlink'\nclient_id = 'id'\n[token]\nkey_id = 'k'\nprivate_key = 's3cret'",
        ConfigErrorKind::InvalidValue,
    ),
    (
        "provider = 'finqlink'\nclient_id = 'id'\n[token]\nclient_secret = 's3cret'\nurl = 'http://login.example'",
        ConfigErrorKind::InvalidValue,
    ),
    ("provider = 'candescent'\ntoken = { client_id = 'id', client_secret = 's3cret' }", ConfigErrorKind::MissingKey),
    (
        "provider = 'candescent'\nlogin_id = 'jo'\ntoken = { client_id = 'id', client_secret = 's3cret' }",
        ConfigErrorKind::MissingKey,
    ),
    (
        "provider = 'candescent'\naccess_token = 's3cret'\nlogin_id = 'jo'\nhost_user_id = 'jo'",
        ConfigErrorKind::InvalidValue,
    ),
    ("provider = 'candescent'\naccess_token = 's3cret'\ninstitution_id = '1'", ConfigErrorKind::InvalidValue),
    (
        "provider = 'candescent'\nlogin_id = 'jo'\ninstitution_id = \"s3cret\\n1\"\ntoken = { client_id = 'id', client_secret = 's' }",
        ConfigErrorKind::InvalidValue,
    ),
    (
        "provider = 'wych'\npartner_id = 'p'\napp_id = 'a'\napi_key = 's3cret'\ntoken.client_secret = 's3cret'",
        ConfigErrorKind::MissingKey,
    ),
    (
        "provider = 'wych'\npartner_id = 'p'\napp_id = 'a'\napi_key = 's3cret'\naccess_token = 's3cret'\nuser_id = 'u'",
        ConfigErrorKind::InvalidValue,
    ),
    (
        "provider = 'wych'\npartner_id = 'p'\napp_id = 'a'\napi_key = 's3cret'\nuser_id = 'u'\ntoken = { client_id = 'c', client_secret = 's3cret' }",
        ConfigErrorKind::InvalidValue,
    ),
    ("[connections.main]\nprovider = 'yapily'", ConfigErrorKind::UnknownKey),
];

/// Variables, of which each name begins with `OBKIT_`.
const VARIABLES: &[(&[(&str, &str)], ConfigErrorKind)] = &[
    (&[], ConfigErrorKind::MissingKey),
    (&[("PROVIDER", "yappily")], ConfigErrorKind::UnknownProvider),
    (&[("PROVIDER", "yapily"), ("YAPILY_APPLICATION_ID", "id")], ConfigErrorKind::MissingKey),
    (&[("PROVIDER", "yapily"), ("YAPILY_APLICATION_ID", "s3cret")], ConfigErrorKind::UnknownKey),
    (&[("PROVIDER", "yapily"), ("LOG", "s3cret")], ConfigErrorKind::UnknownKey),
    (&[("PROVIDER", "yapily"), ("YAPILY_APPLICATION_ID", "")], ConfigErrorKind::InvalidValue),
    (
        &[("PROVIDER", "yapily"), ("YAPILY_APPLICATION_ID", "id"), ("YAPILY_APPLICATION_ID_FILE", "/id")],
        ConfigErrorKind::InvalidValue,
    ),
    (&[("PROVIDER", "yapily"), ("YAPILY_APPLICATION_ID_FILE", "/no/such/file")], ConfigErrorKind::Unreadable),
    (&[("PROVIDER", "yapily"), ("RETRY_MAX_ATTEMPTS", "s3cret")], ConfigErrorKind::InvalidValue),
    (&[("PROVIDER", "yapily"), ("CALL_TIMEOUT", "s3cret")], ConfigErrorKind::InvalidValue),
    (&[("PROVIDER", "yapily"), ("ENVIRONMENT", "moon")], ConfigErrorKind::InvalidValue),
    (&[("PROVIDER", "fena"), ("FENA_CLIENT_ID", "id"), ("FENA_CLIENT_SECRET", "s3cret")], ConfigErrorKind::MissingKey),
    (
        &[("PROVIDER", "finqlink"), ("FINQLINK_CLIENT_ID", "id"), ("FINQLINK_TOKEN_PRIVATE_KEY", "s3cret")],
        ConfigErrorKind::MissingKey,
    ),
    (&[("PROVIDER", "yapily"), ("RATE_LIMIT_PER", "1s")], ConfigErrorKind::MissingKey),
    (&[("PROVIDER", "finqlink"), ("FINQLINK_CLIENT_ID", "id")], ConfigErrorKind::MissingKey),
];

const CONNECTIONS: &[(&str, ConfigErrorKind)] = &[
    ("", ConfigErrorKind::MissingKey),
    ("provider = 'yapily'", ConfigErrorKind::MissingKey),
    ("port = 80\n[connections.main]\nprovider = 'yapily'", ConfigErrorKind::UnknownKey),
    ("connections = 1", ConfigErrorKind::InvalidValue),
    ("[connections]\nmain = 's3cret'", ConfigErrorKind::InvalidValue),
    ("[connections.min]\nprovider = 'yapily'", ConfigErrorKind::UnknownConnection),
    ("[connections.main]\nclient_id = 'id'", ConfigErrorKind::MissingKey),
    ("[connections.main]\nprovider = 'yapily'", ConfigErrorKind::MissingKey),
];

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/config");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// An error and all that it is caused by, in every form.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    if let Some(source) = error.source() {
        text += &chain(source);
    }
    text
}

fn told(shown: &mut String, what: &str, expected: ConfigErrorKind, error: &ConfigError) {
    assert_eq!(error.kind(), expected, "{what}: {error}");
    assert!(!chain(error).contains("s3cret"), "{}", chain(error));
    writeln!(shown, "{what}\n-> {error}\n").unwrap();
}

#[test]
fn every_error_of_a_document_says_where_and_what_to_do() {
    let mut shown = String::new();
    let loader = Loader::new().variables([("BANK_ID", "id")]);
    for (text, kind) in DOCUMENTS {
        told(&mut shown, text, *kind, &loader.toml(text).unwrap_err());
    }
    snapshot("document_errors", &shown);
}

#[test]
fn every_error_of_the_environment_names_the_variable() {
    let mut shown = String::new();
    for (variables, kind) in VARIABLES {
        let variables = variables.iter().map(|(name, value)| (format!("OBKIT_{name}"), *value));
        let what = variables.clone().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
        told(&mut shown, &what, *kind, &Loader::new().variables(variables).env("OBKIT").unwrap_err());
    }
    snapshot("variable_errors", &shown);
}

#[test]
fn every_error_of_several_connections_names_the_table() {
    let mut shown = String::new();
    for (text, kind) in CONNECTIONS {
        let error = Connections::from_toml(text).and_then(|all| all.config("main")).unwrap_err();
        told(&mut shown, text, *kind, &error);
    }
    snapshot("connection_errors", &shown);
}

#[test]
fn an_error_of_a_file_begins_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.toml");
    let missing = Config::from_file(&path).unwrap_err();
    assert_eq!((missing.kind(), missing.file()), (ConfigErrorKind::Unreadable, Some(path.as_path())));
    assert!(missing.source().is_some());
    let at = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let error = Config::from_file(&path).unwrap_err().to_string();
        error.strip_prefix(&path.display().to_string()).unwrap().to_owned()
    };
    assert!(at("provider = 'yapily'\n\u{e9} = 1").starts_with(":2:1: this is no TOML"));
    assert!(at("provider = 'yapily'\n'\u{e9}' = 1").starts_with(":2:1: `\u{e9}` means nothing"));
    assert!(at("application_id = 'id'").starts_with(": `provider` is not there"));
    std::fs::write(&path, "[connections.main]\nprovider = 'yapily'\n  port = 1").unwrap();
    let error = Connections::from_file(&path).unwrap().config("main").unwrap_err();
    assert_eq!((error.line_column(), error.key()), (Some((3, 3)), Some("port")));
}

const CANARY: &str = "s3cret-4f1c9e0a";

/// A document that has every key of a provider that may be given together with this one.
fn document(provider: &str, field: &Variable, value: &str) -> String {
    let needed = match provider {
        "yapily" => "application_id = 'id'\napplication_secret = 'secret'\n",
        "fena" => "base_url = 'https://bank.invalid'\nclient_id = 'id'\nclient_secret = 'secret'\n",
        "finqlink" => "client_id = 'id'\ntoken.client_secret = 'secret'\n",
        "candescent" => {
            "institution_id = '1'\nlogin_id = 'jo'\ntoken.client_id = 'id'\ntoken.client_secret = 'secret'\n"
        }
        _ => "partner_id = 'p'\napp_id = 'a'\napi_key = 'k'\ntoken.client_id = 'id'\ntoken.client_secret = 'secret'\n",
    };
    let excluded = match field.key.as_str() {
        "access_token" | "client_secret" if provider == "finqlink" => &["token"][..],
        "access_token" => &["token", "institution_id", "login_id"],
        "token.private_key" => &["token.client_secret"],
        "host_user_id" => &["login_id"],
        "environment" | "every_server_at" => &["base_url"],
        _ => &[],
    };
    let is_other = |line: &&str| {
        let key = line.split(" = ").next().unwrap();
        key != field.key && !excluded.iter().any(|excluded| key.starts_with(excluded))
    };
    let kept: Vec<&str> = needed.lines().filter(is_other).collect();
    format!("provider = '{provider}'\n{}\n{} = {value}\n", kept.join("\n"), field.key)
}

fn assert_hidden(outcome: &Result<Config, ConfigError>, document: &str) {
    let shown = match outcome {
        Err(error) => chain(error),
        Ok(config) => {
            let connection = obkit::connect(config);
            let mut shown = format!("{config:?} {config:#?} {connection:?}");
            if let Err(error) = &connection {
                shown += &chain(error);
            }
            shown
        }
    };
    assert!(!shown.contains(CANARY), "{document}\nshows {shown}");
}

#[test]
fn no_value_of_any_key_shows_anywhere() {
    let mut valid = 0;
    for provider in ["yapily", "fena", "finqlink", "candescent", "wych"] {
        let fields = variables("OBKIT");
        for field in
            fields.iter().filter(|field| field.provider.is_none_or(|of| of == provider) && field.key != "provider")
        {
            let good = document(provider, field, &format!("'{CANARY}'"));
            let outcome = Config::from_toml(&good);
            // An environment that is not known is named, and a `Debug` shows names.
            let names = ["environment", "application", "user_agent", "client_id", "partner_id", "app_id"];
            let is_name = !field.is_secret && names.contains(&field.key.as_str());
            if !is_name || (outcome.is_err() && field.key != "environment") {
                assert_hidden(&outcome, &good);
            }
            valid += usize::from(outcome.is_ok() && field.is_secret);
            let wrong = [
                CANARY.to_owned(),
                format!("'{CANARY}"),
                format!("['{CANARY}']"),
                format!("{{ value = '{CANARY}' }}"),
                format!("{{ file = \"{CANARY}\\n\" }}"),
                format!("{{ env = '{CANARY}' }}"),
                format!("'{CANARY}'\n{} = '{CANARY}'", field.key),
                format!("'''{CANARY}\n"),
                format!("\"{CANARY}\\q\""),
                format!("'{CANARY}' '{CANARY}'"),
            ];
            for value in wrong {
                let text = document(provider, field, &value);
                let outcome = Config::from_toml(&text);
                assert!(outcome.is_err(), "{text}");
                assert_hidden(&outcome, &text);
            }
            // Cut off anywhere.
            let start = good.find(CANARY).unwrap() + CANARY.len();
            for end in start..good.trim_end().len() {
                assert_hidden(&Config::from_toml(&good[..end]), &good[..end]);
            }
            let named = [("OBKIT_PROVIDER", provider), (field.name.as_str(), CANARY)];
            if field.key != "environment" {
                assert_hidden(&Loader::new().variables(named).env("OBKIT"), &field.name);
            }
        }
    }
    // Each secret but keys, which are PEM, was in use at least once.
    assert!(valid >= 15, "{valid}");
    let connections =
        Connections::from_toml(&format!("[connections.main]\nprovider = 'yapily'\napplication_id = '{CANARY}'"));
    assert_eq!(format!("{:?}", connections.unwrap()), r#"["main"]"#);
    let loader = Loader::new().variables([("SECRET", CANARY)]);
    assert!(!format!("{loader:?}").contains(CANARY));
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_odd(text in "[a-z_ ='\"{}\\[\\]\\.\n\u{e9}0-9]{0,80}") {
        let _ = Config::from_toml(&text);
        let _ = Config::from_toml(&format!("provider = 'candescent'\n{text}"));
        let _ = Connections::from_toml(&format!("[connections]\n{text}"));
    }
}

#[test]
fn a_credential_has_no_name_of_a_setting() {
    let all = variables("OBKIT");
    for own in all.iter().filter(|variable| variable.provider.is_some()) {
        let first = |key: &str| key.split('.').next().unwrap().to_owned();
        let is_setting = |other: &&Variable| other.provider.is_none() && first(&other.key) == first(&own.key);
        assert!(!all.iter().any(|other| is_setting(&other)), "{own:?}");
    }
    let mut names: Vec<_> = all.iter().map(|variable| &variable.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all.len());
}

#[test]
fn the_schema_of_a_configuration_is_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/config");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_json_snapshot!("schema", schema()));
}

/// `OBKIT_UPDATE=1 cargo test -p obkit --test config_errors` writes the file anew.
#[test]
fn the_table_of_variables_is_fresh() {
    let mut text = String::from(
        "# Configuration\n\n\
         Made from the types that read it. A key stands in a TOML document, beside `provider` or in the table \
         `[connections.NAME]`; a variable stands for it in the environment (`Config::from_env(\"OBKIT\")`, or another prefix). \
         A text may be `{ env = \"NAME\" }` or `{ file = \"path\" }` in a document, and in a file that the variable with `_FILE` at its \
         end names. A time is a text such as `250ms`, `20s`, `2m` or `1h`.\n",
    );
    let all = variables("OBKIT");
    for provider in [None, Some("yapily"), Some("fena"), Some("finqlink"), Some("candescent"), Some("wych")] {
        let title = provider.map_or("Every provider".to_owned(), |name| format!("`provider = \"{name}\"`"));
        write!(text, "\n## {title}\n\n").unwrap();
        let environments = match provider {
            Some("yapily") => yapily::ENVIRONMENTS,
            Some("finqlink") => finqlink::ENVIRONMENTS,
            Some("wych") => wych::ENVIRONMENTS,
            _ => &[],
        };
        for (name, url) in environments {
            write!(text, "`environment = \"{name}\"` is <{url}>.\n\n").unwrap();
        }
        write!(text, "| key | variable | | |\n|---|---|---|---|\n").unwrap();
        for variable in all.iter().filter(|variable| variable.provider == provider) {
            let needed = if variable.is_required { "needed" } else { "" };
            let kind = if variable.is_secret {
                "secret"
            } else if variable.is_text {
                "text"
            } else {
                ""
            };
            let notes = [needed, kind].into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(", ");
            let description = variable.description.replace('\n', " ");
            writeln!(text, "| `{}` | `{}` | {notes} | {description} |", variable.key, variable.name).unwrap();
        }
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    if std::env::var_os("OBKIT_UPDATE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let known = std::fs::read_to_string(file).unwrap_or_default();
    assert!(known == text, "docs/configuration.md is out of date: run this test with OBKIT_UPDATE=1");
}
