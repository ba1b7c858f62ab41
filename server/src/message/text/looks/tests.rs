//! What stands in columns, and what only looks so.

use super::{Look, of};
use crate::message::text::{Flow, lines};

/// How many lines of a text stand in columns.
fn columns(text: &str) -> usize {
    let looks = of(&lines(text, Flow::default()));
    looks.iter().filter(|&&look| look == Look::Columns).count()
}

#[track_caller]
fn assert_columns(text: &str) {
    assert_eq!(columns(text), text.lines().count(), "{text}");
}

#[test]
fn tables_and_drawings_stand_in_columns() {
    for text in [
        "Name     Age  Town\nAda      36   London\nGrace    85   Arlington",
        "Apples          12\nPears            3\nOranges        140",
        "drwxr-xr-x  2 root root  4096 May  3 docs\n-rw-r--r--  1 root root   812 May  3 a.txt\n\
         -rw-r--r--  1 root root    92 May 12 b.txt",
        "Place:      the hall\nTime:       seven\nEntrance:   free, by the side door",
        "a\tb\tc\nd\te\tf\nlong\tx\ty",
        "+------+      +------+\n| A    |----->| B    |\n+------+      +------+",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "┌───┐\n│ x │\n└───┘",
    ] {
        assert_columns(text);
        let quoted = format!("> {}", text.replace('\n', "\n> "));
        assert_eq!(columns(&quoted), text.lines().count(), "{quoted}");
    }
}

#[test]
fn patches_stand_in_columns_to_their_end() {
    assert_columns(
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@ fn\n a\n-b\n+c",
    );
    assert_columns("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\n+b");
    assert_columns("diff -u a b\n--- a\n+++ b\n@@ -1 +1 @@\n\\ No newline at end of file");
    let letter = "Fix it.\n\n---\n\ndiff --git a/x b/x\n+a\n\n-- \n2.43.0";
    assert_eq!(columns(letter), 2);
    assert_eq!(columns("See\n@@ -1 +1 @@\n-a\n+b\nWhat do you think?"), 3);
}

#[test]
fn prose_stays_prose() {
    for text in [
        "Two spaces.  As typists were taught.  It goes on.\nAnd the next line.  It does so too.  \
         Always.\nA third one.  It has the same.  To the end.\nFour lines.  That is enough.  Yes.",
        "This  line was  justified by  a program\nwhich puts  spaces into  it, so that  all\n\
         lines end  below each  other at  the end",
        "-   milk\n-   bread\n-   butter",
        "1.   milk\n2.   bread\n3.   butter",
        "a)   milk\nb)   bread\nc)   butter",
        "    indented\n    as poems are\n    and code",
        "cat a | sort | uniq\ncat b | sort | uniq\ncat c | sort | uniq",
        "From:\tAda\nSent:\tMonday\nTo:\tEve\nSubject:\tx",
        "----- Original message -----\nFrom: Ada\nTo: Eve\nSubject: x",
        "--- cut here ---\ndiff between the two is small\n+++ and more",
        "| as some\n| programs quote\n| what they answer",
        "Name   Age\nAda    36",
        "one\n\ntwo    x\n\nthree  y",
        "@@ is how they mark it",
        "",
    ] {
        assert_eq!(columns(text), 0, "{text}");
    }
    let accident = "Two words  meet\nand then  again\nright  here   too\n";
    assert_eq!(
        columns(&format!(
            "{accident}{}",
            "plain words of a letter\n".repeat(4)
        )),
        0
    );
}
