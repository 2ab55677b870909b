//! The leaves of an export against its checkpoints and the kept ones.

use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;

use journal::{
    Checkpoint, ExportLine, ExportReader, Frontier, Hash256, LeafSummary, NoteError, Origin,
    PublicKey, ReadError, SignedCheckpoint, leaf_hash,
};
use kernel::{CommandId, Finding};

use crate::report::{CheckpointReport, Findings, FirstBad, LeafMark, Report};

/// One pass over an export, building two trees: one of the recorded hashes, one of the leaves'
/// contents. A leaf that does not fit its recorded hash is named exactly, and where either tree has
/// the signed root, nothing else is wrong up to there. Where neither has, leaves were changed
/// together with their recorded hashes, and only the stretch between two checkpoints is known.
pub(crate) struct Chain<'a> {
    key: &'a PublicKey,
    pub(crate) findings: Findings,
    /// Signed checkpoints by size.
    checkpoints: BTreeMap<u64, Vec<CheckpointReport>>,
    origin: Option<Origin>,
    recorded: Frontier,
    /// Nothing as long as it is the same tree.
    content: Option<Frontier>,
    /// The number that the next leaf must have.
    next: u64,
    /// Leaf lines read.
    lines: u64,
    ended: bool,
    commands: HashSet<CommandId>,
    /// The first leaf after each checkpoint, and the first of all.
    marks: BTreeMap<u64, LeafMark>,
    last: Option<LeafMark>,
    /// Leaves that are certainly bad, by number.
    exact: BTreeMap<u64, Option<LeafMark>>,
}

impl<'a> Chain<'a> {
    pub(crate) fn new(kept: &[&str], key: &'a PublicKey) -> Chain<'a> {
        let mut chain = Chain {
            key,
            findings: Findings::default(),
            checkpoints: BTreeMap::new(),
            origin: None,
            recorded: Frontier::new(),
            content: None,
            next: 0,
            lines: 0,
            ended: false,
            commands: HashSet::new(),
            marks: BTreeMap::new(),
            last: None,
            exact: BTreeMap::new(),
        };
        for note in kept {
            chain.checkpoint(note, true);
        }
        chain
    }

    /// Reads the export to its end and shows every readable leaf, in its place or not, to `each`.
    pub(crate) fn read(
        &mut self,
        input: impl BufRead,
        each: &mut dyn FnMut(u64, &LeafSummary<'_>),
    ) {
        let mut reader = match ExportReader::new(input) {
            Ok(reader) => reader,
            Err(error) => return self.unreadable(&error),
        };
        loop {
            match reader.next() {
                Ok(Some(_)) if self.ended => {
                    self.findings.add(Finding::error("journal-after-end"));
                    return;
                }
                Ok(Some(line)) => self.line(line, each),
                Ok(None) => break,
                Err(error) => {
                    self.unreadable(&error);
                    if !matches!(error, ReadError::Line(_)) {
                        return;
                    }
                }
            }
        }
        if !self.ended {
            self.findings.add(Finding::error("journal-cut-short"));
        }
    }

    /// The number that the leaf after the end of the export would have.
    pub(crate) fn next_number(&self) -> u64 {
        self.next
    }

    fn unreadable(&mut self, error: &ReadError) {
        self.findings.add(match error {
            ReadError::Io(error) => {
                Finding::error("journal-not-read").arg("why", why(error.kind()))
            }
            ReadError::NotAnExport => Finding::error("journal-not-an-export"),
            ReadError::Line(line) => Finding::error("journal-line").arg("line", line.to_string()),
        });
    }

    fn line(&mut self, line: ExportLine<'_>, each: &mut dyn FnMut(u64, &LeafSummary<'_>)) {
        match line {
            ExportLine::Origin(origin) => self.origin(origin),
            ExportLine::Checkpoint(note) => self.checkpoint(&note, false),
            ExportLine::Leaf {
                number,
                hash,
                canonical,
            } => {
                self.lines += 1;
                if let Some(leaf) = self.leaf(number, hash, canonical) {
                    each(number, &leaf);
                }
            }
            ExportLine::End { leaves } => {
                self.ended = true;
                if leaves != self.lines {
                    self.findings.add(
                        Finding::error("journal-count")
                            .arg("expected", leaves.to_string())
                            .arg("found", self.lines.to_string()),
                    );
                }
            }
        }
    }

    fn origin(&mut self, origin: Origin) {
        if origin != *self.key.origin() {
            self.findings.add(
                Finding::error("journal-other-origin")
                    .arg("found", origin.to_string())
                    .arg("expected", self.key.origin().to_string()),
            );
        }
        self.origin = Some(origin);
    }

    fn checkpoint(&mut self, note: &str, kept: bool) {
        let signed = SignedCheckpoint::parse(note);
        let verified = signed
            .as_ref()
            .map_err(|error| *error)
            .and_then(|signed| signed.verify(self.key));
        match verified {
            Ok(Checkpoint { size, root, .. }) => {
                self.checkpoints
                    .entry(*size)
                    .or_default()
                    .push(CheckpointReport {
                        size: *size,
                        root: *root,
                        kept,
                        agrees: None,
                    });
            }
            Err(error) => {
                let code = match error {
                    NoteError::OtherOrigin => "journal-checkpoint-of-another",
                    NoteError::NotSigned => "journal-checkpoint-not-signed",
                    NoteError::FalseSignature => "journal-checkpoint-false-signature",
                    _ => "journal-checkpoint-unreadable",
                };
                let claimed = signed.map_or_else(
                    |_| "?".to_owned(),
                    |signed| signed.claimed().size.to_string(),
                );
                self.findings.add(
                    Finding::error(code)
                        .arg("size", claimed)
                        .arg("kept", whose(kept)),
                );
            }
        }
    }

    fn leaf<'l>(
        &mut self,
        number: u64,
        recorded: Hash256,
        canonical: &'l [u8],
    ) -> Option<LeafSummary<'l>> {
        let leaf = LeafSummary::read(canonical).ok();
        let mark = leaf.as_ref().map(|leaf| LeafMark::new(number, leaf));
        let content = leaf_hash(canonical);
        if content != recorded {
            self.changed(number, mark.as_ref());
        } else if leaf.is_none() {
            let finding = Finding::error("journal-leaf-unreadable");
            self.findings.add(finding.arg("number", number.to_string()));
        }
        if let (Some(leaf), Some(mark)) = (&leaf, &mark) {
            self.check_content(leaf, mark);
        }
        if self.in_order(number, mark.as_ref()) {
            self.append(recorded, content, mark.as_ref());
        }
        if mark.is_some() {
            self.last = mark;
        }
        leaf
    }

    fn changed(&mut self, number: u64, mark: Option<&LeafMark>) {
        self.exact.entry(number).or_insert_with(|| mark.cloned());
        let finding = match mark {
            Some(mark) => mark.name_in(Finding::error("journal-leaf-changed")),
            None => Finding::error("journal-leaf-garbled").arg("number", number.to_string()),
        };
        self.findings.add(finding);
    }

    fn check_content(&mut self, leaf: &LeafSummary<'_>, mark: &LeafMark) {
        if leaf.tenant != self.key.origin().tenant() {
            let finding = Finding::error("journal-leaf-of-another-tenant");
            self.findings
                .add(mark.name_in(finding).arg("tenant", leaf.tenant.0));
        }
        if !self.commands.insert(leaf.command) {
            self.findings
                .add(mark.name_in(Finding::error("journal-command-twice")));
        }
    }

    /// Whether the leaf has the number that must come next; says so where it has not.
    fn in_order(&mut self, number: u64, mark: Option<&LeafMark>) -> bool {
        let expected = self.next;
        if number < expected {
            self.exact.entry(number).or_insert_with(|| mark.cloned());
            let finding = Finding::error("journal-order").arg("expected", expected.to_string());
            self.findings.add(match mark {
                Some(mark) => mark.name_in(finding),
                None => finding.arg("number", number.to_string()),
            });
            return false;
        }
        self.next = number.saturating_add(1);
        if number > expected {
            self.exact.entry(expected).or_insert(None);
            let before = self
                .last
                .as_ref()
                .map_or_else(String::new, |mark| mark.at.minute_text());
            self.findings.add(
                Finding::error("journal-gap")
                    .arg("from", expected.to_string())
                    .arg("to", (number - 1).to_string())
                    .arg("count", (number - expected).to_string())
                    .arg("before", before),
            );
        }
        // Behind a gap no root can be computed any more.
        number == self.recorded.size()
    }

    fn append(&mut self, recorded: Hash256, content: Hash256, mark: Option<&LeafMark>) {
        let size = self.recorded.size();
        if let Some(mark) = mark
            && (size == 0 || self.checkpoints.contains_key(&size))
        {
            self.marks.insert(size, mark.clone());
        }
        if content != recorded && self.content.is_none() {
            self.content = Some(self.recorded.clone());
        }
        self.recorded.append(recorded);
        if let Some(tree) = &mut self.content {
            tree.append(content);
        }
        self.compare();
    }

    /// Holds the trees as they are now against the checkpoints of their size.
    fn compare(&mut self) {
        if let Some(checkpoints) = self.checkpoints.get_mut(&self.recorded.size()) {
            let recorded = self.recorded.root();
            let content = self.content.as_ref().map(Frontier::root);
            for checkpoint in checkpoints {
                let root = checkpoint.root;
                checkpoint.agrees = Some(root == recorded || Some(root) == content);
            }
        }
    }

    /// Draws the conclusions from all checkpoints together.
    pub(crate) fn finish(mut self) -> Report {
        for checkpoint in self.checkpoints.entry(0).or_default() {
            checkpoint.agrees = Some(checkpoint.root == Frontier::new().root());
        }
        let checkpoints: Vec<CheckpointReport> = std::mem::take(&mut self.checkpoints)
            .into_values()
            .flatten()
            .collect();
        let agreeing = |checkpoint: &&CheckpointReport| checkpoint.agrees == Some(true);
        let proven = checkpoints
            .iter()
            .filter(agreeing)
            .map(|c| c.size)
            .max()
            .unwrap_or(0);
        let size = self.recorded.size();
        let mut first_bad = self.exact.pop_first().map(|(number, leaf)| FirstBad {
            number,
            until: number + 1,
            leaf,
        });

        let disputed = self.find_disputes(&checkpoints, proven);
        if let Some(disputed) = disputed
            && first_bad
                .as_ref()
                .is_none_or(|bad| disputed.number < bad.number)
        {
            first_bad = Some(disputed);
        }
        self.find_missing_tail(&checkpoints, size);
        if checkpoints.is_empty() {
            self.findings.add(Finding::warning("journal-no-checkpoint"));
        } else if size > proven && first_bad.is_none() {
            let finding = Finding::note("journal-uncovered");
            self.findings
                .add(finding.arg("count", (size - proven).to_string()));
        }
        Report {
            origin: self.origin,
            size,
            root: self.content.as_ref().unwrap_or(&self.recorded).root(),
            proven,
            checkpoints,
            first_bad,
            rows: 0,
            findings: self.findings.finish(),
        }
    }

    /// Signed checkpoints that the leaves contradict; gives the first stretch in dispute.
    ///
    /// Up to `proven` leaves another signed checkpoint agrees with them, so one key signed two
    /// histories. Beyond it the leaves were changed after they were signed.
    fn find_disputes(&mut self, checkpoints: &[CheckpointReport], proven: u64) -> Option<FirstBad> {
        let mut first = None;
        let mut changed = false;
        for checkpoint in checkpoints.iter().filter(|c| c.agrees == Some(false)) {
            let before = checkpoints
                .iter()
                .filter(|c| c.agrees == Some(true) && c.size < checkpoint.size)
                .map(|c| c.size)
                .max()
                .unwrap_or(0);
            let fork = checkpoint.size <= proven;
            if fork {
                self.fork(checkpoint);
            } else if !changed {
                self.stretch(before, checkpoint);
            }
            changed |= !fork;
            first.get_or_insert_with(|| FirstBad {
                number: before,
                until: checkpoint.size,
                leaf: self.marks.get(&before).cloned(),
            });
        }
        first
    }

    fn fork(&mut self, checkpoint: &CheckpointReport) {
        self.findings.add(
            Finding::error("journal-fork")
                .arg("size", checkpoint.size.to_string())
                .arg("kept", whose(checkpoint.kept))
                .arg("root", checkpoint.root.to_string()),
        );
    }

    fn stretch(&mut self, before: u64, checkpoint: &CheckpointReport) {
        let finding = Finding::error("journal-stretch-changed");
        let finding = match self.marks.get(&before) {
            Some(mark) => mark.name_in(finding),
            None => ["time", "command", "name"].into_iter().fold(
                finding.arg("number", before.to_string()),
                |finding, name| finding.arg(name, "?"),
            ),
        };
        self.findings.add(
            finding
                .arg("until", (checkpoint.size - 1).to_string())
                .arg("size", checkpoint.size.to_string())
                .arg("kept", whose(checkpoint.kept)),
        );
    }

    /// Checkpoints that cover more leaves than there are.
    fn find_missing_tail(&mut self, checkpoints: &[CheckpointReport], size: u64) {
        let largest = |kept: bool| {
            checkpoints
                .iter()
                .filter(|c| c.kept == kept)
                .map(|c| c.size)
                .max()
                .unwrap_or(0)
        };
        // Behind a gap the numbers go on, and the leaves there are not missing.
        let present = self.next.max(size);
        let (own, kept) = (largest(false), largest(true));
        let code = if own > present {
            "journal-tail-missing"
        } else if kept > present {
            "journal-older"
        } else {
            return;
        };
        self.findings.add(
            Finding::error(code)
                .arg("expected", own.max(kept).to_string())
                .arg("found", present.to_string())
                .arg("missing", (own.max(kept) - present).to_string()),
        );
    }
}

/// The argument by which a text says where a checkpoint was.
fn whose(kept: bool) -> &'static str {
    if kept { "yes" } else { "no" }
}

/// Why a file could not be read on, in one word of the closed list of the texts.
fn why(kind: std::io::ErrorKind) -> &'static str {
    use std::io::ErrorKind as Kind;
    match kind {
        Kind::InvalidData => "not-text",
        Kind::UnexpectedEof => "cut",
        Kind::PermissionDenied => "permission",
        Kind::NotFound => "gone",
        _ => "device",
    }
}
