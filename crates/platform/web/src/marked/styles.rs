//! The styles of a workbook with one more fill, and the cell styles that use it.

use std::collections::BTreeMap;

use super::tag::{Tag, tags};

/// Soft cinnabar: the colour of what is wrong.
const FILL: &str = "FFF6C9C2";

/// The styles part, taking orders for marked variants of its cell styles.
pub(super) struct Styles<'x> {
    xml: &'x str,
    prefix: String,
    formats: Vec<&'x str>,
    formats_end: usize,
    fills: usize,
    fills_end: usize,
    ordered: BTreeMap<usize, usize>,
    added: Vec<String>,
}

impl<'x> Styles<'x> {
    /// Reads the part; `None` where it is not as spreadsheets write it.
    pub fn read(xml: &'x str) -> Option<Styles<'x>> {
        let (mut formats, mut formats_end, mut fills, mut fills_end) = (Vec::new(), 0, 0, 0);
        let mut within: Option<&str> = None;
        let mut begun = 0;
        let mut prefix = String::new();
        for tag in tags(xml) {
            match (within, tag.name(), tag.is_end()) {
                (None, "styleSheet", false) => prefix = prefix_of(&tag),
                (None, "fills" | "cellXfs", false) if !tag.is_closed() => within = Some(tag.name()),
                (Some("fills"), "fills", true) => (fills_end, within) = (tag.start, None),
                (Some("cellXfs"), "cellXfs", true) => (formats_end, within) = (tag.start, None),
                (Some("fills"), "fill", false) => fills += 1,
                (Some("cellXfs"), "xf", false) if tag.is_closed() => formats.push(tag.text),
                (Some("cellXfs"), "xf", false) => begun = tag.start,
                (Some("cellXfs"), "xf", true) => formats.push(&xml[begun..tag.end]),
                _ => {}
            }
        }
        (formats_end > 0 && fills_end > 0).then_some(Styles {
            xml,
            prefix,
            formats,
            formats_end,
            fills,
            fills_end,
            ordered: BTreeMap::new(),
            added: Vec::new(),
        })
    }

    /// The number of the marked variant of a cell style.
    pub fn marked(&mut self, base: usize) -> usize {
        if let Some(known) = self.ordered.get(&base) {
            return *known;
        }
        let plain = format!("<{}xf/>", self.prefix);
        let base_text = self.formats.get(base).copied().unwrap_or(&plain).to_owned();
        let fill = self.fills.to_string();
        let first = tags(&base_text).next().expect("a format is an element");
        let filled = first.with("fillId", &fill);
        let filled = tags(&filled)
            .next()
            .expect("a tag stays one")
            .with("applyFill", "1");
        self.added
            .push(format!("{filled}{}", &base_text[first.end..]));
        let number = self.formats.len() + self.added.len() - 1;
        self.ordered.insert(base, number);
        number
    }

    /// The part with what was ordered.
    pub fn written(&self) -> String {
        let p = &self.prefix;
        let fill = format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{FILL}\"/>\
             <{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        );
        let mut pieces = [
            (self.fills_end, fill),
            (self.formats_end, self.added.concat()),
        ];
        pieces.sort_unstable();
        let mut written = String::with_capacity(self.xml.len() + 512);
        let mut from = 0;
        for (at, piece) in &pieces {
            written.push_str(&self.xml[from..*at]);
            written.push_str(piece);
            from = *at;
        }
        written.push_str(&self.xml[from..]);
        let fills = (self.fills + 1).to_string();
        let formats = (self.formats.len() + self.added.len()).to_string();
        counted(&counted(&written, "fills", &fills), "cellXfs", &formats)
    }
}

/// The text with the count of a list set right.
fn counted(xml: &str, list: &str, count: &str) -> String {
    let Some(tag) = tags(xml).find(|tag| tag.name() == list && !tag.is_end()) else {
        return xml.to_owned();
    };
    let set = tag.with("count", count);
    format!("{}{set}{}", &xml[..tag.start], &xml[tag.end..])
}

/// `x:` of `x:styleSheet`, so that what is added has it too.
pub(super) fn prefix_of(tag: &Tag<'_>) -> String {
    let full = tag.full_name();
    full[..full.len() - tag.name().len()].to_owned()
}
