//! A folder that is gone when its test ends.

use std::path::{Path, PathBuf};

use crate::store::seal::{fingerprint, random};

/// A folder of a test's own.
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    pub(crate) fn new() -> Self {
        let name = format!("whimbrel-{}", fingerprint(&random::<16>()));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
