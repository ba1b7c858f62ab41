//! Every letter of `tests/letters` beside a picture of itself in words: what a reader gets to see of it. A picture
//! is written anew by `WHIMBREL_SNAPSHOTS=write cargo test -p whimbrel-server corpus`, and read before it is
//! committed: a wrong one is a mistake that the next change will keep.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use whimbrel_shared::{Address, Part};

use super::{LETTERS, Read, read_raw, wrongs};

/// The files below the folder of letters that end like this, without their ending.
fn all(ending: &str) -> BTreeSet<PathBuf> {
    let folders = fs::read_dir(LETTERS).unwrap();
    folders
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| path.with_extension(""))
        .collect()
}

#[test]
fn every_letter_of_the_corpus_is_seen_as_it_was() {
    let is_writing = std::env::var("WHIMBREL_SNAPSHOTS").is_ok_and(|word| word == "write");
    let mut changed = String::new();
    for letter in all("eml") {
        let seen = picture(&letter);
        let kept = letter.with_extension("txt");
        if is_writing {
            fs::write(kept, seen).unwrap();
        } else if fs::read_to_string(&kept).ok() != Some(seen.clone()) {
            let _ = writeln!(changed, "{} is now:\n{seen}", letter.display());
        }
    }
    assert!(changed.is_empty(), "{changed}");
}

#[test]
fn every_letter_of_the_corpus_has_its_picture_and_a_name_of_its_own() {
    let letters = all("eml");
    assert!(letters.len() >= 150, "{}", letters.len());
    assert_eq!(letters, all("txt"));
    let names: BTreeSet<_> = letters.iter().map(|path| path.file_name()).collect();
    assert_eq!(names.len(), letters.len());
}

#[test]
fn no_letter_of_the_corpus_gets_out_of_its_frame() {
    for letter in all("eml") {
        let read = read_raw(fs::read(letter.with_extension("eml")).unwrap());
        assert_eq!(wrongs(&read), Vec::<String>::new(), "{}", letter.display());
    }
}

/// What a reader gets to see.
fn picture(letter: &Path) -> String {
    let read = read_raw(fs::read(letter.with_extension("eml")).unwrap());
    let Read {
        header, rendered, ..
    } = &read;
    let mut picture = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(picture, "{name}: {value}");
        }
    };
    for (name, people) in [
        ("From", &header.from),
        ("Reply-To", &header.reply_to),
        ("To", &header.to),
        ("Cc", &header.cc),
        ("Bcc", &header.bcc),
    ] {
        line(name, &named(people));
    }
    line("Subject", &header.subject);
    let sent = header.sent_at.map(|seconds| seconds.to_string());
    line("Sent", &sent.unwrap_or_default());
    for file in &rendered.files {
        line("File", &described(file));
    }
    for file in &rendered.inner_files {
        line("File within", &described(file));
    }
    let defects = header.defects.iter().chain(&read.plan.defects);
    for defect in defects.chain(&rendered.defects) {
        line("Defect", defect);
    }
    if rendered.has_remote_content {
        line(
            "Pictures from elsewhere",
            &rendered.remote.len().to_string(),
        );
    }
    for (title, text) in [
        ("Shown", rendered.html.as_str()),
        ("Styles", rendered.css.as_str()),
        ("Text", &rendered.text),
        ("Below", &rendered.below),
    ] {
        if !text.is_empty() {
            let _ = write!(picture, "\n== {title}\n{}\n", text.replace('\r', "␍"));
        }
    }
    picture
}

fn named(people: &[Address]) -> String {
    let one = |person: &Address| format!("{} <{}>", person.name, person.email);
    let shown: Vec<String> = people.iter().take(5).map(one).collect();
    let more = people.len().saturating_sub(shown.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    shown.join(", ") + &more
}

fn described(file: &Part) -> String {
    let Part {
        id,
        name,
        media_type,
        size,
    } = file;
    format!("{name} ({id}, {media_type}, {size} bytes)")
}
