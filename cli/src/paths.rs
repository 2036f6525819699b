//! Paths from one folder to another.

use std::path::{Component, Path, PathBuf};

/// The path from a folder, which may be still to be made, to another, which is there; the whole path where the two have
/// nothing in common, as on two drives. So both can be moved together.
pub(crate) fn between(from: &Path, to: &Path) -> Result<PathBuf, String> {
    let unusable =
        |path: &Path, error: std::io::Error, what: &str| format!("{}: {error}\n  help: {what}", path.display());
    let to = to.canonicalize().map_err(|error| unusable(to, error, "name the folder of obkit-runtime"))?;
    let from = real(from).map_err(|error| unusable(from, error, "name a folder that can be made"))?;
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if !from.components().take(common).any(|part| matches!(part, Component::Normal(_))) {
        return Ok(to);
    }
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    Ok(up.chain(to.components().skip(common)).collect())
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut there = path.as_path();
    let mut missing = Vec::new();
    loop {
        match (there.canonicalize(), there.parent(), there.components().next_back()) {
            (Ok(real), ..) => return Ok(missing.iter().rev().fold(real, down)),
            (Err(_), Some(parent), Some(part)) => {
                missing.push(part);
                there = parent;
            }
            (Err(error), ..) => return Err(error),
        }
    }
}

fn down(mut path: PathBuf, part: &Component<'_>) -> PathBuf {
    match part {
        Component::ParentDir => {
            path.pop();
        }
        part => path.push(part),
    }
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_path_leads_from_one_folder_to_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("repository/runtime")).unwrap();
        std::fs::create_dir_all(at("repository/there")).unwrap();
        for (from, expected) in [
            ("repository/new", "../runtime"),
            ("repository/there", "../runtime"),
            ("new/deep", "../../repository/runtime"),
            ("repository/new/../../out", "../repository/runtime"),
        ] {
            assert_eq!(between(&at(from), &at("repository/runtime")).unwrap(), Path::new(expected), "{from}");
        }
        assert!(between(&at("new"), &at("gone")).unwrap_err().contains("help: name the folder of obkit-runtime"));
        let root = Path::new("/");
        if root.canonicalize().is_ok_and(|real| real == root) {
            assert!(between(Path::new("/obkit-nowhere"), &at("repository/runtime")).unwrap().is_absolute());
        }
    }
}
