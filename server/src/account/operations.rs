//! Applies what a person changed: in order, each once. The result of every operation is remembered
//! by its id, so that a lost answer does not apply anything twice.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use whimbrel_shared::{
    Action, Address, ApiError, Draft, ErrorCode, MailboxId, MovedKey, Operation, OperationId,
    Outcome, OutcomeKind, UidSet,
};

use crate::{
    error::{self, AppError},
    imap::{self, Error, connection::Connection, mailbox_ids::MailboxIds, name::MailboxName},
    message::build,
    smtp,
    state::AppState,
    store::{self, operations::Known},
};

use super::{
    Account,
    connections::{Lane, Repeat},
    letters::{self, Letter},
    uploads::Uploads,
};

mod mailbox_changes;
mod message_changes;

/// The longest that an answer to changes may take, as for any other question.
const ANSWERING: Duration = Duration::from_secs(29);
/// The longest that an answer to a letter may take: its own deadlines end before.
const SENDING: Duration = Duration::from_secs(15 * 60);

/// Messages that change within a moment. More of them must not hold up those who read meanwhile.
const SHORT: usize = 1_000;

/// Applies a batch in order, and answers each up to the first that failed in a way that may pass: what follows
/// was not tried. It goes on to its end even if the caller goes away.
pub async fn apply(
    app: &AppState,
    account: &Account,
    from: &Address,
    batch: Vec<Operation>,
) -> Vec<Outcome> {
    let (app, account, from) = (app.clone(), account.clone(), from.clone());
    let ids: Vec<_> = batch.iter().map(|operation| operation.id.clone()).collect();
    let weighs = batch.iter().any(|operation| weighs(&operation.action));
    // A letter under way says itself what became of it.
    let is_sending = |operation: &Operation| matches!(operation.action, Action::Send { .. });
    let patience = if batch.iter().any(is_sending) {
        SENDING
    } else {
        ANSWERING
    };
    let answers = Arc::new(Mutex::new(Vec::with_capacity(batch.len())));
    let answered = answers.clone();
    let working = tokio::spawn(async move {
        let _turn = account.inner.operations.lock().await;
        for operation in batch {
            let id = operation.id.clone();
            let outcome = apply_once(&app, &account, &from, operation).await;
            let may_pass = is_worth_a_retry(&outcome);
            put(&answered, Outcome { id, outcome });
            if may_pass {
                break; // order matters: what follows waits for what may yet succeed
            }
        }
        if weighs {
            account.watch().room_changed();
        } else {
            account.watch().nudge();
        }
    });
    let error = match timeout(patience, working).await {
        Ok(Ok(())) => return taken(&answers),
        Ok(Err(_)) => AppError::internal("an operation crashed").body().clone(),
        // It goes on; who asks again with the same ids hears what came of it.
        Err(_) => error::api_error(&Error::Lost("the mail server does not answer".to_owned())),
    };
    let mut outcomes = taken(&answers);
    if let Some(id) = ids.into_iter().nth(outcomes.len()) {
        let outcome = refused(error);
        outcomes.push(Outcome { id, outcome });
    }
    outcomes
}

type Answers = Mutex<Vec<Outcome>>;

fn put(answers: &Answers, outcome: Outcome) {
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    answers.push(outcome);
}

fn taken(answers: &Answers) -> Vec<Outcome> {
    std::mem::take(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner))
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
    let is_repeat = match store::operations::find(&app.store, account.id(), &id).await {
        Ok(Some(Known::Done(known))) => return known.outcome,
        Ok(known) => known.is_some(),
        Err(problem) => return refused(store_error(&problem)),
    };
    let early = perhaps_done(&action).map(|outcome| Outcome {
        id: id.clone(),
        outcome,
    });
    let noted = match &early {
        Some(early) => store::operations::remember(&app.store, account.id(), early).await,
        None if shows_twice(&action) && !is_repeat => {
            store::operations::begin(&app.store, account.id(), &id).await
        }
        None => Ok(()),
    };
    if let Err(problem) = noted {
        return refused(store_error(&problem));
    }
    let outcome = act(app, account, from, &id, action, is_repeat).await;
    let known = Outcome {
        id: id.clone(),
        outcome: outcome.clone(),
    };
    let kept = if is_worth_a_retry(&outcome) || is_renumbered(&outcome) {
        if early.is_some() {
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

/// What is answered to a replay if this process dies in the middle of what must not be done twice.
fn perhaps_done(action: &Action) -> Option<OutcomeKind> {
    match action {
        Action::Send { .. } => Some(refused(error::sending_error(&smtp::Error::MaybeSent))),
        Action::Copy { .. } => Some(refused(error::api_error(&Error::No {
            code: None,
            text: "Whimbrel stopped in the middle; some messages may now be in both folders"
                .to_owned(),
        }))),
        _ => None,
    }
}

/// Done a second time it would be refused, or leave something double, unless that is known.
fn shows_twice(action: &Action) -> bool {
    matches!(
        action,
        Action::SaveDraft { .. }
            | Action::Move { .. }
            | Action::CreateMailbox { .. }
            | Action::RenameMailbox { .. }
            | Action::DeleteMailbox { .. }
    )
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

/// Nothing was done, for the messages have other UIDs now: under those the same operation may come again.
fn is_renumbered(outcome: &OutcomeKind) -> bool {
    matches!(outcome, OutcomeKind::Refused { error, .. } if error.code == ErrorCode::MessageGone)
}

async fn act(
    app: &AppState,
    account: &Account,
    from: &Address,
    id: &OperationId,
    action: Action,
    is_repeat: bool,
) -> OutcomeKind {
    let secrets = &app.config.secrets;
    let limit = app.config.limits.attachments;
    let uploads = Uploads::new(&app.config.data_dir, account.id(), secrets, limit);
    let letter = |draft, replaces| Letter {
        account,
        uploads: &uploads,
        from,
        draft,
        replaces,
    };
    match action {
        Action::SaveDraft { draft, replaces } => {
            let draft = name_letter(draft, from, id);
            let saved = letters::save(&letter(&draft, replaces), is_repeat).await;
            saved.unwrap_or_else(refused)
        }
        Action::Send { draft, replaces } => {
            let draft = name_letter(draft, from, id);
            let sent = letters::send(&letter(&draft, replaces)).await;
            sent.unwrap_or_else(not_sent)
        }
        action => change(account, action, is_repeat).await,
    }
}

fn not_sent(failure: letters::SendError) -> OutcomeKind {
    OutcomeKind::Refused {
        error: failure.error,
        refused_recipients: failure.refused,
    }
}

/// Chooses the letter's `Message-ID` unless it has one: it stays the same however often it is saved, and
/// however often this operation is tried.
fn name_letter(mut draft: Box<Draft>, from: &Address, id: &OperationId) -> Box<Draft> {
    if draft.message_id.is_empty() {
        let digest = Sha256::digest(format!("{}/{}", from.email, id.0));
        let bits = digest.iter().take(16);
        let bits = bits.fold(0, |bits: u128, &byte| bits << 8 | u128::from(byte));
        let domain = from
            .email
            .rsplit_once('@')
            .map_or("localhost", |(_, domain)| domain);
        draft.message_id = build::message_id(bits, domain);
    }
    draft
}

/// Changes of messages and mailboxes: one conversation with the mail server.
async fn change(account: &Account, action: Action, is_repeat: bool) -> OutcomeKind {
    // A copy made twice is two copies; everything else says what is to be so.
    let repeat = match action {
        Action::Copy { .. } => Repeat::Never,
        _ => Repeat::Once,
    };
    let is_long = action.rows().is_some_and(|(.., uids)| uids.len() > SHORT);
    let lane = if is_long {
        Lane::Bulk
    } else {
        Lane::Interactive
    };
    let tries = AtomicU32::new(u32::from(is_repeat));
    let done = account
        .run(lane, repeat, move |connection| {
            let is_repeat = tries.fetch_add(1, Ordering::Relaxed) > 0;
            Box::pin(change_on(connection, action.clone(), is_repeat))
        })
        .await;
    match done {
        Ok(outcome) => outcome,
        Err(Error::MessageGone) => OutcomeKind::Gone,
        Err(failure) => {
            let mut error = error::api_error(&failure);
            // One folder, or one message: that must not hold up all other changes for ever.
            if matches!(failure, Error::No { .. }) && error.code == ErrorCode::MailServerDown {
                error.code = ErrorCode::Internal;
            }
            refused(error)
        }
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
        action => message_changes::apply(connection, action, is_repeat).await,
    }
}

fn name_of(ids: &MailboxIds, id: &MailboxId) -> imap::Result<MailboxName> {
    ids.name(id).ok_or(Error::MailboxGone)
}

/// Done.
pub(super) fn applied(moved: Vec<MovedKey>) -> OutcomeKind {
    OutcomeKind::Applied {
        moved,
        gone: UidSet::new(),
        mailbox_id: None,
        below: Vec::new(),
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
