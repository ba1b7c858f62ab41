//! What is written: subjects and sentences in several languages, all made up for this purpose.

use super::{people::Voice, random::Random};

/// The words of a language.
pub(super) struct Words {
    subjects: &'static [&'static str],
    greeting: &'static str,
    sentences: &'static [&'static str],
    farewell: &'static str,
}

/// A subject; English ones get a detail, so that not many are the same.
pub(super) fn subject(voice: &Voice, is_newsletter: bool, random: &mut Random) -> String {
    if is_newsletter {
        let number = random.below(400) + 1;
        return format!("{} (no. {number})", random.pick(HEADLINES));
    }
    let subject = random.pick(voice.words.subjects);
    if voice.words.greeting == ENGLISH.greeting {
        return format!("{subject} {}", random.pick(DETAILS));
    }
    (*subject).to_owned()
}

/// A letter's text: greeting, some paragraphs, name.
pub(super) fn body(voice: &Voice, name: &str, random: &mut Random) -> String {
    let words = &voice.words;
    let mut text = format!("{}\n\n", words.greeting);
    for _ in 0..=random.below(4) {
        for _ in 0..=random.below(4) {
            text.push_str(random.pick::<&str>(words.sentences));
            text.push('\n');
        }
        text.push('\n');
    }
    text + words.farewell + "\n" + name + "\n"
}

/// Some sentences for a newsletter.
pub(super) fn teaser(random: &mut Random) -> String {
    let first = random.pick(ENGLISH.sentences);
    format!("{first} {}", random.pick(ENGLISH.sentences))
}

const HEADLINES: &[&str] = &[
    "What the tide left this week",
    "New on our shelves",
    "Your receipt and a small thank you",
    "Seven slow journeys for the winter",
    "Seeds to swap before the frost",
    "Opening hours, and a lost umbrella",
];

const DETAILS: &[&str] = &[
    "before Friday",
    "after the storm",
    "for the reading room",
    "and the ferry times",
    "at low water",
    "in the old boathouse",
    "with three questions",
    "(second try)",
    "for next spring",
    "on the north shore",
    "— your opinion?",
    "🐦",
];

pub(super) const ENGLISH: Words = Words {
    subjects: &[
        "Counting curlews",
        "The keys of the boathouse",
        "Minutes of the shore walk",
        "A draft of the tide table",
        "Paint",
        "Borrowed binoculars",
        "The choir's new room",
        "Soup on Thursday",
        "Budget",
        "Photographs",
    ],
    greeting: "Hello,",
    sentences: &[
        "The water was already over the causeway when we came back.",
        "Could you look at the second page before I pass it on?",
        "I counted forty-one birds, and Hazel counted forty-three.",
        "The pump is repaired, but it still sounds like a kettle.",
        "There is room for two more in the boat.",
        "Nobody remembers who took the blue ladder.",
        "I put the figures into one table, so that they can be compared.",
        "The baker opens at six, which is early enough.",
        "If it rains we meet in the reading room instead.",
        "The link is https://tidelines.example/walks?season=autumn&page=2 and needs no password.",
        "Please tell me by Wednesday, then I can still change the order.",
        "It was so still that one could hear the mud.",
    ],
    farewell: "Kind regards,",
};

pub(super) const GERMAN: Words = Words {
    subjects: &[
        "Schlüssel für das Bootshaus",
        "Rückfrage zur Führung übers Watt",
        "Größe der neuen Regale",
        "Grüße von der Hallig",
    ],
    greeting: "Guten Tag,",
    sentences: &[
        "Das Wasser stand schon über dem Weg, als wir zurückkamen.",
        "Können Sie bis Donnerstag sagen, wie viele mitkommen?",
        "Die Möwen haben das Frühstück gefunden.",
        "Fünf Stühle fehlen, und niemand weiß, seit wann.",
        "Bei Sturm treffen wir uns im Lesesaal.",
    ],
    farewell: "Viele Grüße",
};

pub(super) const FRENCH: Words = Words {
    subjects: &[
        "La clé du hangar à bateaux",
        "Où déjeuner à marée basse ?",
        "Compte rendu de février",
    ],
    greeting: "Bonjour,",
    sentences: &[
        "L'eau recouvrait déjà la digue à notre retour.",
        "Peux-tu relire la deuxième page avant que je l'envoie ?",
        "Il reste deux places dans la barque.",
        "Le boulanger ouvre à six heures, c'est assez tôt.",
    ],
    farewell: "Bien à toi,",
};

pub(super) const JAPANESE: Words = Words {
    subjects: &[
        "干潟の観察会について",
        "舟小屋の鍵",
        "来週の天気と集合場所",
        "写真を送ります",
    ],
    greeting: "こんにちは。",
    sentences: &[
        "帰るころには、もう道が水につかっていました。",
        "木曜日までに人数を教えてください。",
        "今日は四十一羽を数えました。",
        "雨の場合は読書室に集まります。",
    ],
    farewell: "よろしくお願いします。",
};

pub(super) const RUSSIAN: Words = Words {
    subjects: &[
        "Ключ от лодочного сарая",
        "Сколько птиц на отмели?",
        "Расписание парома",
    ],
    greeting: "Здравствуйте!",
    sentences: &[
        "Когда мы вернулись, вода уже закрыла дорогу.",
        "Скажите, пожалуйста, до среды, кто поедет.",
        "Сегодня мы насчитали сорок одну птицу.",
        "Если пойдёт дождь, встретимся в читальном зале.",
    ],
    farewell: "Всего доброго,",
};

pub(super) const CHINESE: Words = Words {
    subjects: &[
        "滩涂观鸟活动安排",
        "船屋的钥匙在哪里",
        "下周的天气",
        "请看附上的表格",
    ],
    greeting: "您好：",
    sentences: &[
        "我们回来的时候，水已经漫过了堤道。",
        "请在星期三之前告诉我人数。",
        "今天一共数到四十一只鸟。",
        "如果下雨，我们就在阅览室见面。",
    ],
    farewell: "祝好！",
};

pub(super) const ARABIC: Words = Words {
    subjects: &["مفتاح بيت القوارب", "موعد جولة الشاطئ", "صور من الرحلة"],
    greeting: "مرحبا،",
    sentences: &[
        "عندما رجعنا كان الماء قد غطى الطريق.",
        "أخبرني من فضلك قبل الأربعاء كم شخصا سيأتي.",
        "عددنا اليوم واحدا وأربعين طائرا.",
        "إذا أمطرت نلتقي في قاعة القراءة.",
    ],
    farewell: "مع أطيب التحيات",
};

pub(super) const HEBREW: Words = Words {
    subjects: &["המפתח של בית הסירות", "סיור החוף ביום שישי", "תמונות"],
    greeting: "שלום,",
    sentences: &[
        "כשחזרנו המים כבר כיסו את הדרך.",
        "נא להודיע עד יום רביעי מי מגיע.",
        "ספרנו היום ארבעים ואחת ציפורים.",
    ],
    farewell: "בברכה,",
};

pub(super) const KOREAN: Words = Words {
    subjects: &["갯벌 탐조 모임", "보트 창고 열쇠", "다음 주 날씨"],
    greeting: "안녕하세요.",
    sentences: &[
        "돌아올 때는 이미 길이 물에 잠겨 있었습니다.",
        "수요일까지 인원을 알려 주세요.",
        "오늘은 마흔한 마리를 세었습니다.",
    ],
    farewell: "감사합니다.",
};

pub(super) const GREEK: Words = Words {
    subjects: &["Το κλειδί του λεμβοστασίου", "Ώρες του πλοίου"],
    greeting: "Καλημέρα,",
    sentences: &[
        "Όταν γυρίσαμε, το νερό είχε ήδη σκεπάσει τον δρόμο.",
        "Πες μου ως την Τετάρτη πόσοι θα έρθετε.",
    ],
    farewell: "Με εκτίμηση,",
};

pub(super) const POLISH: Words = Words {
    subjects: &["Klucz do szopy na łodzie", "Ile żurawi na łące?"],
    greeting: "Dzień dobry,",
    sentences: &[
        "Gdy wróciliśmy, woda zalała już drogę.",
        "Proszę dać znać do środy, ile osób przyjdzie.",
    ],
    farewell: "Pozdrawiam,",
};
