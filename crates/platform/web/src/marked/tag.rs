//! Tags of the XML that spreadsheets write, found without building a tree.

/// One tag: where it stands, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'x> {
    /// From `<` to behind `>`.
    pub text: &'x str,
    /// Where `<` stands.
    pub start: usize,
    /// Behind `>`.
    pub end: usize,
}

impl<'x> Tag<'x> {
    /// The name with its prefix: `x:row`; without the slash of an end tag.
    pub fn full_name(&self) -> &'x str {
        let inner = self.text.trim_start_matches('<').trim_start_matches('/');
        let end = inner
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
            .unwrap_or(inner.len());
        &inner[..end]
    }

    /// The name without prefix.
    pub fn name(&self) -> &'x str {
        let full = self.full_name();
        full.rsplit_once(':').map_or(full, |(_, name)| name)
    }

    /// Whether it ends an element.
    pub fn is_end(&self) -> bool {
        self.text.starts_with("</")
    }

    /// Whether the element has nothing inside.
    pub fn is_closed(&self) -> bool {
        self.text.ends_with("/>")
    }

    /// An attribute, as it is written.
    pub fn attribute(&self, name: &str) -> Option<&'x str> {
        let (from, to) = self.span(name)?;
        Some(&self.text[from..to])
    }

    /// The same tag with an attribute set.
    pub fn with(&self, name: &str, value: &str) -> String {
        if let Some((from, to)) = self.span(name) {
            return format!("{}{value}{}", &self.text[..from], &self.text[to..]);
        }
        let at = 1 + self.full_name().len();
        format!(
            "{} {name}=\"{value}\"{}",
            &self.text[..at],
            &self.text[at..]
        )
    }

    /// Where the value of an attribute stands in the tag.
    fn span(&self, name: &str) -> Option<(usize, usize)> {
        let mut at = 1 + self.full_name().len();
        loop {
            let rest = &self.text[at..];
            let equals = rest.find('=')?;
            let key = rest[..equals].trim();
            let quoted = rest[equals + 1..].trim_start();
            let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let from = self.text.len() - quoted.len() + 1;
            let to = from + self.text[from..].find(quote)?;
            if key == name {
                return Some((from, to));
            }
            at = to + 1;
        }
    }
}

/// The tags of a text in order; comments, instructions and the like are passed over.
pub(super) fn tags(xml: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + xml.get(at..)?.find('<')?;
            let rest = &xml[start..];
            let length = match rest.as_bytes().get(1)? {
                b'!' if rest.starts_with("<!--") => rest.find("-->")? + 3,
                b'!' if rest.starts_with("<![CDATA[") => rest.find("]]>")? + 3,
                b'!' | b'?' => rest.find('>')? + 1,
                _ => closing(rest)?,
            };
            at = start + length;
            if !matches!(rest.as_bytes()[1], b'!' | b'?') {
                let text = &xml[start..at];
                return Some(Tag {
                    text,
                    start,
                    end: at,
                });
            }
        }
    })
}

/// Behind the `>` that ends a tag: one inside a quoted value does not.
fn closing(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A text as it stands inside an element or a quoted value; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escaped, tags};

    #[test]
    fn finds_tags_and_their_attributes() {
        let xml = "<?xml version='1.0'?><!-- <row> --><x:row r=\"3\" s = '4' ><c r=\"A3\" t=\"a>b\"/></x:row>";
        let found: Vec<_> = tags(xml).collect();
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].full_name(), found[0].name()), ("x:row", "row"));
        assert_eq!(found[0].attribute("s"), Some("4"));
        assert_eq!(found[0].attribute("t"), None);
        assert!(found[1].is_closed() && found[2].is_end());
        assert_eq!(found[1].attribute("t"), Some("a>b"));
        assert_eq!(found[1].with("t", "n"), "<c r=\"A3\" t=\"n\"/>");
        assert_eq!(found[1].with("s", "7"), "<c s=\"7\" r=\"A3\" t=\"a>b\"/>");
    }

    #[test]
    fn broken_text_ends_quietly() {
        for xml in ["<", "<a", "<a b=\"", "<!--", "<![CDATA[", "a > b", "<>"] {
            assert!(tags(xml).count() <= 1, "{xml}");
        }
        assert_eq!(escaped("<\"&\u{1}>"), "&lt;&quot;&amp;&gt;");
    }
}
