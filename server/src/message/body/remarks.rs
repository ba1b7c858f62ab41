//! What is said of parts that cannot be opened here, in plain words. Nothing is fetched for it.

use crate::message::{PartNode, encoded_word, parameter};

/// Of `multipart/signed` (RFC 1847).
pub(super) fn signed(node: &PartNode) -> String {
    let protocol = parameter::token(&node.parameters, "protocol").unwrap_or_default();
    let how = if protocol.contains("pgp") {
        " with OpenPGP"
    } else if protocol.contains("pkcs7") {
        " with S/MIME"
    } else {
        ""
    };
    format!("The sender signed this message{how}. Whimbrel does not check signatures.")
}

/// Of what S/MIME wrapped (RFC 8551 §3.2.2), if it is not signed; `None` if it is encrypted.
pub(super) fn wrapped(node: &PartNode) -> Option<String> {
    let remark = match smime_type(node).as_str() {
        "compressed-data" => "This message is compressed with S/MIME. It is a file.",
        "certs-only" => "This message brings certificates. They are a file.",
        _ => return None,
    };
    Some(remark.to_owned())
}

/// Whether S/MIME signed it, or nothing says what else it did.
pub(super) fn may_be_signed(node: &PartNode) -> bool {
    matches!(smime_type(node).as_str(), "signed-data" | "")
}

fn smime_type(node: &PartNode) -> String {
    parameter::token(&node.parameters, "smime-type").unwrap_or_default()
}

/// Of `message/partial` (RFC 2046 §5.2.2).
pub(super) fn partial(node: &PartNode) -> String {
    let number = |name| {
        parameter::token(&node.parameters, name)?
            .parse::<u32>()
            .ok()
    };
    let which = match (number("number"), number("total")) {
        (Some(number), Some(total)) => format!("part {number} of {total}"),
        (Some(number), None) => format!("part {number}"),
        _ => "one part".to_owned(),
    };
    format!(
        "The sender’s program sent a long message in pieces. This is {which}; Whimbrel does not join them."
    )
}

/// Of `message/external-body` (RFC 2046 §5.2.3).
pub(super) fn external(node: &PartNode) -> String {
    let value = |name| parameter::value(&node.parameters, name);
    let whole = [value("site"), value("directory"), value("name")];
    let place = value("url").or_else(|| {
        let pieces: Vec<String> = whole.into_iter().flatten().collect();
        (!pieces.is_empty()).then(|| pieces.join("/"))
    });
    let place = place.map_or_else(String::new, |place| {
        let short: String = encoded_word::tidy(&place).chars().take(300).collect();
        format!(": {short}")
    });
    format!("A part of this message lies somewhere else and was not fetched{place}")
}
