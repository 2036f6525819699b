//! Content codings, undone: a body that travelled compressed is judged as what it stands for (RFC 9110, section 8.4).

use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::exchange::Recorded;
use crate::exchange::MAX_BODY;

/// What every body in `gzip` begins with (RFC 1952, section 2.3.1). No text begins so, in UTF-8.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The codings that are undone, as `Accept-Encoding` has them.
pub(crate) const KNOWN: &str = "gzip, deflate";

/// A body without its codings, as far as they can be undone.
pub(crate) fn undo(codings: Option<&str>, body: Vec<u8>, known: Recorded) -> (Vec<u8>, Recorded) {
    if known != Recorded::Whole || body.is_empty() {
        return (body, known);
    }
    let codings = codings.unwrap_or_default().split(',').map(str::trim).filter(|coding| !coding.is_empty());
    let mut bytes = body;
    // The last one was applied last.
    for coding in codings.rev() {
        let undone = match coding.to_ascii_lowercase().as_str() {
            "identity" => continue,
            "gzip" | "x-gzip" => read(MultiGzDecoder::new(&bytes[..])),
            // Some leave the frame of zlib out, against RFC 9110, section 8.4.1.2.
            "deflate" => read(ZlibDecoder::new(&bytes[..])).or_else(|_| read(DeflateDecoder::new(&bytes[..]))),
            _ => return (Vec::new(), Recorded::Coded),
        };
        match undone {
            Ok(Some(undone)) => bytes = undone,
            Ok(None) => return (Vec::new(), Recorded::Cut),
            // It is not what it is said to be, and is judged as what it is.
            Err(_) => return (bytes, Recorded::Whole),
        }
    }
    (bytes, Recorded::Whole)
}

/// The same of a recording. Most have bodies as they were before they were compressed, with the header fields as they travelled.
pub(super) fn undo_recorded(headers: &[(String, String)], body: Vec<u8>, known: Recorded) -> (Vec<u8>, Recorded) {
    if !body.starts_with(&GZIP_MAGIC) {
        return (body, known);
    }
    let coding = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    undo(coding.map(|(_, coding)| coding.as_str()), body, known)
}

/// The whole of a stream; none when it is too large.
fn read(stream: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    // A small body can stand for any number of bytes.
    stream.take(MAX_BODY as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= MAX_BODY).then_some(bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn undone(codings: &str, body: &[u8]) -> (Vec<u8>, Recorded) {
        undo(Some(codings), body.to_vec(), Recorded::Whole)
    }

    #[test]
    fn codings_are_undone_from_the_last_to_the_first() {
        let whole = (b"{}".to_vec(), Recorded::Whole);
        assert_eq!(undo(None, b"{}".to_vec(), Recorded::Whole), whole);
        assert_eq!(undone("identity", b"{}"), whole);
        for coding in ["gzip", "X-GZIP", " gzip , identity"] {
            assert_eq!(undone(coding, &gzip(b"{}")), whole, "{coding}");
        }
        assert_eq!(undone("deflate", &zlib(b"{}")), whole);
        assert_eq!(undone("deflate", &deflate(b"{}")), whole);
        assert_eq!(undone("deflate, gzip", &gzip(&zlib(b"{}"))), whole);
        let members = [gzip(b"{"), gzip(b"}")].concat();
        assert_eq!(undone("gzip", &members), whole);
    }

    #[test]
    fn what_cannot_be_undone_is_not_judged_and_what_is_none_is_judged_as_it_is() {
        assert_eq!(undone("br", b"{}"), (Vec::new(), Recorded::Coded));
        assert_eq!(undone("br, gzip", &gzip(b"{}")), (Vec::new(), Recorded::Coded));
        assert_eq!(undone("gzip", b"{}"), (b"{}".to_vec(), Recorded::Whole));
        let torn = &gzip(b"{\"a\":1}")[..12];
        assert_eq!(undone("gzip", torn), (torn.to_vec(), Recorded::Whole));
        assert_eq!(undone("gzip", b""), (Vec::new(), Recorded::Whole));
        assert_eq!(undo(Some("gzip"), gzip(b"{}"), Recorded::Cut).1, Recorded::Cut);
    }

    #[test]
    fn a_small_body_that_stands_for_a_large_one_stays_small() {
        let bomb = gzip(&vec![b' '; 17 * 1024 * 1024]);
        assert!(bomb.len() < 100_000);
        assert_eq!(undone("gzip", &bomb), (Vec::new(), Recorded::Cut));
    }

    #[test]
    fn recordings_are_undone_where_they_are_as_they_travelled() {
        let headers = vec![("Content-Encoding".to_owned(), "gzip".to_owned())];
        let whole = (b"{}".to_vec(), Recorded::Whole);
        assert_eq!(undo_recorded(&headers, gzip(b"{}"), Recorded::Whole), whole);
        assert_eq!(undo_recorded(&headers, b"{}".to_vec(), Recorded::Whole), whole);
        assert_eq!(undo_recorded(&[], gzip(b"{}"), Recorded::Whole).0, gzip(b"{}"));
    }
}
