//! The maker keeps its promises: the same letters for the same plan, in order, of every kind.

use super::{Letter, Plan, Spread, letters};

fn plan(count: u32) -> Plan {
    Plan {
        seed: 7,
        count,
        owner: "ada".to_owned(),
        until: 1_795_000_000,
        days: 2000,
        spread: Spread::Folders,
    }
}

#[test]
fn the_same_plan_gives_the_same_letters() {
    let one: Vec<Letter> = letters(plan(300)).collect();
    let two: Vec<Letter> = letters(plan(300)).collect();
    assert!(one == two);
    assert_eq!(one.len(), 300);
    let other = Plan {
        seed: 8,
        ..plan(300)
    };
    assert!(letters(other).collect::<Vec<_>>() != one);
}

#[test]
fn they_arrive_in_order_until_the_end() {
    let all: Vec<Letter> = letters(plan(2000)).collect();
    assert!(all.is_sorted_by_key(|letter| letter.arrived));
    let last = all.last().unwrap().arrived;
    assert!((1_795_000_000 - 86_400..=1_795_000_000).contains(&last));
}

#[test]
fn every_kind_and_charset_occurs() {
    let all: Vec<Letter> = letters(plan(2000)).collect();
    let has = |what: &str| {
        all.iter()
            .any(|letter| letter.raw.windows(what.len()).any(|w| w == what.as_bytes()))
    };
    for what in [
        "charset=iso-2022-jp",
        "charset=koi8-r",
        "charset=gb18030",
        "charset=windows-1256",
        "=?windows-1256?B?",
        "\nReferences: <",
        "cid:",
        "application/pdf",
        "image/png",
        "filename*=utf-8''",
        "x-seagull",
    ] {
        assert!(has(what), "{what}");
    }
    for folder in [
        "INBOX",
        "Sent",
        "Drafts",
        "Trash",
        "Projects/Shoreline",
        "K&APw-stenreise",
    ] {
        assert!(all.iter().any(|letter| letter.folder == folder), "{folder}");
    }
    assert!(all.iter().any(|letter| letter.flags.forwarded));
    assert!(all.iter().any(|letter| !letter.flags.seen));
}
