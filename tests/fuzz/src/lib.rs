//! What must hold of the server's IMAP wire and of everybody's mail for every input, one function a fuzz
//! target. The server's own sources are compiled in by path: the server crate opens no door for this, and
//! nothing else of it is built.

use bytes::{Bytes, BytesMut};

use framer::{Frame, Framer};
use lexer::Lexer;
use message::part_tree::PartNode;
use wire::{framer, lexer, response, structure};

#[path = "../../../server/src/message"]
#[expect(dead_code, reason = "the server uses the rest")]
mod message {
    pub(crate) mod address;
    pub(crate) mod base_subject;
    pub(crate) mod body;
    pub(crate) mod build;
    pub(crate) mod charset;
    pub(crate) mod draft;
    pub(crate) mod encoded_word;
    pub(crate) mod file_name;
    pub(crate) mod frame;
    pub(crate) mod header;
    pub(crate) mod mime;
    mod notice;
    pub(crate) mod outgoing;
    pub(crate) mod parameter;
    pub(crate) mod part_tree;
    pub(crate) mod picture;
    pub(crate) mod render;
    pub(crate) mod sanitize;
    pub(crate) mod text;
    pub(crate) mod trackers;
    pub(crate) mod unpack;

    use part_tree::PartNode;
}
pub mod mail;
#[path = "../../../server/src/imap/name/utf7.rs"]
mod utf7;
#[path = "../../../server/src/imap/wire"]
#[expect(dead_code, reason = "the server uses the rest")]
mod wire {
    mod arranged;
    pub(crate) mod date;
    pub(crate) mod fetch;
    mod found;
    pub(crate) mod framer;
    pub(crate) mod lexer;
    pub(crate) mod response;
    pub(crate) mod structure;
}

/// Any order of the lexer's methods ends, and what is left is always an end of what there was.
/// The first byte says how many of the next ones name methods.
pub fn lexer(data: &[u8]) {
    let Some((&count, rest)) = data.split_first() else {
        return;
    };
    let (methods, text) = rest
        .split_at_checked(usize::from(count % 32))
        .unwrap_or((rest, &[]));
    let frame = Bytes::copy_from_slice(text);
    let mut lexer = Lexer::new(&frame);
    for method in methods {
        match method % 9 {
            0 => drop(lexer.text()),
            1 => drop(lexer.number::<u32>()),
            2 => drop(lexer.eat(b'(')),
            3 => drop(lexer.eat(b')')),
            4 => drop(lexer.skip()),
            5 => drop(lexer.finish_list()),
            6 => drop(lexer.item_name()),
            7 => drop(lexer.eat_word("NIL")),
            _ => drop(lexer.atom()),
        }
        assert!(frame.ends_with(&lexer.rest()));
    }
    while lexer.skip() || lexer.eat(b')') {}
    assert!(lexer.peek().is_none());
}

/// The stream gives the same responses whatever its packets, and each of them can be read.
/// The first byte says how long the packets are.
pub fn responses(data: &[u8]) {
    let Some((&length, stream)) = data.split_first() else {
        return;
    };
    let whole = frames(stream, stream.len().max(1));
    assert_eq!(whole, frames(stream, usize::from(length).max(1)));
    for frame in whole {
        match frame {
            Frame::Untagged(frame) => drop(response::read(&frame)),
            Frame::Tagged(frame) => {
                let (tag, condition) = response::read_tagged(&frame).expect("framed as tagged");
                assert!(!tag.is_empty() && condition.text.chars().count() <= 500);
            }
            Frame::Continue(_) => {}
        }
    }
}

/// A row is read to its end or refused, and keeps no more of its items than came.
pub fn rows(data: &[u8]) {
    let frame = Bytes::from([b"* 1 FETCH (UID 7 ", data].concat());
    if let Ok(response::Response::Fetch(row)) = response::read(&frame) {
        let kept = row.sections.iter().filter_map(|(_, bytes)| bytes.as_ref());
        assert!(kept.map(Bytes::len).sum::<usize>() <= frame.len());
        assert!(row.uid.is_none_or(|uid| uid > 0));
    }
}

/// A tree is never deeper or larger than it may be, and its children are where their parents are.
pub fn structure(data: &[u8]) {
    let frame = Bytes::copy_from_slice(data);
    if let Some(tree) = structure::read(&mut Lexer::new(&frame)) {
        let mut nodes = 0;
        check(&tree, 0, &mut nodes);
        assert!(nodes <= 10_001, "{nodes} nodes");
    }
}

fn check(node: &PartNode, depth: usize, nodes: &mut usize) {
    assert!(depth <= 101, "too deep");
    *nodes += 1;
    assert!(node.media_type.contains('/'));
    for child in &node.children {
        if let (Some(parent), Some(child)) = (&node.id, &child.id) {
            assert!(child.as_str().starts_with(parent.as_str()));
        }
        check(child, depth + 1, nodes);
    }
}

/// Any name decodes, and any text comes back from its wire form, which is printable ASCII.
pub fn utf7(data: &[u8]) {
    drop(utf7::decode(data));
    if let Ok(text) = std::str::from_utf8(data) {
        let wire = utf7::encode(text);
        assert!(wire.iter().all(|byte| matches!(byte, b' '..=b'~')));
        assert_eq!(utf7::decode(&wire), text);
    }
}

fn frames(stream: &[u8], packet: usize) -> Vec<Frame> {
    let mut framer = Framer::default();
    let mut input = BytesMut::new();
    let mut frames = Vec::new();
    for packet in stream.chunks(packet) {
        input.extend_from_slice(packet);
        loop {
            match framer.next(&mut input) {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(_) => return frames,
            }
        }
    }
    frames
}
