//! Every extension of IMAP that Whimbrel makes use of, in words: what it means to have it, and what it means
//! to do without. The one place for them; whether a server has them is asked of its capabilities.

use crate::{config::EXTENSIONS, imap::capabilities::Capabilities};

/// An extension in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ability {
    /// One of [`EXTENSIONS`].
    pub(super) extension: &'static str,
    /// What it is about, such as "New mail in other folders".
    pub(super) about: &'static str,
    /// What a server with it can do: follows "Your mail server can".
    pub(super) can: &'static str,
    /// What comes of doing without: a sentence.
    pub(super) instead: &'static str,
    /// It is of use only beside this other extension.
    pub(super) needs: Option<&'static str>,
    /// It takes a connection that does nothing but wait.
    pub(super) waits: bool,
}

impl Ability {
    /// Whether capabilities hold it: switching it off would change them.
    pub(super) fn is_in(&self, capabilities: Capabilities) -> bool {
        is_in(self.extension, capabilities)
    }

    /// What else it needs and does not find.
    pub(super) fn lacks(&self, capabilities: Capabilities) -> Option<&'static str> {
        self.needs.filter(|needed| !is_in(needed, capabilities))
    }
}

fn is_in(extension: &str, capabilities: Capabilities) -> bool {
    capabilities.without(&[extension]) != capabilities
}

/// An ability that stands for itself.
const PLAIN: Ability = Ability {
    extension: "",
    about: "",
    can: "",
    instead: "",
    needs: None,
    waits: false,
};

/// All of them, those first that a person notices most.
pub(super) const ABILITIES: [Ability; EXTENSIONS.len()] = [
    Ability {
        extension: "IDLE",
        about: "New mail in the open folder",
        can: "tell Whimbrel about new mail in the open folder at once",
        instead: "Whimbrel looks every 2 seconds instead.",
        waits: true,
        ..PLAIN
    },
    Ability {
        extension: "NOTIFY",
        about: "New mail in other folders",
        can: "tell Whimbrel about new mail in other folders at once",
        instead: "Whimbrel looks every 10 seconds instead.",
        needs: Some("IDLE"),
        waits: true,
    },
    Ability {
        extension: "MOVE",
        about: "Moving messages",
        can: "move messages in one step",
        instead: "Whimbrel copies them and removes the originals; if the connection breaks in \
                  between, messages may be in both folders.",
        ..PLAIN
    },
    Ability {
        extension: "UIDPLUS",
        about: "Undo",
        can: "say where moved messages are",
        instead: "Moves cannot be undone, and deleting takes longer.",
        ..PLAIN
    },
    Ability {
        extension: "QUOTA",
        about: "Storage",
        can: "tell how full your mailbox is",
        instead: "Whimbrel cannot warn you before it is full.",
        ..PLAIN
    },
    Ability {
        extension: "PREVIEW",
        about: "First words",
        can: "tell how messages begin",
        instead: "Lists show sender and subject only.",
        ..PLAIN
    },
    Ability {
        extension: "CONDSTORE",
        about: "Changes made elsewhere",
        can: "number its changes",
        instead: "Whimbrel compares messages one by one instead, so marks that were set in another \
                  program may show a little later.",
        ..PLAIN
    },
    Ability {
        extension: "QRESYNC",
        about: "Messages deleted elsewhere",
        can: "say which messages went while nobody looked",
        instead: "Whimbrel compares the whole folder instead, so large ones take a moment longer.",
        needs: Some("CONDSTORE"),
        ..PLAIN
    },
    Ability {
        extension: "SORT",
        about: "Other orders of lists",
        can: "sort messages",
        instead: "Whimbrel reads through the folder instead, which takes longer in large ones.",
        ..PLAIN
    },
    Ability {
        extension: "THREAD",
        about: "Conversations",
        can: "find what belongs to a conversation",
        instead: "Whimbrel reads through the folder instead, which takes longer in large ones.",
        ..PLAIN
    },
    Ability {
        extension: "ESEARCH",
        about: "Large folders",
        can: "say in few words which messages a folder holds",
        instead: "Large folders open more slowly.",
        ..PLAIN
    },
    Ability {
        extension: "SPECIAL-USE",
        about: "What folders are for",
        can: "say which folder is for drafts, sent mail, junk and trash",
        instead: "Whimbrel goes by the names of the folders.",
        ..PLAIN
    },
    Ability {
        extension: "LIST-STATUS",
        about: "Unread counts",
        can: "count the messages of all folders in one answer",
        instead: "Whimbrel asks folder by folder, which takes its time; where there are hundreds, \
                  some show no count.",
        needs: Some("LIST-EXTENDED"),
        ..PLAIN
    },
    Ability {
        extension: "LIST-EXTENDED",
        about: "The list of folders",
        can: "tell all about your folders in one answer",
        instead: "Whimbrel asks more than once, which is a little slower.",
        ..PLAIN
    },
    Ability {
        extension: "NAMESPACE",
        about: "Your own folders",
        can: "say where your own folders begin",
        instead: "Whimbrel takes it that they begin at the top.",
        ..PLAIN
    },
    Ability {
        extension: "LITERAL+",
        about: "Drafts and searches",
        can: "take drafts and what you search for without being asked first",
        instead: "They take a moment longer.",
        ..PLAIN
    },
    Ability {
        extension: "ID",
        about: "Name",
        can: "say which program it is",
        instead: "Nothing else depends on that.",
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ABILITIES;
    use crate::{
        account::watch::{COUNTS_EVERY, SECOND_FOLDER_EVERY},
        config::EXTENSIONS,
        imap::capabilities::Capabilities,
    };

    #[test]
    fn every_extension_that_can_be_switched_off_has_its_words() {
        let told: BTreeSet<_> = ABILITIES.iter().map(|ability| ability.extension).collect();
        assert_eq!(told, BTreeSet::from(EXTENSIONS));
        for ability in ABILITIES {
            assert!(!ability.about.is_empty(), "{ability:?}");
            assert!(!ability.can.ends_with('.'), "{ability:?}");
            assert!(ability.instead.ends_with('.'), "{ability:?}");
        }
    }

    #[test]
    fn each_is_found_in_what_a_server_offers() {
        let words = EXTENSIONS.map(|word| word.replace("THREAD", "THREAD=REFS"));
        let all = Capabilities::read(&words);
        for ability in ABILITIES {
            assert!(ability.is_in(all), "{ability:?}");
            assert!(!ability.is_in(Capabilities::default()), "{ability:?}");
            assert_eq!(ability.lacks(all), None);
        }
    }

    #[test]
    fn the_words_know_how_often_the_watcher_looks() {
        for (extension, every) in [("IDLE", SECOND_FOLDER_EVERY), ("NOTIFY", COUNTS_EVERY)] {
            let ability = ABILITIES.iter().find(|one| one.extension == extension);
            let words = format!("every {} seconds", every.as_secs());
            assert!(ability.is_some_and(|one| one.instead.contains(&words)));
        }
    }
}
