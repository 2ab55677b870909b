//! Rules every rendered page keeps: well formed, no inline style or script, unique ids, labelled
//! controls, no Chinese in English pages outside marked data.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::Language;

/// Everything that is wrong with a rendered document.
pub fn check_markup(html: &str, language: Language) -> Vec<String> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut check = Check {
        language,
        problems: parse_errors(&dom),
        ids: BTreeSet::new(),
        references: Vec::new(),
        labelled: BTreeSet::new(),
        controls: Vec::new(),
    };
    check.visit(&dom.document, false);
    check.finish()
}

fn parse_errors(dom: &RcDom) -> Vec<String> {
    dom.errors
        .borrow()
        .iter()
        .map(|error| format!("not well formed: {error}"))
        .collect()
}

struct Check {
    language: Language,
    problems: Vec<String>,
    ids: BTreeSet<String>,
    references: Vec<String>,
    labelled: BTreeSet<String>,
    controls: Vec<String>,
}

impl Check {
    fn visit(&mut self, node: &Handle, in_data: bool) {
        let mut is_data = in_data;
        match &node.data {
            NodeData::Text { contents } => self.text(&contents.borrow(), in_data),
            NodeData::Element { name, attrs, .. } => {
                let attributes: Vec<(String, String)> = attrs
                    .borrow()
                    .iter()
                    .map(|a| (a.name.local.to_string(), a.value.to_string()))
                    .collect();
                is_data |= attributes.iter().any(|(name, value)| {
                    name == "data-content"
                        || (name == "lang"
                            && value.starts_with("zh")
                            && self.language == Language::English)
                });
                self.element(&name.local, &attributes, node, is_data);
            }
            _ => {}
        }
        for child in node.children.borrow().iter() {
            self.visit(child, is_data);
        }
    }

    fn text(&mut self, text: &str, in_data: bool) {
        if self.language == Language::English && !in_data && has_han(text) {
            self.problems
                .push(format!("Chinese in an English page: {}", text.trim()));
        }
        if text.contains('⟦') {
            self.problems
                .push(format!("a text is missing: {}", text.trim()));
        }
    }

    fn element(
        &mut self,
        tag: &str,
        attributes: &[(String, String)],
        node: &Handle,
        in_data: bool,
    ) {
        let get = |wanted: &str| {
            attributes
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.as_str())
        };
        for (name, value) in attributes {
            if name == "style" || name.starts_with("on") || name.starts_with("hx-on") {
                self.problems
                    .push(format!("<{tag} {name}=…>: the content policy blocks it"));
            }
            if value.trim_start().starts_with("javascript:") || value.contains("⟦") {
                self.problems.push(format!("<{tag} {name}=\"{value}\">"));
            }
            let is_shown = matches!(
                name.as_str(),
                "title" | "alt" | "placeholder" | "aria-label"
            );
            if is_shown && self.language == Language::English && !in_data && has_han(value) {
                self.problems
                    .push(format!("Chinese in an English page: {name}=\"{value}\""));
            }
            if matches!(
                name.as_str(),
                "aria-describedby" | "aria-labelledby" | "aria-controls"
            ) {
                self.references
                    .extend(value.split_whitespace().map(str::to_owned));
            }
        }
        if let Some(id) = get("id")
            && !self.ids.insert(id.to_owned())
        {
            self.problems.push(format!("the id {id} stands twice"));
        }
        match tag {
            "style" => self
                .problems
                .push("<style>: the content policy blocks it".to_owned()),
            "script" if get("src").is_none() => {
                self.problems
                    .push("inline <script>: the content policy blocks it".to_owned());
            }
            "img" if get("alt").is_none() => self.problems.push("<img> without alt".to_owned()),
            "script" | "link" | "img" => {
                let address = get("src").or(get("href")).unwrap_or_default();
                if !address.starts_with('/') {
                    self.problems
                        .push(format!("<{tag}> from elsewhere: {address}"));
                }
            }
            "form"
                if get("method") == Some("post")
                    && get("action").is_some_and(|a| a.contains("//")) =>
            {
                self.problems.push("a form posts to elsewhere".to_owned());
            }
            "a" => {
                let field = get("href").filter(|href| href.starts_with("#f-"));
                if let Some(field) = field {
                    self.references.push(field[1..].to_owned());
                    if get("data-field").is_some() || !is_named(node) {
                        self.problems
                            .push(format!("a summary leads to {field} and does not name it"));
                    }
                }
            }
            "label" => self.labelled.extend(get("for").map(str::to_owned)),
            _ => {}
        }
        let is_control = matches!(tag, "input" | "select" | "textarea")
            && !matches!(get("type"), Some("hidden" | "submit"));
        if is_control && get("aria-label").is_none() && !stands_in_label(node) {
            self.controls.push(get("id").unwrap_or_default().to_owned());
        }
    }

    fn finish(mut self) -> Vec<String> {
        for id in &self.references {
            if !self.ids.contains(id) {
                self.problems
                    .push(format!("refers to the id {id}, which is not there"));
            }
        }
        for id in &self.controls {
            if !self.labelled.contains(id) {
                self.problems.push(format!("the control {id} has no label"));
            }
        }
        self.problems
    }
}

fn stands_in_label(node: &Handle) -> bool {
    let parent = node.parent.take();
    let found = parent.as_ref().and_then(std::rc::Weak::upgrade);
    node.parent.set(parent);
    found.is_some_and(|parent| match &parent.data {
        NodeData::Element { name, .. } => &*name.local == "label",
        _ => false,
    })
}

/// Whether a line of a summary says which field it is about: in the link, or beside it.
fn is_named(link: &Handle) -> bool {
    let says = |node: &Handle| {
        node.children
            .borrow()
            .iter()
            .any(|child| match &child.data {
                NodeData::Element { attrs, .. } => attrs
                    .borrow()
                    .iter()
                    .any(|a| &*a.name.local == "class" && &*a.value == "where"),
                _ => false,
            })
    };
    let parent = link.parent.take();
    let found = parent.as_ref().and_then(std::rc::Weak::upgrade);
    link.parent.set(parent);
    says(link) || found.is_some_and(|parent| says(&parent))
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}'))
}

#[cfg(test)]
mod tests {
    use super::check_markup;
    use crate::Language;

    #[test]
    fn finds_what_breaks_a_rule() {
        let page = |body: &str| {
            format!(
                "<!doctype html><html lang=\"en\"><head><title>t</title></head><body>{body}</body></html>"
            )
        };
        let fine = "<p data-content>柳湾村</p><label for=\"a\">A</label><input id=\"a\"><button lang=\"zh-CN\">中文</button>";
        assert_eq!(
            check_markup(&page(fine), Language::English),
            Vec::<String>::new()
        );
        for (body, says) in [
            ("<p>柳湾村</p>", "Chinese"),
            ("<p title=\"村\"></p>", "Chinese"),
            ("<p style=\"color:red\"></p>", "blocks"),
            ("<a onclick=\"x()\">a</a>", "blocks"),
            ("<script>1</script>", "inline"),
            ("<script src=\"https://x\"></script>", "elsewhere"),
            ("<i id=a></i><i id=a></i>", "twice"),
            ("<input id=\"a\">", "no label"),
            ("<p aria-describedby=\"b\"></p>", "not there"),
            ("<div><p></div>text</p>", "not well formed"),
            ("<p>⟦key⟧</p>", "missing"),
            (
                "<a href=\"#f-a\"><span class=\"where\">A</span> empty</a>",
                "not there",
            ),
            (
                "<label for=\"f-a\">A</label><input id=\"f-a\"><a href=\"#f-a\">empty</a>",
                "does not name",
            ),
        ] {
            let found = check_markup(&page(body), Language::English).join("; ");
            assert!(found.contains(says), "{body}: {found}");
        }
    }
}
