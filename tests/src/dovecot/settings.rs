//! The configuration file of a Dovecot 2.3 (2.4 has another syntax). Text only; touches nothing.

use std::path::Path;

use super::{FOLDERS, Options, Ports};
use crate::child::{self, SystemUser};

/// The whole file.
pub(super) fn text(dir: &Path, ports: Ports, owner: &SystemUser, options: &Options) -> String {
    let dir = dir.display();
    let mut text = format!(
        r"base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/server.log
protocols = imap lmtp sieve
listen = 127.0.0.1
ssl = yes
ssl_cert = <{dir}/chain.pem
ssl_key = <{dir}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
auth_failure_delay = 0
auth_verbose = yes
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 5000
mail_fsync = never
mail_home = {dir}/mail/%u
mail_location = maildir:~/Maildir
mail_plugins = quota
mail_always_cache_fields = flags date.received size.virtual imap.bodystructure mime.parts
lmtp_save_to_detail_mailbox = yes
postmaster_address = postmaster@whimbrel.example
hostname = mail.whimbrel.example
"
    );
    text += &users(&dir.to_string(), owner);
    text += &namespace();
    text += &services(ports);
    text += PLUGINS;
    if let Some(capability) = &options.capability {
        text += &format!("imap_capability = {capability}\n");
    }
    text + &options.settings
}

fn users(dir: &str, owner: &SystemUser) -> String {
    let SystemUser { name, uid, gid } = owner;
    let args = format!("args = username_format=%u {dir}/people");
    let mut text = format!(
        "passdb {{\n  driver = passwd-file\n  {args}\n}}\n\
         userdb {{\n  driver = passwd-file\n  {args}\n  default_fields = uid={uid} gid={gid}\n}}\n"
    );
    if !rustix::process::geteuid().is_root() {
        let group = child::group_name(*gid).unwrap_or_default();
        text += &format!(
            "default_internal_user = {name}\ndefault_login_user = {name}\ndefault_internal_group = {group}\n"
        );
        for service in [
            "anvil",
            "imap-login",
            "managesieve-login",
            "stats",
            "ipc",
            "dns-client",
            "director",
            "aggregator",
            "replicator",
            "old-stats",
            "pop3-login",
            "imap-urlauth-login",
            "submission-login",
        ] {
            text += &format!("service {service} {{\n  chroot =\n}}\n");
        }
    }
    text
}

fn namespace() -> String {
    let mut text = String::from("namespace inbox {\n  inbox = yes\n  separator = /\n");
    for (name, special_use) in FOLDERS {
        text += &format!(
            "  mailbox {name} {{\n    special_use = {special_use}\n    auto = subscribe\n  }}\n"
        );
    }
    text + "}\n"
}

fn services(ports: Ports) -> String {
    let Ports {
        imap,
        imaps,
        lmtp,
        sieve,
        sasl,
    } = ports;
    format!(
        r"service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
  service_count = 0
  process_min_avail = 1
  client_limit = 4000
}}
service managesieve-login {{
  inet_listener sieve {{
    port = {sieve}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener sasl {{
    port = {sasl}
  }}
  client_limit = 12000
}}
service anvil {{
  client_limit = 12000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  process_limit = 4000
  process_min_avail = 2
}}
"
    )
}

const PLUGINS: &str = r"protocol imap {
  mail_plugins = $mail_plugins imap_quota
}
protocol lmtp {
  mail_plugins = $mail_plugins sieve
}
plugin {
  quota = count:Storage
  quota_vsizes = yes
  quota_grace = 0
  sieve = file:~/sieve;active=~/.dovecot.sieve
}
";
