//! How full the account is (RFC 9208, and RFC 2087 before it): of all roots that hold the inbox, the
//! one that is fullest by its STORAGE counts.

use whimbrel_shared::Quota;

use super::{
    Error, Result,
    connection::Connection,
    wire::{
        command::Command,
        response::{Response, Storage},
    },
};

/// STORAGE counts in these.
const UNIT: u64 = 1024;
/// More than this the browser does not count exactly.
const LARGEST: u64 = (1 << 53) - 1;

/// How full the account is; `None` where the server sets no limit, or does not say.
///
/// # Errors
/// When the line is lost.
pub async fn quota(conn: &mut Connection) -> Result<Option<Quota>> {
    if !conn.capabilities().quota {
        return Ok(None);
    }
    let reply = match conn.run(Command::new("GETQUOTAROOT INBOX")).await {
        Ok(reply) => reply,
        Err(Error::No { .. } | Error::Bad(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let roots = reply.data.iter().filter_map(|response| match response {
        Response::Quota(storage) => *storage,
        _ => None,
    });
    Ok(fullest(roots).map(in_bytes))
}

/// Of two amounts the one that leaves the smaller part free.
pub(super) fn fullest(amounts: impl Iterator<Item = Storage>) -> Option<Storage> {
    let limited = amounts.filter(|storage| storage.limit > 0);
    limited.reduce(|one, other| {
        let part = |of: Storage, by: Storage| u128::from(of.used) * u128::from(by.limit);
        if part(other, one) > part(one, other) {
            other
        } else {
            one
        }
    })
}

fn in_bytes(storage: Storage) -> Quota {
    let bytes = |units: u64| units.saturating_mul(UNIT).min(LARGEST);
    Quota {
        used: bytes(storage.used),
        limit: bytes(storage.limit),
    }
}

#[cfg(test)]
mod tests;
