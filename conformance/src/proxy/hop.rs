//! Header fields that belong to one connection, and are not forwarded.

use hyper::header::{self, HeaderMap, HeaderName};

/// Those that do whether or not `Connection` names them (RFC 9110, section 7.6.1), and the credentials for a proxy (section 11.7).
const OWN: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Takes them out.
pub(super) fn strip(headers: &mut HeaderMap) {
    let options = headers.get_all(header::CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    let named: Vec<HeaderName> =
        options.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
    for name in OWN.iter().chain(&named) {
        headers.remove(name);
    }
}
