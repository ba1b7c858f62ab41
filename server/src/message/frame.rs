//! The document of the message frame: sanitized HTML and its sanitized sheets in a fixed shell, with
//! its own policy.

use whimbrel_shared::{SanitizedCss, SanitizedHtml};

/// The `Content-Security-Policy` of the document: it can load pictures of this origin and nothing else.
pub const CSP: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// The app's theme, which plain text follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the system has it.
    #[default]
    System,
}

impl Theme {
    fn color_scheme(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "light dark",
        }
    }

    fn paper_margin(self) -> &'static str {
        match self {
            Self::Light => "",
            Self::Dark => "body{padding:1rem}",
            Self::System => "@media (prefers-color-scheme:dark){body{padding:1rem}}",
        }
    }
}

/// The whole document. HTML of the sender's own lies on white paper, since it may bring colours;
/// plain text follows the theme. On a light page the paper is not seen and needs no margin.
/// The sender's sheets come after ours, so that they win.
#[must_use]
pub fn document(body: &SanitizedHtml, css: &SanitizedCss, is_html: bool, theme: Theme) -> String {
    let (scheme, style, margin) = if is_html {
        ("light", HTML_STYLE, theme.paper_margin())
    } else {
        (theme.color_scheme(), PLAIN_STYLE, "")
    };
    format!(
        "<!doctype html><html lang=\"und\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"{scheme}\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>Message text</title>\
         <style>:root{{color-scheme:{scheme}}}{BASE_STYLE}{style}{margin}</style>\
         <style>{}</style></head><body dir=\"auto\">{}</body></html>",
        css.as_str(),
        body.as_str(),
    )
}

const BASE_STYLE: &str = "body{margin:0;font:0.9375rem/1.5rem -apple-system,BlinkMacSystemFont,\
'Segoe UI Variable Text','Segoe UI',system-ui,Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif;\
color:light-dark(#16211f,#e4ebeb);background:light-dark(#ffffff,#151d1f);overflow-wrap:anywhere}\
a{color:light-dark(#0b6470,#66c3cd);text-underline-offset:.15em}\
blockquote{margin:.5rem 0;padding-inline-start:.75rem;border-inline-start:2px solid \
light-dark(#c9d3d4,#3a484b);color:light-dark(#576668,#8f9ea0)}\
img{max-width:100%;height:auto}hr{border:0;border-top:1px solid light-dark(#dfe5e5,#263134)}";

// Quotes are told apart by four colours, by depth; each line has the direction of its own letters; what
// stands in columns is not wrapped.
const PLAIN_STYLE: &str = "body{white-space:pre-wrap;--q1:light-dark(#1f5f8b,#83b6dc);\
--q2:light-dark(#2b6a3f,#83c299);--q3:light-dark(#8a4f14,#dcab78);--q4:light-dark(#77438f,#c9a0dd)}\
body,blockquote,details,summary{unicode-bidi:plaintext}\
small{font-size:inherit;color:light-dark(#576668,#8f9ea0)}\
blockquote{color:var(--q1);border-color:currentColor;blockquote{color:var(--q2);\
blockquote{color:var(--q3);blockquote{color:var(--q4);blockquote{color:var(--q1);\
blockquote{color:var(--q2);blockquote{color:var(--q3);blockquote{color:var(--q4)}}}}}}}}\
details{margin:.5rem 0}summary{cursor:pointer;color:light-dark(#576668,#8f9ea0)}\
pre{margin:.5rem 0;white-space:pre-wrap;font:0.8125rem/1.25rem ui-monospace,SFMono-Regular,\
'Cascadia Mono',Consolas,'Liberation Mono','Noto Sans Mono',monospace}samp{font:inherit}\
code{display:block;font:inherit;white-space:pre;overflow-x:auto;overflow-wrap:normal}";

/// Lines grow with the type the sender chose, and long words do not make the columns of a table narrow.
/// The frame is made as high as its document, which must therefore not be as high as the frame: a
/// layer's `!important` is stronger than any the sender can write.
const HTML_STYLE: &str = "@layer frame{html{display:block!important;height:auto!important;min-height:0!important;max-height:none!important;\
padding:0!important;margin:0!important}}body{line-height:1.5;overflow-wrap:break-word}\
body>:first-child{margin-top:0}table{max-width:100%}pre{white-space:pre-wrap}";

#[cfg(test)]
mod tests {
    use super::{CSP, Theme};
    use crate::message::sanitize;
    use whimbrel_shared::{SanitizedCss, SanitizedHtml};

    fn document(body: &SanitizedHtml, is_html: bool, theme: Theme) -> String {
        super::document(body, &SanitizedCss::default(), is_html, theme)
    }

    #[test]
    fn the_senders_sheets_come_last() {
        let letter = "<style>a{color:red}</style><p>Hi";
        let letter = sanitize::html(letter, &mut |_: &str| None);
        let document = super::document(&letter.html, &letter.css, true, Theme::Light);
        let (ours, theirs) = document.split_once("</style><style>").unwrap();
        assert!(ours.contains("@layer frame{html{") && ours.contains("height:auto!important"));
        assert!(
            theirs.starts_with("a{color:red}</style></head>"),
            "{theirs}"
        );
    }

    #[test]
    fn the_shell_is_whole_and_quiet() {
        let body = sanitize::html("<p>Hi<script>x</script>", &mut |_: &str| None).html;
        let plain = document(&body, false, Theme::Dark);
        assert!(plain.starts_with("<!doctype html>") && plain.ends_with("<p>Hi</p></body></html>"));
        assert!(plain.contains("content=\"dark\""));
        assert!(document(&body, true, Theme::Dark).contains("content=\"light\""));
        assert!(document(&body, false, Theme::System).contains("content=\"light dark\""));
        assert!(!CSP.contains("allow-scripts") && !CSP.contains("  "));
    }
}
