#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::*;

/// What rustdoc and its lints would say, or run.
fn complaints(text: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut unresolved = |link: pulldown_cmark::BrokenLink<'_>| {
        said.push(format!("broken link {:?}", &text[link.span]));
        None
    };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let events: Vec<_> =
        Parser::new_with_broken_link_callback(text, options, Some(&mut unresolved)).map(Event::into_static).collect();
    let mut code = false;
    let mut link = 0;
    for event in events {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => said.push(format!("html {html:?}")),
            Event::FootnoteReference(name) => said.push(format!("footnote {name:?}")),
            Event::Start(Tag::FootnoteDefinition(name)) => said.push(format!("footnote {name:?}")),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if *info == *"text" => code = true,
            Event::Start(Tag::CodeBlock(kind)) => said.push(format!("code {kind:?}")),
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                link += 1;
                if !["http://", "https://", "mailto:"].iter().any(|s| dest_url.starts_with(s))
                    && !dest_url.contains('@')
                {
                    said.push(format!("link {dest_url:?}"));
                }
            }
            Event::End(TagEnd::Link) => link -= 1,
            Event::Start(Tag::Image { dest_url, .. }) => said.push(format!("image {dest_url:?}")),
            Event::Text(text) if !code && link == 0 => {
                let bare = ["http://", "https://"]
                    .iter()
                    .filter_map(|s| text.split_once(s))
                    .any(|(_, after)| after.starts_with(|c: char| c.is_alphanumeric()));
                if bare {
                    said.push(format!("bare URL in {text:?}"));
                }
            }
            _ => {}
        }
    }
    said
}

#[test]
fn markdown_stays_as_its_author_wrote_it() {
    for text in [
        "**bold**, *it*, snake_case and a * b * c",
        "- one\n- two\n  goes on\n\n1. first\n   1. inner",
        "| a | b |\n|---|---|\n| 1 | `x|y` |",
        "see [the guide](https://bank.example/guide_1#a) and `filter[a]`",
        "# Heading\n\n> quoted\n\n- [ ] to do",
        "[guide]\n\n[guide]: https://bank.example",
        "Überweisung — 送金 €5 & more; 5 < 6 > 4",
        "a\n\n```text\nlet x = 1;\n```",
    ] {
        assert_eq!(rustdoc(text), text);
    }
}

#[test]
fn code_is_never_rust_to_rustdoc() {
    assert_eq!(rustdoc("```json\n{}\n```"), "```text\n{}\n```");
    assert_eq!(rustdoc("~~~\nx = 1\n~~~"), "~~~text\nx = 1\n~~~");
    assert_eq!(rustdoc("```rust\npanic!()"), "```text\npanic!()\n```");
    assert_eq!(
        rustdoc("words\n\n    let x = [1];\n\n      y\n\nmore"),
        "words\n\n```text\nlet x = [1];\n\n  y\n```\n\nmore"
    );
    assert_eq!(rustdoc("- item\n\n      code"), "- item\n\n  ```text\n  code\n  ```");
    assert_eq!(rustdoc("    first line\nsecond"), "first line\nsecond");
    assert_eq!(complaints(&rustdoc(">     quoted\n>     code")), [""; 0]);
    assert_eq!(complaints(&rustdoc("-     marked\n\n      code")), [""; 0]);
}

#[test]
fn what_is_no_markup_is_shown_and_urls_become_links() {
    assert_eq!(rustdoc("a [foo] and [foo][bar]"), r"a \[foo] and \[foo]\[bar]");
    assert_eq!(rustdoc("Vec<String> & <tag>"), r"Vec\<String> & \<tag>");
    assert_eq!(rustdoc("see https://a.b/c_d. And (http://a.b)"), "see <https://a.b/c_d>. And (<http://a.b>)");
    assert_eq!(rustdoc("<https://a.b>, [x](https://a.b)"), "<https://a.b>, [x](https://a.b)");
    assert_eq!(rustdoc("[here](#section/Auth) and [there](Foo::bar)"), "here and there");
    assert_eq!(rustdoc("[x](javascript:alert(1))"), "x");
    assert_eq!(rustdoc("![logo](https://a.b/c.png) ![local](c.png)"), "[logo](https://a.b/c.png) local");
    assert_eq!(rustdoc("[note]: this matters"), r"\[note]: this matters");
    assert_eq!(rustdoc("https://"), "https://");
}

#[test]
fn tags_that_markdown_has_words_for_become_these() {
    assert_eq!(rustdoc("One of:<ul><li><b>A</b>: a</li><li>B</li></ul>"), "One of:\n\n\n- **A**: a\n- B");
    assert_eq!(rustdoc("a<br/>b <code>c</code>"), "a\n\nb `c`");
    assert_eq!(rustdoc("| a<br>b |\n|---|\n| c |"), "| a b |\n|---|\n| c |");
    assert_eq!(rustdoc("<script>alert(1)</script>"), r"\<script>alert(1)\</script>");
}

#[test]
fn nothing_ends_a_line_or_turns_it_around() {
    assert_eq!(rustdoc("\u{feff}a\rb\r\nc\u{7}\td\u{2028}e"), "a\nb\nc    d\ne");
    assert_eq!(rustdoc("pay \u{202e}drawkcab\u{2066}"), "pay drawkcab");
    assert_eq!(rustdoc("hard  \nbreak"), "hard\\\nbreak");
    assert_eq!(code("a`\r\n}\u{202e}"), "`a'  }`");
    assert_eq!(line("A\nB <b> ```rust [x]"), r"A B \<b> ```rust \[x]");
    assert_eq!(line("[a]: https://b.c"), r"\[a]: <https://b.c>");
}

/// Texts of what Markdown is made of.
fn markdown() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "b c",
        " ",
        "  ",
        "    ",
        "\n",
        "\n\n",
        "\n    ",
        "[",
        "]",
        "](",
        ")",
        "(",
        "!",
        "[x]",
        "[x][y]",
        "[^1]",
        "\n[x]: ",
        "\n[^1]: ",
        "https://a.bc",
        "http://a.bc/_d_",
        "<",
        ">",
        "</",
        "<b>",
        "<div>",
        "<!--",
        "-->",
        "<?",
        "<a href=\"https://a.bc\">",
        "`",
        "``",
        "```",
        "\n```rust\n",
        "\n~~~\n",
        "\n    code",
        "*",
        "**",
        "_",
        "~",
        "\\",
        "\n- ",
        "\n1. ",
        "\n> ",
        "#",
        "\n| a | b |\n|--|--|\n",
        "|",
        "&amp;",
        "&#91;",
        "\"",
        "'",
        "\r",
        "\t",
        "\u{202e}",
        "é",
        "*/",
        "/*",
        ":",
        "@",
        "x@y.zz",
        "\n===\n",
        "\n---\n",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rustdoc_takes_any_text(text in markdown()) {
        let mended = rustdoc(&text);
        prop_assert_eq!(complaints(&mended), Vec::<String>::new(), "{:?}", mended);
        prop_assert!(mended.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", mended);
        prop_assert_eq!(rustdoc(&mended), mended, "once is enough");
    }

    #[test]
    fn texts_after_one_another_stay_apart(one in markdown(), two in markdown()) {
        let both = format!("{}\n\n{}\n\nUses `x`.", rustdoc(&one), rustdoc(&two));
        prop_assert_eq!(complaints(&both), Vec::<String>::new(), "{:?}", both);
    }

    #[test]
    fn a_line_stays_one(text in markdown()) {
        let line = line(&text);
        prop_assert!(!line.contains('\n'), "{:?}", line);
        let within = format!("{line}\n\n- `x`: {line}\n\nClient of the {line}, version 1.");
        prop_assert_eq!(complaints(&within), Vec::<String>::new(), "{:?}", within);
    }
}

#[test]
fn a_mark_of_a_footnote_that_is_not_there_is_text() {
    assert_eq!(line("Reads [^1]"), "Reads \\[^1]");
    assert_eq!(rustdoc("see [^1] and \\[^2], and [^note]."), "see \\[^1] and \\[^2], and \\[^note].");
    assert_eq!(rustdoc("`[^1]`"), "`[^1]`");
    assert_eq!(rustdoc("a[^1]\n\n[^1]: b"), "a\\[^1]\n\n\\[^1]: b");
}
