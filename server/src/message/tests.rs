//! The letters of `tests/letters`, read from end to end. They are our own: no person in them exists.

use proptest::prelude::*;
use whimbrel_shared::{MailboxId, MessageKey};

use super::{
    body::{self, Plan, Wanted},
    draft, frame,
    header::{self, Header},
    mime,
    render::{self, PictureUrls, Rendered},
    sanitize,
};

mod bounds;
mod corpus;
mod looks;

/// The letters, in folders by kind; no name occurs twice.
const LETTERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/letters");

struct Read {
    raw: Vec<u8>,
    header: Header,
    plan: Plan,
    rendered: Rendered,
    files: Vec<String>,
}

/// Reads a letter as the server does where the mail server does not tell what it is made of.
#[track_caller]
fn read(name: &str) -> Read {
    read_raw(stored(name))
}

#[track_caller]
fn stored(name: &str) -> Vec<u8> {
    let kinds = std::fs::read_dir(LETTERS).unwrap();
    let paths = kinds.map(|kind| kind.unwrap().path().join(format!("{name}.eml")));
    let path = paths.into_iter().find(|path| path.exists());
    std::fs::read(path.expect(name)).unwrap()
}

fn read_raw(raw: Vec<u8>) -> Read {
    let message = mime::read(&raw);
    let plan = body::plan_of(&message);
    let bytes = |wanted| match wanted {
        Wanted::Text(text) => message.body(&text.part).to_vec(),
        Wanted::Header(part) => message.header_of(part).to_vec(),
    };
    let texts: Vec<Vec<u8>> = plan.wanted().into_iter().map(bytes).collect();
    let urls = PictureUrls {
        within: &|part| format!("/pictures/{part}"),
        elsewhere: None,
        file: &|part| format!("/files/{part}"),
    };
    let rendered = render::render(&plan, &texts, &urls);
    let header = header::parse(message.header());
    Read {
        header,
        plan,
        files: rendered
            .files
            .iter()
            .map(|part| part.name.clone())
            .collect(),
        rendered,
        raw,
    }
}

#[track_caller]
fn assert_letter(name: &str, from: &str, subject: &str, text: &str) -> Read {
    let read = read(name);
    assert_eq!(
        read.header.from.first().map(|from| from.label()),
        Some(from),
        "{name}"
    );
    assert_eq!(read.header.subject, subject, "{name}");
    assert!(
        read.rendered.text.contains(text),
        "{name}: {}",
        read.rendered.text
    );
    assert_eq!(wrongs(&read), Vec::<String>::new());
    read
}

/// What must not be in the HTML; links to files of messages within the message may.
fn wrongs(read: &Read) -> Vec<String> {
    let mut wrongs = sanitize::tests::wrongs(read.rendered.html.as_str());
    let files = &read.rendered.inner_files;
    wrongs.retain(|wrong| {
        let path = wrong.strip_prefix("attribute href=/files/");
        !path.is_some_and(|path| files.iter().any(|file| file.id.as_str() == path))
    });
    wrongs
}

#[test]
fn letters_in_the_scripts_of_the_world() {
    let letters = [
        (
            "iso-2022-jp",
            "山田花子",
            "干潟の調査について",
            "お元気ですか。\n干潟の調査は",
        ),
        (
            "koi8-r",
            "Ирина Соколова",
            "Список гнёзд за неделю",
            "Отправляю список гнёзд",
        ),
        ("gb18030", "李明", "本周观测数据", "㐂鎔\n\n李明"),
        (
            "windows-1256",
            "ليلى حداد",
            "وصول الطيور",
            "وصلت الطيور إلى الخليج",
        ),
    ];
    for (name, from, subject, text) in letters {
        let read = assert_letter(name, from, subject, text);
        assert!(
            read.header.defects.is_empty() && read.rendered.defects.is_empty(),
            "{name}"
        );
        assert!(read.header.sent_at.is_some(), "{name}");
    }
}

#[test]
fn a_flowed_letter_with_quotes() {
    let read = assert_letter(
        "plain-flowed",
        "Marta Lindqvist",
        "Re: Røst on Thursday",
        "a quarter of an hour earlier. I will bring coffee – you",
    );
    assert!(
        read.rendered
            .text
            .contains("\n>> Who takes the receivers?\n> I can")
    );
    let html = read.rendered.html.as_str();
    assert!(
        html.contains(
            "<blockquote dir=\"auto\"><blockquote dir=\"auto\">Who takes the receivers?</blockquote>I can"
        ),
        "{html}"
    );
    assert!(html.contains("href=\"https://maps.whimbrel.example/rost?day=4&amp;tide=low\""));
    assert!(html.contains("<small>-- \nMarta</small>"), "{html}");
    assert_eq!(
        read.header.references,
        ["start-1@whimbrel.example", "ask-1@whimbrel.example"]
    );
    assert!(read.files.is_empty());
}

#[test]
fn a_newsletter_without_its_spies() {
    let read = assert_letter(
        "newsletter",
        "The Wader Quarterly",
        "What the godwits knew – issue 41",
        "Read it at https://wader.example/41",
    );
    let html = read.rendered.html.as_str();
    assert!(
        html.contains("<img src=\"/pictures/2.2\" alt=\"A godwit\" width=\"560\">"),
        "{html}"
    );
    assert!(html.contains("href=\"https://wader.example/41?utm=a&amp;b=c\""));
    assert!(!html.contains("open.gif") && !read.rendered.text.contains("Preview text"));
    assert!(
        html.contains("<div style=\"display:none\">Preview text"),
        "{html}"
    );
    assert!(html.contains("<div style=\"background-color:light-dark(#e9e4d8,"));
    assert!(read.rendered.has_remote_content && read.rendered.is_html);
    assert!(read.files.is_empty());
    let css = &read.rendered.css;
    assert!(css.as_str().ends_with("}.x{color:red}"), "{}", css.as_str());
    let document = frame::document(
        &read.rendered.html,
        css,
        frame::Ground::Adapted,
        frame::Theme::System,
    );
    assert!(document.ends_with("</body></html>"));
}

#[test]
fn a_letter_within_a_letter_stands_below_and_is_a_file() {
    let read = assert_letter(
        "nested",
        "Marta",
        "Fwd: Inner letter",
        "See below, and the table.",
    );
    assert_eq!(
        read.files,
        ["Inner letter.eml", "table.csv", "signature.asc"]
    );
    let (rendered, inner) = (&read.rendered, "Not to be shown in the outer letter.");
    assert!(!rendered.text.contains(inner) && rendered.below.contains(inner));
    let html = rendered.html.as_str();
    let (outer, below) = html.split_once("<section class=\"w-letter\">").unwrap();
    assert!(!outer.contains(inner) && below.contains(inner), "{html}");
    assert!(
        below.contains("Irina &lt;irina@kulik.example&gt;"),
        "{below}"
    );
    assert!(
        below.contains(" href=\"/files/1.2.2\"><bdi>map.png</bdi>"),
        "{below}"
    );
}

#[test]
fn a_letter_cut_short_shows_what_arrived() {
    let read = assert_letter(
        "truncated",
        "Jonas",
        "The scan",
        "Here is the scan, – the line may break.",
    );
    assert_eq!(read.files.len(), 1);
    assert!(read.files[0].ends_with(".pdf"), "{:?}", read.files);
}

#[test]
fn rubbish_and_nothing_are_shown() {
    let read = read("eight-bit-rubbish");
    assert!(
        read.rendered.text.contains("readable all the same"),
        "{:?}",
        read.rendered
    );
    assert!(!read.header.defects.is_empty());
    let empty = self::read("empty");
    assert_eq!(empty.rendered.html.as_str(), "");
    assert_eq!(empty.header.defects.len(), 2);
}

#[test]
fn hostile_letters_are_only_letters() {
    for (name, text) in [
        ("hostile-svg", "before\n\nafter"),
        ("hostile-mxss", "before"),
        ("hostile-css", "over everything"),
        ("hostile-links", "one two three four"),
        ("hostile-plain", "<script>alert(1)</script>"),
        ("hostile-invitation", "Meeting"),
        ("hostile-names", "plain"),
    ] {
        let read = read(name);
        let html = read.rendered.html.as_str();
        assert_eq!(
            sanitize::tests::wrongs(html),
            Vec::<String>::new(),
            "{name}: {html}"
        );
        assert!(
            read.rendered.text.contains(text),
            "{name}: {}",
            read.rendered.text
        );
    }
    assert!(read("hostile-css").rendered.has_remote_content);
    let links = read("hostile-links").rendered.html;
    // The third is relative, to a base of the sender's.
    assert_eq!(links.as_str().matches("href=").count(), 3, "{links:?}");
    assert!(links.as_str().contains("https://xn--pypal-4ve.example/"));
    assert_eq!(read("hostile-invitation").files, ["part-2.ics"]);
}

#[test]
fn hostile_names_are_only_names() {
    let read = read("hostile-names");
    assert_eq!(read.header.subject, "<script>alert(1)</script>  Evil: yes");
    assert_eq!(read.header.from.len(), 1);
    assert_eq!(read.header.from[0].email, "mallory@attacker.example");
    assert_eq!(read.header.message_id, "names@attacker.example");
    for name in &read.files {
        assert!(
            !name.contains(['/', '\\', '<', '"', '\r', '\n', '\u{202e}']),
            "{name}"
        );
    }
    assert_eq!(read.files.len(), 2);
}

#[test]
fn a_draft_by_thunderbird_is_written_on() {
    let read = read("thunderbird-draft");
    let key = MessageKey {
        uidvalidity: 1,
        uid: 1,
    };
    let mailbox = MailboxId("RHJhZnRz".to_owned());
    let draft = draft::from_message(&read.raw, &read.plan, &read.rendered, &mailbox, key);
    assert_eq!(
        draft.text,
        "Hi Jonas,\n\nI think we should\n\n> Shall we go?"
    );
    assert_eq!(draft.bcc[0].email, "irina@kulik.example");
    assert_eq!(draft.attachments[0].name(), "tide table.pdf");
    assert_eq!(
        (draft.in_reply_to.as_str(), draft.references.len()),
        ("ask-1@whimbrel.example", 1)
    );
}

const DAMAGED: [&str; 11] = [
    "eight-bit-rubbish",
    "hostile-css",
    "hostile-mxss",
    "hostile-names",
    "iso-2022-jp",
    "nested",
    "newsletter",
    "outlook",
    "plain-flowed",
    "responsive",
    "truncated",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_letters_are_read_all_the_same(
        name in proptest::sample::select(&DAMAGED),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        end in any::<proptest::sample::Index>(),
        is_cut: bool,
    ) {
        let mut raw = stored(name);
        if is_cut {
            raw.truncate(end.index(raw.len()));
        }
        for (at, byte) in damage {
            if !raw.is_empty() {
                let at = at.index(raw.len());
                raw[at] = byte;
            }
        }
        let read = read_raw(raw);
        prop_assert_eq!(wrongs(&read), Vec::<String>::new());
        let css = read.rendered.css.as_str();
        prop_assert!(!css.contains(['<', '\\', '"']) && !css.contains("url("), "{}", css);
    }
}
