//! The files of a letter: uploaded as soon as they are chosen, tried again when that fails.

use leptos::prelude::*;
use whimbrel_shared::{Draft, DraftAttachment, ErrorCode};

use super::{Alert, Letter};
use crate::{
    api,
    browser::{tasks, timers, upload::LocalFile},
    logic::composing::{self, FileState, LetterFile},
    state::App,
};

impl Letter {
    /// Shows the files of a draft; those that are on their way stay.
    pub(super) fn fill_files(&self, draft: &Draft) {
        for attachment in &draft.attachments {
            let file = LetterFile {
                id: self.next_file_id(),
                name: attachment.name().to_owned(),
                size: attachment.size(),
                state: FileState::Ready(attachment.clone()),
            };
            self.files.update(|files| files.push(file));
        }
    }

    fn next_file_id(&self) -> u32 {
        self.behind
            .try_update_value(|behind| {
                behind.next_file = behind.next_file.wrapping_add(1);
                behind.next_file
            })
            .unwrap_or(0)
    }

    fn set_file(&self, id: u32, state: FileState) {
        self.files.update(|files| {
            if let Some(file) = files.iter_mut().find(|file| file.id == id) {
                file.state = state;
            }
        });
    }

    /// Whether files are still on their way.
    #[must_use]
    pub fn is_uploading(&self) -> bool {
        self.files
            .with_untracked(|files| files.iter().any(LetterFile::is_on_its_way))
    }
}

impl App {
    /// Puts files to a letter and uploads them; one that is too large is refused before that.
    pub fn attach(self, letter: Letter, files: Vec<LocalFile>) {
        let limit =
            untrack(|| self.session.info()).map_or(u64::MAX, |info| info.limits.attachments);
        let mut too_large = Vec::new();
        for file in files {
            let size = file.size();
            let refused = letter
                .files
                .with_untracked(|files| composing::too_large(files, size, limit));
            if let Some(reason) = refused {
                too_large.push(format!("{} was not attached. {reason}.", file.name()));
                continue;
            }
            let id = letter.next_file_id();
            letter.files.update(|files| {
                files.push(LetterFile {
                    id,
                    name: file.name(),
                    size,
                    state: FileState::Uploading(0),
                });
            });
            letter.touch();
            self.upload(letter, id, file);
        }
        if !too_large.is_empty() {
            letter
                .alert
                .set(Some(Alert::lasting(too_large.join(" "), Vec::new())));
        }
    }

    /// Uploads a file once more.
    pub fn upload_again(self, letter: Letter, id: u32) {
        let file = letter
            .behind
            .with_value(|behind| behind.local.get(&id).map(|(file, _)| file.clone()));
        if let Some(file) = file {
            letter.set_file(id, FileState::Uploading(0));
            self.upload(letter, id, file);
        }
    }

    /// Takes a file away from a letter, also while it is on its way.
    pub fn detach(self, letter: Letter, id: u32) {
        let local = letter
            .behind
            .try_update_value(|behind| behind.local.remove(&id))
            .flatten();
        if let Some((_, upload)) = local {
            upload.stop();
        }
        let gone = letter.files.try_update(|files| {
            let at = files.iter().position(|file| file.id == id)?;
            Some(files.remove(at))
        });
        letter.touch();
        if let Some(Some(LetterFile {
            state: FileState::Ready(DraftAttachment::Upload(upload)),
            ..
        })) = gone
        {
            timers::spawn(async move {
                // It expires by itself if this fails.
                let _ = api::forget_upload(&upload.id).await;
            });
        }
    }

    fn upload(self, letter: Letter, id: u32, file: LocalFile) {
        let sent = file.clone();
        let upload = tasks::spawn(async move {
            let size = sent.size();
            let on_progress = move |part: f64| {
                letter.set_file(
                    id,
                    FileState::Uploading((part.clamp(0.0, 1.0) * size as f64) as u64),
                );
            };
            match api::upload(&sent, on_progress).await {
                Ok(upload) => {
                    letter.set_file(id, FileState::Ready(DraftAttachment::Upload(upload)));
                    letter.behind.update_value(|behind| {
                        behind.local.remove(&id);
                    });
                    letter.touch();
                }
                Err(error) => {
                    if error.code == ErrorCode::SignedOut {
                        self.session_ended();
                    }
                    letter.set_file(id, FileState::Failed(error.message));
                }
            }
        });
        // The work begins after this turn, so it finds this entry.
        letter.behind.update_value(|behind| {
            behind.local.insert(id, (file, upload));
        });
    }
}
