//! Operations that wait, rewritten when an operation before them was applied: a mailbox got its real id,
//! a draft got a new key. Pure.

use whimbrel_shared::{Action, Draft, DraftAttachment, MailboxId, MessageKey, UidSet, UidValidity};

/// Puts `to` wherever the action names the mailbox `from`. Whether it did.
pub(crate) fn mailbox(action: &mut Action, from: &MailboxId, to: &MailboxId) -> bool {
    let mut did = false;
    for place in places(action) {
        if place == from {
            *place = to.clone();
            did = true;
        }
    }
    did
}

/// The mailboxes that the action names.
pub(crate) fn mailboxes(action: &Action) -> Vec<MailboxId> {
    places(&mut action.clone())
        .into_iter()
        .map(|place| place.clone())
        .collect()
}

/// Whether the action names the mailbox.
pub(crate) fn names(action: &Action, mailbox: &MailboxId) -> bool {
    mailboxes(action).contains(mailbox)
}

/// Names the same messages by the UIDs that they have now.
pub(crate) fn rows(action: &mut Action, now: UidValidity, there: UidSet) {
    if let Action::SetKeywords {
        uidvalidity, uids, ..
    }
    | Action::Move {
        uidvalidity, uids, ..
    }
    | Action::Copy {
        uidvalidity, uids, ..
    }
    | Action::Destroy {
        uidvalidity, uids, ..
    } = action
    {
        (*uidvalidity, *uids) = (now, there);
    }
}

/// If `later` is about the draft that `saved` was about, it replaces `key` from now on. Whether it did.
pub(crate) fn draft(later: &mut Action, saved: &Action, key: MessageKey) -> bool {
    let Action::SaveDraft {
        draft: before,
        replaces: replaced,
    } = saved
    else {
        return false;
    };
    let (Action::SaveDraft { draft, replaces } | Action::Send { draft, replaces }) = later else {
        return false;
    };
    let is_same = (replaces.is_some() && replaces == replaced) || is_same_letter(draft, before);
    if is_same {
        *replaces = Some(key);
    }
    is_same
}

fn is_same_letter(one: &Draft, other: &Draft) -> bool {
    !one.message_id.is_empty() && one.message_id == other.message_id
}

fn places(action: &mut Action) -> Vec<&mut MailboxId> {
    match action {
        Action::SetKeywords { mailbox_id, .. }
        | Action::Destroy { mailbox_id, .. }
        | Action::DeleteMailbox { mailbox_id }
        | Action::SubscribeMailbox { mailbox_id, .. } => vec![mailbox_id],
        Action::Move { mailbox_id, to, .. } | Action::Copy { mailbox_id, to, .. } => {
            vec![mailbox_id, to]
        }
        Action::CreateMailbox { parent_id, .. } => parent_id.iter_mut().collect(),
        Action::RenameMailbox {
            mailbox_id,
            parent_id,
            ..
        } => std::iter::once(mailbox_id).chain(parent_id).collect(),
        Action::SaveDraft { draft, .. } | Action::Send { draft, .. } => {
            let related = draft
                .related
                .iter_mut()
                .map(|related| &mut related.mailbox_id);
            let attached = draft.attachments.iter_mut().filter_map(|file| match file {
                DraftAttachment::Upload(_) => None,
                DraftAttachment::Part { mailbox_id, .. }
                | DraftAttachment::Message { mailbox_id, .. } => Some(mailbox_id),
            });
            related.chain(attached).collect()
        }
    }
}
