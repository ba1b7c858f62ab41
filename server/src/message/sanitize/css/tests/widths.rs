//! Columns without a `@media`: widths that are calculated with large numbers, and what is thrown over an edge.

use super::{assert_style, declarations};

#[test]
fn columns_are_as_wide_as_their_builders_calculated() {
    for (css, kept) in [
        (
            "width:320px;width:calc(28000% - 167400px)",
            "width:320px;width:min(10000px,28000% - 167400px)",
        ),
        (
            "max-width:calc((480px - 100%) * 480)!important",
            "max-width:min(10000px,(480px - 100%) * 480)!important",
        ),
        (
            "min-width:min(100%,300000px)",
            "min-width:min(10000px,100%,300000px)",
        ),
        ("width:calc(100% - 20px)", "width:calc(100% - 20px)"),
    ] {
        assert_style(css, kept);
    }
}

#[test]
fn no_width_and_no_shadow_is_endless() {
    for css in [
        "width:10001px",
        "width:28000%",
        "width:max(9999px,99999% * 99)",
        "width:clamp(1px,99999px,9e5px)",
        "width:calc(1e9px)",
        "width:calc(99999px * 99) calc(99999px * 99)",
        "width:calc(99999px * 99) 1px",
        "height:calc(28000% - 167400px)",
        "box-shadow:0 0 0 9999px #fff",
    ] {
        assert_eq!(declarations(css), "", "{css}");
    }
    let shadow = "box-shadow:0 7px 14px 0 rgba(50,50,93,0.1),0 3px 6px #000";
    assert_style(shadow, shadow);
}
