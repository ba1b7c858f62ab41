//! Mail addresses for the wire: no character that could end a field, domains in ASCII.

/// The address as it may stand in a header and in SMTP: nothing but one `local@domain`, the domain in
/// lower-case ASCII (IDNA). `None` if it is no address.
#[must_use]
pub fn to_wire(email: &str) -> Option<String> {
    let email = email.trim();
    let (local, domain) = email.rsplit_once('@')?;
    if email.len() > MAX_ADDRESS || local.is_empty() || domain.is_empty() || local.len() > MAX_LOCAL
    {
        return None;
    }
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let is_clean = local.chars().all(|c| {
        !c.is_control()
            && !c.is_whitespace()
            && !matches!(c, '<' | '>' | '\\')
            && (is_quoted || !matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '"' | '@'))
    });
    if !is_clean || (is_quoted && local.matches('"').count() != 2) {
        return None;
    }
    if let Some(literal) = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let address = literal.strip_prefix("IPv6:").unwrap_or(literal);
        address.parse::<std::net::IpAddr>().ok()?;
        return Some(format!("{local}@[{literal}]"));
    }
    match url::Host::parse(domain).ok()? {
        url::Host::Domain(domain) if is_host_name(&domain) => Some(format!("{local}@{domain}")),
        _ => None,
    }
}

/// RFC 5321 §4.5.3.1.3, without the brackets.
const MAX_ADDRESS: usize = 254;
/// RFC 5321 §4.5.3.1.1 says 64; some in the wild are longer.
const MAX_LOCAL: usize = 128;

fn is_host_name(domain: &str) -> bool {
    domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::to_wire;

    #[test]
    fn only_one_address_passes() {
        for (email, wire) in [
            (" ada@Example.org ", Some("ada@example.org")),
            ("ada+tag@localhost", Some("ada+tag@localhost")),
            ("grün@bücher.example", Some("grün@xn--bcher-kva.example")),
            ("\"a,b\"@example.org", Some("\"a,b\"@example.org")),
            ("ada@[192.0.2.1]", Some("ada@[192.0.2.1]")),
            ("a@b>\r\nRCPT TO:<evil@example.org", None),
            ("a@b, c@d", None),
            ("a b@example.org", None),
            ("a@[x]", None),
            ("a@b c", None),
            ("\"a\"b\"@example.org", None),
            ("@example.org", None),
            ("ada", None),
            ("a@192.0.2.1", None),
            ("", None),
        ] {
            assert_eq!(to_wire(email).as_deref(), wire, "{email:?}");
        }
    }
}
