//! The sentences of docs/acceptance.md: rows of its tables, `| id | sentence | check |`.

/// The document.
const DOCUMENT: &str = "docs/acceptance.md";

/// One sentence that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its id, `F1`.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// What keeps it.
    pub kept: Kept,
}

/// What keeps a sentence true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A check of this program, by its id.
    Check(String),
    /// A test elsewhere, or nothing yet: the reason.
    Elsewhere(String),
}

impl Sentence {
    /// The id of its check.
    pub fn check(&self) -> Option<&str> {
        match &self.kept {
            Kept::Check(id) => Some(id),
            Kept::Elsewhere(_) => None,
        }
    }
}

/// Reads the document.
pub fn read() -> Result<Vec<Sentence>, String> {
    let path = crate::root().join(DOCUMENT);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let sentences: Vec<Sentence> = text.lines().filter_map(row).collect();
    for (number, sentence) in sentences.iter().enumerate() {
        if sentences[..number]
            .iter()
            .any(|before| before.id == sentence.id)
        {
            return Err(format!("{DOCUMENT} has the id {} twice", sentence.id));
        }
    }
    if sentences.is_empty() {
        return Err(format!("{DOCUMENT} has no sentences"));
    }
    Ok(sentences)
}

/// A check is written as code; everything else in its column is a reason.
fn row(line: &str) -> Option<Sentence> {
    let cells: Vec<&str> = line
        .strip_prefix('|')?
        .strip_suffix('|')?
        .split('|')
        .collect();
    let [id, text, kept] = cells.as_slice() else {
        return None;
    };
    let id = id.trim();
    let is_id = id.starts_with(|c: char| c.is_ascii_uppercase())
        && id.len() > 1
        && id[1..].chars().all(|c| c.is_ascii_digit());
    if !is_id {
        return None;
    }
    let kept = kept.trim();
    let check = kept
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    Some(Sentence {
        id: id.to_owned(),
        text: text.trim().to_owned(),
        kept: match check {
            Some(check) if !check.contains(' ') => Kept::Check(check.to_owned()),
            _ => Kept::Elsewhere(kept.to_owned()),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{Kept, read, row};

    #[test]
    fn rows_are_read_and_everything_else_is_not() {
        let sentence = row("| F1 | It starts. | `demo.starts` |").unwrap();
        assert_eq!(sentence.kept, Kept::Check("demo.starts".to_owned()));
        let kept = row("| F2 | It holds. | kept by tests: house |")
            .unwrap()
            .kept;
        assert_eq!(kept, Kept::Elsewhere("kept by tests: house".to_owned()));
        assert_eq!(row("| id | sentence | check |"), None);
        assert_eq!(row("|---|---|---|"), None);
    }

    #[test]
    fn the_document_is_read_and_names_checks_that_exist() {
        let sentences = read().unwrap();
        assert!(sentences.len() > 20, "{}", sentences.len());
        super::super::check_ids(&sentences).unwrap();
    }
}
