//! Which selectors stay, which are left out of their lists, and which make a rule void.

use super::{assert_sheet, sheet};

#[test]
fn what_may_not_stay_is_left_out_of_its_list() {
    for (css, kept) in [
        ("[data-ogsc] .x,.x{color:red}", ".x{color:red}"),
        (".a ~ .b, .c{color:red}", ".c{color:red}"),
        (
            "u + .body .x, #MessageViewBody a, .ExternalClass *{color:red}",
            "u+.body .x,#MessageViewBody a,.ExternalClass *{color:red}",
        ),
        (
            "div[style*=\"margin: 16px 0\"], .x{color:red}",
            ".x{color:red}",
        ),
        (
            "a[href^='tel'],a[x-apple-data-detectors],p{color:red}",
            "p{color:red}",
        ),
        ("a::before,a:after,a{color:red}", "a{color:red}"),
        (
            "a:has(b),a:is(b,i),a:where(:hover),td{color:red}",
            "td{color:red}",
        ),
        ("input:checked + p,p{color:red}", "p{color:red}"),
        (".sm\\:block,.block{color:red}", ".block{color:red}"),
        ("::-webkit-scrollbar,b{color:red}", "b{color:red}"),
        (
            "li:nth-of-type(2n+1),li:nth-child(99999),li{color:red}",
            "li{color:red}",
        ),
        ("&.x,.y{color:red}", ".y{color:red}"),
    ] {
        assert_sheet(css, kept);
    }
    let long = "a ".repeat(100) + ",b{color:red}";
    assert_sheet(&long, "b{color:red}");
    let many = "a,".repeat(300) + "b{color:red}";
    assert_eq!(sheet(&many).matches(',').count(), 199);
}

#[test]
fn places_and_one_not_stay() {
    for (css, kept) in [
        (
            "td:not(.x):NOT([class*=y]):not( #z ){color:red}",
            "td:not(.x):not([class*='y']):not(#z){color:red}",
        ),
        (
            "li:not(:first-child){color:red}",
            "li:not(:first-child){color:red}",
        ),
        (
            "p:first-of-type,p:last-of-type,p:only-of-type,td:empty{color:red}",
            "p:first-of-type,p:last-of-type,p:only-of-type,td:empty{color:red}",
        ),
        (
            "a:any-link,a:visited{color:red}",
            "a:any-link,a:visited{color:red}",
        ),
        (
            "p:not(:hover),p:not(a b),p:not(a,b),p:not(:not(a)),p:not([href]),b{color:red}",
            "b{color:red}",
        ),
    ] {
        assert_sheet(css, kept);
    }
}

#[test]
fn what_no_browser_reads_makes_its_rule_void() {
    for selectors in [
        "v\\:*,.x",
        "ns|a,.x",
        "a,,b",
        "a>,.x",
        ">a,.x",
        "a> >b,.x",
        "",
        ".x,",
        ".1,.x",
        "a:,.x",
        "_:-ms-fullscreen,.x",
        "_::-moz-progress-bar,.x",
        "a:unknown,.x",
        "a::unknown,.x",
        "a:unknown(b),.x",
        "a:not(),.x",
        "a:not(b,),.x",
        "[],.x",
        "[class=],.x",
        "[class='a' b],.x",
        "a:nth-child(x),.x",
        "a.x b!,.x",
        "#1,.x",
        "a{b,.x",
    ] {
        let css = format!("{selectors}{{color:red}}");
        assert_eq!(sheet(&css), "", "{css}");
    }
}

#[test]
fn rules_of_which_nothing_is_left_go_whole() {
    for css in [
        "a::before{color:red}",
        "a:has(b){color:red}",
        "a[href^='http']{color:red}",
        "a[onclick]{color:red}",
        "&{color:red}",
        "a{}",
        "@media{a{color:red}}",
        "@media tv{a{color:red}}",
        "@media (min-height:5px){a{color:red}}",
        "@media (orientation:portrait){a{color:red}}",
        "@media (max-width:100vh){a{color:red}}",
        "@media (width<600px){a{color:red}}",
        "@media screen{@media screen{@media screen{@media screen{a{color:red}}}}}",
        ".\\3c b{color:red}",
        "[class='</style>']{color:red}",
    ] {
        assert_sheet(css, "");
    }
    let long = "a ".repeat(100) + "{color:red}";
    assert_sheet(&long, "");
}
