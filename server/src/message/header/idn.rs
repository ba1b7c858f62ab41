//! Domains in other scripts than Latin (RFC 5891), shown as their owners write them; where they could be taken for
//! another domain, as the mail server has them.

/// The address with its domain as people write it, if that cannot be taken for another one, or else in ASCII; `None`:
/// it is so already.
pub(super) fn shown(email: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    let coded = (!domain.is_ascii()).then(|| coded(domain));
    let shown = domain_shown(coded.as_deref().unwrap_or(domain)).or(coded)?;
    Some(format!("{local}@{shown}"))
}

/// Characters of a label that is coded; domains have 63 at most (RFC 1035 §2.3.4), and coding is quadratic.
const MAX_LABEL: usize = 63;

/// A domain in ASCII, one that nobody can own too. No character is left out: what remains could be another's domain.
fn coded(domain: &str) -> String {
    let is_short = |label: &str| label.chars().nth(MAX_LABEL).is_none();
    if domain.split('.').all(is_short)
        && let Ok(coded) = idna::domain_to_ascii(domain)
    {
        return coded;
    }
    let label = |label: &str| {
        let coded = idna::punycode::encode_str;
        match Some(label).filter(|label| is_short(label)).and_then(coded) {
            _ if label.is_ascii() => label.to_owned(),
            Some(coded) => format!("xn--{coded}"),
            None => label.replace(|c: char| !c.is_ascii(), "?"),
        }
    };
    let labels: Vec<String> = domain.split('.').map(label).collect();
    labels.join(".")
}

/// A domain that is coded in ASCII, as people write it, if it cannot be taken for another one.
pub(in crate::message) fn domain_shown(domain: &str) -> Option<String> {
    let is_coded = |label: &str| {
        let start = label.get(..4);
        start.is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
    };
    if !domain.split('.').any(is_coded) {
        return None;
    }
    let (domain, result) = idna::domain_to_unicode(domain);
    result.ok()?;
    let labels: Vec<Option<Script>> = domain.split('.').map(script).collect();
    let last = labels.last().copied().flatten()?;
    let is_safe = labels.iter().all(|label| match label {
        // Whole words of these look like Latin ones; below a domain of their own script nobody is misled.
        Some(script @ (Script::Cyrillic | Script::Greek)) => *script == last,
        Some(_) => true,
        None => false,
    });
    is_safe.then_some(domain)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    /// Chinese, Japanese and Korean, which are written together.
    Ideographic,
}

/// The one script of a label; `None` if there are several, or one that is not known here.
fn script(label: &str) -> Option<Script> {
    let mut found = None;
    for c in label.chars() {
        let script = match c {
            '0'..='9' | '-' => continue,
            // Letters that look like plain ones: dotless i, kra, long s.
            'ı' | 'ĸ' | 'ſ' | 'ŉ' => return None,
            'a'..='z' | 'ß'..='ö' | 'ø'..='ž' => Script::Latin,
            'а'..='џ' | 'ґ' => Script::Cyrillic,
            'ά'..='ώ' => Script::Greek,
            'א'..='ת' => Script::Hebrew,
            'ء'..='ي' | 'پ' | 'چ' | 'ک' | 'گ' | 'ی' => Script::Arabic,
            '\u{900}'..='\u{97f}' => Script::Devanagari,
            '\u{e01}'..='\u{e4e}' => Script::Thai,
            '\u{3041}'..='\u{30fe}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}' => Script::Ideographic,
            _ => return None,
        };
        if found.is_some_and(|found| found != script) {
            return None;
        }
        found = Some(script);
    }
    found.or(Some(Script::Latin))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn nothing_is_left_of_a_name_to_look_like_another() {
        let long = "\u{e9}".repeat(4_000);
        let began = std::time::Instant::now();
        for label in [
            format!("apple{long}\u{10fffd}"),
            (0x4e00..0xa000).filter_map(char::from_u32).collect(),
        ] {
            let shown = shown(&format!("support@{label}.com")).unwrap_or_default();
            assert!(shown.contains('?') && shown.is_ascii(), "{shown}");
        }
        assert!(began.elapsed() < std::time::Duration::from_millis(500));
    }

    #[test]
    fn domains_are_shown_as_people_write_them_unless_they_mislead() {
        for (email, expected) in [
            ("info@xn--bcher-kva.example", Some("info@bücher.example")),
            (
                "a@mail.XN--BCHER-KVA.example",
                Some("a@mail.bücher.example"),
            ),
            ("a@xn--fsqu00a.xn--0zwm56d", Some("a@例子.测试")),
            ("a@xn--80akhbyknj4f.xn--p1ai", Some("a@испытание.рф")),
            // Cyrillic that looks like Latin, alone and among Latin letters.
            ("a@xn--80ak6aa92e.com", None),
            ("service@xn--pypal-4ve.example", None),
            ("a@xn--.example", None),
            ("a@plain.example", None),
            // The same in letters that nobody coded.
            ("support@аррӏе.com", Some("support@xn--80ak6aa92e.com")),
            (
                "a@аррӏе\u{200d}\u{302}.com",
                Some("a@xn--msa71dpa7ba27f380l.com"),
            ),
            ("a@ａpple.com", Some("a@apple.com")),
            ("a@bücher.example", Some("a@bücher.example")),
            ("a@BÜCHER.example", Some("a@bücher.example")),
            ("a@испытание.рф", Some("a@испытание.рф")),
            ("nobody", None),
        ] {
            assert_eq!(shown(email).as_deref(), expected, "{email}");
        }
    }
}
