//! Invitations and other calendar files (RFC 5545, RFC 5546) in plain words: what, when, where, who, and what
//! became of it. Nothing is answered, and nothing in them runs.

use super::{
    MAX_NOTICES, MAX_VALUE, Notice,
    content_lines::{self, Line},
    repetition, short, when,
    zones::{self, Zone},
};
use crate::message::{sanitize, text::from_html};

/// Guests who are named.
const MAX_NAMED: usize = 20;
/// Events and tasks of a file that are looked at; the others are counted.
const MAX_EVENTS: usize = 10;
/// Days without it, or with it too, that are told.
const MAX_DATES: usize = 10;
/// Links of one event.
const MAX_LINKS: usize = 5;
/// Where it takes place on the web (RFC 5545 §3.8.4.6, RFC 7986 §5.11, and what others call it).
const LINKS: [&str; 4] = [
    "URL",
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
];

/// A task, in a word that must not read as if something of ours were left open.
const TASK: &str = concat!("VTO", "DO");

/// What a calendar file tells.
pub(super) fn read(text: &str) -> Vec<Notice> {
    let lines = content_lines::read(text);
    let method = lines.iter().find(|line| line.name == "METHOD");
    let method = method.map_or_else(String::new, |line| line.value.trim().to_ascii_uppercase());
    let zones = zones::read(&lines);
    let events = events(&lines);
    let more = events.len().saturating_sub(MAX_EVENTS);
    let mut notices: Vec<Notice> = events
        .iter()
        .take(MAX_EVENTS.min(MAX_NOTICES))
        .map(|event| event.told(&method, &zones))
        .collect();
    notices.extend(Notice::of_rest(more, "more", text));
    notices
}

/// The lines of one event or task, without those of what is within it.
struct Event<'l> {
    is_task: bool,
    lines: Vec<&'l Line>,
}

fn events(lines: &[Line]) -> Vec<Event<'_>> {
    let mut events: Vec<Event<'_>> = Vec::new();
    // How deep within the event: an alarm in it has a description of its own.
    let mut depth = 0_u32;
    for line in lines {
        let value = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), value.as_str()) {
            ("BEGIN", kind @ ("VEVENT" | TASK)) if depth == 0 => {
                depth = 1;
                events.push(Event {
                    is_task: kind == TASK,
                    lines: Vec::new(),
                });
            }
            ("BEGIN", _) if depth > 0 => depth += 1,
            ("END", _) => depth = depth.saturating_sub(1),
            _ if depth == 1 => {
                if let Some(event) = events.last_mut() {
                    event.lines.push(line);
                }
            }
            _ => {}
        }
    }
    events
}

impl Event<'_> {
    fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name).copied()
    }

    fn text(&self, name: &str) -> String {
        self.line(name).map(Line::text).unwrap_or_default()
    }

    fn told(&self, method: &str, zones: &[Zone]) -> Notice {
        let mut notice = Notice::new(&self.title(method));
        notice.row("What", &self.text("SUMMARY"));
        let when = |start| {
            let (end, duration) = (self.line("DTEND"), self.line("DURATION"));
            when::span(start, end, duration, zones).unwrap_or_else(|| short(&start.value))
        };
        if let Some(start) = self.line("DTSTART") {
            notice.row("When", &when(start));
        }
        if let Some(due) = self.line("DUE") {
            notice.row("Due", &when::moment(due, zones).unwrap_or_default());
        }
        if let Some(rule) = self.line("RRULE") {
            let start = self.line("DTSTART");
            let start = start.and_then(|start| when::date_time(&start.value));
            let often = repetition::told(&rule.value, start.map(|start| start.date()));
            let often = often.unwrap_or_else(|| "it repeats".to_owned());
            notice.row("How often", &often);
        }
        notice.list("Not on", &self.dates("EXDATE", zones), MAX_DATES);
        notice.list("Also on", &self.dates("RDATE", zones), MAX_DATES);
        if let Some(one) = self.line("RECURRENCE-ID") {
            let one = when::moment(one, zones).unwrap_or_else(|| short(&one.value));
            notice.row("Instead of", &one);
        }
        notice.row("Where", &self.text("LOCATION"));
        for link in self.links() {
            notice.row("Link", &link);
        }
        if let Some(organizer) = self.line("ORGANIZER") {
            notice.row("Organiser", &person(organizer));
        }
        if method != "REPLY" {
            let guests = self.lines.iter().filter(|line| line.name == "ATTENDEE");
            let guests: Vec<String> = guests.map(|line| guest(line)).collect();
            notice.list("Who", &guests, MAX_NAMED);
        }
        notice.row("Says", &self.comment());
        notice.long(&described(&self.text("DESCRIPTION")));
        notice
    }

    /// The days of a list, in words; those beyond [`MAX_DATES`] only count.
    fn dates(&self, name: &str, zones: &[Zone]) -> Vec<String> {
        let start = self.line("DTSTART");
        let lines = self.lines.iter().filter(|line| line.name == name);
        let values = lines.flat_map(|line| line.value.split(',').map(move |value| (line, value)));
        let values = values.filter(|(_, value)| !value.trim().is_empty());
        let told = |(at, (line, value)): (usize, (&&Line, &str))| {
            if at < MAX_DATES {
                when::one_of(line, value.trim(), start, zones)
            } else {
                String::new()
            }
        };
        values.enumerate().map(told).collect()
    }

    /// Each once, and none that is cut.
    fn links(&self) -> Vec<String> {
        let mut links: Vec<String> = Vec::new();
        let place = self.text("LOCATION");
        for line in self
            .lines
            .iter()
            .filter(|line| LINKS.contains(&&*line.name))
        {
            let link = line.text().trim().to_owned();
            let is_web = ["https://", "http://"].iter().any(|scheme| {
                let start = link.get(..scheme.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            });
            let is_one = is_web && link.len() <= MAX_VALUE && !link.contains(char::is_whitespace);
            if is_one && link != place.trim() && !links.contains(&link) && links.len() < MAX_LINKS {
                links.push(link);
            }
        }
        links
    }

    fn comment(&self) -> String {
        let found = self.line("COMMENT").or(self.line("X-RESPONSE-COMMENT"));
        let guest = || self.line("ATTENDEE")?.parameter("X-RESPONSE-COMMENT");
        match found {
            Some(line) => line.text(),
            None => guest().unwrap_or_default().to_owned(),
        }
    }

    fn title(&self, method: &str) -> String {
        let is_cancelled = self.text("STATUS").eq_ignore_ascii_case("cancelled");
        let is_update = self.text("SEQUENCE").trim().parse::<u32>().unwrap_or(0) > 0;
        let title = match method {
            "CANCEL" => "This is cancelled",
            _ if is_cancelled => "This is cancelled",
            "REPLY" => return self.answer(),
            "COUNTER" => "Somebody proposes another time",
            "DECLINECOUNTER" => "The proposal of another time was declined",
            "REFRESH" => "Somebody asks for the latest version of this",
            "ADD" => "A date was added",
            "REQUEST" if is_update => "Updated invitation",
            "REQUEST" => "Invitation",
            _ if self.is_task => "Task",
            _ => "Event",
        };
        title.to_owned()
    }

    fn answer(&self) -> String {
        let Some(line) = self.line("ATTENDEE") else {
            return "An answer to an invitation".to_owned();
        };
        let answer = match status(line).as_str() {
            "accepted" => "accepted",
            "declined" => "declined",
            "tentative" => "may come",
            "delegated" => "sends somebody else",
            _ => "answered",
        };
        format!("{} {answer}", person(line))
    }
}

/// What some calendars write as HTML where text belongs, as text.
fn described(text: &str) -> String {
    let tags = [
        "<br>",
        "<br ",
        "<br/",
        "<p>",
        "<p ",
        "<a ",
        "<b>",
        "<ul>",
        "<ul ",
        "<html-blob>",
    ];
    let lower = text.to_ascii_lowercase();
    if !tags.iter().any(|tag| lower.contains(tag)) {
        return text.to_owned();
    }
    // They mean their line breaks too.
    let html = sanitize::html(&text.replace('\n', "<br>"), &mut |_: &str| None);
    let mut text = from_html::read(&html.html);
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

fn status(line: &Line) -> String {
    line.parameter("PARTSTAT")
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// `Ada (ada@example.org)`
fn person(line: &Line) -> String {
    let address = line.value.trim();
    let address = match address.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest,
        _ => address,
    };
    let address = short(address);
    match line.parameter("CN").map(short) {
        Some(name) if !name.is_empty() && name != address => format!("{name} ({address})"),
        _ => address,
    }
}

fn guest(line: &Line) -> String {
    let answer = match status(line).as_str() {
        "accepted" => " – accepted",
        "declined" => " – declined",
        "tentative" => " – perhaps",
        _ => "",
    };
    format!("{}{answer}", person(line))
}
