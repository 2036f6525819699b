//! Lines of bounded length.

use std::io::{self, BufRead};

/// What came of reading a line.
pub(crate) enum Read {
    Line,
    TooLong,
}

/// Reads one line without its end; what goes beyond the limit is thrown away, not held.
pub(crate) fn read_line(lines: &mut impl BufRead, line: &mut Vec<u8>, max: usize) -> io::Result<Option<Read>> {
    line.clear();
    let (mut any, mut too_long) = (false, false);
    loop {
        let buffer = lines.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (text, used) = end.map_or((buffer, buffer.len()), |end| (&buffer[..end], end + 1));
        too_long |= line.len() + text.len() > max;
        if !too_long {
            line.extend_from_slice(text);
        }
        lines.consume(used);
        if end.is_some() {
            break;
        }
    }
    Ok(any.then_some(if too_long { Read::TooLong } else { Read::Line }))
}
