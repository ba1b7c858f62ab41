//! Where a request came from. A header is believed only from an address the operator named;
//! otherwise anybody could pick an address and so slip past the sign-in throttle.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};

use crate::config::{ConfigError, network::Network, settings::Sources};

/// Whose word is taken for where a request came from.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// The header that names the visitor's address; `None`: no header is believed.
    header: Option<HeaderName>,
    /// Who may set it.
    trusted: Vec<Network>,
}

impl Proxies {
    /// Reads `proxy_header` and `trusted_proxies`.
    ///
    /// # Errors
    /// If one is malformed.
    pub fn read(sources: &Sources) -> Result<Self, ConfigError> {
        let header = sources
            .get("proxy_header")
            .map(|value| {
                value.text.parse().map_err(|_| {
                    value.error("is not the name of a header.", "Write X-Forwarded-For.")
                })
            })
            .transpose()?;
        let trusted = Network::list(&sources.value("trusted_proxies"))?;
        Ok(Self { header, trusted })
    }

    /// The address of the visitor whose request came in from `peer`: the last one in the header
    /// that is not itself a trusted proxy.
    #[must_use]
    pub fn visitor(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let Some(header) = self.header.as_ref().filter(|_| self.trusts(peer)) else {
            return peer;
        };
        let mut visitor = peer;
        let named = headers.get_all(header).iter().rev();
        for address in named
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.rsplit(','))
        {
            let Some(address) = parse_address(address) else {
                break;
            };
            visitor = address;
            if !self.trusts(address) {
                break;
            }
        }
        visitor
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }
}

/// Proxies write `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let address: IpAddr = text
        .parse()
        .ok()
        .or_else(|| {
            text.parse()
                .ok()
                .map(|socket: std::net::SocketAddr| socket.ip())
        })
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(trusted: &str) -> Proxies {
        let text = format!("proxy_header = \"X-Forwarded-For\"\ntrusted_proxies = \"{trusted}\"");
        let sources = Sources::parse(&text, "test", Box::new(|_| None)).unwrap();
        Proxies::read(&sources).unwrap()
    }

    #[track_caller]
    fn check(proxies: &Proxies, peer: &str, header: &str, visitor: &str) {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", header.parse().unwrap());
        let found = proxies.visitor(peer.parse().unwrap(), &headers);
        assert_eq!(found, visitor.parse::<IpAddr>().unwrap());
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        let behind = proxies("10.0.0.0/8, ::1");
        check(&behind, "192.0.2.7", "198.51.100.1", "192.0.2.7");
        check(
            &Proxies::default(),
            "127.0.0.1",
            "198.51.100.1",
            "127.0.0.1",
        );
        // what the visitor wrote stands before what the proxy added
        check(&behind, "10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1");
    }

    #[test]
    fn proxies_in_a_row_are_skipped() {
        let behind = proxies("10.0.0.0/8, ::1");
        check(&behind, "::1", "198.51.100.1, 10.2.0.1", "198.51.100.1");
        check(
            &behind,
            "::ffff:10.0.0.1",
            "[2001:db8::1]:4711",
            "2001:db8::1",
        );
        check(&behind, "10.0.0.1", "rubbish", "10.0.0.1");
    }
}
