//! A person, other programs and a bad line at random, by seed. At rest the replica shows what the server
//! has, every operation was applied at most once and told exactly once, and no row ever flickered back.
//! `WHIMBREL_SEEDS=200` runs that many seeds instead of a few.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};

use whimbrel_shared::{
    Action, Draft, ErrorCode, Event, Keyword, MailboxId, OperationId, Role, UidSet,
};

use super::{
    desk::{Desk, list, rest, run, search, wait},
    model::{World, id},
    wire::{Fate, Line},
};
use crate::{list::ListKey, memory_store::MemoryStore, notice::Notice};

#[test]
fn everything_converges_whatever_happens() {
    let seeds = std::env::var("WHIMBREL_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(25);
    for seed in 0..seeds {
        run(story(seed));
    }
}

/// Xorshift: the same seed tells the same story.
#[derive(Clone)]
struct Dice(Rc<Cell<u64>>);

impl Dice {
    fn new(seed: u64) -> Self {
        let start = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(Rc::new(Cell::new(start)))
    }

    fn below(&self, n: u64) -> u64 {
        let mut x = self.0.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0.set(x);
        (x >> 11) % n.max(1)
    }

    fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, V>(&self, values: &'a [V]) -> Option<&'a V> {
        let place = self.below(values.len() as u64);
        values.get(usize::try_from(place).unwrap())
    }
}

async fn story(seed: u64) {
    let dice = Dice::new(seed);
    let mut world = World::new();
    world.can_say = !dice.one_in(3);
    world.says_where = !dice.one_in(3);
    world.deliver("INBOX", 80);
    world.deliver("Work", 20);
    let desk = Desk::at(Line::new(world), MemoryStore::default());
    let hidden = watch_for_flicker(&desk, seed);
    desk.open("INBOX").await;
    let mut performed = BTreeMap::new();
    for _ in 0..60 {
        if dice.one_in(8) {
            change_weather(&desk, &dice);
        }
        match dice.below(10) {
            0..5 => {
                if let Some(action) = an_action(&desk, &dice) {
                    let id = desk.replica.perform(action.clone());
                    hidden.borrow_mut().insert(id.clone(), action.clone());
                    performed.insert(id, action);
                }
            }
            5..8 => another_program(&desk, &dice),
            _ => looks_elsewhere(&desk, &dice),
        }
        wait(dice.below(60)).await;
    }
    desk.line.weather(None);
    desk.replica.signed_in_again();
    desk.replica.receive(Event::Hello);
    rest().await;
    check(&desk, seed, &performed).await;
}

async fn check(desk: &Desk, seed: u64, performed: &BTreeMap<OperationId, Action>) {
    assert_eq!(desk.replica.queue_len(), 0, "seed {seed}");
    for (id, action) in performed {
        let told = desk.heard(|notice| match notice {
            Notice::Applied { id: about, .. }
            | Notice::Gone { id: about, .. }
            | Notice::Refused { id: about, .. } => about == id,
            _ => false,
        });
        assert_eq!(told, 1, "seed {seed}: {id:?} {action:?}");
    }
    let twice = desk
        .line
        .world(|world| world.applied.values().filter(|n| **n > 1).count());
    assert_eq!(twice, 0, "seed {seed}");
    let letters = desk.line.world(|world| world.letters());
    assert!(letters.len() <= 400, "seed {seed}");
    let paths: Vec<String> = desk
        .line
        .world(|world| world.boxes.keys().cloned().collect());
    eprintln!(
        "seed {seed}: {} operations, {} folders",
        performed.len(),
        paths.len()
    );
    let (last, rows) = desk.last.borrow().clone().unwrap();
    let path = desk.replica.current_id(&last.mailbox).0;
    let was_renamed = |notice: &Notice| match notice {
        Notice::Applied {
            action: Action::RenameMailbox { mailbox_id, .. },
            ..
        } => *mailbox_id == last.mailbox,
        _ => false,
    };
    // The name of a renamed mailbox may be another's by now.
    if paths.contains(&path) && last.search.is_none() && desk.heard(was_renamed) == 0 {
        // It is right without being looked at again.
        desk.agrees_on(&path, &rows);
    }
    for path in paths.iter().chain(&paths) {
        desk.look(&list(path), 0..300);
        wait(20_000).await;
        desk.agrees(path);
        let rows = desk.replica.list(&list(path)).total;
        let empty = (0..rows).filter(|&index| {
            let row = desk.replica.row(&list(path), index).unwrap();
            row.envelope.is_none()
        });
        assert_eq!(empty.count(), 0, "seed {seed}: rows of {path}");
    }
}

/// Operations that hide rows; at each notice their rows must be hidden, until they are refused.
fn watch_for_flicker(desk: &Desk, seed: u64) -> Rc<RefCell<BTreeMap<OperationId, Action>>> {
    let hidden: Rc<RefCell<BTreeMap<OperationId, Action>>> = Rc::default();
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    let (watched, replica) = (Rc::clone(&hidden), desk.replica.clone());
    let notices = Rc::clone(&desk.notices);
    tokio::task::spawn_local(async move {
        while tokio::time::Instant::now() < end {
            wait(3).await;
            for notice in notices.borrow().iter() {
                if let Notice::Refused { id, .. } | Notice::Gone { id, .. } = notice {
                    watched.borrow_mut().remove(id);
                }
            }
            for action in watched.borrow().values() {
                let (Action::Move {
                    mailbox_id,
                    uidvalidity,
                    uids,
                    ..
                }
                | Action::Destroy {
                    mailbox_id,
                    uidvalidity,
                    uids,
                }) = action
                else {
                    continue;
                };
                let list = ListKey::whole(mailbox_id.clone());
                if replica.list(&list).uidvalidity == Some(*uidvalidity) {
                    let back = replica.keys(&list).intersection(uids);
                    assert!(back.is_empty(), "seed {seed}: {back} of {mailbox_id}");
                }
            }
        }
    });
    hidden
}

fn change_weather(desk: &Desk, dice: &Dice) {
    if dice.one_in(3) {
        return desk.line.weather(None);
    }
    let (trouble, slowness, dice) = (1 + dice.below(4), dice.below(200), dice.clone());
    desk.line.weather(Some(Box::new(move || {
        let delay = Duration::from_millis(dice.below(slowness + 1));
        let fate = match dice.below(10) {
            0 if trouble > 1 => Fate::AnswerLost,
            1 if trouble > 2 => Fate::Fails(ErrorCode::Offline),
            2 if trouble > 2 => Fate::Fails(ErrorCode::MailServerDown),
            3 if trouble > 3 => Fate::Fails(ErrorCode::Internal),
            4 if trouble > 3 && dice.one_in(9) => Fate::Fails(ErrorCode::SignedOut),
            _ => Fate::Works,
        };
        (delay, fate)
    })));
}

/// A mailbox that is shown and known, some of its UIDs, and its UIDVALIDITY.
fn some_rows(desk: &Desk, dice: &Dice) -> Option<(MailboxId, u32, UidSet)> {
    let mailboxes = desk.replica.mailboxes();
    let known: Vec<(MailboxId, u32)> = mailboxes
        .mailboxes
        .iter()
        .filter_map(|m| {
            let view = desk.replica.list(&ListKey::whole(m.id.clone()));
            Some((m.id.clone(), view.uidvalidity?))
        })
        .collect();
    let (mailbox, uidvalidity) = dice.pick(&known)?.clone();
    let all: Vec<u32> = desk
        .replica
        .keys(&ListKey::whole(mailbox.clone()))
        .iter()
        .collect();
    let count = 1 + dice.below(4);
    let uids: UidSet = (0..count)
        .filter_map(|_| dice.pick(&all).copied())
        .collect();
    (!uids.is_empty()).then_some((mailbox, uidvalidity, uids))
}

fn an_action(desk: &Desk, dice: &Dice) -> Option<Action> {
    match dice.below(12) {
        0..2 => return about_folders(desk, dice),
        2 => return Some(a_letter(desk, dice)),
        _ => {}
    }
    let (mailbox_id, uidvalidity, uids) = some_rows(desk, dice)?;
    let keyword = Keyword::new(dice.pick(&[Keyword::SEEN, Keyword::FLAGGED])?);
    let mailboxes = desk.replica.mailboxes();
    let to = dice.pick(&mailboxes.mailboxes)?.id.clone();
    Some(match dice.below(8) {
        0..2 => Action::SetKeywords {
            mailbox_id,
            uidvalidity,
            uids,
            add: vec![keyword],
            remove: Vec::new(),
        },
        2..4 => Action::SetKeywords {
            mailbox_id,
            uidvalidity,
            uids,
            add: Vec::new(),
            remove: vec![keyword],
        },
        4..6 if to != mailbox_id => Action::Move {
            mailbox_id,
            uidvalidity,
            uids,
            to,
            add: vec![keyword],
            remove: Vec::new(),
        },
        6 => Action::Copy {
            mailbox_id,
            uidvalidity,
            uids,
            to,
        },
        _ => Action::Destroy {
            mailbox_id,
            uidvalidity,
            uids,
        },
    })
}

fn a_letter(desk: &Desk, dice: &Dice) -> Action {
    let drafts = list("Drafts");
    let all: Vec<usize> = (0..desk.replica.list(&drafts).total).collect();
    let row = dice.pick(&all);
    let replaces = row.and_then(|row| desk.replica.key_at(&drafts, *row));
    let draft = Box::new(Draft {
        message_id: format!("letter-{}", dice.below(3)),
        ..Draft::default()
    });
    if dice.one_in(2) {
        Action::Send { draft, replaces }
    } else {
        Action::SaveDraft { draft, replaces }
    }
}

fn about_folders(desk: &Desk, dice: &Dice) -> Option<Action> {
    let mailboxes = desk.replica.mailboxes();
    let plain: Vec<MailboxId> = mailboxes
        .mailboxes
        .iter()
        .filter(|m| m.role.is_none())
        .map(|m| m.id.clone())
        .collect();
    let parent_id = dice.pick(&plain).cloned().filter(|_| dice.one_in(3));
    let name = format!("Folder {}", dice.below(5));
    Some(match dice.below(4) {
        0..2 => Action::CreateMailbox {
            parent_id,
            name,
            role: None,
        },
        2 => Action::RenameMailbox {
            mailbox_id: dice.pick(&plain)?.clone(),
            parent_id: None,
            name,
        },
        _ => Action::DeleteMailbox {
            mailbox_id: dice.pick(&plain)?.clone(),
        },
    })
}

/// Another program changes something; the news of it may be lost.
fn another_program(desk: &Desk, dice: &Dice) {
    let paths: Vec<String> = desk
        .line
        .world(|world| world.boxes.keys().cloned().collect());
    let path = dice.pick(&paths).unwrap().clone();
    desk.line.world(|world| {
        let uids: Vec<u32> = world.folder(&path).uids().iter().collect();
        let uid = dice.pick(&uids).copied();
        let seen = [Keyword::new(Keyword::SEEN)];
        match (dice.below(12), uid) {
            (0..4, _) => drop(world.deliver(&path, 1 + u32::try_from(dice.below(3)).unwrap())),
            (4..6, Some(uid)) => world.folder(&path).mark(uid, &seen, &[]),
            (6..8, Some(uid)) => world.folder(&path).mark(uid, &[], &seen),
            (8..10, Some(uid)) => drop(world.folder(&path).take(uid)),
            (10, _) if dice.one_in(2) => world.renumber(&path),
            (11, _) if world.folder(&path).role.is_none() && dice.one_in(2) => {
                let to = format!("Other {}", dice.below(3));
                if !world.boxes.contains_key(&to) {
                    world.rename(&path, &to);
                }
            }
            _ => {}
        }
    });
    let still_there = desk.line.world(|world| world.boxes.contains_key(&path));
    if dice.one_in(2) && still_there {
        desk.changed(&path);
    }
    if dice.one_in(3) {
        let list = desk.line.world(|world| world.list());
        desk.replica.receive(Event::Mailboxes { list });
    }
    if dice.one_in(10) {
        desk.replica.signed_in_again();
        desk.replica.set_connected(false);
        desk.replica.receive(Event::Hello);
    }
}

fn looks_elsewhere(desk: &Desk, dice: &Dice) {
    let mailboxes = desk.replica.mailboxes();
    let Some(mailbox) = dice.pick(&mailboxes.mailboxes) else {
        return;
    };
    let key = if dice.one_in(4) {
        search(&mailbox.id.0, &dice.below(10).to_string())
    } else {
        ListKey::whole(mailbox.id.clone())
    };
    let first = usize::try_from(dice.below(60)).unwrap();
    desk.look(&key, first..first + 20);
    let role = desk.replica.mailbox_of_role(Role::Inbox);
    assert_eq!(role.map(|inbox| inbox.id), Some(id("INBOX")));
    let seen: BTreeSet<_> = mailboxes.mailboxes.iter().map(|m| &m.id).collect();
    assert_eq!(seen.len(), mailboxes.mailboxes.len(), "no folder twice");
}
