//! What the builder writes, the reader reads as it was meant, whatever the packets.

use super::{
    super::{fetch, found},
    *,
};

/// One argument of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Argument {
    Text(Vec<u8>),
    Number(u64),
    Uids(UidSet),
    Flags(Vec<String>),
}

fn argument() -> impl Strategy<Value = Argument> {
    let flag = "\\\\?[!#$&'+,./0-9:;<=>?@A-Z^_`a-z|~\\[-]{1,20}";
    prop_oneof![
        prop::collection::vec(1_u8.., 0..1200).prop_map(Argument::Text),
        "\\PC{0,40}".prop_map(|text| Argument::Text(text.into_bytes())),
        "[ -~]{0,60}".prop_map(|text| Argument::Text(text.into_bytes())),
        any::<u64>().prop_map(Argument::Number),
        prop::collection::vec(1_u32.., 1..200)
            .prop_map(|uids| Argument::Uids(uids.into_iter().collect())),
        prop::collection::vec(flag, 0..5).prop_map(Argument::Flags),
    ]
}

fn build(arguments: &[Argument]) -> Command {
    let begin = Command::new("* X");
    let add = |command: Command, argument: &Argument| match argument {
        Argument::Text(text) => command.string(text).unwrap(),
        Argument::Number(number) => command.number(*number),
        Argument::Uids(uids) => command.set(&Set::of(uids)[0]),
        Argument::Flags(flags) => command.flags(flags).unwrap(),
    };
    arguments.iter().fold(begin, add)
}

/// The bytes of the command, with literals announced as `{n}` or `{n+}`.
fn wire(command: &Command, plus: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    for (before, literal) in &command.literals {
        wire.extend_from_slice(format!("{before}{{{}{plus}}}\r\n", literal.len()).as_bytes());
        wire.extend_from_slice(literal);
    }
    wire.extend_from_slice(format!("{}\r\n", command.text).as_bytes());
    wire
}

fn read(lexer: &mut Lexer<'_>, like: &Argument) -> Argument {
    match like {
        Argument::Text(_) => Argument::Text(lexer.text().map(Vec::from).unwrap_or_default()),
        Argument::Number(_) => Argument::Number(lexer.number().unwrap_or(0)),
        Argument::Uids(_) => Argument::Uids(found::uid_set(lexer.atom()).unwrap_or_default()),
        Argument::Flags(_) => Argument::Flags(fetch::flags(lexer).unwrap_or_default()),
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["* ", "\r\n", "A1 OK ", "* 1 FETCH (", "+ "])
            .prop_map(str::to_owned),
        (0_usize..12).prop_map(|length| format!("{{{length}}}\r\n")),
        (0_usize..12).prop_map(|length| format!("~{{{length}+}}\r\n")),
        "[ -~]{0,9}",
    ]
}

proptest! {
    #[test]
    fn arguments_come_back(
        arguments in prop::collection::vec(argument(), 0..6),
        plus in prop::sample::select(vec!["", "+"]),
        packet in 1_usize..40,
    ) {
        let stream = wire(&build(&arguments), plus);
        let whole = frames(&stream, packet);
        let [Frame::Untagged(frame)] = &*whole else {
            panic!("not framed as it was built: {whole:?}")
        };
        let mut lexer = Lexer::new(frame);
        lexer.eat(b'*');
        lexer.atom();
        let back: Vec<_> = arguments.iter().map(|like| read(&mut lexer, like)).collect();
        prop_assert_eq!(back, arguments);
        prop_assert!(lexer.peek().is_none() && !lexer.is_torn());
    }

    /// Whatever a person types, a command stays one command: no line end outside a literal.
    #[test]
    fn nothing_typed_becomes_syntax(text in prop::collection::vec(1_u8.., 0..100)) {
        let command = Command::new("X").string(&text).unwrap();
        let lines = command.literals.iter().map(|(before, _)| before).chain([&command.text]);
        for line in lines {
            prop_assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        }
    }

    #[test]
    fn sets_are_cut_and_nothing_is_lost(
        ranges in prop::collection::vec((1_u32..1_000_000, 0_u32..3_000), 0..300),
    ) {
        let ranges = ranges.into_iter().map(|(start, more)| (start, start + more)).collect();
        let uids = UidSet::from_ranges(ranges);
        for (sets, most) in [(Set::of(&uids), usize::MAX), (Set::batches(&uids), 1000)] {
            let mut together = UidSet::new();
            for set in sets {
                let text = Command::new("X").set(&set).text;
                let part = found::uid_set(text.trim_start_matches("X ").as_bytes()).unwrap();
                prop_assert!(text.len() < 8_000 && part.len() <= most && !part.is_empty());
                prop_assert!(together.intersection(&part).is_empty());
                together = together.union(&part);
            }
            prop_assert_eq!(&together, &uids);
        }
    }

    #[test]
    fn packets_make_no_difference(
        pieces in prop::collection::vec(piece(), 0..30),
        packet in 1_usize..12,
    ) {
        let stream = pieces.concat().into_bytes();
        prop_assert_eq!(frames(&stream, packet), frames(&stream, stream.len().max(1)));
    }
}
