//! Child processes that cannot outlive us: a small shell holds our end of a pipe, and when the pipe
//! closes (drop, panic, Ctrl-C, even SIGKILL) it ends its one child by pid and removes its folder.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

use tokio::{io::AsyncReadExt, net::TcpStream};

/// A part of the mail world could not be started.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WorldError(String);

impl WorldError {
    /// An error with a sentence for people.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl From<std::io::Error> for WorldError {
    fn from(error: std::io::Error) -> Self {
        Self(format!("the mail world could not be set up: {error}"))
    }
}

/// A running program with a folder of its own.
pub struct Supervised {
    shell: Child,
    pipe: Option<ChildStdin>,
    pid: u32,
    dir: PathBuf,
}

// Ends the child by SIGTERM, and if that takes too long (longer where its folder is kept) by SIGKILL to
// its own group. `setsid` makes the child the leader of that group: nothing of others can be in it.
const SUPERVISOR: &str = r#"
dir=$1; shift
setsid "$@" </dev/null >>"$dir/output.log" 2>&1 &
child=$!
echo "$child"
trap : INT TERM HUP
read -r keep
kill -TERM "$child" 2>/dev/null
tries=10
[ "$keep" = keep ] && tries=100
while kill -0 "$child" 2>/dev/null && [ "$tries" -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
kill -s KILL -- "-$child" 2>/dev/null
wait "$child" 2>/dev/null
[ "$keep" = keep ] || rm -rf -- "$dir"
"#;

impl Supervised {
    /// Starts `program` with `arguments`. `dir` is removed when it ends, unless it ends by [`Self::stop_and_keep`].
    pub fn start(dir: &Path, program: &str, arguments: &[&str]) -> Result<Self, WorldError> {
        let mut shell = Command::new("sh")
            .args(["-c", SUPERVISOR, "supervisor"])
            .arg(dir)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0) // a Ctrl-C on the terminal is ours to pass on
            .spawn()?;
        let pipe = shell.stdin.take();
        let mut line = String::new();
        if let Some(out) = shell.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let pid = line
            .trim()
            .parse()
            .map_err(|_| WorldError::new(format!("{program} did not start")))?;
        Ok(Self {
            shell,
            pipe,
            pid,
            dir: dir.to_owned(),
        })
    }

    /// The process id of the program.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends the program but keeps its folder, so that it can be started again there.
    pub fn stop_and_keep(mut self) {
        if let Some(mut pipe) = self.pipe.take() {
            let _ = pipe.write_all(b"keep\n");
        }
        let _ = self.shell.wait();
    }

    /// Waits until every port greets with a line that begins with its prefix.
    pub async fn ready(&self, ports: &[(u16, &str)]) -> Result<(), WorldError> {
        let deadline = Instant::now() + Duration::from_secs(30);
        for (port, prefix) in ports {
            while !greets(*port, prefix).await {
                if self.has_ended() || Instant::now() > deadline {
                    return Err(WorldError::new(format!(
                        "nothing greets on port {port}; the last lines of its log:\n{}",
                        self.log_tail()
                    )));
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Ok(())
    }

    // A child that ended stays a zombie until its supervisor waits for it.
    fn has_ended(&self) -> bool {
        match fs::read_to_string(format!("/proc/{}/stat", self.pid)) {
            Ok(stat) => stat
                .rsplit(')')
                .next()
                .is_some_and(|rest| rest.trim_start().starts_with('Z')),
            Err(_) => Path::new("/proc/self/stat").exists(),
        }
    }

    fn log_tail(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for name in ["server.log", "output.log"] {
            let text = fs::read(self.dir.join(name)).unwrap_or_default();
            lines.extend(String::from_utf8_lossy(&text).lines().map(str::to_owned));
        }
        let start = lines.len().saturating_sub(20);
        lines.split_off(start).join("\n")
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}

async fn greets(port: u16, prefix: &str) -> bool {
    let attempt = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        let mut greeting = [0_u8; 512];
        let read = if prefix.is_empty() {
            0
        } else {
            stream.read(&mut greeting).await.ok()?
        };
        greeting
            .get(..read)?
            .starts_with(prefix.as_bytes())
            .then_some(())
    };
    matches!(
        tokio::time::timeout(Duration::from_secs(5), attempt).await,
        Ok(Some(()))
    )
}

/// `N` loopback ports that nobody listens on now.
pub fn free_ports<const N: usize>() -> Result<[u16; N], WorldError> {
    let mut listeners = Vec::new(); // all open at once, so that no port comes twice
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        *port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(ports)
}

/// A new folder for a supervised program, which the other users of this machine may enter but not list.
pub fn new_dir(name: &str) -> Result<PathBuf, WorldError> {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::Builder::new()
        .prefix(&format!("whimbrel-{name}-"))
        .tempdir()?
        .keep();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o711))?;
    Ok(dir)
}

/// Where `program` stands: on PATH, or in the system folders that an ordinary user's PATH lacks.
pub fn find_program(program: &str) -> Option<String> {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':')
        .chain(["/usr/sbin", "/usr/local/sbin", "/sbin"])
        .map(|dir| format!("{dir}/{program}"))
        .find(|file| Path::new(file).is_file())
}

/// Name, uid and gid of an entry of `/etc/passwd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUser {
    /// Its name.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its main group's id.
    pub gid: u32,
}

/// The first entry of `/etc/passwd` that fits.
pub fn system_user(fits: impl Fn(&SystemUser) -> bool) -> Option<SystemUser> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    passwd
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(':');
            Some(SystemUser {
                name: fields.next()?.to_owned(),
                uid: fields.nth(1)?.parse().ok()?,
                gid: fields.next()?.parse().ok()?,
            })
        })
        .find(|user| fits(user))
}

/// The name of a group of `/etc/group`.
pub fn group_name(gid: u32) -> Option<String> {
    let groups = fs::read_to_string("/etc/group").ok()?;
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(gid)).then(|| name.to_owned())
    })
}
