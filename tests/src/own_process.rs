//! Whimbrel in a process of its own, for measuring: the very program that measures, told to serve. Its `main` has
//! to look for [`SERVE`] and call [`serve_here`].

use std::{fs, path::Path};

use whimbrel_server::{config::Config, serve, state};

use crate::{
    app,
    child::{self, Supervised},
    world::World,
};

/// The word that makes the program Whimbrel; the path of a configuration follows it.
pub const SERVE: &str = "serve";

/// Whimbrel for this world, listening at `origin`'s port. `name` is for its folder.
pub async fn start(world: &World, name: &str, origin: &str, port: u16) -> Supervised {
    let dir = child::new_dir(name).expect("a folder");
    let config = dir.join("whimbrel.toml");
    let text = app::configuration(world, origin, &dir).expect("a folder")
        + &format!("listen = \"127.0.0.1:{port}\"\n");
    fs::write(&config, text).expect("a file");
    let me = std::env::current_exe().expect("this program");
    let arguments = [SERVE, &config.to_string_lossy()];
    let server = Supervised::start(&dir, &me.to_string_lossy(), &arguments).expect("a process");
    server.ready(&[(port, "")]).await.expect("Whimbrel listens");
    server
}

/// Serves until it is ended.
pub async fn serve_here(config: &str) {
    let config = Config::load(Some(Path::new(config))).expect("a configuration");
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .expect("a port");
    let app = state::start(config).await.expect("Whimbrel starts");
    let _ = serve::serve(app, listener, std::future::pending()).await;
}

/// What the kernel says of a process in KiB, such as `VmRSS:` or, for the most so far, `VmHWM:`.
#[must_use]
pub fn memory(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.expect("the kernel says it in kB")
}

/// Counts the most so far from now on.
pub fn forget_peak(pid: u32) {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("the kernel counts anew");
}
