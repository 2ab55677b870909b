//! Bytes of a file people saved, as text.

use std::borrow::Cow;

use kernel::Finding;

/// UTF-8 with or without byte order mark; else GB18030, as spreadsheets save CSV in China, which
/// contains GBK and GB 2312.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Finding> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| Finding::error("sheet-encoding"))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn reads_the_three_encodings_offices_use() {
        for bytes in [
            "村,1".as_bytes(),
            b"\xef\xbb\xbf\xe6\x9d\x91,1",
            b"\xb4\xe5,1",
        ] {
            assert_eq!(decode(bytes).unwrap(), "村,1");
        }
        assert_eq!(decode(b"\xff\xfe1\x00").unwrap_err().code, "sheet-encoding");
    }
}
