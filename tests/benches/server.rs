//! Whimbrel in a process of its own, for measuring: this very program, told to serve. Tells what the kernel
//! knows of the memory and the processor time of that process and of the mail server's.

use std::{fs, path::Path};

use whimbrel_tests::{
    child::{self, Supervised},
    own_process,
    world::World,
};

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
        let process = own_process::start(world, "bench", &origin, port).await;
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
        own_process::forget_peak(self.process.pid());
    }

    fn status(&self, name: &str) -> f64 {
        // A few gigabytes at most: exact.
        u32::try_from(own_process::memory(self.process.pid(), name)).map_or(f64::MAX, f64::from)
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
