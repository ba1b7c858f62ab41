//! What a row of the list shows of a message.

use std::rc::Rc;

use whimbrel_shared::{Address, Envelope, Keyword, Role};

/// What a row shows. Equal faces need no repainting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Face {
    /// It was not read.
    pub is_unread: bool,
    /// It stands out.
    pub is_flagged: bool,
    /// It was answered.
    pub is_answered: bool,
    /// It was passed on.
    pub is_forwarded: bool,
    /// It is being written.
    pub is_draft: bool,
    /// It carries files.
    pub has_attachment: bool,
    /// From whom, or to whom in Sent and Drafts.
    pub who: String,
    /// What about.
    pub subject: String,
    /// The beginning of its text; empty if unknown.
    pub preview: String,
    /// Seconds since the Unix epoch, UTC.
    pub at: i64,
}

impl Face {
    /// The face of an envelope in a mailbox of this role.
    #[must_use]
    pub fn new(envelope: &Rc<Envelope>, role: Option<Role>) -> Self {
        let has = |keyword: &str| envelope.keywords.contains(keyword);
        let outgoing = matches!(role, Some(Role::Sent | Role::Drafts));
        Self {
            is_unread: !has(Keyword::SEEN),
            is_flagged: has(Keyword::FLAGGED),
            is_answered: has(Keyword::ANSWERED),
            is_forwarded: has(Keyword::FORWARDED),
            is_draft: has(Keyword::DRAFT) || role == Some(Role::Drafts),
            has_attachment: envelope.has_attachment,
            who: who(envelope, outgoing),
            subject: one_line(&envelope.subject, "(no subject)"),
            preview: one_line(envelope.preview.as_deref().unwrap_or_default(), ""),
            at: shown_time(envelope),
        }
    }

    /// What a screen reader hears first: "Unread, flagged, answered"; empty for none of them.
    #[must_use]
    pub fn marks(&self) -> String {
        let words = [
            (self.is_unread, "unread"),
            (self.is_flagged, "flagged"),
            (self.is_answered, "answered"),
            (self.is_forwarded, "forwarded"),
        ];
        let mut text = String::new();
        for (_, word) in words.iter().filter(|(holds, _)| *holds) {
            if text.is_empty() {
                let mut letters = word.chars();
                text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
                text.push_str(letters.as_str());
            } else {
                text.push_str(", ");
                text.push_str(word);
            }
        }
        text
    }
}

/// How a row writes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// Today: the time.
    Time,
    /// The last six days: the weekday.
    Weekday,
    /// This year: day and month.
    Day,
    /// Else: day, month and year.
    Date,
}

impl DateStyle {
    /// How to write a time; each argument is a local day number and its year.
    #[must_use]
    pub fn new(now: (i64, i32), then: (i64, i32)) -> Self {
        match now.0 - then.0 {
            0 => Self::Time,
            1..=6 => Self::Weekday,
            _ if now.1 == then.1 => Self::Day,
            _ => Self::Date,
        }
    }
}

fn who(envelope: &Envelope, outgoing: bool) -> String {
    let people: &[Address] = if outgoing {
        &envelope.to
    } else {
        &envelope.from
    };
    let mut names = String::new();
    for person in people.iter().take(3) {
        if !names.is_empty() {
            names.push_str(", ");
        }
        names.push_str(person.label());
    }
    let fallback = if outgoing {
        "(no recipient)"
    } else {
        "(unknown sender)"
    };
    one_line(&names, fallback)
}

/// When it arrived; a server that does not know (0) is helped out by the sender.
fn shown_time(envelope: &Envelope) -> i64 {
    if envelope.received_at > 0 {
        envelope.received_at
    } else {
        envelope.sent_at.unwrap_or_default()
    }
}

/// Text of strangers as one line: no control characters, and not more than a row can hold.
fn one_line(text: &str, fallback: &str) -> String {
    const LONGEST: usize = 300;
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    let clean = clean.trim();
    if clean.is_empty() {
        fallback.to_owned()
    } else {
        clean.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use whimbrel_shared::{Address, Envelope, Keyword, Role};

    use super::{DateStyle, Face};

    fn envelope() -> Envelope {
        Envelope {
            uid: 1,
            keywords: [Keyword::new("$flagged"), Keyword::new("$answered")]
                .into_iter()
                .collect(),
            from: vec![Address {
                name: "Ada".to_owned(),
                email: "ada@example.org".to_owned(),
            }],
            to: vec![
                Address {
                    name: String::new(),
                    email: "bo@example.org".to_owned(),
                },
                Address {
                    name: "Cy".to_owned(),
                    email: "cy@example.org".to_owned(),
                },
            ],
            subject: "Two\nlines".to_owned(),
            received_at: 0,
            sent_at: Some(77),
            size: 1,
            has_attachment: false,
            preview: None,
        }
    }

    #[test]
    fn a_screen_reader_hears_the_marks_first() {
        let face = Face::new(&Rc::new(envelope()), None);
        assert_eq!(face.marks(), "Unread, flagged, answered");
        let seen = Envelope {
            keywords: [Keyword::new("$seen")].into_iter().collect(),
            ..envelope()
        };
        assert_eq!(Face::new(&Rc::new(seen), None).marks(), "");
    }

    #[test]
    fn sent_mail_shows_to_whom_it_went() {
        assert_eq!(
            Face::new(&Rc::new(envelope()), Some(Role::Sent)).who,
            "bo@example.org, Cy"
        );
        assert_eq!(
            Face::new(&Rc::new(envelope()), Some(Role::Inbox)).who,
            "Ada"
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        let bare = Envelope {
            from: Vec::new(),
            subject: " \u{0} ".to_owned(),
            ..envelope()
        };
        let face = Face::new(&Rc::new(bare), None);
        assert_eq!(
            (face.who.as_str(), face.subject.as_str()),
            ("(unknown sender)", "(no subject)")
        );
        assert_eq!(face.at, 77);
    }

    #[test]
    fn a_subject_of_two_lines_is_one() {
        assert_eq!(Face::new(&Rc::new(envelope()), None).subject, "Two lines");
    }

    #[test]
    fn times_say_no_more_than_needed() {
        let now = (20_000, 2024);
        assert_eq!(DateStyle::new(now, (20_000, 2024)), DateStyle::Time);
        assert_eq!(DateStyle::new(now, (19_994, 2024)), DateStyle::Weekday);
        assert_eq!(DateStyle::new(now, (19_993, 2024)), DateStyle::Day);
        assert_eq!(DateStyle::new(now, (19_000, 2022)), DateStyle::Date);
        // A sender of the future.
        assert_eq!(DateStyle::new(now, (20_001, 2024)), DateStyle::Day);
    }
}
