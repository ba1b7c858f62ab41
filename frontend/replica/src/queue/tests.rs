//! What is sent together, what is sent again, and what is given up.

use whimbrel_shared::{
    Action, ApiError, ErrorCode, Keyword, MailboxId, Operation, OperationId, Outcome, OutcomeKind,
};

use super::Queue;

fn mark(id: &str, uids: &str) -> Operation {
    Operation {
        id: OperationId(id.to_owned()),
        action: Action::SetKeywords {
            mailbox_id: MailboxId("INBOX".to_owned()),
            uidvalidity: 1,
            uids: uids.parse().unwrap(),
            add: vec![Keyword::new(Keyword::SEEN)],
            remove: Vec::new(),
        },
    }
}

fn send(id: &str) -> Operation {
    Operation {
        id: OperationId(id.to_owned()),
        action: Action::Send {
            draft: Box::default(),
            replaces: None,
        },
    }
}

fn outcome(id: &str, code: Option<ErrorCode>) -> Outcome {
    let outcome = match code {
        None => OutcomeKind::Gone,
        Some(code) => OutcomeKind::Refused {
            error: ApiError::new(code, "", ""),
            refused_recipients: Vec::new(),
        },
    };
    Outcome {
        id: OperationId(id.to_owned()),
        outcome,
    }
}

fn queue(operations: Vec<Operation>) -> Queue {
    let mut queue = Queue::default();
    for operation in operations {
        queue.push(operation);
    }
    queue
}

fn ids(operations: &[Operation]) -> Vec<&str> {
    operations.iter().map(|one| one.id.0.as_str()).collect()
}

#[test]
fn what_is_about_the_same_letters_is_not_sent_together() {
    let mut queue = queue(vec![
        mark("a", "1:3"),
        mark("b", "5"),
        mark("c", "3"),
        mark("d", "9"),
    ]);
    assert_eq!(ids(&queue.next(1).unwrap()), ["a", "b"]);
    assert!(queue.next(2).is_none(), "one request at a time");
    let outcomes = vec![outcome("b", None), outcome("a", None)];
    assert_eq!(queue.land(1, Ok(outcomes)).unwrap().done.len(), 2);
    assert_eq!(ids(&queue.next(3).unwrap()), ["c", "d"]);
}

#[test]
fn a_letter_is_sent_alone() {
    let mut queue = queue(vec![send("a"), send("b"), mark("c", "1")]);
    assert_eq!(ids(&queue.next(1).unwrap()), ["a"]);
    queue.land(1, Ok(vec![outcome("a", None)]));
    assert_eq!(ids(&queue.next(2).unwrap()), ["b"]);
}

#[test]
fn what_is_not_answered_is_sent_again_under_its_id() {
    let mut queue = queue(vec![mark("a", "1"), mark("b", "2")]);
    queue.next(1);
    let verdict = queue.land(1, Ok(vec![outcome("b", None)])).unwrap();
    assert!(verdict.must_wait && verdict.done.len() == 1);
    assert!(queue.may_be_applied(&OperationId("a".to_owned())));
    assert!(queue.take_unsent(&OperationId("a".to_owned())).is_none());
    assert_eq!(ids(&queue.next(2).unwrap()), ["a"]);
    assert!(queue.land(1, Ok(Vec::new())).is_none(), "an older answer");
}

#[test]
fn a_mail_server_that_is_away_is_waited_for_and_a_maybe_is_final() {
    let mut queue = queue(vec![mark("a", "1"), send("b")]);
    for asked in 1..100 {
        queue.next(asked);
        let away = outcome("a", Some(ErrorCode::MailServerDown));
        let verdict = queue.land(asked, Ok(vec![away])).unwrap();
        assert!(verdict.must_wait && verdict.done.is_empty());
    }
    queue.next(100);
    queue.land(100, Ok(vec![outcome("a", None)]));
    queue.next(101);
    let maybe = outcome("b", Some(ErrorCode::MaybeSent));
    let verdict = queue.land(101, Ok(vec![maybe])).unwrap();
    assert_eq!((verdict.done.len(), queue.len()), (1, 0));
}

#[test]
fn a_letter_that_was_not_sent_goes_back_at_once_and_holds_nothing_up() {
    for down in [
        ErrorCode::SendingServerDown,
        ErrorCode::MailServerDown,
        ErrorCode::MailServerWrong,
    ] {
        let mut queue = queue(vec![send("a"), mark("b", "1")]);
        queue.next(1);
        let verdict = queue.land(1, Ok(vec![outcome("a", Some(down))])).unwrap();
        assert!(verdict.done.len() == 1 && !verdict.must_wait);
        assert_eq!(ids(&queue.next(2).unwrap()), ["b"]);
    }
    let mut queue = queue(vec![send("a")]);
    queue.next(1);
    let cut = ApiError::new(ErrorCode::Offline, "", "");
    assert!(queue.land(1, Err(cut)).unwrap().must_wait && queue.len() == 1);
}

#[test]
fn an_earlier_visit_goes_first() {
    let mut queue = queue(vec![mark("c", "1")]);
    queue.put_first(vec![(7, mark("a", "1")), (9, mark("b", "2"))]);
    let numbers: Vec<u64> = queue.entries().map(|entry| entry.number).collect();
    assert_eq!(numbers, [7, 9, 10]);
    assert_eq!(ids(&queue.next(1).unwrap()), ["a", "b"]);
}

#[test]
fn a_defect_is_met_alone_from_then_on_and_what_was_not_tried_waits_behind_it() {
    let mut queue = queue(vec![mark("a", "1"), mark("b", "2"), mark("c", "3")]);
    assert_eq!(ids(&queue.next(1).unwrap()), ["a", "b", "c"]);
    let defect = || outcome("b", Some(ErrorCode::Internal));
    let verdict = queue.land(1, Ok(vec![outcome("a", None), defect()]));
    assert!(verdict.is_some_and(|verdict| verdict.must_wait && verdict.done.len() == 1));
    for asked in 2..=8 {
        assert_eq!(ids(&queue.next(asked).unwrap()), ["b"]);
        let verdict = queue.land(asked, Ok(vec![defect()])).unwrap();
        assert_eq!(verdict.done.len(), usize::from(asked == 8));
    }
    assert_eq!(ids(&queue.next(9).unwrap()), ["c"]);
}

#[test]
fn a_defect_is_held_against_the_first_that_met_it_only() {
    let mut queue = queue(vec![mark("a", "1"), mark("b", "2")]);
    let defect = |id| outcome(id, Some(ErrorCode::Internal));
    queue.next(1);
    queue.land(1, Ok(vec![defect("a"), defect("b")]));
    for asked in 2..=16 {
        let first = if asked <= 8 { "a" } else { "b" };
        assert_eq!(ids(&queue.next(asked).unwrap()), [first]);
        let verdict = queue.land(asked, Ok(vec![defect(first)])).unwrap();
        assert_eq!(verdict.done.len(), usize::from(asked % 8 == 0));
    }
}

#[test]
fn a_mail_server_that_is_not_to_be_trusted_is_waited_for() {
    let mut queue = queue(vec![mark("a", "1"), mark("b", "2")]);
    let wrong = ErrorCode::MailServerWrong;
    for asked in 1..100 {
        assert_eq!(ids(&queue.next(asked).unwrap()), ["a", "b"]);
        let answer = match asked % 2 {
            0 => Ok(vec![outcome("a", Some(wrong))]),
            _ => Err(ApiError::new(wrong, "", "")),
        };
        let verdict = queue.land(asked, answer).unwrap();
        assert!(verdict.must_wait && verdict.done.is_empty());
    }
}

#[test]
fn what_comes_back_goes_to_its_old_place_and_takes_no_blame_for_others() {
    let mut queue = queue(vec![mark("a", "1"), send("b"), send("c")]);
    queue.next(1);
    let renumbered = vec![outcome("a", Some(ErrorCode::MessageGone))];
    let mut done = queue.land(1, Ok(renumbered)).unwrap().done;
    assert_eq!(ids(&queue.next(2).unwrap()), ["b"]);
    queue.put_back(&done.pop().unwrap().0, mark("a", "7"));
    let refused = ApiError::new(ErrorCode::BadRequest, "", "");
    let done = queue.land(2, Err(refused)).unwrap().done;
    assert_eq!(done.first().unwrap().0.operation.id.0, "b");
    assert_eq!(ids(&queue.next(3).unwrap()), ["a"]);
}
