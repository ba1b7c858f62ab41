//! Keys and what they mean. Pure: pressing is [`crate::state::shortcuts`]'s business.

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The older message.
    Next,
    /// The newer message.
    Previous,
    /// Open the message under the cursor.
    Open,
    /// Tick the message under the cursor.
    Tick,
    /// Tick all.
    TickAll,
    /// Into Archive.
    Archive,
    /// Into Trash.
    Delete,
    /// Into Junk, or out of it.
    Junk,
    /// Into a folder to choose.
    Move,
    /// Unread, or read.
    ToggleRead,
    /// Flag, or no flag.
    ToggleFlag,
    /// Answer.
    Reply,
    /// Answer all.
    ReplyAll,
    /// Pass on.
    Forward,
    /// A new letter.
    Compose,
    /// To the search box.
    Search,
    /// Take the latest move back.
    Undo,
    /// All keys.
    Help,
    /// To the inbox.
    GoInbox,
    /// To the settings.
    GoSettings,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// Leave what one is in: the ticks, the message, the search.
    Leave,
}

/// A key as it was pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Press<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    /// Ctrl, or Cmd.
    pub ctrl: bool,
    /// Alt.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// The key before was `g`, a moment ago.
    pub after_g: bool,
}

/// What a key means outside of text fields; `None` if it is not ours.
#[must_use]
pub fn command(press: Press<'_>) -> Option<Command> {
    if press.key == "F6" && !press.alt {
        return Some(if press.shift {
            Command::PreviousPane
        } else {
            Command::NextPane
        });
    }
    if press.alt {
        return None;
    }
    if press.ctrl {
        return (press.key == "a" && !press.shift).then_some(Command::TickAll);
    }
    if press.after_g {
        return match press.key {
            "i" => Some(Command::GoInbox),
            "s" => Some(Command::GoSettings),
            _ => None,
        };
    }
    Some(match press.key {
        "j" => Command::Next,
        "k" => Command::Previous,
        "o" | "Enter" => Command::Open,
        "x" => Command::Tick,
        "e" => Command::Archive,
        "#" | "Delete" => Command::Delete,
        "!" => Command::Junk,
        "v" => Command::Move,
        "u" => Command::ToggleRead,
        "s" => Command::ToggleFlag,
        "r" => Command::Reply,
        "a" => Command::ReplyAll,
        "f" => Command::Forward,
        "c" => Command::Compose,
        "/" => Command::Search,
        "z" => Command::Undo,
        "?" => Command::Help,
        "Escape" => Command::Leave,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Command, Press, command};

    fn press(key: &str) -> Press<'_> {
        Press {
            key,
            ..Press::default()
        }
    }

    #[test]
    fn letters_are_commands_and_the_browsers_own_keys_are_not() {
        assert_eq!(command(press("e")), Some(Command::Archive));
        assert_eq!(command(press("q")), None);
        for (ctrl, alt) in [(true, false), (false, true)] {
            assert_eq!(
                command(Press {
                    ctrl,
                    alt,
                    ..press("r")
                }),
                None
            );
        }
    }

    #[test]
    fn g_goes_where_the_next_key_says() {
        assert_eq!(command(press("g")), None);
        let after_g = |key| Press {
            after_g: true,
            ..press(key)
        };
        assert_eq!(command(after_g("i")), Some(Command::GoInbox));
        assert_eq!(command(after_g("s")), Some(Command::GoSettings));
        assert_eq!(command(after_g("e")), None);
    }

    #[test]
    fn f6_goes_round_both_ways() {
        assert_eq!(command(press("F6")), Some(Command::NextPane));
        let back = Press {
            shift: true,
            ..press("F6")
        };
        assert_eq!(command(back), Some(Command::PreviousPane));
    }
}
