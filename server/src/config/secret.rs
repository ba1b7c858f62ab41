//! Reads the server's secrets, and makes one at the first start. They are never printed or logged.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretBox};

use crate::config::{ConfigError, settings::Sources};

/// Fewer bytes than this can be guessed.
const SHORTEST: usize = 32;

/// What keys are made of, 32 bytes or more each: the newest secret seals, every one opens.
pub struct Secrets {
    /// Whatever is sealed from now on is sealed with this.
    newest: SecretBox<Vec<u8>>,
    /// What was sealed with one of these opens still.
    old: Vec<SecretBox<Vec<u8>>>,
}

impl Secrets {
    /// One secret and those before it.
    #[must_use]
    pub fn new(newest: Vec<u8>, old: Vec<Vec<u8>>) -> Self {
        let boxed = |bytes| SecretBox::new(Box::new(bytes));
        Self {
            newest: boxed(newest),
            old: old.into_iter().map(boxed).collect(),
        }
    }

    /// The one that seals.
    #[must_use]
    pub fn newest(&self) -> &[u8] {
        self.newest.expose_secret()
    }

    /// Those that only open.
    pub fn old(&self) -> impl Iterator<Item = &[u8]> {
        self.old
            .iter()
            .map(|secret| secret.expose_secret().as_slice())
    }
}

/// Reads `secret_file`, or the file `secret` in the data folder, which is made if it is not there, and
/// `old_secret_files`.
///
/// # Errors
/// If one cannot be read or made, or is too short.
pub fn read(sources: &Sources, data_dir: &Path) -> Result<Secrets, ConfigError> {
    make_private_folder(data_dir).map_err(|error| {
        sources.value("data_dir").error(
            &format!("cannot be made ({error})."),
            "Name a folder this process may write to.",
        )
    })?;
    let (path, origin) = match sources.get("secret_file") {
        Some(value) => (PathBuf::from(&value.text), value.origin),
        None => (own_secret(data_dir)?, "WHIMBREL_SECRET_FILE".to_owned()),
    };
    let make = format!(
        "make a new one: head -c 32 /dev/urandom > {}",
        path.display()
    );
    let newest = read_file(&path, &origin, &make)?;
    let old = sources.value("old_secret_files");
    let paths = old.text.split(',').map(str::trim);
    let paths = paths.filter(|path| !path.is_empty());
    let old = paths.map(|path| read_file(Path::new(path), &old.origin, "take it out of the list."));
    Ok(Secrets::new(newest, old.collect::<Result<_, _>>()?))
}

/// The bytes of a secret; `otherwise`: what to do if the file is to stay as it is.
fn read_file(path: &Path, origin: &str, otherwise: &str) -> Result<Vec<u8>, ConfigError> {
    let failed = |problem: String| ConfigError {
        setting: origin.to_owned(),
        problem,
        mend: format!("Make the file readable for this process, or {otherwise}"),
    };
    let secret = fs::read(path)
        .map_err(|error| failed(format!("{} cannot be read ({error}).", path.display())))?;
    if secret.len() < SHORTEST {
        return Err(failed(format!(
            "{} holds {} bytes; {SHORTEST} are needed.",
            path.display(),
            secret.len()
        )));
    }
    Ok(secret)
}

/// The path of the secret in the data folder, after making it if needed.
fn own_secret(data_dir: &Path) -> Result<PathBuf, ConfigError> {
    let path = data_dir.join("secret");
    let made = match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
    {
        Ok(mut file) => {
            let mut bytes = [0; SHORTEST];
            getrandom::fill(&mut bytes)
                .map_err(std::io::Error::other)
                .and_then(|()| file.write_all(&bytes))
                .and_then(|()| file.sync_all())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    };
    made.map(|()| path.clone()).map_err(|error| ConfigError {
        setting: "WHIMBREL_DATA_DIR".to_owned(),
        problem: format!("{} cannot be written ({error}).", path.display()),
        mend: "Name a data folder this process may write to.".to_owned(),
    })
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
