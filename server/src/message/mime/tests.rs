//! Trees read from bytes.

use proptest::prelude::*;

use super::*;

fn id(section: &str) -> PartId {
    PartId::new(section).unwrap()
}

#[test]
fn a_plain_letter_is_one_text() {
    let raw = b"Subject: x\r\nContent-Type: text/plain; charset=\"koi8-r\"\r\n\r\nHello.\r\n";
    let read = read(raw);
    assert_eq!(read.tree.media_type, "text/plain");
    assert_eq!(read.tree.id, Some(id("1")));
    assert_eq!(read.tree.parameters, [("charset".into(), "koi8-r".into())]);
    assert_eq!(read.body(&id("1")), b"Hello.\r\n");
    assert!(read.header().ends_with(b"\r\n\r\n"));
}

#[test]
fn sections_are_numbered_as_the_mail_server_does() {
    let raw = b"Content-Type: multipart/mixed;\r\n boundary=\"a b\"\r\n\r\npreamble\r\n\
        --a b\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n\
        --in\r\n\r\nplain\r\n--in\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--in--\r\n\
        --a b\r\nContent-Disposition: attachment; filename=\"a;\\\"b.txt\"\r\n\
        Content-Transfer-Encoding: BASE64\r\n\r\naGk=\r\n--a b--\r\nepilogue\r\n";
    let read = read(raw);
    assert_eq!(read.tree.id, None);
    let [alternative, file] = &read.tree.children[..] else {
        panic!("{:?}", read.tree);
    };
    assert_eq!(alternative.id, Some(id("1")));
    assert_eq!(read.body(&id("1.1")), b"plain");
    assert_eq!(read.body(&id("1.2")), b"<p>html");
    assert_eq!(read.body(&id("2")), b"aGk=");
    assert_eq!(file.encoding, "base64");
    assert_eq!(file.disposition_parameters[0].1, "a;\"b.txt");
    assert_eq!(read.body(&id("3")), b"");
}

#[test]
fn a_boundary_that_begins_another_is_not_taken_for_it() {
    let raw = b"Content-Type: multipart/mixed; boundary=a\n\n--ab\nno\n--a\n\nyes\n--a--\n";
    assert_eq!(read(raw).body(&id("1")), b"yes");
}

#[test]
fn a_tree_without_end_is_cut() {
    let mut raw = Vec::new();
    for depth in 0..4_000 {
        raw.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n")
                .as_bytes(),
        );
    }
    let mut node = &read(&raw).tree;
    let mut depth = 0;
    while let Some(child) = node.children.first() {
        (node, depth) = (child, depth + 1);
    }
    assert_eq!(depth, MAX_DEPTH);
    let many = [
        &b"Content-Type: multipart/mixed; boundary=b\n\n"[..],
        &b"--b\n\n".repeat(5_000),
    ];
    assert!(read(&many.concat()).tree.children.len() <= MAX_PARTS);
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let read = read(&raw);
        prop_assert!(read.header().len() <= raw.len());
    }

    #[test]
    fn anything_like_a_multipart_is_read(text in "(Content-Type: multipart/x; boundary=b|--b|--b--|\r\n|\n|x|;|\"|\\\\){0,80}") {
        let raw = text.as_bytes();
        let read = read(raw);
        let mut open = vec![&read.tree];
        while let Some(node) = open.pop() {
            open.extend(&node.children);
            if let Some(id) = &node.id {
                prop_assert!(read.body(id).len() <= raw.len());
            }
        }
    }
}
