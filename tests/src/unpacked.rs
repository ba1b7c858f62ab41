//! Mail servers that Debian lets nobody install beside Dovecot: `scripts/setup.sh dialects` unpacks their packages,
//! and each world copies what it starts into its own folder, where any user of the machine may run it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::child::WorldError;

/// Copies these programs (paths as in the package) into `dir`, and the libraries that lie beside them, by how
/// their names begin. `dir` is then both where the programs are and what `LD_LIBRARY_PATH` has to name.
pub(crate) fn copy_into(dir: &Path, programs: &[&str], libraries: &str) -> Result<(), WorldError> {
    let root = root();
    fs::create_dir(dir)?;
    for program in programs {
        let from = root.join(program);
        let name = from.file_name().unwrap_or_default();
        fs::copy(&from, dir.join(name)).map_err(|error| {
            WorldError::new(format!(
                "{}: {error}; `scripts/setup.sh dialects` puts it there",
                from.display()
            ))
        })?;
    }
    let folder = root.join("usr/lib");
    copy_libraries(&folder, dir, libraries)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with("-linux-gnu") {
            copy_libraries(&path, dir, libraries)?;
        }
    }
    Ok(())
}

fn copy_libraries(from: &Path, to: &Path, beginning: &str) -> Result<(), WorldError> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(beginning) {
            fs::copy(entry.path(), to.join(entry.file_name()))?; // links become what they point at
        }
    }
    Ok(())
}

fn root() -> PathBuf {
    let tools = std::env::var_os("WHIMBREL_TOOLS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/tools"),
        PathBuf::from,
    );
    tools.join("dialects")
}
