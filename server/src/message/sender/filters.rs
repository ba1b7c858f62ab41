//! What spam filters wrote into a message: `SpamAssassin`, rspamd, and those that write as they do. A filter that
//! finds it harmless is only quoted, for a sender could have written that; nobody calls their own mail junk.

use crate::message::header;

/// Fields of filters that are looked at.
const MOST_FIELDS: usize = 20;

/// What a filter says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rating {
    /// It calls the message junk.
    pub is_junk: bool,
    /// The points, and how many make it junk, as the filter wrote them.
    pub points: Option<(String, Option<String>)>,
}

impl Rating {
    /// In words, such as `rates this 7.2 of 5: junk`.
    #[must_use]
    pub fn words(&self) -> String {
        let judged = if self.is_junk { "junk" } else { "not junk" };
        match &self.points {
            Some((points, Some(limit))) => format!("rates this {points} of {limit}: {judged}"),
            Some((points, None)) => format!("gives this {points} points: {judged}"),
            None => format!("calls this {judged}"),
        }
    }
}

/// What filters say: the gravest, or the first if all find it harmless. `None` if there was none.
#[must_use]
pub fn rating(raw: &[u8]) -> Option<Rating> {
    let fields = header::each(raw).filter(|(name, _)| name.starts_with("x-"));
    let told = fields.filter_map(|(name, value)| {
        let text = String::from_utf8_lossy(&value).to_lowercase();
        of_field(&name, text.trim())
    });
    let mut told: Vec<Rating> = told.take(MOST_FIELDS).collect();
    // One with points says more than a bare word.
    told.sort_by_key(|rating| (!rating.is_junk, rating.points.is_none()));
    told.into_iter().next()
}

fn of_field(name: &str, text: &str) -> Option<Rating> {
    let is_yes = text.starts_with("yes") || text.starts_with("true");
    match name {
        "x-spam-status" => Some(Rating {
            is_junk: is_yes,
            points: number_after(text, &["score=", "hits="])
                .map(|score| (score, number_after(text, &["required=", "tests_required="]))),
        }),
        "x-spam-flag" | "x-spam" => Some(Rating {
            is_junk: is_yes,
            points: None,
        }),
        // `default: True [15.20 / 15.00]; …`
        "x-spamd-result" | "x-rspamd-result" => {
            let (judged, rest) = text.split_once('[')?;
            let (score, rest) = rest.split_once('/')?;
            let limit = rest.split(']').next().and_then(number);
            Some(Rating {
                is_junk: judged.contains("true"),
                points: number(score).map(|score| (score, limit)),
            })
        }
        "x-rspamd-action" => Some(Rating {
            is_junk: ["add header", "rewrite subject", "reject", "quarantine"].contains(&text),
            points: None,
        }),
        "x-spam-score" | "x-rspamd-score" => Some(Rating {
            is_junk: false,
            points: Some((number(text)?, None)),
        }),
        _ => None,
    }
}

fn number_after(text: &str, names: &[&str]) -> Option<String> {
    let rest = names
        .iter()
        .find_map(|name| Some(text.split_once(name)?.1))?;
    number(rest)
}

/// The number at the beginning, without zeros that say nothing.
fn number(text: &str) -> Option<String> {
    let is_of_number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let digits: String = text
        .trim_start()
        .chars()
        .take_while(is_of_number)
        .take(12)
        .collect();
    let number: f64 = digits.parse().ok()?;
    let text = format!("{number:.1}");
    Some(text.strip_suffix(".0").unwrap_or(&text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::rating;

    fn words(header: &str) -> Option<String> {
        rating(format!("{header}\r\n\r\nX-Spam-Flag: YES\r\n").as_bytes()).map(|one| one.words())
    }

    #[test]
    fn filters_are_put_into_words() {
        for (header, wanted) in [
            (
                "X-Spam-Status: Yes, score=7.2 required=5.0 tests=A,B",
                "rates this 7.2 of 5: junk",
            ),
            (
                "x-spam-status: YES,\r\n\thits=12\r\n required=5",
                "rates this 12 of 5: junk",
            ),
            ("X-Spam-Flag: YES", "calls this junk"),
            (
                "X-Spam-Flag: YES\r\nX-Spam-Status: Yes, score=6 required=5",
                "rates this 6 of 5: junk",
            ),
            (
                "X-Spamd-Result: default: True [15.20 / 15.00]; A(1)[]",
                "rates this 15.2 of 15: junk",
            ),
            (
                "X-Spamd-Result: default: False [-2.10 / 15.00]",
                "rates this -2.1 of 15: not junk",
            ),
            ("X-Rspamd-Action: add header", "calls this junk"),
            (
                "X-Rspamd-Action: no action\r\nX-Rspamd-Score: 1.50",
                "gives this 1.5 points: not junk",
            ),
            (
                "X-Spam-Status: No, score=-1.0 required=5.0",
                "rates this -1 of 5: not junk",
            ),
            (
                "X-Spam-Status: No\r\nX-Spam-Status: Yes, score=9",
                "gives this 9 points: junk",
            ),
        ] {
            assert_eq!(words(header).as_deref(), Some(wanted), "{header}");
        }
    }

    #[test]
    fn what_is_no_rating_is_none() {
        for header in [
            "Subject: X-Spam-Flag: YES",
            "X-Spamd-Result: ",
            "X-Spam-Score: many",
            "X-Spam-Level: ***",
        ] {
            assert_eq!(words(header), None, "{header}");
        }
        assert_eq!(
            words("X-Spam-Status: Yes, score=1e400").as_deref(),
            Some("gives this 1 points: junk")
        );
    }
}
