//! Puts the names of the fields into the summary of what was found: the summary stands above the
//! fields, and each field's label says its name, once.

use std::borrow::Cow;

/// How `components/form.html` opens a line of the summary that leads to a field.
const OPENING: &str = "<a data-field href=\"#";

/// The rendered page with every line of the summary naming the field that it leads to.
pub(crate) fn name_fields(page: &str) -> Cow<'_, str> {
    if !page.contains(OPENING) {
        return Cow::Borrowed(page);
    }
    let mut named = String::with_capacity(page.len() + 256);
    let mut rest = page;
    while let Some((before, (id, text))) = rest
        .split_once(OPENING)
        .and_then(|(before, after)| Some((before, after.split_once("\">")?)))
    {
        named.push_str(before);
        named.push_str("<a href=\"#");
        named.push_str(id);
        named.push_str("\">");
        let name = name_of(page, id).unwrap_or_default();
        if !name.is_empty() {
            named.push_str("<span class=\"where\">");
            named.push_str(&name);
            named.push_str("</span> ");
        }
        rest = text;
    }
    named.push_str(rest);
    Cow::Owned(named)
}

/// The text of the label of an input, of the legend of a group, or of the label around a box.
fn name_of(page: &str, id: &str) -> Option<String> {
    let labelled = page.split_once(&format!("<label for=\"{id}\">"));
    let after = match labelled {
        Some((_, after)) => after,
        None => {
            page.split_once(&format!(" id=\"{id}\""))?
                .1
                .split_once('>')?
                .1
        }
    };
    let ends = ["</label>", "</legend>"]
        .iter()
        .filter_map(|end| after.find(end));
    Some(without_tags(&after[..ends.min()?]))
}

/// The text between tags; a sign that stands for itself is `&lt;` on both sides.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for sign in html.chars() {
        match sign {
            '<' => in_tag = true,
            '>' => in_tag = false,
            sign if !in_tag => text.push(sign),
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::name_fields;

    #[test]
    fn a_line_of_the_summary_names_its_field() {
        let summary = "<a data-field href=\"#f-a\">请填写</a>";
        for (field, name) in [
            ("<label for=\"f-a\">原因</label><input id=\"f-a\">", "原因"),
            (
                "<label for=\"f-a\"><span>甲 &lt;乙&gt;</span> <small>丙</small></label><select id=\"f-a\">",
                "甲 &lt;乙&gt; 丙",
            ),
            (
                "<fieldset class=\"field\" id=\"f-a\">\n <legend class=\"label\">去向</legend><label>一</label></fieldset>",
                "去向",
            ),
            (
                "<label class=\"check\"><input id=\"f-a\" name=\"a\"><span>共有</span></label>",
                "共有",
            ),
        ] {
            let page = format!("{summary}{field}");
            let expected =
                format!("<a href=\"#f-a\"><span class=\"where\">{name}</span> 请填写</a>{field}");
            assert_eq!(name_fields(&page), expected);
        }
        // A field that is not on the page has no name, and a page without a summary stays.
        assert_eq!(name_fields(summary), "<a href=\"#f-a\">请填写</a>");
        assert_eq!(name_fields("<p>一</p>"), "<p>一</p>");
    }
}
