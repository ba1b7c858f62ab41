//! Which addresses belong to the public network. A server that fetches what strangers name must never ask its
//! own machine, its neighbours, or the services that hand out a cloud's keys. What is not surely public is not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether the address is one that everybody in the world reaches alike (RFC 6890 and the registries of
/// special-purpose addresses); what carries another address within itself is judged by that one.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]                      // this network, private, loopback
            | [100, 64..=127, ..]               // carriers' own (RFC 6598)
            | [169, 254, ..]                    // link-local, metadata of clouds
            | [172, 16..=31, ..]                // private
            | [192, 168, ..]                    // private
            | [192, 0, 0 | 2, _]                // protocols, documentation
            | [192, 31, 196, _]                 // AS112
            | [192, 52, 193, _]                 // AMT
            | [192, 88, 99, _]                  // 6to4 relays
            | [192, 175, 48, _]                 // AS112
            | [198, 18 | 19, ..]                // benchmarks
            | [198, 51, 100, _]                 // documentation
            | [203, 0, 113, _]                  // documentation
            | [224..=255, ..] // multicast, reserved, broadcast
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Mapped (::ffff:a.b.c.d) and NAT64 (64:ff9b::a.b.c.d): the IPv4 address is what is reached.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(within(high, low))
        }
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => is_public_v4(within(high, low)),
        [0x2001, 0..=0x1ff, ..] => false, // protocols, Teredo, benchmarks, ORCHID (RFC 2928)
        [0x2001, 0xdb8, ..] => false,     // documentation
        [0x3fff, 0..=0xfff, ..] => false, // documentation (RFC 9637)
        // Global unicast is 2000::/3 and nothing else (RFC 4291 §2.4).
        [first, ..] => first >> 13 == 1,
    }
}

fn within(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::is_public;

    const INSIDE: &str = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 \
        172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 \
        198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 \
        ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::10.0.0.1 64:ff9b::10.0.0.1 \
        64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:0:53aa::1 2001:10::1 2001:20::1 2001:2::1 \
        2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:a9fe:a9fe:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 \
        fe80::1 fec0::1 ff02::1 4000::1 1::1";

    const OUTSIDE: &str = "1.1.1.1 9.9.9.9 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 192.167.255.255 \
        198.17.0.1 198.20.0.1 223.255.255.254 2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450::1 \
        ::ffff:1.1.1.1 64:ff9b::1.1.1.1 2002:101:101::1";

    #[test]
    fn only_the_public_network_is_asked() {
        for (addresses, expected) in [(INSIDE, false), (OUTSIDE, true)] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
