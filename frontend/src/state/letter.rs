//! A letter being written: what its fields hold, which version of it is in Drafts, how sending goes.
//! It lives with the app, not with the composer on screen, so that closing one loses nothing.

pub mod files;
pub mod recipients;
pub mod saving;
pub mod sending;

use leptos::prelude::*;
use whimbrel_replica::sorted_map::SortedMap;
use whimbrel_shared::{ApiError, Draft, MailboxId, MessageKey, RefusedRecipient, Related, path};

use self::recipients::Recipients;
use super::{App, compose::Begin};
use crate::{
    api,
    browser::{ids, intl, tasks::Stop, timers, upload::LocalFile},
    logic::{
        composing::{self, FileState, LetterFile},
        reply::{self, Answer},
    },
};

/// How a composer stands on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// At the bottom of the window.
    Open,
    /// Filling the window.
    Filled,
    /// A bar with its title.
    Minimised,
    /// Not at all: it is being saved or sent, and closes when that is done.
    Hidden,
}

/// How far the fields are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The draft to go on with is on its way.
    Loading,
    /// It did not come.
    Failed(ApiError),
    /// The fields hold the letter.
    Writing,
    /// It is on its way to the server.
    Sending,
    /// It was sent, but no copy was kept: what stands here may be all that is left.
    Sent,
}

/// What is known of the version in Drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was written that is worth keeping.
    Untouched,
    /// There is something newer here.
    Unsaved,
    /// The newest is on its way.
    Saving,
    /// The newest is there since then (seconds since the Unix epoch).
    Saved(i64),
    /// It did not arrive; why.
    Failed(String),
}

/// What went wrong with sending or keeping the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alert {
    /// What, and what to do.
    pub text: String,
    /// Recipients that were refused.
    pub refused: Vec<RefusedRecipient>,
    /// It goes as soon as something is changed: it was about what stood there before.
    pub is_passing: bool,
}

impl Alert {
    /// One that goes as soon as something is changed.
    #[must_use]
    pub fn passing(text: String) -> Self {
        Self {
            text,
            is_passing: true,
            ..Self::default()
        }
    }

    /// One that stays until the letter is sent again.
    #[must_use]
    pub fn lasting(text: String, refused: Vec<RefusedRecipient>) -> Self {
        Self {
            text,
            refused,
            is_passing: false,
        }
    }
}

/// What no field shows.
#[derive(Default)]
struct Behind {
    related: Option<Related>,
    in_reply_to: String,
    references: Vec<String>,
    message_id: String,
    /// Its version in Drafts.
    saved_as: Option<(MailboxId, MessageKey)>,
    /// What that version says; at first, what the letter began as.
    saved: Draft,
    /// Its files are not known yet as they lie in that version: files here may name an older one.
    has_old_files: bool,
    /// An operation on it is on its way.
    is_busy: bool,
    /// It was closed, sent or discarded.
    is_over: bool,
    /// When it was last saved, or began.
    saved_at: i64,
    /// The files as they are on this computer, until they have arrived.
    local: SortedMap<u32, (LocalFile, Stop)>,
    next_file: u32,
}

/// A letter being written.
#[derive(Clone, Copy)]
pub struct Letter {
    /// The number of its composer.
    pub id: u32,
    /// To whom.
    pub to: Recipients,
    /// Who gets a copy.
    pub cc: Recipients,
    /// Who gets a copy that nobody sees.
    pub bcc: Recipients,
    /// The subject.
    pub subject: RwSignal<String>,
    /// The text.
    pub text: RwSignal<String>,
    /// The files.
    pub files: RwSignal<Vec<LetterFile>>,
    /// How it stands on screen.
    pub shown: RwSignal<Shown>,
    /// How far it is.
    pub phase: RwSignal<Phase>,
    /// Its version in Drafts.
    pub save: RwSignal<SaveState>,
    /// What went wrong.
    pub alert: RwSignal<Option<Alert>>,
    /// When something was last typed (seconds since the Unix epoch).
    changed_at: StoredValue<i64>,
    behind: StoredValue<Behind, LocalStorage>,
}

impl Letter {
    /// An empty letter.
    #[must_use]
    pub fn new(id: u32) -> Self {
        Self {
            id,
            to: Recipients::new(),
            cc: Recipients::new(),
            bcc: Recipients::new(),
            subject: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            files: RwSignal::new(Vec::new()),
            shown: RwSignal::new(Shown::Open),
            phase: RwSignal::new(Phase::Loading),
            save: RwSignal::new(SaveState::Untouched),
            alert: RwSignal::new(None),
            changed_at: StoredValue::new(0),
            behind: StoredValue::new_local(Behind::default()),
        }
    }

    /// What the fields hold now, and what no field shows.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let ready = |file: &LetterFile| match &file.state {
            FileState::Ready(attachment) => Some(attachment.clone()),
            FileState::Uploading(_) | FileState::Failed(_) => None,
        };
        let attachments = self
            .files
            .with_untracked(|files| files.iter().filter_map(ready).collect());
        self.behind.with_value(|behind| Draft {
            to: self.to.addresses(),
            cc: self.cc.addresses(),
            bcc: self.bcc.addresses(),
            subject: self.subject.get_untracked(),
            text: self.text.get_untracked(),
            attachments,
            related: behind.related.clone(),
            in_reply_to: behind.in_reply_to.clone(),
            references: behind.references.clone(),
            message_id: behind.message_id.clone(),
        })
    }

    /// Whether it says something that its version in Drafts does not.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        let phase = self.phase.get_untracked();
        if matches!(phase, Phase::Loading | Phase::Failed(_)) {
            return false;
        }
        self.is_uploading()
            || self
                .behind
                .with_value(|behind| !composing::says_the_same(&self.draft(), &behind.saved))
    }

    /// Whether discarding it would lose anything.
    #[must_use]
    pub fn is_worth_a_question(&self) -> bool {
        self.is_unsaved() || self.behind.with_value(|behind| behind.saved_as.is_some())
    }

    /// Whether it is the letter that this draft holds.
    #[must_use]
    pub fn is_draft(&self, mailbox: &MailboxId, key: MessageKey) -> bool {
        self.behind.with_value(|behind| {
            behind
                .saved_as
                .as_ref()
                .is_some_and(|(of, saved)| of == mailbox && *saved == key)
        })
    }

    /// Something was typed.
    pub fn touch(&self) {
        self.changed_at.set_value(timers::now());
        if self
            .alert
            .with_untracked(|alert| alert.as_ref().is_some_and(|alert| alert.is_passing))
        {
            self.alert.set(None);
        }
        let known = self.save.get_untracked();
        let now = match (&known, self.is_unsaved()) {
            (SaveState::Saving, _) => return,
            (_, true) => SaveState::Unsaved,
            (SaveState::Unsaved, false) => self.as_saved(),
            (_, false) => return,
        };
        if now != known {
            self.save.set(now);
        }
    }

    /// What to say where nothing is newer than the version in Drafts.
    fn as_saved(&self) -> SaveState {
        self.behind.with_value(|behind| {
            if behind.saved_as.is_some() {
                SaveState::Saved(behind.saved_at)
            } else {
                SaveState::Untouched
            }
        })
    }

    fn fill(&self, draft: Draft, saved_as: Option<(MailboxId, MessageKey)>, own: &str) {
        self.to.fill(&draft.to);
        self.cc.fill(&draft.cc);
        self.bcc.fill(&draft.bcc);
        self.subject.set(draft.subject.clone());
        self.text.set(draft.text.clone());
        self.fill_files(&draft);
        self.behind.update_value(|behind| {
            behind.related = draft.related;
            behind.in_reply_to = draft.in_reply_to;
            behind.references = draft.references;
            behind.message_id = match draft.message_id {
                none if none.is_empty() => message_id(own),
                chosen => chosen,
            };
            behind.saved_at = timers::now();
            behind.saved_as = saved_as;
        });
        let saved = self.draft();
        self.behind.update_value(|behind| behind.saved = saved);
        self.phase.set(Phase::Writing);
    }
}

/// What is said where a draft of another program is gone on with.
const FORMATTED: &str = "Another program formatted this draft. It stays in Drafts as it is; what you write is \
                         saved beside it, as plain text.";

/// A `Message-ID` chosen before anything is sent: what is sent twice by mistake is one message.
fn message_id(own: &str) -> String {
    let domain = own.rsplit_once('@').map_or("", |(_, domain)| domain);
    let domain = if domain.is_empty() {
        "localhost"
    } else {
        domain
    };
    format!("{}@{domain}", ids::operation_id().0)
}

impl App {
    /// Fills a letter with what it begins as.
    pub fn begin_letter(self, letter: Letter, begin: Begin) {
        let own = untrack(|| self.session.info())
            .map(|info| info.address)
            .unwrap_or_default();
        let (message, answer) = match begin {
            Begin::New(draft) => {
                letter.fill(*draft, None, &own);
                self.keep_saving(letter);
                return;
            }
            Begin::Draft { mailbox_id, key } => {
                timers::spawn(async move { self.load_draft(letter, mailbox_id, key).await });
                return;
            }
            Begin::Reply(message) => (message, Answer::Reply),
            Begin::ReplyAll(message) => (message, Answer::ReplyAll),
            Begin::Forward(message) => (message, Answer::Forward),
            Begin::ForwardAsAttachment(message) => (message, Answer::ForwardAsAttachment),
        };
        let written = intl::full_date(message.sent_at.unwrap_or(message.received_at));
        letter.fill(reply::draft(&message, answer, &own, &written), None, &own);
        self.keep_saving(letter);
    }

    /// Fetches a draft to go on with. Also what "Try again" does.
    pub async fn load_draft(self, letter: Letter, mailbox: MailboxId, key: MessageKey) {
        letter.phase.set(Phase::Loading);
        let own = untrack(|| self.session.info())
            .map(|info| info.address)
            .unwrap_or_default();
        match api::draft(&path::draft(&mailbox, key)).await {
            Ok(draft) => {
                let is_formatted = self.is_formatted(&mailbox, key).await;
                letter.fill(draft, (!is_formatted).then_some((mailbox, key)), &own);
                if is_formatted {
                    self.toasts.say(FORMATTED);
                }
                self.keep_saving(letter);
            }
            Err(error) => letter.phase.set(Phase::Failed(error)),
        }
    }

    /// Whether another program gave a draft what plain text loses. Where it cannot be told, it is
    /// better kept.
    async fn is_formatted(self, mailbox: &MailboxId, key: MessageKey) -> bool {
        let opened = self.mail.replica().open_message(mailbox, key).await;
        opened.map_or(true, |message| message.is_html)
    }
}
