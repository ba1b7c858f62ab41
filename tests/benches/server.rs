//! Whimbrel in a process of its own, for measuring: this very program, told to serve. Tells what the kernel
//! knows of the memory and the processor time of that process and of the mail server's.

use std::{fs, path::Path};

use whimbrel_server::{config::Config, serve, state};
use whimbrel_tests::{
    app,
    child::{self, Supervised},
    world::World,
};

/// The word that makes this program Whimbrel.
pub(crate) const SERVE: &str = "serve";
/// The kernel counts processor time in hundredths of a second (`USER_HZ`).
const TICKS: f64 = 100.0;

/// A running Whimbrel.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) origin: String,
    process: Supervised,
}

impl Server {
    /// One for this world.
    pub(crate) async fn start(world: &World) -> Self {
        let [port] = child::free_ports().expect("a free port");
        let origin = format!("http://localhost:{port}");
        let dir = child::new_dir("bench").expect("a folder");
        let config = dir.join("whimbrel.toml");
        let text = app::configuration(world, &origin, &dir).expect("a folder")
            + &format!("listen = \"127.0.0.1:{port}\"\n");
        fs::write(&config, text).expect("a file");
        let me = std::env::current_exe().expect("this program");
        let arguments = [SERVE, &config.to_string_lossy()];
        let process =
            Supervised::start(&dir, &me.to_string_lossy(), &arguments).expect("a process");
        process
            .ready(&[(port, "")])
            .await
            .expect("Whimbrel listens");
        Self { origin, process }
    }

    /// Its memory now, in KiB.
    pub(crate) fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most memory it had since [`Self::forget_peak`], in KiB.
    pub(crate) fn peak(&self) -> f64 {
        self.status("VmHWM:")
    }

    /// Counts the peak from now on.
    pub(crate) fn forget_peak(&self) {
        let file = format!("/proc/{}/clear_refs", self.process.pid());
        fs::write(file, "5").expect("the kernel counts anew");
    }

    fn status(&self, name: &str) -> f64 {
        let file = format!("/proc/{}/status", self.process.pid());
        let text = fs::read_to_string(file).expect("it runs");
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.expect("the kernel says it in kB")
    }

    /// Processor seconds used so far: its own, the mail server's, and this program's.
    pub(crate) fn processor(&self, world: &World) -> [f64; 3] {
        let (mut own, mut mail, mut this) = (0.0, 0.0, 0.0);
        for entry in fs::read_dir("/proc").expect("a /proc").flatten() {
            let Some(process) = Process::read(&entry.path()) else {
                continue;
            };
            match process.session {
                session if session == self.process.pid() => own += process.seconds,
                session if session == world.dovecot.pid() => mail += process.seconds,
                _ if process.id == std::process::id() => this += process.seconds,
                _ => {}
            }
        }
        [own, mail, this]
    }
}

struct Process {
    id: u32,
    session: u32,
    seconds: f64,
}

impl Process {
    // `proc_pid_stat(5)`: the fields after the name, which stands in parentheses.
    fn read(dir: &Path) -> Option<Self> {
        let id = dir.file_name()?.to_str()?.parse().ok()?;
        let stat = fs::read_to_string(dir.join("stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        Some(Self {
            id,
            session: fields.get(3)?.parse().ok()?,
            seconds: (ticks(11)? + ticks(12)?) / TICKS,
        })
    }
}

/// Serves until it is ended.
pub(crate) async fn serve_here(config: &str) {
    let config = Config::load(Some(Path::new(config))).expect("a configuration");
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .expect("a port");
    let app = state::start(config).await.expect("Whimbrel starts");
    let _ = serve::serve(app, listener, std::future::pending()).await;
}
