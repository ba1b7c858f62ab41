//! Words that a browser shows otherwise than as text, or not at all where mail is read: a reader gets to see them.

use super::{assert_clean, clean};

/// A link as it is written.
fn link(href: &str, words: &str) -> String {
    format!(
        "<a href=\"{href}\" title=\"{href}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{words}</a>"
    )
}

#[test]
fn what_stands_for_a_film_is_shown() {
    let watch = link("https://x.example/watch", "<img alt=\"Watch the film\">");
    assert_clean(
        "<video poster=p.jpg controls><source src=v.mp4>\
         <a href=https://x.example/watch><img src=https://x.example/p alt='Watch the film'></a></video>",
        &watch,
    );
    for element in ["audio", "object", "applet", "canvas"] {
        let letter = format!("<{element} data=x><p>Words</p></{element}>");
        assert_clean(&letter, "<p>Words</p>");
    }
    assert_eq!(clean("<svg><text>x</text></svg>"), "");
}

#[test]
fn addresses_in_angle_brackets_are_shown() {
    assert_clean(
        "From: Bob <bob@home.example><br>See <https://x.example/a?b=1&amp;c=2>.",
        "From: Bob &lt;bob@home.example&gt;<br>See &lt;https://x.example/a?b=1&amp;c=2&gt;.",
    );
    assert_clean(
        "<p><x@y onclick=alert(1)><img src=x onerror=alert(1)>z",
        "<p>&lt;x@y onclick=alert(1)&gt;z</p>",
    );
}

#[test]
fn places_in_a_picture_are_links_below_it() {
    let (shirts, shoes) = ("https://x.example/shirts", "https://x.example/shoes?a=b");
    let areas = format!(
        "<map name=m><area shape=rect coords='0,0,9,9' href='{shirts}' alt='Shirts &amp; &lt;b&gt;'>\
         <area href='{shoes}' alt=' '><area alt=nowhere><area hidden href='{shoes}'></map>"
    );
    let links = format!(
        "{} {} ",
        link(shirts, "Shirts &amp; &lt;b&gt;"),
        link(shoes, "x.example")
    );
    for (before, behind) in [
        ("<p>", "</p>"),
        ("<pre>", "</pre>"),
        ("<ul><li>", "</li></ul>"),
    ] {
        let letter = format!("{before}{areas}{behind}");
        assert_clean(&letter, &format!("{before}{links}{behind}"));
        assert_clean(&clean(&letter), &format!("{before}{links}{behind}"));
    }
    let told = clean("<table><area href=https://evil.example alt=bank.example>x");
    assert!(told.contains("(leads to evil.example)"), "{told}");
    let deep = "<div>".repeat(300) + &areas + "</div>x";
    assert_eq!(clean(&clean(&deep)), clean(&deep));
}

#[test]
fn fields_of_forms_say_what_is_in_them() {
    for (letter, shown) in [
        (
            "Order: <input value='4711 &lt;b&gt;' readonly> x",
            "Order: 4711 &lt;b&gt;  x",
        ),
        (
            "<input type=Submit value='Confirm address'>",
            "Confirm address ",
        ),
        ("<input type=image alt='Go on' src=x>", "Go on "),
        (
            "<p><textarea rows=3>Terms &amp; <b>ends</b></textarea></p>",
            "<p>Terms &amp; &lt;b&gt;ends&lt;/b&gt; </p>",
        ),
        (
            "<select><option>Open<option selected>Paid</select>.",
            "Paid .",
        ),
        (
            "<select><option> A&amp;B </option><option>C</option></select>",
            "A&amp;B ",
        ),
        (
            "<select><optgroup label=x><option><b>A</b><option>B</optgroup></select>",
            "A ",
        ),
        ("<select><option>A<option>B", "A "),
        (
            "<p><select><option>A<option>B</p>x<p>y",
            "<p>A </p>x<p>y</p>",
        ),
        (
            "<table><select><option>A<td>x</table>",
            "<table><tbody><tr><td>A </td><td>x</td></tr></tbody></table>",
        ),
        ("<select><option>A<select><option>B</select>", "A B "),
        ("<select></select><input><textarea> </textarea>x", "x"),
    ] {
        assert_clean(letter, shown);
        assert_clean(&clean(letter), shown);
    }
    for kind in ["hidden", "password", "CHECKBOX", "radio", "file"] {
        assert_clean(
            &format!("<input type={kind} value=secret alt=secret>x"),
            "x",
        );
    }
    for how in ["hidden", "style='display:none'"] {
        assert_clean(&format!("<input {how} value=secret>x"), "x");
        assert_clean(&format!("<textarea {how}>secret</textarea>x"), "x");
        assert_clean(&format!("<select {how}><option>secret</select>x"), "x");
    }
}
