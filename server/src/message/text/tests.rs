//! Plain text to markup and back.

use proptest::prelude::*;

use super::{Flow, from_html, markup as to_markup, reflow, to_flowed};
use crate::message::sanitize;

const FLOWED: Flow = Flow {
    is_flowed: true,
    deletes_space: false,
};

fn markup(text: &str) -> String {
    sanitize::own(&to_markup::of(text)).as_str().to_owned()
}

/// The same without the directions of quotes, which all have.
fn shape(text: &str) -> String {
    markup(text).replace(" dir=\"auto\"", "")
}

fn plain(html: &str) -> String {
    from_html::read(&sanitize::html(html, &mut |_: &str| None).html)
}

#[test]
fn flowed_text_is_joined() {
    for (wire, text) in [
        ("one \ntwo\nthree", "one two\nthree"),
        (">one \n>two\n> > x", "> one two\n> > x"),
        ("> a \n> b \nc", "> a b \nc"),
        (" >no quote\n From me", ">no quote\nFrom me"),
        ("text \n-- \nAda", "text \n-- \nAda"),
        ("end\n\n \n", "end"),
    ] {
        assert_eq!(reflow(wire, FLOWED), (text.to_owned(), false), "{wire:?}");
    }
    let joined = Flow {
        deletes_space: true,
        ..FLOWED
    };
    assert_eq!(reflow("日本 \n語", joined).0, "日本語");
}

#[test]
fn quotes_nest_and_links_link() {
    assert_eq!(markup("Hi\nthere"), "Hi\nthere");
    assert_eq!(
        shape("On Monday:\n> > old\n> newer\nnew"),
        "On Monday:<blockquote><blockquote>old</blockquote>newer</blockquote>new"
    );
    assert_eq!(
        markup("see https://example.org/a?b=1&c=2, or www.example.org."),
        "see <a href=\"https://example.org/a?b=1&amp;c=2\" \
         title=\"https://example.org/a?b=1&amp;c=2\" target=\"_blank\" \
         rel=\"noopener noreferrer nofollow\">https://example.org/a?b=1&amp;c=2</a>, or \
         <a href=\"https://www.example.org/\" title=\"https://www.example.org/\" target=\"_blank\" \
         rel=\"noopener noreferrer nofollow\">www.example.org</a>."
    );
    assert!(markup("ada@example.org").contains("href=\"mailto:ada@example.org\""));
    assert_eq!(markup("see readme.md"), "see readme.md");
    assert_eq!(
        shape("bye\n-- \nAda\n> q"),
        "bye\n<small>-- \nAda</small><blockquote>q</blockquote>"
    );
}

#[test]
fn what_ends_an_answer_is_folded() {
    let quote = "> a\n".repeat(9);
    assert_eq!(
        shape(&format!("Yes.\n\nAda wrote:\n{quote}\n-- \nEve")),
        format!(
            "Yes.\n<details><summary>Show quoted text (9 lines)</summary>Ada wrote:\
             <blockquote>{}</blockquote></details>\n<small>-- \nEve</small>",
            "a\n".repeat(9).trim_end()
        )
    );
    assert!(!markup(&quote).contains("<details>"));
}

#[test]
fn what_terminals_obey_is_left_out() {
    let (text, _) = reflow("\u{1b}[31m> red\u{1b}[0m\nplain\u{7}", FLOWED);
    assert_eq!(text, "> red\nplain");
}

#[test]
fn blocks_of_pgp_stay_as_they_are() {
    let block = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nsee  https://x.example \n> \
                 >no quote \n- -- \n-- \n-----BEGIN PGP SIGNATURE-----\n\niQ=\n-----END PGP SIGNATURE-----";
    let (text, _) = reflow(&format!("Hi \nyou\n{block}\n"), FLOWED);
    assert_eq!(text, format!("Hi you\n{block}"));
    let escaped = block.replace('>', "&gt;");
    assert_eq!(shape(&text), format!("Hi you<pre>{escaped}</pre>"));
    let endless = "-----BEGIN PGP MESSAGE-----\nhttps://x.example";
    assert!(markup(endless).contains("<a "));
}

#[test]
fn lines_stay_lines_around_blocks() {
    let table = "| a | b |\n|---|---|\n| 1 | 2 |";
    assert_eq!(
        shape(&format!(
            "x\n\n{table}\n\ny\n> {}",
            table.replace('\n', "\n> ")
        )),
        format!(
            "x\n<pre><code>{table}</code></pre>\ny<blockquote><pre><code>{table}</code></pre></blockquote>"
        )
    );
    assert_eq!(
        sanitize::own(&to_markup::exact("\n\na  <b>\n> c")).as_str(),
        "<pre><samp>\n\na  &lt;b&gt;\n&gt; c</samp></pre>"
    );
}

#[test]
fn text_is_never_markup() {
    assert_eq!(markup("<script>&lt;\"'"), "&lt;script&gt;&amp;lt;\"'");
    let sly = markup("https://x.example/\"><script>alert(1)</script>");
    assert!(!sly.contains("<script"), "{sly}");
    assert!(!markup("javascript:alert(1)").contains("href"));
}

#[test]
fn html_reads_as_text() {
    for (html, text) in [
        (
            "<p>Hello&nbsp;you,</p><p>fine\n  day</p>",
            "Hello you,\n\nfine day",
        ),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd"),
        (
            "<blockquote>q<blockquote>r</blockquote></blockquote>n",
            "> q\n>\n>> r\n\nn",
        ),
        (
            "<ul><li>a<li>b<ol><li>c<li>d</ol></ul>e",
            "* a\n* b\n  1. c\n  2. d\n\ne",
        ),
        ("<table><tr><td>1<td>2<tr><td>3<td>4</table>", "1 2\n3 4"),
        (
            "<a href=https://example.org/x>here</a>",
            "here <https://example.org/x>",
        ),
        (
            "<a href=https://example.org>https://example.org</a>",
            "https://example.org",
        ),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<img src=cid:x alt=Logo>", "Logo"),
        ("", ""),
    ] {
        assert_eq!(plain(html), text, "{html}");
    }
}

#[test]
fn what_is_sent_comes_back_as_it_was_typed() {
    let typed = "Dear all,\n\nthis is one long line that goes on and on until it is certainly longer than \
                 seventy-eight columns, so that it must be broken.\n From here on\n>quoted line that is also \
                 rather long and stays as it is because nobody may change the words of another one\n> \
                 > deeper\n\n-- \nAda";
    let wire = to_flowed(typed);
    assert!(
        wire.lines()
            .filter(|line| !line.starts_with('>'))
            .all(|line| line.len() < 79),
        "{wire}"
    );
    let (back, _) = reflow(&wire, FLOWED);
    assert_eq!(back, typed.replace(">quoted", "> quoted"));
}

#[test]
fn long_texts_are_quick() {
    let began = std::time::Instant::now();
    for piece in [
        "> ",
        "http://",
        "a@",
        "www.",
        "<",
        "\n",
        "-- \n",
        "((((",
        "x.y/",
        "&amp;",
        "a  ",
        "a  b   c\n",
        "|a|\n",
        "@@ -1 @@\n\n",
        "diff --x\n+\n",
        "--- \n+++ \n",
        "\u{1b}[",
        "\u{1b}]",
        "\u{9b}1;",
        "-----BEGIN PGP X-----\n",
        "-----END PGP X-----\n",
        "> a\n\n",
        "> a\nb:\n",
        "https://x.example/。",
        "a.b_",
        "a.b~",
        "www.a_",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        let _ = markup(&reflow(&text, FLOWED).0);
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn no_text_becomes_markup(text in "([<>&\"' a\n-]|\n> |\n\\|.\\||\n@@ -1 @@|-----(BEGIN|END) PGP X-----\n|\x1b.|https://|www\\.|javascript:|@|\\.x|\\PC){0,60}") {
        let markup = markup(&text);
        prop_assert_eq!(sanitize::tests::wrongs(&markup), Vec::<String>::new());
        prop_assert_eq!(markup.matches("<pre>").count(), markup.matches("</pre>").count());
        let _ = reflow(&text, FLOWED);
        let once = reflow(&text, Flow::default()).0;
        prop_assert_eq!(reflow(&once, Flow::default()).0, once);
        let _ = plain(&text);
    }

    #[test]
    fn flowing_keeps_every_word(text in "([a-z]{1,12}|  |From |\n|-- \n| ){0,80}") {
        let typed: Vec<String> = text
            .split('\n')
            .map(|line| if line == "-- " { line } else { line.trim_end() }.to_owned())
            .collect();
        let (back, _) = reflow(&to_flowed(&text), FLOWED);
        let typed = typed.join("\n");
        prop_assert_eq!(back, typed.trim_end());
    }
}

#[test]
fn what_the_sender_hid_is_not_read() {
    for (html, text) in [
        (
            "<div style='display:none'>Preview<br><b>x</b><p>y</p></div>Hello",
            "Hello",
        ),
        (
            "<span style='visibility:hidden!important'>x</span>Hello",
            "Hello",
        ),
        (
            "<p style='max-height:0;overflow:hidden'>x</p>Hello",
            "Hello",
        ),
        (
            "<img style='display:none' alt=x src=data:image/gif;base64,AA==>Hello",
            "Hello",
        ),
        ("<p style='display:block'>Hello</p>", "Hello"),
        (
            "<td style='font-size:0'><p style='font-size:9px'>Hello</p>",
            "Hello",
        ),
        ("<style>p{display:none}</style><p>Hello</p>", "Hello"),
    ] {
        assert_eq!(plain(html), text, "{html}");
    }
}
