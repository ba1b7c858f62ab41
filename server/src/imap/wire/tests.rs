//! The wire under odd and hostile bytes.

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;
use whimbrel_shared::UidSet;

use super::{
    command::{Command, Set},
    fetch::Row,
    framer::{Frame, Framer},
    lexer::Lexer,
    response::{self, Response},
    structure,
};
use crate::message::part_tree::PartNode;

mod extensions;
mod linear;
mod round_trip;

fn frames(bytes: &[u8], chunk: usize) -> Vec<Frame> {
    let mut framer = Framer::default();
    let mut input = BytesMut::new();
    let mut frames = Vec::new();
    for piece in bytes.chunks(chunk) {
        input.extend_from_slice(piece);
        loop {
            match framer.next(&mut input) {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(_) => return frames, // the conversation ends here
            }
        }
    }
    frames
}

fn row(text: &str) -> Row {
    let frame = Bytes::copy_from_slice(format!("* 1 FETCH {text}").as_bytes());
    match response::read(&frame) {
        Ok(Response::Fetch(row)) => *row,
        other => panic!("{other:?}"),
    }
}

fn tree(text: &str) -> PartNode {
    let frame = Bytes::copy_from_slice(text.as_bytes());
    structure::read(&mut Lexer::new(&frame)).unwrap()
}

/// `type id(children…)` of a tree.
fn outline(node: &PartNode) -> String {
    let id = node.id.as_ref().map_or("-", |id| id.as_str());
    let children: Vec<_> = node.children.iter().map(outline).collect();
    format!("{} {id}({})", node.media_type, children.join(" "))
}

#[test]
fn responses_are_framed_whatever_the_packets() {
    let stream = b"* 1 FETCH (BODY[] {4}\r\n\r\n)x UID 1)\r\n* OK text that ends in {9}\r\n\
        \r\n+ go {3}\r\n* LIST () NIL {0}\r\n\r\n* 2 FETCH (X ~{2}\r\nab)\nA1 OK {4}\r\n";
    let whole = frames(stream, stream.len());
    assert_eq!(whole.len(), 6, "{whole:?}");
    for chunk in 1..20 {
        assert_eq!(frames(stream, chunk), whole, "in pieces of {chunk}");
    }
}

#[test]
fn a_giant_literal_stands_as_nil_and_takes_no_memory() {
    let mut stream = b"* 1 FETCH (UID 3 BODY[HEADER] {60000000}\r\n".to_vec();
    stream.resize(stream.len() + 60_000_000, b'x');
    stream.extend_from_slice(b" RFC822.SIZE 5)\r\n");
    let frames = frames(&stream, 65_536);
    let expected = b"* 1 FETCH (UID 3 BODY[HEADER] NIL RFC822.SIZE 5)";
    assert_eq!(frames, [Frame::Untagged(Bytes::from_static(expected))]);
}

#[test]
fn endless_lines_and_other_languages_are_out_of_step() {
    let mut input = BytesMut::from(&vec![b'*'; 10 << 20][..]);
    assert!(Framer::default().next(&mut input).is_err());
    for line in [
        "HTTP/1.1 400 Bad Request\r\n",
        "*OK\r\n",
        "A1 FOO\r\n",
        ")\r\n",
    ] {
        assert!(Framer::default().next(&mut line.into()).is_err(), "{line}");
    }
}

#[test]
fn rows_keep_what_is_good() {
    let good = row(
        "(UID 5 FLAGS (\\Seen \"quoted\" NIL) INTERNALDATE \" 1-Jan-1970 00:01:00 +0000\" \
         PREVIEW \"two\r\nlines\" MODSEQ (7) BODY[1.2]<0> \"x\\\"y\" BODY[3] NIL)",
    );
    assert_eq!(good.uid, Some(5));
    assert_eq!(good.flags.as_deref().unwrap(), ["\\Seen", "quoted"]);
    assert_eq!((good.received_at, good.modseq), (Some(60), Some(7)));
    assert_eq!(good.section("1.2").unwrap(), "x\"y");
    assert_eq!(good.section("3"), None);
    let bad =
        row("(UID 0 FLAGS 5 INTERNALDATE NIL RFC822.SIZE -3 MODSEQ 9 BODYSTRUCTURE \"x\" UID)");
    assert_eq!((bad.uid, bad.flags, bad.size), (None, None, None));
    assert_eq!(row("(UID 4").uid, Some(4));
    assert_eq!(row("rubbish"), Row::default());
}

#[test]
fn parts_get_the_numbers_they_are_fetched_by() {
    let text = "(\"TEXT\" \"plain\" (\"charset\" \"x\") NIL NIL \"7BIT\" 12 1)";
    let inner = format!("({text}{text} \"alternative\")");
    let letter = format!("(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 99 (NIL) {inner} 5)");
    for (structure, expected) in [
        (text.to_owned(), "text/plain 1()"),
        (
            format!("({text}({text}{text} \"mixed\") \"mixed\" (\"b\" \"c\"))"),
            "multipart/mixed -(text/plain 1() multipart/mixed 2(text/plain 2.1() text/plain 2.2()))",
        ),
        (
            format!("({text}{letter} \"mixed\")"),
            "multipart/mixed -(text/plain 1() message/rfc822 2(multipart/alternative -(text/plain \
             2.1() text/plain 2.2())))",
        ),
        (
            letter.clone(),
            "message/rfc822 1(multipart/alternative -(text/plain 1.1() text/plain 1.2()))",
        ),
        (
            "(\"mixed\" (\"boundary\" \"x\") NIL NIL)".to_owned(),
            "multipart/mixed -()",
        ),
        ("()".to_owned(), "application/octet-stream 1()"),
        (
            "(NIL NIL NIL NIL NIL NIL NIL)".to_owned(),
            "application/octet-stream 1()",
        ),
        (
            "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 9)".to_owned(),
            "message/rfc822 1()",
        ),
    ] {
        let expected = expected.replace("mixed -()", "mixed 1()");
        assert_eq!(outline(&tree(&structure)), expected, "{structure}");
    }
}

#[test]
fn dispositions_are_found_with_or_without_what_stands_before() {
    let rest = "(\"ATTACHMENT\" (\"FileName\" \"b\u{e4}r.pdf\")) (\"en\" \"de\") NIL";
    for before in ["", "NIL ", "\"md5\" "] {
        let node = tree(&format!(
            "(\"application\" \"pdf\" NIL \"<id@x>\" \"text\" \"base64\" 40 {before}{rest})"
        ));
        assert_eq!(node.disposition.as_deref(), Some("attachment"));
        assert_eq!(
            node.disposition_parameters,
            [("filename".into(), "bär.pdf".into())]
        );
        assert_eq!((node.content_id.as_deref(), node.size), (Some("id@x"), 40));
    }
}

#[test]
fn four_thousand_nested_parts_are_no_stack_overflow() {
    for depth in [4_000, 400_000] {
        let open = "(".repeat(depth);
        tree(&open);
        let deep = format!("{open}{}", ")".repeat(depth));
        tree(&deep);
        row(&format!("(X-UNKNOWN {deep} UID 3)"));
    }
}

#[test]
fn long_sets_are_cut_into_short_commands() {
    let odd: UidSet = (1..200_000).step_by(2).collect();
    let sets = Set::of(&odd);
    let texts: Vec<_> = sets
        .iter()
        .map(|set| Command::new("X").set(set).text)
        .collect();
    assert!(texts.iter().all(|text| text.len() < 8_000));
    let union: Vec<_> = texts
        .iter()
        .map(|text| text.trim_start_matches("X "))
        .collect();
    assert_eq!(union.join(",").parse::<UidSet>().unwrap(), odd);
    let batches = Set::batches(&"1:2500,9000".parse().unwrap());
    let texts: Vec<_> = batches
        .iter()
        .map(|set| Command::new("X").set(set).text)
        .collect();
    assert_eq!(texts, ["X 1:1000", "X 1001:2000", "X 2001:2500,9000"]);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        start in prop::sample::select(vec![
            "* 1 FETCH (BODYSTRUCTURE (", "* LIST (", "* STATUS \"a\" (", "* ESEARCH ", "* SEARCH ",
            "* OK [", "* NAMESPACE ((", "* VANISHED ", "A1 NO [", "* 1 FETCH (BODY[] {9}\r\n", "",
        ]),
        rest in "[ -~\r\n(){}\"\\\\\\[\\]0-9*]{0,80}",
        noise in prop::collection::vec(any::<u8>(), 0..30),
    ) {
        let bytes = [start.as_bytes(), rest.as_bytes(), &noise].concat();
        let frame = Bytes::from(bytes.clone());
        let _ = response::read(&frame);
        let _ = response::read_tagged(&frame);
        prop_assert_eq!(frames(&bytes, 1), frames(&bytes, 7));
    }
}
