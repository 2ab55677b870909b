//! What a file is, by its first bytes; what a browser or a name claims is not believed.

/// How many first bytes the judgement needs.
pub(crate) const NEEDED: usize = 512;

/// How many last bytes show whether a file is whole.
pub(crate) const END: usize = 4096;

/// A photo whose longer side has more pixels is made smaller on the sender's device.
pub const SHRINK_EDGE_PX: u32 = 1600;
/// So is a photo of more bytes, whatever its sides.
pub const SHRINK_OVER_BYTES: u64 = 1024 * 1024;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Every media type that is taken.
const TYPES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/pdf",
    XLSX,
    DOCX,
    "text/csv",
    "application/geo+json",
];

/// The media type of a file that may be stored; `None` for all others. The name only decides
/// between kinds of plain text and of office documents, whose first bytes are alike.
pub(crate) fn sniff(first: &[u8], name: &str) -> Option<&'static str> {
    let extension = extension(name);
    match first {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [b'P', b'K', 3, 4, ..] => match extension.as_str() {
            "xlsx" => Some(XLSX),
            "docx" => Some(DOCX),
            _ => None,
        },
        text if is_text(text) => match extension.as_str() {
            "csv" => Some("text/csv"),
            // Read by an import, never shown: it is sent back to nobody as a page.
            "geojson" | "json" if text.first() == Some(&b'{') => Some("application/geo+json"),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the end of a file is there, as far as its last bytes show: a PDF says near its end where
/// its table of contents stands, and that it ends (ISO 32000-1, 7.5.5).
pub(crate) fn has_its_end(media_type: &str, last: &[u8]) -> bool {
    let holds = |mark: &[u8]| last.windows(mark.len()).any(|at| at == mark);
    media_type != "application/pdf" || (holds(b"startxref") && holds(b"%%EOF"))
}

/// Whether a file is called as one that is taken: what its first bytes deny is damaged, or was
/// given a false name.
pub(crate) fn is_called_taken(name: &str) -> bool {
    let taken = ["jpg", "jpeg", "png", "webp", "pdf", "xlsx", "docx", "csv"];
    taken.contains(&extension(name).as_str())
}

/// Whether a file is called as outlines are: whoever sends one means an import, and no proof.
pub(crate) fn is_called_json(name: &str) -> bool {
    matches!(extension(name).as_str(), "geojson" | "json")
}

/// What stands after the last point of a name, in small letters.
fn extension(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or_default();
    last.to_ascii_lowercase()
}

/// Text in any of the encodings met (UTF-8, GB 18030): no control bytes but line ends and tabs.
fn is_text(first: &[u8]) -> bool {
    !first.is_empty()
        && first
            .iter()
            .all(|byte| *byte >= 0x20 || b"\t\r\n".contains(byte))
}

/// Major brands of HEIF files whose pictures are HEVC, or may be (ISO/IEC 23008-12, annex B).
const HEIC_BRANDS: &[&[u8; 4]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
];

/// The photo format of iPhones, which browsers elsewhere do not show.
pub(crate) fn is_heic(first: &[u8]) -> bool {
    first.get(4..8) == Some(b"ftyp")
        && first
            .get(8..12)
            .is_some_and(|brand| HEIC_BRANDS.iter().any(|known| brand == *known))
}

/// One of the known media types by its name.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    TYPES.iter().copied().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::{has_its_end, is_heic, sniff};

    #[test]
    fn a_pdf_ends_as_one() {
        let pdf = "application/pdf";
        assert!(has_its_end(pdf, b"...\nstartxref\n1234\n%%EOF\r\n"));
        assert!(!has_its_end(pdf, b"%PDF-1.7\n"));
        assert!(!has_its_end(pdf, b"%PDF-1.7\n%%EOF"));
        assert!(has_its_end("image/png", b""));
    }

    #[test]
    fn content_decides() {
        for (first, name, expected) in [
            (&b"\xff\xd8\xff\xe0"[..], "a.pdf", Some("image/jpeg")),
            (b"%PDF-1.7", "a.exe", Some("application/pdf")),
            (b"PK\x03\x04", "a.zip", None),
            (b"PK\x03\x04", "a.xlsx", Some(super::XLSX)),
            (b"MZ\x90\x00", "photo.jpg", None),
            (b"<svg onload=alert(1)>", "a.svg", None),
            (b"<html>", "a.html", None),
            (b"code,name\n", "a.csv", Some("text/csv")),
            (b"\xb1\xe0\xc2\xeb,x\n", "a.csv", Some("text/csv")),
            (b"{\"type\"", "a.geojson", Some("application/geo+json")),
            (b"<html>", "a.geojson", None),
            (b"", "a.csv", None),
        ] {
            assert_eq!(sniff(first, name), expected, "{name}");
        }
        for (first, expected) in [
            (&b"\x00\x00\x00\x18ftypheic\x00"[..], true),
            (b"\x00\x00\x00\x18ftypmif1\x00", true),
            (b"\x00\x00\x00\x18ftyphevs\x00", true),
            (b"\x00\x00\x00\x18ftypisom\x00", false),
            (b"\x00\x00\x00\x18ftyp", false),
            (b"heic", false),
        ] {
            assert_eq!(is_heic(first), expected, "{first:?}");
        }
    }
}
