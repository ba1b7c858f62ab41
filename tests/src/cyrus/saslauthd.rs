//! The daemon that Cyrus asks for passwords (saslauthd(8)), as far as a mail server asks it. Decides nothing but
//! whether name and password belong together.

use std::{fs, io, os::unix::fs::PermissionsExt, path::Path};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

use crate::{background::Background, people::People, postfix::DOMAIN};

/// Listens on this socket, which anybody may ask.
pub(super) fn start(socket: &Path, people: People) -> io::Result<Background> {
    let listener = std::os::unix::net::UnixListener::bind(socket)?;
    listener.set_nonblocking(true)?;
    fs::set_permissions(socket, fs::Permissions::from_mode(0o777))?;
    Background::start(async move || {
        let listener = UnixListener::from_std(listener)?;
        loop {
            let (asker, _) = listener.accept().await?;
            let _ = answer(asker, &people).await; // an asker that leaves is no failure
        }
    })
}

/// Name, password, service and realm, each after its length; back comes a word after its length.
async fn answer(mut asker: UnixStream, people: &People) -> io::Result<()> {
    let mut asked = Vec::new();
    for _ in 0..4 {
        let mut text = vec![0; usize::from(asker.read_u16().await?)];
        asker.read_exact(&mut text).await?;
        asked.push(String::from_utf8_lossy(&text).into_owned());
    }
    let domain = Some(&asked[3]).filter(|realm| !realm.is_empty());
    let domain = domain.map_or(DOMAIN, String::as_str);
    let address = match asked[0].split_once('@') {
        Some(_) => asked[0].clone(),
        None => format!("{}@{domain}", asked[0]),
    };
    let word = match people.find(&address, &asked[1]) {
        Some(_) => "OK",
        None => "NO",
    };
    asker.write_u16(2).await?;
    asker.write_all(word.as_bytes()).await
}
