//! Messages in an order of the server's: the answers to SORT and THREAD (RFC 5256 §4), read leniently
//! and in linear time.

use whimbrel_shared::UidSet;

use super::lexer::Lexer;

/// The UIDs of `* SORT 7 3 4`, in this order.
pub(super) fn sort(lexer: &mut Lexer<'_>) -> Vec<u32> {
    let mut uids = Vec::new();
    while lexer.peek().is_some_and(|byte| !b"()".contains(&byte)) {
        uids.extend(lexer.number::<u32>()); // what is no number is taken too
    }
    uids
}

/// `* THREAD (2)(3 6 (4 23)(44 7 96))`: what is in one outermost list belongs together, however deep
/// (RFC 5256 §4).
pub(super) fn threads(lexer: &mut Lexer<'_>) -> Vec<UidSet> {
    let mut threads = Vec::new();
    let (mut uids, mut depth) = (Vec::new(), 0_usize);
    while let Some(byte) = lexer.peek() {
        if lexer.eat(b'(') {
            depth = depth.saturating_add(1);
        } else if lexer.eat(b')') {
            depth = depth.saturating_sub(1);
            if depth == 0 && !uids.is_empty() {
                threads.push(std::mem::take(&mut uids).into_iter().collect());
            }
        } else if byte.is_ascii_digit() {
            uids.extend(lexer.number::<u32>());
        } else if !lexer.skip() {
            break;
        }
    }
    threads
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{sort, threads};
    use crate::imap::{scripted::set, wire::lexer::Lexer};

    #[test]
    fn threads_are_what_stands_in_one_outermost_list() {
        let read =
            |text: &'static str| threads(&mut Lexer::new(&Bytes::from_static(text.as_bytes())));
        assert_eq!(
            read("(2)(3 6 (4 23)(44 7 96))((8)(9))"),
            [set("2"), set("3:4,6:7,23,44,96"), set("8:9")]
        );
        assert_eq!(read(""), []);
        assert_eq!(read("(1 x \"2\" (3"), []);
        assert_eq!(read("))(5)"), [set("5")]);
        let deep = format!("{}7{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(threads(&mut Lexer::new(&Bytes::from(deep))), [set("7")]);
    }

    #[test]
    fn an_order_is_kept_and_what_is_no_number_passed_over() {
        let text = Bytes::from_static(b"7 3 x 4 (MODSEQ 12)");
        assert_eq!(sort(&mut Lexer::new(&text)), [7, 3, 4]);
    }
}
