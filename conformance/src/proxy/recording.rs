//! A HAR that is written while the traffic passes.
//!
//! After each entry stands what closes the whole, and is written over by the next: so the file is a HAR whenever the process ends.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// What closes the recording.
const END: &[u8] = b"\n]}}\n";

/// A recording without secrets.
pub struct Recording(Mutex<Writing>);

struct Writing {
    file: File,
    /// Where the next entry goes.
    at: u64,
    is_empty: bool,
    failure: Option<io::Error>,
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recording")
    }
}

impl Recording {
    /// Begins a recording in a file, in the place of what stands there. Where the system knows such a thing, nobody but its owner can
    /// read it.
    ///
    /// # Errors
    /// The file cannot be written, or not at any place of it.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let creator = json!({"name": "obkit", "version": env!("CARGO_PKG_VERSION")});
        let comment = "Secrets are replaced by `[redacted]`: read it with `obkit validate --har FILE --redacted`.";
        let head = format!(
            "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"comment\":{},\"entries\":[",
            json!(comment)
        );
        let at = head.len() as u64;
        file.write_all(head.as_bytes())?;
        file.write_all(END)?;
        file.seek(SeekFrom::Start(at))?;
        Ok(Self(Mutex::new(Writing { file, at, is_empty: true, failure: None })))
    }

    /// Adds an entry. A failure is told by [`finish`](Self::finish), after which there is nothing more to write.
    pub(super) fn add(&self, entry: &Value) {
        let mut writing = self.writing();
        if writing.failure.is_some() {
            return;
        }
        if let Err(error) = writing.add(entry) {
            // What was written of the entry is cut off again.
            let (at, file) = (writing.at, &mut writing.file);
            let _ = file.set_len(at).and_then(|()| file.seek(SeekFrom::Start(at))).and_then(|_| file.write_all(END));
            writing.failure = Some(error);
        }
    }

    /// Says whether everything was written.
    pub(super) fn finish(&self) -> io::Result<()> {
        let mut writing = self.writing();
        match writing.failure.take() {
            Some(error) => Err(error),
            None => writing.file.sync_all(),
        }
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writing {
    fn add(&mut self, entry: &Value) -> io::Result<()> {
        let mut text = if self.is_empty { "\n" } else { ",\n" }.to_owned().into_bytes();
        serde_json::to_writer(&mut text, entry)?;
        let length = text.len() as u64;
        text.extend_from_slice(END);
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.write_all(&text)?;
        self.at += length;
        self.is_empty = false;
        Ok(())
    }
}
