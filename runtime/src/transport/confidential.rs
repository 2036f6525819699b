//! Who may read what is sent.

use std::net::IpAddr;

use reqwest::Url;

/// Whether nobody on the way to a server reads what is sent to it: TLS, or a way that does not leave this machine.
pub(crate) fn is_confidential(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_this_machine),
        _ => false,
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_this_machine_is_reached_in_the_clear() {
        for (url, expected) in [
            ("https://bank.example/", true),
            ("http://localhost:8080/", true),
            ("http://127.0.0.1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:1/", true),
            ("http://bank.example/", false),
            ("http://localhost.example/", false),
            ("http://127.0.0.1.example/", false),
            ("http://10.0.0.1/", false),
            ("ftp://localhost/", false),
        ] {
            assert_eq!(is_confidential(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
