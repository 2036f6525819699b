//! The tags that authors write into Markdown, as Markdown.

/// What stands for a tag of a text, such as `<br/>` or `</b>`, where Markdown has words for it. A line break is none
/// where there is but one line, and a tag that opens or ends nothing is no tag.
pub(super) fn markdown(tag: &str, text: &str, one_line: bool) -> Option<&'static str> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?.trim_end_matches('/');
    let name = inner.split_whitespace().next()?.to_ascii_lowercase();
    let is_paired = ["", "/"].iter().all(|slash| text.contains(&format!("<{slash}{}>", name.trim_start_matches('/'))));
    Some(match name.as_str() {
        "b" | "/b" | "strong" | "/strong" | "i" | "/i" | "em" | "/em" | "code" | "/code" if !is_paired => return None,
        "b" | "/b" | "strong" | "/strong" => "**",
        "i" | "/i" | "em" | "/em" => "*",
        "code" | "/code" => "`",
        "/li" => "",
        "br" | "p" | "/p" | "ul" | "/ul" | "ol" | "/ol" | "li" if one_line => " ",
        "br" | "p" | "/p" | "ul" | "/ul" | "ol" | "/ol" => "\n\n",
        "li" => "\n- ",
        _ => return None,
    })
}
