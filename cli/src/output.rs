//! Where results go.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf, absolute};

/// Opens the place that results go to.
pub(crate) fn open(file: Option<&Path>) -> Result<Box<dyn Write>, String> {
    match file {
        None => Ok(Box::new(BufWriter::new(Heard(io::stdout())))),
        Some(path) => match make_folder(path).and_then(|()| File::create(path)) {
            Ok(file) => Ok(Box::new(BufWriter::new(file))),
            Err(error) => Err(unwritable(path, &error)),
        },
    }
}

/// Makes the folder that a file is to stand in.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(folder(path))
}

/// A place whose reader may go away, as `head` does: what it no longer wants is dropped, and what is found counts all the same.
struct Heard<W>(W);

impl<W: Write> Write for Heard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).or_else(|error| dropped(error, bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().or_else(|error| dropped(error, ()))
    }
}

fn dropped<T>(error: io::Error, done: T) -> io::Result<T> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(done) } else { Err(error) }
}

/// Makes sure that results can be written to files, each to one of its own and to none that is read, before anything is done for them. What
/// stands in the files stays, and folders that are not there are made when they are written to.
pub(crate) fn must_be_writable<'f>(
    written: impl IntoIterator<Item = &'f Path>,
    read: impl IntoIterator<Item = &'f Path>,
) -> Result<(), String> {
    let read: Vec<_> = read.into_iter().filter_map(place).collect();
    let mut known = Vec::new();
    for path in written {
        let file = path.display();
        let place = place(path);
        if place.as_ref().is_some_and(|place| read.contains(place)) {
            return Err(format!("{file}: is both read and written\n  help: name another file for what is written"));
        }
        if place.as_ref().is_some_and(|place| known.contains(place)) {
            return Err(format!("{file}: is named twice\n  help: name a file of its own for each result"));
        }
        known.extend(place);
        can_be_written(path)?;
    }
    Ok(())
}

/// Where a file stands, however it is named. What is there and is no file, such as a terminal, takes anything.
fn place(path: &Path) -> Option<PathBuf> {
    if path.exists() {
        return path.canonicalize().ok().filter(|path| path.is_file());
    }
    let folder = folder(path);
    Some(folder.canonicalize().or_else(|_| absolute(folder)).ok()?.join(path.file_name()?))
}

/// The folder that a file stands in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Tries it, and leaves nothing behind: no folder that was not there, either.
fn can_be_written(path: &Path) -> Result<(), String> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<_> = folder(path).ancestors().take_while(is_missing).collect();
    let tried = make_folder(path).map_err(|error| unwritable(path, &error)).and_then(|()| can_be_opened(path));
    for folder in missing {
        let _ = fs::remove_dir(folder);
    }
    tried
}

fn can_be_opened(path: &Path) -> Result<(), String> {
    let is_new = !path.exists();
    match OpenOptions::new().append(true).create(true).open(path) {
        // Where the result fails, there is to be no empty file either. If it cannot be removed, it is overwritten.
        Ok(_) if is_new => {
            let _ = fs::remove_file(path);
            Ok(())
        }
        Ok(_) => Ok(()),
        Err(error) => Err(unwritable(path, &error)),
    }
}

/// Writes a whole result. One that says nothing takes the place of what a file said before.
pub(crate) fn write(file: Option<&Path>, text: &str) -> Result<(), String> {
    let mut out = open(file)?;
    let text = if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| unwritable(file.unwrap_or(Path::new("standard output")), &error))
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("{}: cannot be written: {error}\n  help: name a file in a writable folder", path.display())
}

/// Whether text may be coloured: on a terminal, unless the environment asks not to.
pub(crate) fn colour(file: Option<&Path>) -> bool {
    file.is_none() && io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Turns a value into JSON for people to read, too.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, String> {
    serde_json::to_string_pretty(value).map_err(|error| error.to_string())
}

/// Tells a line on standard error, as `eprintln!` does, unless nobody reads it: that is no reason to stop.
macro_rules! tell {
    ($($said:tt)*) => { $crate::output::log(format!($($said)*)) };
}
pub(crate) use tell;

/// Writes a line to standard error, whoever reads it.
pub(crate) fn log(line: String) {
    let _ = io::stderr().lock().write_all((line + "\n").as_bytes());
}
