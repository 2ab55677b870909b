//! The export: a text file that holds a tenant's journal and can be verified without the product.
//!
//! ```text
//! xingcun-journal 1
//! origin xingcun/9f2c11aa/1/sha256
//! checkpoint "xingcun/9f2c11aa/1/sha256\n2\n…\n\n— xingcun/9f2c11aa/1/sha256 …\n"
//! leaf 0 6e34…a01d {"actor":…}
//! leaf 1 96a2…cfc7 {"actor":…}
//! end 2
//! ```
//!
//! Lines end with a newline; UTF-8. A checkpoint is its signed note as a JSON string. A leaf line
//! has the leaf's number from 0 on, the hash that the sealer recorded when it numbered the leaf, and
//! the leaf's canonical bytes. `end` gives the number of leaf lines, so that a file cut short shows.

use std::io::{self, BufRead, Read as _, Write};

use crate::checkpoint::{MAX_NOTE_BYTES, Origin};
use crate::hash::Hash256;
use crate::leaf::MAX_LEAF_BYTES;

/// The first line.
const MAGIC: &str = "xingcun-journal 1";
/// Longest line: a leaf or a note with every byte escaped, and what stands before them.
const MAX_LINE_BYTES: usize = if MAX_LEAF_BYTES > 6 * MAX_NOTE_BYTES {
    MAX_LEAF_BYTES + 128
} else {
    6 * MAX_NOTE_BYTES + 128
};

/// Why an export cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Checkpoints come before leaves.
    #[error("a checkpoint after the first leaf")]
    LateCheckpoint,
    /// A leaf or a note that no reader would read back.
    #[error("a leaf or a checkpoint beyond the limits of an export")]
    BeyondLimits,
}

/// Writes an export, line by line: checkpoints by ascending size, then leaves by number.
pub struct ExportWriter<W: Write> {
    out: W,
    leaves: u64,
}

impl<W: Write> ExportWriter<W> {
    /// Begins an export.
    pub fn new(mut out: W, origin: &Origin) -> Result<ExportWriter<W>, ExportError> {
        writeln!(out, "{MAGIC}\norigin {origin}")?;
        Ok(ExportWriter { out, leaves: 0 })
    }

    /// Writes a checkpoint, given as its signed note.
    pub fn checkpoint(&mut self, note: &str) -> Result<(), ExportError> {
        if self.leaves > 0 {
            return Err(ExportError::LateCheckpoint);
        }
        if note.len() > MAX_NOTE_BYTES {
            return Err(ExportError::BeyondLimits);
        }
        let note = serde_json::Value::from(note);
        writeln!(self.out, "checkpoint {note}")?;
        Ok(())
    }

    /// Writes a leaf: its number, the hash recorded with the number, its canonical bytes.
    ///
    /// Writes what the database holds, be it right or wrong: judging it is the verifier's work.
    pub fn leaf(
        &mut self,
        number: u64,
        hash: &Hash256,
        canonical: &[u8],
    ) -> Result<(), ExportError> {
        if canonical.len() > MAX_LEAF_BYTES || canonical.contains(&b'\n') {
            return Err(ExportError::BeyondLimits);
        }
        write!(self.out, "leaf {number} {hash} ")?;
        self.out.write_all(canonical)?;
        self.out.write_all(b"\n")?;
        self.leaves += 1;
        Ok(())
    }

    /// Writes the last line and gives the file back.
    pub fn finish(mut self) -> Result<W, ExportError> {
        writeln!(self.out, "end {}", self.leaves)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportLine<'a> {
    /// Which log it is; the second line.
    Origin(Origin),
    /// A checkpoint, as its signed note.
    Checkpoint(String),
    /// A leaf.
    Leaf {
        /// Its number, from 0 on.
        number: u64,
        /// The hash recorded with the number.
        hash: Hash256,
        /// Its canonical bytes, not looked at yet.
        canonical: &'a [u8],
    },
    /// The last line: how many leaf lines stand before it.
    End {
        /// Number of leaf lines.
        leaves: u64,
    },
}

/// Why a line could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read; reading ends.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file does not begin as an export does; reading ends.
    #[error("not an exported journal")]
    NotAnExport,
    /// This line is not one of an export; the next may be.
    #[error("line {0} cannot be read")]
    Line(u64),
}

/// Reads an export, one line at a time, within limits: no line makes it use more than some 20 MiB.
pub struct ExportReader<R: BufRead> {
    input: R,
    buffer: Vec<u8>,
    line: u64,
}

impl<R: BufRead> ExportReader<R> {
    /// Begins to read; the first line must be that of an export.
    pub fn new(input: R) -> Result<ExportReader<R>, ReadError> {
        let mut reader = ExportReader {
            input,
            buffer: Vec::new(),
            line: 0,
        };
        match reader.read_line() {
            Ok(true) if reader.buffer == MAGIC.as_bytes() => Ok(reader),
            Err(ReadError::Io(error)) => Err(error.into()),
            _ => Err(ReadError::NotAnExport),
        }
    }

    /// Number of the line read last, from 1 on.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next line; `None` at the end of the file.
    #[expect(
        clippy::should_implement_trait,
        reason = "a line borrows the reader's buffer"
    )]
    pub fn next(&mut self) -> Result<Option<ExportLine<'_>>, ReadError> {
        if !self.read_line()? {
            return Ok(None);
        }
        let line = self.line;
        parse_line(&self.buffer)
            .map(Some)
            .ok_or(ReadError::Line(line))
    }

    /// Reads a line into the buffer, without its end; `false` at the end of the file. A line that is
    /// too long or not ended is passed over and refused.
    fn read_line(&mut self) -> Result<bool, ReadError> {
        self.buffer.clear();
        let limit = u64::try_from(MAX_LINE_BYTES).expect("a few megabytes");
        let read = (&mut self.input)
            .take(limit)
            .read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        if self.buffer.pop_if(|last| *last == b'\n').is_some() {
            return Ok(true);
        }
        self.input.skip_until(b'\n')?;
        Err(ReadError::Line(self.line))
    }
}

fn parse_line(line: &[u8]) -> Option<ExportLine<'_>> {
    let space = line.iter().position(|c| *c == b' ')?;
    let (word, rest) = (&line[..space], &line[space + 1..]);
    match word {
        b"leaf" => parse_leaf(rest),
        b"checkpoint" => serde_json::from_slice(rest)
            .ok()
            .map(ExportLine::Checkpoint),
        b"origin" => {
            let origin = std::str::from_utf8(rest).ok()?.parse().ok()?;
            Some(ExportLine::Origin(origin))
        }
        b"end" => Some(ExportLine::End {
            leaves: parse_number(rest)?,
        }),
        _ => None,
    }
}

fn parse_leaf(rest: &[u8]) -> Option<ExportLine<'_>> {
    let mut parts = rest.splitn(3, |c| *c == b' ');
    let number = parse_number(parts.next()?)?;
    let hash = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    Some(ExportLine::Leaf {
        number,
        hash,
        canonical: parts.next()?,
    })
}

/// One text per number: no sign, no leading zero.
fn parse_number(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use kernel::Tenant;
    use proptest::prelude::*;

    use super::{ExportError, ExportLine, ExportReader, ExportWriter, MAX_LINE_BYTES, ReadError};
    use crate::checkpoint::Origin;
    use crate::leaf::{leaf_hash, sample};

    fn origin() -> Origin {
        Origin::new("site", Tenant(1)).unwrap()
    }

    fn export() -> Vec<u8> {
        let mut writer = ExportWriter::new(Vec::new(), &origin()).unwrap();
        writer.checkpoint("a\nnote \u{2014}\n").unwrap();
        for number in 0..3 {
            let bytes = sample(number).canonical().unwrap();
            writer
                .leaf(number.into(), &leaf_hash(&bytes), &bytes)
                .unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn reads_what_it_writes() {
        let bytes = export();
        let mut reader = ExportReader::new(&bytes[..]).unwrap();
        assert_eq!(reader.next().unwrap(), Some(ExportLine::Origin(origin())));
        let note = ExportLine::Checkpoint("a\nnote \u{2014}\n".to_owned());
        assert_eq!(reader.next().unwrap(), Some(note));
        for number in 0..3 {
            let canonical = &sample(number).canonical().unwrap()[..];
            let (number, hash) = (number.into(), leaf_hash(canonical));
            let leaf = ExportLine::Leaf {
                number,
                hash,
                canonical,
            };
            assert_eq!(reader.next().unwrap(), Some(leaf));
        }
        assert_eq!(reader.next().unwrap(), Some(ExportLine::End { leaves: 3 }));
        assert_eq!(reader.line(), 7);
        assert_eq!(reader.next().unwrap(), None);
    }

    #[test]
    fn the_writer_keeps_the_order_and_the_limits() {
        let mut writer = ExportWriter::new(Vec::new(), &origin()).unwrap();
        let hash = leaf_hash(b"");
        assert!(matches!(
            writer.leaf(0, &hash, b"a\nb"),
            Err(ExportError::BeyondLimits)
        ));
        assert!(matches!(
            writer.checkpoint(&"x".repeat(300_000)),
            Err(ExportError::BeyondLimits)
        ));
        writer.leaf(0, &hash, b"{}").unwrap();
        assert!(matches!(
            writer.checkpoint("x"),
            Err(ExportError::LateCheckpoint)
        ));
    }

    #[test]
    fn goes_on_after_a_line_it_cannot_read() {
        let long = "x".repeat(MAX_LINE_BYTES + 10);
        for bad in [
            "leaf",
            "leaf 01 00 {}",
            "end -1",
            "end +1",
            "checkpoint 7",
            "origin x",
            &long,
        ] {
            let text = format!("xingcun-journal 1\n{bad}\nend 0\n");
            let mut reader = ExportReader::new(text.as_bytes()).unwrap();
            assert!(
                matches!(reader.next(), Err(ReadError::Line(2))),
                "{}",
                &bad[..4]
            );
            assert_eq!(reader.next().unwrap(), Some(ExportLine::End { leaves: 0 }));
        }
        for text in [
            "",
            "xingcun-journal 2\n",
            "xingcun-journal 1",
            "PK\u{3}\u{4}",
        ] {
            assert!(matches!(
                ExportReader::new(text.as_bytes()),
                Err(ReadError::NotAnExport)
            ));
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            at in any::<prop::sample::Index>(),
        ) {
            let mut near = export();
            let at = at.index(near.len());
            near.splice(at..at, bytes.iter().copied());
            for input in [&bytes[..], &near] {
                let Ok(mut reader) = ExportReader::new(input) else { continue };
                while !matches!(reader.next(), Ok(None)) {}
            }
        }
    }
}
