//! Who writes: invented people at `.example` domains, grouped by language, each language with its charset.

use super::{mime::Transfer, random::Random, texts};

/// A name and an address.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) address: String,
}

impl Person {
    /// The owner of a mailbox, such as `Ada <ada@whimbrel.example>`.
    pub(super) fn owner(local_part: &str) -> Self {
        let mut name = local_part.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self {
            name,
            address: format!("{local_part}@whimbrel.example"),
        }
    }
}

/// Somebody who writes.
pub(super) struct Writer(&'static str, &'static str);

impl Writer {
    pub(super) fn person(&self) -> Person {
        Person {
            name: self.0.to_owned(),
            address: self.1.to_owned(),
        }
    }
}

/// A language with its people and its way over the wire.
pub(super) struct Voice {
    pub(super) charset: &'static str,
    pub(super) transfer: Transfer,
    pub(super) minutes_east: i64,
    pub(super) people: &'static [Writer],
    pub(super) words: texts::Words,
    share: u64,
}

/// A language, English twice as often as all others together; newsletters are English.
pub(super) fn voice(random: &mut Random, is_newsletter: bool) -> &'static Voice {
    if is_newsletter {
        return &VOICES[0];
    }
    let all = VOICES.iter().map(|voice| voice.share).sum();
    let mut draw = random.below(all);
    for voice in &VOICES {
        if draw < voice.share {
            return voice;
        }
        draw -= voice.share;
    }
    &VOICES[0]
}

/// Who sends newsletters and receipts.
pub(super) const SENDERS: &[Writer] = &[
    Writer("Mudflat Weekly", "news@mudflat.example"),
    Writer("Harbour Library", "desk@harbour-library.example"),
    Writer("Tern & Daughters", "shop@tern-daughters.example"),
    Writer("Night Train Notes", "editor@nighttrain.example"),
    Writer("The Seed Exchange", "hello@seed-exchange.example"),
];

static VOICES: [Voice; 11] = [
    Voice {
        charset: "utf-8",
        transfer: Transfer::SevenBit,
        minutes_east: 0,
        people: &[
            Writer("Orla Fenwick", "orla@fenwick.example"),
            Writer("Tobias Marsh", "tobias.marsh@saltmarsh.example"),
            Writer("Priya Raman", "priya@tidelines.example"),
            Writer("Caleb Nwosu", "caleb@boatyard.example"),
            Writer("Hazel Whitcombe", "hazel.whitcombe@reading-room.example"),
            Writer("Dominic Achterberg", "d.achterberg@dyke.example"),
            Writer("Ben", "ben@whimbrel.example"),
        ],
        words: texts::ENGLISH,
        share: 60,
    },
    Voice {
        charset: "utf-8",
        transfer: Transfer::QuotedPrintable,
        minutes_east: 60,
        people: &[
            Writer("Jürgen Mühlbauer", "j.muehlbauer@wattweg.example"),
            Writer("Käthe Großmann", "kaethe@grossmann.example"),
        ],
        words: texts::GERMAN,
        share: 6,
    },
    Voice {
        charset: "utf-8",
        transfer: Transfer::EightBit,
        minutes_east: 60,
        people: &[Writer("Zoé Lefèvre-Çelik", "zoe@baie.example")],
        words: texts::FRENCH,
        share: 4,
    },
    Voice {
        charset: "iso-2022-jp",
        transfer: Transfer::SevenBit,
        minutes_east: 540,
        people: &[
            Writer("高野 千鳥", "chidori@higata.example"),
            Writer("水沢 澪", "mio@higata.example"),
        ],
        words: texts::JAPANESE,
        share: 4,
    },
    Voice {
        charset: "koi8-r",
        transfer: Transfer::EightBit,
        minutes_east: 180,
        people: &[
            Writer("Вера Приливова", "vera@otmel.example"),
            Writer("Глеб Куликов", "gleb@otmel.example"),
        ],
        words: texts::RUSSIAN,
        share: 4,
    },
    Voice {
        charset: "gb18030",
        transfer: Transfer::Base64,
        minutes_east: 480,
        people: &[Writer("周晓鹭", "xiaolu@tantu.example")],
        words: texts::CHINESE,
        share: 4,
    },
    Voice {
        charset: "windows-1256",
        transfer: Transfer::QuotedPrintable,
        minutes_east: 180,
        people: &[Writer("ليلى الشاطئ", "layla@shati.example")],
        words: texts::ARABIC,
        share: 4,
    },
    Voice {
        charset: "utf-8",
        transfer: Transfer::Base64,
        minutes_east: 120,
        people: &[Writer("נועה חופית", "noa@hofit.example")],
        words: texts::HEBREW,
        share: 3,
    },
    Voice {
        charset: "utf-8",
        transfer: Transfer::Base64,
        minutes_east: 540,
        people: &[Writer("문도요", "doyo@gaetbeol.example")],
        words: texts::KOREAN,
        share: 3,
    },
    Voice {
        charset: "utf-8",
        transfer: Transfer::QuotedPrintable,
        minutes_east: 120,
        people: &[Writer("Ελένη Αλκυονίδη", "eleni@alkyoni.example")],
        words: texts::GREEK,
        share: 2,
    },
    Voice {
        charset: "iso-8859-2",
        transfer: Transfer::QuotedPrintable,
        minutes_east: 60,
        people: &[Writer("Łukasz Brzegowy", "lukasz@brzeg.example")],
        words: texts::POLISH,
        share: 2,
    },
];
