//! Applies what a person changed: in order, each once. The result of every operation is remembered
//! by its id, so that a lost answer does not apply anything twice.

use std::sync::atomic::{AtomicU32, Ordering};

use whimbrel_shared::{
    Action, Address, ApiError, Draft, ErrorCode, Keyword, MailboxId, MovedKey, Operation, Outcome,
    OutcomeKind, UidSet,
};

use crate::{
    error::{self, AppError},
    imap::{self, Error, connection::Connection, keywords, mailboxes, name::MailboxName, transfer},
    message::build,
    smtp,
    state::AppState,
    store,
};

use super::{
    Account,
    connections::{Lane, Repeat},
    letters::{self, Letter},
    uploads::Uploads,
};

mod mailbox_changes;

/// Applies a batch in order and answers each. It goes on to its end even if the caller goes away.
pub async fn apply(
    app: &AppState,
    account: &Account,
    from: &Address,
    batch: Vec<Operation>,
) -> Vec<Outcome> {
    let (app, account, from) = (app.clone(), account.clone(), from.clone());
    let ids: Vec<_> = batch.iter().map(|operation| operation.id.clone()).collect();
    let weighs = batch.iter().any(|operation| weighs(&operation.action));
    let working = tokio::spawn(async move {
        let _turn = account.inner.operations.lock().await;
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
        for operation in batch {
            let id = operation.id.clone();
            let outcome = match outcomes.last() {
                // Order matters: what follows waits for what may yet succeed.
                Some(Outcome { outcome, .. }) if is_worth_a_retry(outcome) => outcome.clone(),
                _ => apply_once(&app, &account, &from, operation).await,
            };
            outcomes.push(Outcome { id, outcome });
        }
        if weighs {
            account.watch().room_changed();
        } else {
            account.watch().nudge();
        }
        outcomes
    });
    working.await.unwrap_or_else(|_| {
        let refused = || OutcomeKind::Refused {
            error: AppError::internal("an operation crashed").body().clone(),
            refused_recipients: Vec::new(),
        };
        ids.into_iter()
            .map(|id| Outcome {
                id,
                outcome: refused(),
            })
            .collect()
    })
}

/// Takes room in the account, or makes some. What is saved while one writes does so little by little,
/// and shows as any mail that comes.
fn weighs(action: &Action) -> bool {
    matches!(
        action,
        Action::Send { .. }
            | Action::Copy { .. }
            | Action::Destroy { .. }
            | Action::DeleteMailbox { .. }
    )
}

async fn apply_once(
    app: &AppState,
    account: &Account,
    from: &Address,
    operation: Operation,
) -> OutcomeKind {
    let Operation { id, action } = operation;
    match store::operations::find(&app.store, account.id(), &id).await {
        Ok(Some(known)) => return known.outcome,
        Ok(None) => {}
        Err(problem) => return refused(store_error(&problem)),
    }
    if matches!(action, Action::Send { .. }) {
        // Should this process die while it sends, a replay must not send again.
        let outcome = refused(error::sending_error(&smtp::Error::MaybeSent));
        let early = Outcome {
            id: id.clone(),
            outcome,
        };
        if let Err(problem) = store::operations::remember(&app.store, account.id(), &early).await {
            return refused(store_error(&problem));
        }
    }
    let is_send = matches!(action, Action::Send { .. });
    let outcome = act(app, account, from, action).await;
    let known = Outcome {
        id: id.clone(),
        outcome: outcome.clone(),
    };
    let kept = if is_worth_a_retry(&outcome) {
        if is_send {
            store::operations::forget(&app.store, account.id(), &id).await
        } else {
            Ok(())
        }
    } else {
        store::operations::remember(&app.store, account.id(), &known).await
    };
    if let Err(problem) = kept {
        tracing::error!(%problem, "the result of an operation could not be remembered");
    }
    outcome
}

/// Not remembered: the same operation may be tried again and then succeed.
fn is_worth_a_retry(outcome: &OutcomeKind) -> bool {
    let OutcomeKind::Refused { error, .. } = outcome else {
        return false;
    };
    matches!(
        error.code,
        ErrorCode::MailServerDown
            | ErrorCode::MailServerWrong
            | ErrorCode::SendingServerDown
            | ErrorCode::SignedOut
            | ErrorCode::WrongPassword
            | ErrorCode::Internal
    )
}

async fn act(app: &AppState, account: &Account, from: &Address, action: Action) -> OutcomeKind {
    let secret = &app.config.secret;
    let limit = app.config.limits.attachments;
    let uploads = Uploads::new(&app.config.data_dir, account.id(), secret, limit);
    let letter = |draft, replaces| Letter {
        account,
        uploads: &uploads,
        from,
        draft,
        replaces,
    };
    match action {
        Action::SaveDraft { draft, replaces } => match name_letter(draft, from) {
            Ok(draft) => letters::save(&letter(&draft, replaces))
                .await
                .unwrap_or_else(refused),
            Err(error) => refused(error),
        },
        Action::Send { draft, replaces } => match name_letter(draft, from) {
            Ok(draft) => letters::send(&letter(&draft, replaces))
                .await
                .unwrap_or_else(not_sent),
            Err(error) => refused(error),
        },
        action => change(account, action).await,
    }
}

fn not_sent(failure: letters::SendError) -> OutcomeKind {
    OutcomeKind::Refused {
        error: failure.error,
        refused_recipients: failure.refused,
    }
}

/// Chooses the letter's `Message-ID` unless it has one: it stays the same however often it is saved.
fn name_letter(mut draft: Box<Draft>, from: &Address) -> Result<Box<Draft>, ApiError> {
    if draft.message_id.is_empty() {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|cause| AppError::internal(cause).body().clone())?;
        let domain = from
            .email
            .rsplit_once('@')
            .map_or("localhost", |(_, domain)| domain);
        draft.message_id = build::message_id(u128::from_be_bytes(random), domain);
    }
    Ok(draft)
}

/// Changes of messages and mailboxes: one conversation with the mail server.
async fn change(account: &Account, action: Action) -> OutcomeKind {
    // A copy made twice is two copies; everything else says what is to be so.
    let repeat = match action {
        Action::Copy { .. } => Repeat::Never,
        _ => Repeat::Once,
    };
    let tries = AtomicU32::new(0);
    let done = account
        .run(Lane::Interactive, repeat, move |connection| {
            let is_repeat = tries.fetch_add(1, Ordering::Relaxed) > 0;
            Box::pin(change_on(connection, action.clone(), is_repeat))
        })
        .await;
    match done {
        Ok(outcome) => outcome,
        Err(Error::MessageGone) => OutcomeKind::Gone,
        Err(failure) => refused(error::api_error(&failure)),
    }
}

/// `is_repeat`: the line broke before the answer to the first try came, so it may be done already.
async fn change_on(
    connection: &mut Connection,
    action: Action,
    is_repeat: bool,
) -> imap::Result<OutcomeKind> {
    match action {
        Action::CreateMailbox { .. }
        | Action::RenameMailbox { .. }
        | Action::DeleteMailbox { .. }
        | Action::SubscribeMailbox { .. } => {
            mailbox_changes::apply(connection, action, is_repeat).await
        }
        action => change_messages(connection, action, is_repeat).await,
    }
}

async fn change_messages(
    connection: &mut Connection,
    action: Action,
    is_repeat: bool,
) -> imap::Result<OutcomeKind> {
    match action {
        Action::SetKeywords {
            mailbox_id,
            uidvalidity,
            uids,
            add,
            remove,
        } => {
            let name = name_of(&mailbox_id)?;
            let there =
                keywords::store(connection, &name, uidvalidity, &uids, &add, &remove).await?;
            if there.is_empty() {
                return Ok(OutcomeKind::Gone);
            }
            Ok(applied(Vec::new()))
        }
        Action::Move {
            mailbox_id,
            uidvalidity,
            uids,
            to,
            add,
            remove,
        } => {
            let (name, to) = (name_of(&mailbox_id)?, name_of(&to)?);
            let places = Places {
                from: &name,
                uidvalidity,
                uids: &uids,
                to: &to,
            };
            let moved = move_messages(connection, &places, &add, &remove).await?;
            Ok(transferred(moved, &to, is_repeat))
        }
        Action::Copy {
            mailbox_id,
            uidvalidity,
            uids,
            to,
        } => {
            let (name, to) = (name_of(&mailbox_id)?, name_of(&to)?);
            let moved = transfer::copy_to(connection, &name, uidvalidity, &uids, &to).await?;
            Ok(transferred(moved, &to, is_repeat))
        }
        Action::Destroy {
            mailbox_id,
            uidvalidity,
            uids,
        } => {
            let name = name_of(&mailbox_id)?;
            transfer::destroy(connection, &name, uidvalidity, &uids).await?;
            Ok(applied(Vec::new()))
        }
        _ => Err(Error::Unsupported("letters take another way".to_owned())),
    }
}

struct Places<'a> {
    from: &'a MailboxName,
    uidvalidity: u32,
    uids: &'a UidSet,
    to: &'a MailboxName,
}

/// Marks, then moves. A target that is gone is made again.
async fn move_messages(
    connection: &mut Connection,
    places: &Places<'_>,
    add: &[Keyword],
    remove: &[Keyword],
) -> imap::Result<Vec<transfer::Moved>> {
    let Places {
        from,
        uidvalidity,
        uids,
        to,
    } = *places;
    if !add.is_empty() || !remove.is_empty() {
        keywords::store(connection, from, uidvalidity, uids, add, remove).await?;
    }
    match transfer::move_to(connection, from, uidvalidity, uids, to).await {
        Err(error) if is_target_missing(&error) => {
            mailboxes::create_again(connection, to).await?;
            transfer::move_to(connection, from, uidvalidity, uids, to).await
        }
        moved => moved,
    }
}

fn is_target_missing(error: &Error) -> bool {
    matches!(error, Error::No { code: Some(code), .. } if code == "TRYCREATE" || code == "NONEXISTENT")
}

/// Nothing was there: it was gone before, unless an earlier try has moved it.
fn transferred(moved: Vec<transfer::Moved>, to: &MailboxName, is_repeat: bool) -> OutcomeKind {
    if moved.is_empty() && !is_repeat {
        OutcomeKind::Gone
    } else {
        applied(moved_keys(moved, to))
    }
}

fn moved_keys(moved: Vec<transfer::Moved>, to: &MailboxName) -> Vec<MovedKey> {
    let mailbox_id = to.to_id();
    let place = |moved: transfer::Moved| {
        let key = moved.to?;
        Some(MovedKey {
            from: moved.from,
            mailbox_id: mailbox_id.clone(),
            key,
        })
    };
    moved.into_iter().filter_map(place).collect()
}

fn name_of(id: &MailboxId) -> imap::Result<MailboxName> {
    MailboxName::from_id(id).ok_or(Error::MailboxGone)
}

/// Done.
pub(super) fn applied(moved: Vec<MovedKey>) -> OutcomeKind {
    OutcomeKind::Applied {
        moved,
        mailbox_id: None,
        refused_recipients: Vec::new(),
        warning: None,
        is_copy_missing: false,
    }
}

fn refused(error: ApiError) -> OutcomeKind {
    OutcomeKind::Refused {
        error,
        refused_recipients: Vec::new(),
    }
}

fn store_error(problem: &store::Error) -> ApiError {
    AppError::internal(problem).body().clone()
}
