//! The parts of a workbook: which one is the sheet, and what must be told of new parts.

use std::io::{Cursor, Read, Seek, Write};

use kernel::Finding;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::styles::Styles;
use super::tag::{escaped, tags};
use super::{Marks, comments, sheet, unpatchable};

/// The longest part that is taken into memory to be patched, in bytes.
const PART_MAX: u64 = 128 << 20;
/// Parts that are added; no spreadsheet names its own so.
const COMMENTS: &str = "xl/commentsXingcun.xml";
const DRAWING: &str = "xl/drawings/vmlDrawingXingcun.vml";
const TYPES: &str = "[Content_Types].xml";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// The workbook with marks on the sheet of that name.
pub(super) fn patch(bytes: &[u8], sheet_name: &str, marks: &Marks) -> Result<Vec<u8>, Finding> {
    if marks.is_empty() {
        return Ok(bytes.to_vec());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unpatchable())?;
    let path = sheet_path(&mut archive, sheet_name).ok_or_else(unpatchable)?;
    let parts = patched(&mut archive, &path, marks).ok_or_else(unpatchable)?;
    write(&mut archive, &parts).map_err(|_| unpatchable())
}

/// The changed and the new parts.
fn patched(archive: &mut Archive<'_>, path: &str, marks: &Marks) -> Option<Vec<(String, String)>> {
    let sheet_xml = part(archive, path)?;
    let rels_path = rels_of(path)?;
    let rels = part(archive, &rels_path);
    // A sheet that has comments keeps them; its wrong cells are coloured only.
    let has_comments = rels
        .as_deref()
        .is_some_and(|rels| rels.contains("/comments\""))
        || tags(&sheet_xml).any(|tag| tag.name() == "legacyDrawing");
    let drawing = (!has_comments).then_some("rIdXingcunDrawing");
    let styles_path = "xl/styles.xml";
    let styles_xml = part(archive, styles_path);
    let mut styles = styles_xml.as_deref().and_then(Styles::read);
    let mut style = |base: usize| styles.as_mut().map_or(base, |styles| styles.marked(base));
    let mut parts = vec![(
        path.to_owned(),
        sheet::patch(&sheet_xml, marks, &mut style, drawing),
    )];
    if let Some(styles) = styles {
        parts.push((styles_path.to_owned(), styles.written()));
    }
    if !has_comments {
        parts.push((COMMENTS.to_owned(), comments::texts(marks)));
        parts.push((DRAWING.to_owned(), comments::drawing(marks)));
        parts.push((rels_path, with_relationships(rels)?));
        parts.push((TYPES.to_owned(), with_types(&part(archive, TYPES)?)?));
    }
    Some(parts)
}

fn write(archive: &mut Archive<'_>, parts: &[(String, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index)?;
        let is_replaced = parts.iter().any(|(path, _)| path == file.name());
        if !is_replaced {
            writer.raw_copy_file(file)?;
        }
    }
    for (path, content) in parts {
        writer.start_file(path.as_str(), SimpleFileOptions::default())?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A part as text, without the mark that some programs write in front.
fn part<R: Read + Seek>(archive: &mut ZipArchive<R>, path: &str) -> Option<String> {
    let file = archive.by_name(path).ok()?;
    let mut bytes = Vec::new();
    file.take(PART_MAX + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > PART_MAX {
        return None;
    }
    let text = String::from_utf8(bytes).ok()?;
    Some(text.trim_start_matches('\u{feff}').to_owned())
}

/// The part of the sheet of a name, as the workbook lists it.
fn sheet_path(archive: &mut Archive<'_>, name: &str) -> Option<String> {
    let workbook = part(archive, "xl/workbook.xml")?;
    let wanted = escaped(name);
    let id = tags(&workbook)
        .filter(|tag| tag.name() == "sheet")
        .find(|tag| matches!(tag.attribute("name"), Some(n) if n == name || n == wanted))
        .and_then(|tag| {
            let prefixed = tag.attribute("r:id");
            prefixed
                .or_else(|| tag.attribute("ns0:id"))
                .map(str::to_owned)
        })?;
    let rels = part(archive, "xl/_rels/workbook.xml.rels")?;
    let target = tags(&rels)
        .filter(|tag| tag.name() == "Relationship")
        .find(|tag| tag.attribute("Id") == Some(id.as_str()))
        .and_then(|tag| tag.attribute("Target").map(str::to_owned))?;
    Some(match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    })
}

/// Where the relationships of a part stand.
fn rels_of(path: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once('/')?;
    Some(format!("{folder}/_rels/{file}.rels"))
}

fn with_relationships(rels: Option<String>) -> Option<String> {
    let added = format!(
        "<Relationship Id=\"rIdXingcunDrawing\" Type=\"{RELATIONSHIPS}/vmlDrawing\" \
         Target=\"/{DRAWING}\"/><Relationship Id=\"rIdXingcunComments\" \
         Type=\"{RELATIONSHIPS}/comments\" Target=\"/{COMMENTS}\"/>"
    );
    let xml = rels.unwrap_or_else(|| {
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
         xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>"
            .to_owned()
    });
    before_end(&xml, "Relationships", &added)
}

fn with_types(types: &str) -> Option<String> {
    let knows_drawings = tags(types).any(|tag| tag.attribute("Extension") == Some("vml"));
    let mut added = format!(
        "<Override PartName=\"/{COMMENTS}\" ContentType=\"application/\
         vnd.openxmlformats-officedocument.spreadsheetml.comments+xml\"/>"
    );
    if !knows_drawings {
        added.push_str(
            "<Default Extension=\"vml\" ContentType=\"application/\
             vnd.openxmlformats-officedocument.vmlDrawing\"/>",
        );
    }
    before_end(types, "Types", &added)
}

/// The text with something put in before the end of its root.
fn before_end(xml: &str, root: &str, added: &str) -> Option<String> {
    let last = tags(xml).filter(|tag| tag.name() == root).last()?;
    if last.is_closed() {
        let open = last.text.trim_end_matches("/>").trim_end();
        let name = last.full_name();
        return Some(format!("{}{open}>{added}</{name}>", &xml[..last.start]));
    }
    last.is_end()
        .then(|| format!("{}{added}{}", &xml[..last.start], &xml[last.start..]))
}
