//! What mailboxes are for: as the server says (SPECIAL-USE, XLIST), else by names that mail programs
//! and servers give them in many languages. One mailbox a role.

use std::collections::BTreeMap;

use whimbrel_shared::{MailboxList, Role};

use super::tree::Entry;
use crate::imap::name::MailboxName;

/// Attributes, lower-case, best first.
const ATTRIBUTES: [(&str, Role); 11] = [
    ("\\drafts", Role::Drafts),
    ("\\sent", Role::Sent),
    ("\\archive", Role::Archive),
    ("\\junk", Role::Junk),
    ("\\spam", Role::Junk),
    ("\\trash", Role::Trash),
    ("\\flagged", Role::Flagged),
    ("\\starred", Role::Flagged),
    ("\\all", Role::All),
    ("\\allmail", Role::All),
    ("\\inbox", Role::Inbox),
];

/// Names, lower-case, the most usual first. No names for views: those only a server can make.
const NAMES: [(Role, &[&str]); 5] = [
    (
        Role::Drafts,
        &[
            "drafts",
            "draft",
            "entwürfe",
            "brouillons",
            "borradores",
            "rascunhos",
            "bozze",
            "concepten",
            "utkast",
            "kladder",
            "luonnokset",
            "koncepty",
            "rozpracované",
            "wersje robocze",
            "szkice",
            "piszkozatok",
            "ciorne",
            "чернетки",
            "черновики",
            "чернови",
            "πρόχειρα",
            "taslaklar",
            "esborranys",
            "nacrti",
            "osnutki",
            "juodraščiai",
            "melnraksti",
            "mustandid",
            "drög",
            "مسودات",
            "טיוטות",
            "下書き",
            "草稿",
            "草稿箱",
            "草稿夹",
            "임시보관함",
            "ฉบับร่าง",
            "bản nháp",
            "draf",
        ],
    ),
    (
        Role::Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "sent-mail",
            "gesendet",
            "gesendete elemente",
            "gesendete objekte",
            "envoyés",
            "messages envoyés",
            "éléments envoyés",
            "enviados",
            "elementos enviados",
            "mensajes enviados",
            "itens enviados",
            "posta inviata",
            "inviati",
            "inviata",
            "verzonden",
            "verzonden items",
            "skickat",
            "skickade",
            "sendt",
            "sendte elementer",
            "lähetetyt",
            "odeslané",
            "odeslaná pošta",
            "odoslané",
            "wysłane",
            "elementy wysłane",
            "elküldött",
            "elküldött elemek",
            "trimise",
            "надіслані",
            "отправленные",
            "изпратени",
            "απεσταλμένα",
            "gönderilmiş öğeler",
            "gönderilenler",
            "enviats",
            "poslano",
            "išsiųsta",
            "nosūtītie",
            "saadetud",
            "sent póstur",
            "المرسلة",
            "דואר שנשלח",
            "送信済み",
            "送信済みメール",
            "已发送",
            "已发送邮件",
            "寄件備份",
            "已傳送",
            "보낸편지함",
            "보낸 편지함",
            "จดหมายที่ส่ง",
            "thư đã gửi",
            "terkirim",
        ],
    ),
    (
        Role::Archive,
        &[
            "archive",
            "archives",
            "archiv",
            "archivo",
            "archivos",
            "arquivo",
            "arquivados",
            "archivio",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "archív",
            "archívum",
            "arhiva",
            "arhivă",
            "архів",
            "архив",
            "αρχείο",
            "αρχειοθήκη",
            "arşiv",
            "arxiu",
            "arhiv",
            "archyvas",
            "arhīvs",
            "arhiiv",
            "الأرشيف",
            "ארכיון",
            "アーカイブ",
            "归档",
            "存档",
            "封存",
            "보관함",
            "เก็บถาวร",
            "lưu trữ",
            "arsip",
        ],
    ),
    (
        Role::Junk,
        &[
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "junk mail",
            "bulk mail",
            "unerwünscht",
            "werbung",
            "junk-e-mail",
            "courrier indésirable",
            "indésirables",
            "pourriel",
            "correo no deseado",
            "no deseado",
            "lixo eletrônico",
            "lixo eletrónico",
            "correio indesejado",
            "posta indesiderata",
            "indesiderata",
            "ongewenst",
            "ongewenste e-mail",
            "skräppost",
            "skräp",
            "søppelpost",
            "uønsket",
            "uønsket e-post",
            "roskaposti",
            "nevyžádaná pošta",
            "nevyžiadaná pošta",
            "spamy",
            "wiadomości-śmieci",
            "niechciane",
            "levélszemét",
            "nedorite",
            "небажана пошта",
            "спам",
            "нежелательная почта",
            "нежелана поща",
            "ανεπιθύμητα",
            "önemsiz",
            "istenmeyen",
            "correu brossa",
            "neželeno",
            "šlamštas",
            "mēstules",
            "rämpspost",
            "ruslpóstur",
            "غير مرغوب فيه",
            "דואר זבל",
            "迷惑メール",
            "垃圾邮件",
            "垃圾郵件",
            "스팸",
            "스팸편지함",
            "จดหมายขยะ",
            "thư rác",
        ],
    ),
    (
        Role::Trash,
        &[
            "trash",
            "deleted",
            "deleted items",
            "deleted messages",
            "bin",
            "papierkorb",
            "gelöscht",
            "gelöschte elemente",
            "gelöschte objekte",
            "corbeille",
            "éléments supprimés",
            "papelera",
            "elementos eliminados",
            "lixo",
            "lixeira",
            "itens excluídos",
            "cestino",
            "posta eliminata",
            "prullenbak",
            "prullenmand",
            "verwijderde items",
            "papperskorgen",
            "borttaget",
            "papirkurv",
            "papirkurven",
            "slettet",
            "slettede elementer",
            "roskakori",
            "poistetut",
            "koš",
            "odstraněná pošta",
            "kôš",
            "odstránené",
            "kosz",
            "elementy usunięte",
            "kuka",
            "lomtár",
            "törölt elemek",
            "coș de gunoi",
            "gunoi",
            "кошик",
            "корзина",
            "удаленные",
            "кошче",
            "κάδος",
            "διαγραμμένα",
            "çöp kutusu",
            "çöp",
            "silinmiş öğeler",
            "paperera",
            "smeće",
            "koš za smeti",
            "šiukšliadėžė",
            "miskaste",
            "prügikast",
            "rusl",
            "المهملات",
            "אשפה",
            "ゴミ箱",
            "ごみ箱",
            "已删除",
            "已删除邮件",
            "废纸篓",
            "垃圾桶",
            "휴지통",
            "지운편지함",
            "ถังขยะ",
            "thùng rác",
            "sampah",
        ],
    ),
];

/// The role of each mailbox that has one.
pub(super) fn assign(entries: &BTreeMap<MailboxName, Entry>) -> BTreeMap<MailboxName, Role> {
    let mut by_role = BTreeMap::from([(Role::Inbox, MailboxName::inbox())]);
    for (attribute, role) in ATTRIBUTES {
        let told = entries
            .iter()
            .find(|(_, entry)| entry.can_open() && entry.has(attribute));
        if let Some((name, _)) = told {
            by_role.entry(role).or_insert_with(|| name.clone());
        }
    }
    for (role, names) in NAMES {
        if by_role.contains_key(&role) {
            continue;
        }
        let taken: Vec<_> = by_role.values().cloned().collect();
        let guess = entries
            .iter()
            .filter(|(name, entry)| is_near_top(entry) && entry.can_open() && !taken.contains(name))
            .filter_map(|(name, entry)| {
                let known = entry.name.to_lowercase();
                let rank = names.iter().position(|name| *name == known)?;
                Some((entry.parent.is_some(), rank, name))
            })
            .min();
        if let Some((.., name)) = guess {
            by_role.insert(role, name.clone());
        }
    }
    by_role
        .into_iter()
        .map(|(role, name)| (name, role))
        .collect()
}

/// On Gmail, what is archived is in "All Mail" and nowhere else: moving a message there takes the label away
/// that it had. Other servers' `\All` is a view, into which nothing can be moved.
pub(super) fn archive_in_all_mail(list: &mut MailboxList) {
    let mailboxes = &mut list.mailboxes;
    if mailboxes.iter().any(|m| m.role == Some(Role::Archive)) {
        return;
    }
    if let Some(all) = mailboxes.iter_mut().find(|m| m.role == Some(Role::All)) {
        all.role = Some(Role::Archive);
        all.my_rights.may_add_items = true;
    }
}

/// Folders with roles stand at the top or in INBOX; deeper ones are people's own.
fn is_near_top(entry: &Entry) -> bool {
    entry.parent.as_ref().is_none_or(MailboxName::is_inbox)
}

/// Place among siblings: roles first.
pub(super) fn order(role: Option<Role>) -> u8 {
    match role {
        Some(Role::Inbox) => 0,
        Some(Role::Flagged) => 1,
        Some(Role::Drafts) => 2,
        Some(Role::Sent) => 3,
        Some(Role::Archive) => 4,
        Some(Role::Junk) => 5,
        Some(Role::Trash) => 6,
        Some(Role::All) => 7,
        None => 8,
    }
}

/// The attribute that tells the server of a role (RFC 6154).
pub(super) fn attribute(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Drafts => "(USE (\\Drafts))",
        Role::Sent => "(USE (\\Sent))",
        Role::Archive => "(USE (\\Archive))",
        Role::Junk => "(USE (\\Junk))",
        Role::Trash => "(USE (\\Trash))",
        Role::Inbox | Role::All | Role::Flagged => return None,
    })
}
