//! Networks as operators write them: an address, or an address and how many of its bits count.

use std::net::IpAddr;

use crate::config::{ConfigError, settings::Value};

/// An address with the number of leading bits that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// `10.0.0.5`, `10.1.0.0/16`, `2001:db8::/32`; `None` if it is nothing of the kind.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then_some(Self { address, bits })
    }

    /// The networks of a setting, with commas between.
    ///
    /// # Errors
    /// Names the first that is none.
    pub fn list(setting: &Value) -> Result<Vec<Self>, ConfigError> {
        let items = setting.text.split(',').map(str::trim);
        let items = items.filter(|item| !item.is_empty());
        let networks = items.map(|item| {
            Self::parse(item).ok_or_else(|| {
                setting.error(
                    &format!("holds “{item}”, which is no address."),
                    "Write addresses or networks with commas between, such as 10.0.0.5, 10.1.0.0/16.",
                )
            })
        });
        networks.collect()
    }

    /// Whether this address is one of it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let rest = 32 - self.bits;
                (u64::from(u32::from(ours)) >> rest) == (u64::from(u32::from(theirs)) >> rest)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let shift = |bits: u128| bits.checked_shr(128 - self.bits).unwrap_or(0);
                shift(u128::from(ours)) == shift(u128::from(theirs))
            }
            _ => false,
        }
    }
}
