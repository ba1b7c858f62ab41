//! Writes one letter out: header, text in its charset, files, newsletters, and letters that are not as they should be.

use super::{
    Draft, Kind, date, files,
    mime::{self, Transfer},
    random::Random,
    texts,
};

/// The letter with LF line ends.
pub(super) fn letter(draft: &Draft<'_>, random: &mut Random) -> Vec<u8> {
    match draft.kind {
        Kind::Note => with_header(draft, text_part(draft, random)),
        Kind::Newsletter => newsletter(draft, random),
        Kind::Document => document(draft, random),
        Kind::Picture => picture(draft, random),
        Kind::Rough => rough(draft, random),
    }
}

fn with_header(draft: &Draft<'_>, content: Vec<u8>) -> Vec<u8> {
    let charset = draft.voice.charset;
    let mut header = format!(
        "Return-Path: <{from}>\nReceived: from relay.example by mail.whimbrel.example with LMTP; {date}\n\
         Date: {date}\nFrom: {} <{from}>\nTo: {} <{}>\nSubject: {}\nMessage-ID: <{}>\n",
        display_name(&draft.from.name, charset),
        display_name(&draft.to.name, charset),
        draft.to.address,
        mime::header_text(&draft.subject, charset_for(&draft.subject, charset)),
        draft.message_id,
        from = draft.from.address,
        date = date::header(draft.sent_at, draft.voice.minutes_east),
    );
    if let Some(last) = draft.references.last() {
        let all = draft.references.iter().map(|id| format!("<{id}>"));
        header += &format!("In-Reply-To: <{last}>\n");
        header += &format!("References: {}\n", all.collect::<Vec<_>>().join("\n "));
    }
    header += "MIME-Version: 1.0\n";
    let mut letter = header.into_bytes();
    letter.extend_from_slice(&content);
    letter
}

// Emoji and dashes are in no old charset.
fn charset_for<'a>(text: &str, charset: &'a str) -> &'a str {
    let encoded = mime::in_charset(text, charset);
    if encoded.windows(2).any(|w| w == b"&#") {
        "utf-8"
    } else {
        charset
    }
}

fn display_name(name: &str, charset: &str) -> String {
    match name.is_ascii() {
        true if name.contains(['&', '.', ',']) => format!("\"{name}\""),
        true => name.to_owned(),
        false => mime::header_text(name, charset_for(name, charset)),
    }
}

// Headers of its own, an empty line, the text; replies quote.
fn text_part(draft: &Draft<'_>, random: &mut Random) -> Vec<u8> {
    let mut text = texts::body(draft.voice, &draft.from.name, random);
    if !draft.references.is_empty() {
        let quoted = texts::body(draft.voice, &draft.to.name, random);
        text.push('\n');
        for line in quoted.lines() {
            text += &format!("> {line}\n");
        }
    }
    let bytes = mime::in_charset(&text, draft.voice.charset);
    let ascii = draft.voice.transfer == Transfer::SevenBit && !bytes.is_ascii();
    let transfer = if ascii {
        Transfer::EightBit
    } else {
        draft.voice.transfer
    };
    let mut part = format!(
        "Content-Type: text/plain; charset={}\nContent-Transfer-Encoding: {}\n\n",
        draft.voice.charset,
        transfer.name()
    )
    .into_bytes();
    part.extend_from_slice(&transfer.encode(&bytes));
    part
}

fn multipart(kind: &str, boundary: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut content =
        format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\n\n").into_bytes();
    for part in parts {
        content.extend_from_slice(format!("--{boundary}\n").as_bytes());
        content.extend_from_slice(part);
        if !part.ends_with(b"\n") {
            content.push(b'\n');
        }
    }
    content.extend_from_slice(format!("--{boundary}--\n").as_bytes());
    content
}

fn boundary(random: &mut Random) -> String {
    format!("=_{:016x}", random.next())
}

fn file_part(media_type: &str, disposition: &str, bytes: &[u8]) -> Vec<u8> {
    format!(
        "Content-Type: {media_type}\nContent-Transfer-Encoding: base64\n{disposition}\n\n{}",
        mime::base64_lines(bytes)
    )
    .into_bytes()
}

fn newsletter(draft: &Draft<'_>, random: &mut Random) -> Vec<u8> {
    let (first, second) = (texts::teaser(random), texts::teaser(random));
    let plain = format!(
        "Content-Type: text/plain; charset=utf-8\n\n{first}\n\n{second}\n\nhttps://mudflat.example/read\n"
    );
    let cid = format!("picture.{:x}@letters.example", random.next());
    let html = format!(
        "<!doctype html>\n<html><head><meta charset=\"utf-8\"><style>\n\
         .box {{ max-width: 600px; margin: 0 auto; font-family: Georgia, serif }}\n\
         @media (max-width: 480px) {{ .box {{ padding: 8px }} }}\n</style></head>\n\
         <body bgcolor=\"#f4f1ea\"><table class=\"box\" width=\"600\" cellpadding=\"16\"><tr><td>\n\
         <h1 style=\"color: #1d5b5e\">{}</h1>\n\
         <img src=\"cid:{cid}\" width=\"160\" height=\"90\" alt=\"The shore in the evening\">\n\
         <p>{first}</p>\n<p>{second}</p>\n\
         <p><a href=\"https://mudflat.example/read?from=letter\">Read on</a></p>\n\
         <img src=\"https://tracker.mudflat.example/open.gif?id={}\" width=\"1\" height=\"1\" alt=\"\">\n\
         </td></tr></table></body></html>\n",
        escaped(&draft.subject),
        random.below(1_000_000)
    );
    let bytes = Transfer::QuotedPrintable.encode(html.as_bytes());
    let mut html =
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
            .to_vec();
    html.extend_from_slice(&bytes);
    let disposition =
        format!("Content-ID: <{cid}>\nContent-Disposition: inline; filename=\"shore.png\"");
    let image = file_part(
        "image/png; name=\"shore.png\"",
        &disposition,
        &files::png(64, 36, random),
    );
    let related = multipart(
        "related; type=\"text/html\"",
        &boundary(random),
        &[html, image],
    );
    let content = multipart(
        "alternative",
        &boundary(random),
        &[plain.into_bytes(), related],
    );
    let mut letter = b"List-Unsubscribe: <https://mudflat.example/leave>\n".to_vec();
    letter.extend_from_slice(&content);
    with_header(draft, letter)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn document(draft: &Draft<'_>, random: &mut Random) -> Vec<u8> {
    let lines = [texts::teaser(random), texts::teaser(random)];
    let mut page = vec!["Shore walk"];
    page.extend(lines.iter().map(String::as_str));
    let name = *random.pick(&[
        "minutes.pdf",
        "Entwurf für März.pdf",
        "table (2).pdf",
        "潮汐表.pdf",
    ]);
    let disposition = if name.is_ascii() {
        format!("Content-Disposition: attachment; filename=\"{name}\"")
    } else {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("Content-Disposition: attachment;\n filename*=utf-8''{encoded}")
    };
    let file = file_part("application/pdf", &disposition, &files::pdf(&page));
    let parts = [text_part(draft, random), file];
    with_header(draft, multipart("mixed", &boundary(random), &parts))
}

fn picture(draft: &Draft<'_>, random: &mut Random) -> Vec<u8> {
    let mut parts = vec![text_part(draft, random)];
    for number in 0..=random.below(2) {
        let disposition =
            format!("Content-Disposition: attachment; filename=\"shore-{number}.png\"");
        let bytes = files::png(96, 54, random);
        parts.push(file_part("image/png", &disposition, &bytes));
    }
    with_header(draft, multipart("mixed", &boundary(random), &parts))
}

// What old programs and careless ones send; all of it must still be shown.
fn rough(draft: &Draft<'_>, random: &mut Random) -> Vec<u8> {
    let from = &draft.from.address;
    match random.below(5) {
        // Eight-bit rubbish in the header, no MIME at all.
        0 => [b"From: ".as_slice(), from.as_bytes(), b"\nSubject: Gr\xfc\xdfe \xff\xfe\n\nna\xefve text\n"]
            .concat(),
        // No date, no subject, no text.
        1 => format!("From: {from}\n\n").into_bytes(),
        // A multipart that ends too early.
        2 => {
            let mut whole = document(draft, random);
            whole.truncate(whole.len() * 2 / 3);
            whole
        }
        // A charset nobody knows and a broken encoded word.
        3 => with_header(
            draft,
            b"X-Odd: =?utf-8?Q?half\nContent-Type: text/plain; charset=x-seagull\n\nsome \xe9\xe8 text\n"
                .to_vec(),
        ),
        // One line of two hundred thousand characters.
        _ => with_header(
            draft,
            [b"Content-Type: text/plain\n\n".as_slice(), &b"mud ".repeat(5000), b"\n"].concat(),
        ),
    }
}
