//! Drafts that others change while one writes.

use whimbrel_shared::{Action, Draft, MessageKey, OutcomeKind, Role};

use crate::kit::Desk;

fn save(draft: &Draft, replaces: Option<MessageKey>) -> Action {
    Action::SaveDraft {
        draft: Box::new(draft.clone()),
        replaces,
    }
}

/// Where a saved draft is, and what was said beside.
fn saved(outcome: OutcomeKind) -> (MessageKey, Option<String>) {
    let OutcomeKind::Applied { moved, warning, .. } = outcome else {
        panic!("{outcome:?}")
    };
    (moved[0].key, warning)
}

fn plan(text: &str) -> Draft {
    Draft {
        subject: "Plan".to_owned(),
        text: text.to_owned(),
        message_id: "plan@whimbrel.example".to_owned(),
        ..Draft::default()
    }
}

#[tokio::test]
async fn a_mark_put_on_an_older_version_stays_on_the_draft() {
    let mut desk = Desk::new().await;
    let (first, _) = saved(desk.perform(save(&plan("one"), None)).await);
    desk.other.select("Drafts").await;
    desk.other
        .store(&first.uid.to_string(), "+FLAGS (\\Flagged later)")
        .await;
    let (second, warning) = saved(desk.perform(save(&plan("two"), Some(first))).await);
    assert_eq!(warning, None);
    let drafts = desk.role(Role::Drafts).await.id;
    let rows = desk.snapshot(&drafts).await.envelopes;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0].uid, second.uid);
    for mark in ["$draft", "$seen", "$flagged", "later"] {
        assert!(rows[0].keywords.contains(mark), "{mark} in {rows:?}");
    }
}

#[tokio::test]
async fn two_versions_of_a_draft_are_both_kept() {
    let mut desk = Desk::new().await;
    let (first, _) = saved(desk.perform(save(&plan("one"), None)).await);
    // Another program writes on at the same draft: a new message in place of the old one.
    desk.other.select("Drafts").await;
    let theirs = desk.other.message(first.uid).await;
    drop(desk.other.append("Drafts", "\\Draft", &theirs).await.good());
    desk.other.expunge(&first.uid.to_string()).await;
    let (second, warning) = saved(desk.perform(save(&plan("ours"), Some(first))).await);
    assert!(warning.expect("a word").contains("Both versions"));
    assert_eq!(desk.other.select("Drafts").await.exists, 2);
    // From then on only our own version is replaced.
    let (_, warning) = saved(desk.perform(save(&plan("ours too"), Some(second))).await);
    assert_eq!(warning, None);
    assert_eq!(desk.other.select("Drafts").await.exists, 2);
}
