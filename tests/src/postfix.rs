//! A real Postfix in a folder of its own: submission with STARTTLS or TLS, SASL asked of Dovecot,
//! delivery by LMTP to Dovecot, nothing to anywhere else. Needs root, as Postfix does.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::{
    certificate::Certificates,
    child::{self, Supervised, SystemUser, WorldError},
    dovecot,
};

/// The mail domain of the world.
pub const DOMAIN: &str = "whimbrel.example";

/// The largest letter Postfix takes, bytes.
pub const MESSAGE_SIZE_LIMIT: u64 = 40 << 20;

/// The loopback ports of a Postfix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Submission in clear, with STARTTLS.
    pub submission: u16,
    /// Submission over TLS.
    pub submissions: u16,
}

/// A running Postfix.
pub struct Postfix {
    /// Where it listens.
    pub ports: Ports,
    dir: PathBuf,
    _process: Supervised,
}

impl Postfix {
    /// Starts one that delivers to `recipients` by that Dovecot, and waits until it greets.
    pub async fn start(
        recipients: &[&str],
        certificates: &Certificates,
        dovecot: dovecot::Ports,
    ) -> Result<Self, WorldError> {
        if !rustix::process::geteuid().is_root() {
            return Err(WorldError::new(
                "Postfix can only be started by root: run this as root (for example `sudo -E make test`)",
            ));
        }
        let master = master_program()?;
        let [submission, submissions] = child::free_ports()?;
        let ports = Ports {
            submission,
            submissions,
        };
        let dir = child::new_dir("postfix")?;
        write_files(&dir, recipients, certificates, ports, dovecot)?;
        let config = dir.join("etc");
        // `-d`: stay in the foreground. What `postfix start-fg` checks first is made by `write_files`.
        let arguments = ["-d", "-c", &config.to_string_lossy()];
        let process = Supervised::start(&dir, &master, &arguments)?;
        process
            .ready(&[(submission, "220"), (submissions, "")])
            .await?;
        Ok(Self {
            ports,
            dir,
            _process: process,
        })
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.dir.join("server.log")).unwrap_or_default())
            .into_owned()
    }
}

fn master_program() -> Result<String, WorldError> {
    [
        "/usr/lib/postfix/sbin/master",
        "/usr/libexec/postfix/master",
    ]
    .into_iter()
    .find(|file| Path::new(file).is_file())
    .map(str::to_owned)
    .ok_or_else(|| {
        WorldError::new("Postfix is not installed; `scripts/setup.sh` says how to get it")
    })
}

fn write_files(
    dir: &Path,
    recipients: &[&str],
    certificates: &Certificates,
    ports: Ports,
    dovecot: dovecot::Ports,
) -> Result<(), WorldError> {
    let postfix = child::system_user(|user| user.name == "postfix")
        .ok_or_else(|| WorldError::new("there is no system user `postfix`"))?;
    make_dirs(dir, &postfix)?;
    Certificates::write(&dir.join("etc"), "chain.pem", &certificates.chain)?;
    Certificates::write(&dir.join("etc"), "key.pem", &certificates.key)?;
    let map: String = recipients
        .iter()
        .map(|address| format!("{address} here\n"))
        .collect();
    for (name, text) in [
        ("recipients", map),
        ("main.cf", main_cf(dir, dovecot)),
        ("master.cf", master_cf(ports)),
    ] {
        let path = dir.join("etc").join(name);
        fs::write(&path, text)?;
        // Postfix reads a file that is younger than two seconds again and again until it is older.
        let earlier = SystemTime::now() - Duration::from_secs(60);
        fs::File::options()
            .write(true)
            .open(&path)?
            .set_modified(earlier)?;
    }
    Ok(())
}

// The folders, owners and modes that `postfix check` would make (postfix-files(5)).
fn make_dirs(dir: &Path, postfix: &SystemUser) -> Result<(), WorldError> {
    let mut all = vec![
        ("etc", 0o755, None),
        ("queue", 0o755, None),
        ("queue/pid", 0o755, None),
    ];
    all.push(("data", 0o700, Some(postfix)));
    for name in [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
        "saved", "trace",
    ] {
        all.push((name, 0o700, Some(postfix)));
    }
    all.push(("public", 0o710, Some(postfix)));
    all.push(("maildrop", 0o730, Some(postfix)));
    for (name, mode, owner) in all {
        let path = match name {
            "etc" | "queue" | "queue/pid" | "data" => dir.join(name),
            other => dir.join("queue").join(other),
        };
        fs::create_dir(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        if let Some(owner) = owner {
            chown(&path, Some(owner.uid), None)?;
        }
    }
    Ok(())
}

fn main_cf(dir: &Path, dovecot: dovecot::Ports) -> String {
    let temporary = std::env::temp_dir();
    let (dir, temporary) = (dir.display(), temporary.display());
    let dovecot::Ports { lmtp, sasl, .. } = dovecot;
    format!(
        "compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
maillog_file = {dir}/server.log
maillog_file_prefixes = {temporary}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{DOMAIN}
mydomain = {DOMAIN}
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_maps = texthash:{dir}/etc/recipients
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:5.7.1 nothing leaves this machine
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_security_options = noanonymous
smtpd_tls_cert_file = {dir}/etc/chain.pem
smtpd_tls_key_file = {dir}/etc/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
lmtp_destination_recipient_limit = 1
message_size_limit = {MESSAGE_SIZE_LIMIT}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
in_flow_delay = 0
biff = no
"
    )
}

fn master_cf(ports: Ports) -> String {
    let Ports {
        submission,
        submissions,
    } = ports;
    format!(
        "127.0.0.1:{submission} inet n - n - - smtpd
127.0.0.1:{submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"
    )
}
