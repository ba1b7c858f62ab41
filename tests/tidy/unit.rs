//! The unit for systemd gives the program no more of the machine than it needs.

use std::process::Command;

use crate::sources::root;

/// Exposure as `systemd-analyze security` counts it, in tenths; 0 is none, 100 all.
const MOST_EXPOSED: u8 = 20;

#[test]
fn the_unit_exposes_little() {
    let unit = root().join("dist/whimbrel.service");
    let text = std::fs::read_to_string(&unit).expect("the unit");
    for line in [
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "SystemCallFilter=@system-service",
        "MemoryDenyWriteExecute=yes",
        "LimitCORE=0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}");
    }
    let checked = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager"])
        .arg(format!("--threshold={MOST_EXPOSED}"))
        .arg(&unit)
        .output();
    // Where there is no systemd, the lines above have to do.
    if let Ok(checked) = checked {
        let told = String::from_utf8_lossy(&checked.stdout);
        assert!(checked.status.success(), "{told}");
    }
}
