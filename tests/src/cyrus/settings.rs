//! The two configuration files of a Cyrus 3. Text only; touches nothing. What is not named is as Cyrus has it by
//! itself: that is the server most people meet.

use std::path::Path;

use super::{ADMIN, Ports};
use crate::{
    child::{self, SystemUser},
    dovecot::FOLDERS,
    postfix::DOMAIN,
};

/// imapd.conf(5).
pub(super) fn imapd(dir: &Path, owner: &SystemUser) -> String {
    let dir = dir.display();
    let group = child::group_name(owner.gid).unwrap_or_default();
    let admin = ADMIN.split('@').next().unwrap_or_default(); // of the default domain
    let names = FOLDERS.map(|(name, _)| name).join(" | ");
    let mut text = format!(
        r"configdirectory: {dir}/conf
defaultpartition: default
partition-default: {dir}/spool
cyrus_user: {}
cyrus_group: {group}
admins: {admin}
virtdomains: userid
defaultdomain: {DOMAIN}
allowplaintext: yes
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {dir}/run/mux
idlesocket: {dir}/run/idle
lmtpsocket: {dir}/run/lmtp
notifysocket: {dir}/run/notify
duplicatesuppression: no
autocreate_quota: 1048576
autocreate_post: yes
autocreate_inbox_folders: {names}
autocreate_subscribe_folders: {names}
",
        owner.name
    );
    for (name, special_use) in FOLDERS {
        let role = special_use.trim_start_matches('\\').to_lowercase();
        text += &format!("xlist-{role}: {name}\n");
    }
    text
}

/// cyrus.conf(5).
pub(super) fn master(dir: &Path, ports: Ports) -> String {
    let Ports { imap, lmtp } = ports;
    let bin = dir.join("bin");
    let bin = bin.display();
    let conf = format!("-C {}/imapd.conf", dir.display());
    format!(
        r#"START {{
  recover cmd="{bin}/ctl_cyrusdb {conf} -r"
}}
SERVICES {{
  imap cmd="{bin}/imapd {conf}" listen="127.0.0.1:{imap}" prefork=4 maxchild=1000
  lmtp cmd="{bin}/lmtpd {conf} -a" listen="127.0.0.1:{lmtp}" prefork=1 maxchild=20
}}
DAEMON {{
  idled cmd="{bin}/idled {conf}"
}}
"#
    )
}
