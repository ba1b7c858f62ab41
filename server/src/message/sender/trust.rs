//! Learns from the mail of an account which server writes its findings into it. Only a server that the account's
//! mail comes through can be learnt: a sender alone cannot teach one.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    authentication::{self, Trust},
    organization,
};
use crate::message::header;

/// Where a server's findings stand below a `Received`, where a sender might have written them, so many messages…
const LEAST_MESSAGES: usize = 8;
/// …from so many senders must carry them, and four of five of all.
const LEAST_SENDERS: usize = 4;

/// Whom to believe, from the headers of recent messages.
#[must_use]
pub fn learn<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Trust {
    let mut on_top = BTreeMap::<String, usize>::new();
    let mut below = BTreeMap::<String, (usize, BTreeSet<String>)>::new();
    let mut messages = 0;
    for raw in headers {
        // One that came by no hop was put there by a mail program.
        let Some(hop) = newest_hop(raw) else {
            continue;
        };
        messages += 1;
        let Some(first) = authentication::all(raw).into_iter().next() else {
            continue;
        };
        if first.below == 0 {
            *on_top.entry(first.results.id).or_default() += 1;
        } else if !hop.is_empty() && organization(&hop) == organization(&first.results.id) {
            let (count, senders) = below.entry(first.results.id).or_default();
            *count += 1;
            let from = header::parse(raw).from;
            if let [one] = &*from {
                senders.extend(super::domain_of(&one.email).map(|domain| organization(&domain)));
            }
        }
    }
    let usual = on_top.into_iter().max_by_key(|(_, count)| *count);
    let is_sure = |count: usize, senders: &BTreeSet<String>| {
        count >= LEAST_MESSAGES && senders.len() >= LEAST_SENDERS && count * 5 >= messages * 4
    };
    let sure = below
        .into_iter()
        .filter(|(_, (count, senders))| is_sure(*count, senders));
    Trust {
        anywhere: sure.map(|(id, _)| id).collect(),
        on_top: usual.map(|(id, _)| id).into_iter().collect(),
    }
}

/// Who wrote the topmost `Received` (`by`, RFC 5321 §4.4), which no sender can have written; empty if it does not
/// say, `None` if there is none.
fn newest_hop(raw: &[u8]) -> Option<String> {
    let trace = header::first(raw, "received")?;
    let mut words = trace.split_whitespace();
    let by = words.find(|word| word.eq_ignore_ascii_case("by"));
    let host = by.and_then(|_| words.next()).unwrap_or_default();
    Some(host.trim_matches(['(', ')', ';']).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(headers: &[String]) -> Trust {
        learn(headers.iter().map(String::as_bytes))
    }

    fn ids(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn findings_above_every_hop_teach_their_server() {
        let usual = "Authentication-Results: mx.tern.example; spf=pass\r\n\
            Received: from a by mx.tern.example with ESMTP\r\n\
            Authentication-Results: elsewhere.example; spf=pass\r\n\r\n";
        let odd = usual.replace("mx.tern.example;", "old.example;");
        let none = "Authentication-Results: evil.example; dkim=pass\r\nFrom: a@b.example\r\n\r\n";
        let headers = [usual, &odd, usual, none, none, none].map(str::to_owned);
        let trust = learnt(&headers);
        assert_eq!(trust.on_top, ids(&["mx.tern.example"]));
        assert_eq!(trust.anywhere, ids(&[]));
    }

    /// As Dovecot leaves what Postfix and its filter have written.
    fn below(sender: &str, id: &str) -> String {
        format!(
            "Received: from mx.tern.example by store.tern.example (Dovecot) with LMTP\r\n\
             Authentication-Results: {id}; spf=pass\r\nReceived: from b by mx.tern.example\r\n\
             From: a@{sender}\r\n\r\n"
        )
    }

    #[test]
    fn findings_below_a_hop_teach_only_if_nearly_all_mail_has_them() {
        let mail = |id: &str, senders: usize| -> Vec<String> {
            (0..8)
                .map(|n| below(&format!("s{}.example", n % senders), id))
                .collect()
        };
        assert_eq!(
            learnt(&mail("mx.tern.example", 4)).anywhere,
            ids(&["mx.tern.example"])
        );
        // Somebody who writes much, or of another place, teaches nothing.
        assert_eq!(learnt(&mail("mx.tern.example", 3)), Trust::default());
        assert_eq!(learnt(&mail("mx.evil.example", 8)), Trust::default());
        assert_eq!(learnt(&mail("mx.tern.example", 8)[..7]), Trust::default());
        let mut mixed = mail("mx.tern.example", 8);
        mixed.extend(vec![
            "Received: from b by mx.tern.example\r\n\r\n".to_owned();
            3
        ]);
        assert_eq!(learnt(&mixed), Trust::default());
    }
}
