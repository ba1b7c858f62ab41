//! The document of the message frame: sanitized HTML and its sanitized sheets in a fixed shell, with
//! its own policy.

use whimbrel_shared::{SanitizedCss, SanitizedHtml};

use super::sanitize::scheme;

/// The `Content-Security-Policy` of the document: it can load pictures of this origin and nothing else.
pub const CSP: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// The policy of a document that is there to be printed: as [`CSP`], and the page that opened it may ask for the
/// printer.
pub const PRINTED_CSP: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-modals allow-popups allow-popups-to-escape-sandbox";

/// The app's theme, which the text follows.
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
    /// As CSS calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "light dark",
        }
    }
}

/// What the text is written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// That of the app; the text has no colours of its own.
    Plain,
    /// That of the sender's HTML, whatever the theme: light.
    Paper,
    /// That of the sender's HTML; in the dark as the sender made it for the dark, or else adapted.
    Adapted,
}

/// The whole document. Plain text follows the theme, and so does HTML of the sender's own: by the sender's rules
/// for the dark, or else by colours that the sanitizer wrote for both.
/// The sender's sheets come after ours, so that they win.
#[must_use]
pub fn document(body: &SanitizedHtml, css: &SanitizedCss, ground: Ground, theme: Theme) -> String {
    shell(body, css, ground, theme, "")
}

/// The same for a tab of its own, where there is nothing around it.
#[must_use]
pub fn page(body: &SanitizedHtml, css: &SanitizedCss, ground: Ground, theme: Theme) -> String {
    shell(
        body,
        css,
        ground,
        theme,
        "<link rel=\"icon\" href=\"data:,\"><style>@media screen{body{padding:1.5rem}}</style>",
    )
}

fn shell(
    body: &SanitizedHtml,
    css: &SanitizedCss,
    ground: Ground,
    theme: Theme,
    own: &str,
) -> String {
    let scheme = match ground {
        Ground::Plain | Ground::Adapted => theme.name(),
        Ground::Paper => Theme::Light.name(),
    };
    let css = scheme::css_in(css, scheme);
    let (own_style, style) = match ground {
        Ground::Plain => ("", PLAIN_STYLE),
        Ground::Paper | Ground::Adapted => (OWN_STYLE, HTML_STYLE),
    };
    // On a light page the paper is not seen and needs no margin.
    let margin = match (ground, theme) {
        (Ground::Plain | Ground::Adapted, _) | (_, Theme::Light) => "",
        (Ground::Paper, Theme::Dark) => "@media screen{body{padding:1rem}}",
        (Ground::Paper, Theme::System) => {
            "@media screen and (prefers-color-scheme:dark){body{padding:1rem}}"
        }
    };
    format!(
        "<!doctype html><html lang=\"und\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"{scheme}\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>Whimbrel</title>\
         <style>:root{{color-scheme:{scheme}}}{PRINTED_STYLE}{BASE_STYLE}{LINK_STYLE}{own_style}{style}{margin}</style>{own}\
         <style>{}</style></head><body dir=\"auto\">{}</body></html>",
        css.as_str(),
        body.as_str(),
    )
}

/// Paper is light, and printers leave grounds out.
const PRINTED_STYLE: &str = "@media print{:root{color-scheme:light}}";

const BASE_STYLE: &str = "body{margin:0;font:0.9375rem/1.5rem -apple-system,BlinkMacSystemFont,\
'Segoe UI Variable Text','Segoe UI',system-ui,Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif;\
color:light-dark(#16211f,#e4ebeb);background:light-dark(#ffffff,#151d1f);overflow-wrap:anywhere}\
a{color:light-dark(#0b6470,#66c3cd);text-underline-offset:.15em}\
blockquote{margin:.5rem 0;padding-inline-start:.75rem;border-inline-start:2px solid \
light-dark(#c9d3d4,#3a484b);color:light-dark(#576668,#8f9ea0)}\
.w-fields table,.sheet{border-collapse:collapse;white-space:normal}.w-fields th{text-align:start;vertical-align:top;\
padding:0 1rem .25rem 0;font-weight:600;white-space:nowrap}.w-fields td{padding:0 0 .25rem}\
.sheet th,.sheet td{text-align:start;vertical-align:top;padding:.25rem .625rem;\
border:1px solid light-dark(#dfe5e5,#263134)}.sheet th{position:sticky;top:0;font-weight:600;\
background:light-dark(#f3f6f6,#1b2527)}\
img{max-width:100%}img:where(:not([data-size])){height:auto}hr{border:0;border-top:1px solid light-dark(#dfe5e5,#263134)}\
.w-notice,.w-letter{margin:.75rem 0;padding:.5rem .75rem;\
border:1px solid light-dark(#c9d3d4,#3a484b);border-radius:.375rem}.w-notice{white-space:normal}.w-notice p,.w-letter>p{margin:.25rem 0}\
.w-notice th{font-weight:normal;vertical-align:top;white-space:nowrap;padding-inline-end:.75rem;\
color:light-dark(#576668,#8f9ea0)}.w-letter>.w-notice{border:0;margin:0;padding:0 0 .5rem}";

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

/// Words about links, which no sheet of the sender's changes: where one leads, while it has the focus, and that one leads
/// elsewhere than it says. Nothing around the latter may cut it off, cover it or make it faint; lengths are in pixels, because
/// the sender has a say in what a `rem` is.
const LINK_STYLE: &str = "@layer frame{.w-leads,a:focus-visible::after{all:initial!important;position:relative!important;\
z-index:1!important;margin-inline:4px!important;padding:0 6px!important;border-radius:4px!important;\
font:13px/20px system-ui,sans-serif!important;\
unicode-bidi:isolate!important;direction:ltr!important;color-scheme:inherit!important;\
color:light-dark(#5f4300,#f4d58d)!important;background:light-dark(#fdf1cf,#40320f)!important}\
a:focus-visible::after{content:attr(title)!important;overflow-wrap:anywhere!important;color:light-dark(#16211f,#e4ebeb)!important;\
background:light-dark(#e6ecec,#2c383b)!important}\
:has(.w-leads){overflow:visible!important;opacity:1!important}}";

/// Our own boxes among texts that have sheets, and the lines before them: no sheet hides them or says how they look.
/// What the sender wrote in a message within is the sender's again. Nothing is inherited and lengths are in pixels,
/// because the sender has a say in what is around.
const OWN_STYLE: &str = "@layer frame{:where(.w-notice,.w-letter,.w-fields,hr:has(+.w-notice,+.w-letter),.w-fields+hr){\
all:initial!important;color-scheme:inherit!important;direction:inherit!important;unicode-bidi:isolate!important;\
display:block!important;position:relative!important;z-index:1!important;clear:both!important;margin:12px 0!important;\
font:15px/24px system-ui,sans-serif!important;overflow-wrap:anywhere!important}\
:where(.w-notice *,.w-fields *,.w-letter>p,.w-letter>p *,.w-letter>div:not(.w-notice)){all:revert!important;\
unicode-bidi:isolate!important}.w-letter>div:not(.w-notice){display:flow-root!important}\
.w-notice,.w-letter,.w-fields{color:light-dark(#16211f,#e4ebeb)!important;background:light-dark(#ffffff,#151d1f)!important}\
.w-notice,.w-letter{padding:8px 12px!important;border:1px solid light-dark(#c9d3d4,#3a484b)!important;\
border-radius:6px!important}.w-letter>.w-notice{border:0!important;margin:0!important;padding:0 0 8px!important}\
hr:has(+.w-notice,+.w-letter),.w-fields+hr{border-top:1px solid light-dark(#dfe5e5,#263134)!important}\
.w-notice p,.w-letter>p{margin:4px 0!important}.w-notice a,.w-letter>p a{color:light-dark(#0b6470,#66c3cd)!important}\
.w-notice th,.w-fields th{text-align:start!important;vertical-align:top!important;white-space:nowrap!important}\
.w-notice th{font-weight:normal!important;padding-inline-end:12px!important;color:light-dark(#576668,#8f9ea0)!important}\
.w-fields th{font-weight:600!important;padding:0 16px 4px 0!important}\
body:has(>.w-notice,>.w-letter,>.w-fields){display:block!important;position:static!important;float:none!important;\
width:auto!important;min-width:0!important;max-width:none!important;height:auto!important;max-height:none!important;\
overflow:visible!important}}";

/// Lines grow with the type the sender chose, and long words do not make the columns of a table narrow.
/// The frame is made as high as its document, which must therefore not be as high as the frame: a
/// layer's `!important` is stronger than any the sender can write.
const HTML_STYLE: &str = "@layer frame{body{visibility:visible!important;opacity:1!important}\
html{display:block!important;height:auto!important;min-height:0!important;max-height:none!important;\
padding:0!important;margin:0!important}}body{line-height:1.5;overflow-wrap:break-word}\
body>:first-child{margin-top:0}table{max-width:100%}pre{white-space:pre-wrap}";

#[cfg(test)]
mod tests {
    use super::{CSP, Ground, Theme};
    use crate::message::sanitize;
    use whimbrel_shared::{SanitizedCss, SanitizedHtml};

    fn document(body: &SanitizedHtml, ground: Ground, theme: Theme) -> String {
        super::document(body, &SanitizedCss::default(), ground, theme)
    }

    #[test]
    fn the_senders_sheets_come_last() {
        let letter = "<style>a{color:red}</style><p>Hi";
        let letter = sanitize::html(letter, &mut |_: &str| None);
        let document = super::document(&letter.html, &letter.css, Ground::Adapted, Theme::Light);
        let (ours, theirs) = document.split_once("</style><style>").unwrap();
        assert!(ours.contains("@layer frame{") && ours.contains("height:auto!important"));
        assert!(
            theirs.starts_with("a{color:red}</style></head>"),
            "{theirs}"
        );
    }

    #[test]
    fn no_sheet_of_the_senders_hides_where_a_link_leads() {
        let document = document(&SanitizedHtml::default(), Ground::Adapted, Theme::Dark);
        let (_, ours) = document.split_once("@layer frame{.w-leads,").unwrap();
        let (rules, _) = ours.split_once("}}").unwrap();
        assert!(rules.starts_with("a:focus-visible::after{all:initial!important;"));
        assert!(!rules.contains("rem"), "the sender has a say in it");
        let declarations = rules.split(['{', '}', ';']).filter(|rule| {
            let (name, value) = rule.split_once(':').unwrap_or_default();
            !name.is_empty() && name != "a" && !value.starts_with("has")
        });
        for declaration in declarations {
            assert!(declaration.ends_with("!important"), "{declaration}");
        }
    }

    #[test]
    fn no_sheet_of_the_senders_hides_or_restyles_our_own_boxes() {
        let document = document(&SanitizedHtml::default(), Ground::Adapted, Theme::Dark);
        let (_, ours) = document
            .split_once("@layer frame{:where(.w-notice,")
            .unwrap();
        let (rules, _) = ours.split_once("}}").unwrap();
        let (boxes, rest) = rules.split_once('}').unwrap();
        assert!(boxes.contains(".w-letter,.w-fields,hr:has(+.w-notice,+.w-letter)"));
        assert!(boxes.contains("{all:initial!important;"), "{boxes}");
        assert!(rest.starts_with(":where(.w-notice *,") && rest.contains("{all:revert!important;"));
        assert!(!rules.contains("rem"), "the sender has a say in it");
        let blocks = rules.split('}').filter_map(|rule| rule.split_once('{'));
        for declaration in blocks.flat_map(|(_, block)| block.split(';')) {
            assert!(declaration.ends_with("!important"), "{declaration}");
        }
    }

    #[test]
    fn the_shell_is_whole_and_quiet() {
        let body = sanitize::html("<p>Hi<script>x</script>", &mut |_: &str| None).html;
        let plain = document(&body, Ground::Plain, Theme::Dark);
        assert!(plain.starts_with("<!doctype html>") && plain.ends_with("<p>Hi</p></body></html>"));
        assert!(plain.contains("content=\"dark\""));
        assert!(document(&body, Ground::Paper, Theme::Dark).contains("content=\"light\""));
        assert!(document(&body, Ground::Plain, Theme::System).contains("content=\"light dark\""));
        assert!(!CSP.contains("allow-scripts") && !CSP.contains("  "));
    }

    #[test]
    fn html_follows_the_theme_by_its_own_rules_or_turned() {
        let of = |css: &str, ground, theme| {
            let letter = format!("<style>{css}</style><p class=a>Hi");
            let letter = sanitize::html(&letter, &mut |_: &str| None);
            super::document(&letter.html, &letter.css, ground, theme)
        };
        let own = "@media (prefers-color-scheme:dark){.a{color:#fff}}";
        let dark = of(own, Ground::Adapted, Theme::Dark);
        assert!(dark.contains("content=\"dark\""), "{dark}");
        assert!(
            dark.contains("@media (min-width:0){.a{color:#fff}}"),
            "{dark}"
        );
        let light = of(own, Ground::Adapted, Theme::Light);
        assert!(light.contains("@media (max-width:0){.a{"), "{light}");
        let system = of(own, Ground::Adapted, Theme::System);
        assert!(
            system.contains("@media (prefers-color-scheme:dark){.a{"),
            "{system}"
        );

        let without = ".a{color:#000}";
        for (ground, theme, scheme) in [
            (Ground::Adapted, Theme::Dark, "dark"),
            (Ground::Adapted, Theme::System, "light dark"),
            (Ground::Adapted, Theme::Light, "light"),
            (Ground::Paper, Theme::Dark, "light"),
        ] {
            let turned = of(without, ground, theme);
            let scheme = format!(":root{{color-scheme:{scheme}}}");
            assert!(turned.contains(&scheme), "{turned}");
            assert!(
                turned.contains(".a{color:light-dark(#000,#e4ebeb)}"),
                "{turned}"
            );
        }
        let paper = of(without, Ground::Paper, Theme::Dark);
        assert!(paper.contains("body{padding:1rem}"), "{paper}");
    }
}
