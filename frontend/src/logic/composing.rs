//! What can be said about a letter being written: its title, what hinders sending it, which files fit.

use whimbrel_shared::{Draft, DraftAttachment};

use crate::logic::{addresses::Recipient, sizes};

/// How far a file of a letter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// On its way; this many bytes have left.
    Uploading(u64),
    /// The server has it.
    Ready(DraftAttachment),
    /// It did not arrive; why.
    Failed(String),
}

/// A file of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFile {
    /// Its own number within the letter.
    pub id: u32,
    /// File name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// How far it is.
    pub state: FileState,
}

impl LetterFile {
    /// Whether the server does not have all of it yet, but may soon.
    #[must_use]
    pub fn is_on_its_way(&self) -> bool {
        matches!(self.state, FileState::Uploading(_))
    }
}

/// What a composer is called: the subject, or "New message".
#[must_use]
pub fn title(subject: &str) -> String {
    let subject = subject.trim();
    if subject.is_empty() {
        "New message".to_owned()
    } else {
        subject.to_owned()
    }
}

/// Whether two versions of a letter say the same, as far as a person sees.
#[must_use]
pub fn says_the_same(a: &Draft, b: &Draft) -> bool {
    let text = |draft: &Draft| draft.text.trim_end().to_owned();
    (&a.to, &a.cc, &a.bcc, &a.subject, &a.attachments)
        == (&b.to, &b.cc, &b.bcc, &b.subject, &b.attachments)
        && text(a) == text(b)
}

/// Why the letter cannot be sent as it is, in words; `None` if it can.
#[must_use]
pub fn hindrance(recipients: &[Recipient], files: &[LetterFile]) -> Option<String> {
    let wrong: Vec<&str> = recipients
        .iter()
        .filter(|one| one.problem.is_some())
        .map(|one| one.address.email.as_str())
        .collect();
    let failed: Vec<&str> = files
        .iter()
        .filter(|file| matches!(file.state, FileState::Failed(_)))
        .map(|file| file.name.as_str())
        .collect();
    if recipients.is_empty() {
        Some("Nobody to send it to. Type an address into To, Cc or Bcc.".to_owned())
    } else if !wrong.is_empty() {
        Some(format!(
            "No mail can go to {}. Correct or remove it.",
            wrong.join(", ")
        ))
    } else if !failed.is_empty() {
        Some(format!(
            "{} did not arrive. Try it again or remove it.",
            failed.join(", ")
        ))
    } else {
        None
    }
}

/// Why a file of `size` bytes cannot join `files`, in words; `limit` is that of all files together.
#[must_use]
pub fn too_large(files: &[LetterFile], size: u64, limit: u64) -> Option<String> {
    let others: u64 = files.iter().map(|file| file.size).sum();
    if size > limit {
        Some(format!("Larger than the limit of {}", sizes::words(limit)))
    } else if others.saturating_add(size) > limit {
        Some(format!(
            "With it, the files would be larger than {} together",
            sizes::words(limit)
        ))
    } else {
        None
    }
}

/// How far an upload is, in percent.
#[must_use]
pub fn percent(sent: u64, size: u64) -> u64 {
    sent.min(size)
        .saturating_mul(100)
        .checked_div(size)
        .unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::Draft;

    use super::{FileState, LetterFile, hindrance, percent, says_the_same, title, too_large};
    use crate::logic::addresses;

    fn file(size: u64, state: FileState) -> LetterFile {
        LetterFile {
            id: 1,
            name: "a.pdf".to_owned(),
            size,
            state,
        }
    }

    #[test]
    fn a_letter_is_called_by_its_subject() {
        assert_eq!(title(" Re: Tides "), "Re: Tides");
        assert_eq!(title("  "), "New message");
    }

    #[test]
    fn says_what_hinders_sending() {
        let people = addresses::parse("a@x.example");
        assert_eq!(hindrance(&people, &[]), None);
        let hinders = |text: &str, files: &[LetterFile], word: &str| {
            let hindrance = hindrance(&addresses::parse(text), files).unwrap();
            assert!(hindrance.contains(word), "{hindrance}");
        };
        hinders("", &[], "Nobody");
        hinders("a@x.example, kjell", &[], "kjell");
        hinders(
            "a@x.example",
            &[file(9, FileState::Failed("no".to_owned()))],
            "a.pdf did not arrive",
        );
        // What is on its way is waited for.
        let coming = [file(9, FileState::Uploading(3))];
        assert_eq!(hindrance(&people, &coming), None);
    }

    #[test]
    fn refuses_files_beyond_the_limit() {
        let limit = 25 * 1024 * 1024;
        assert_eq!(too_large(&[], limit, limit), None);
        assert_eq!(
            too_large(&[], limit + 1, limit).unwrap(),
            "Larger than the limit of 25 MB"
        );
        let one = [file(limit, FileState::Uploading(0))];
        assert!(too_large(&one, 1, limit).unwrap().contains("together"));
        assert!(too_large(&one, u64::MAX, limit).is_some());
    }

    #[test]
    fn space_at_the_end_is_no_change() {
        let draft = |text: &str| Draft {
            text: text.to_owned(),
            ..Draft::default()
        };
        assert!(says_the_same(&draft("a\n"), &draft("a")));
        assert!(!says_the_same(&draft("a"), &draft("b")));
    }

    #[test]
    fn an_empty_file_is_there_at_once() {
        assert_eq!(percent(0, 0), 100);
        assert_eq!(percent(1, 3), 33);
        assert_eq!(percent(9, 3), 100);
    }
}
