//! Text to tokens.

use std::sync::Arc;

use kernel::{Decimal, Finding};

use crate::{LENGTH_LIMIT_BYTES, Origin, Position};

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Number(Decimal),
    Text(Arc<str>),
    /// A name with its dots, a function name or a keyword.
    Word(String),
    /// A sign of [`SIGNS`].
    Sign(&'static str),
    /// After the last one; simplifies the parser.
    End,
}

impl Token {
    /// What a finding shows the reader.
    pub(crate) fn shown(&self) -> String {
        match self {
            Token::Number(number) => number.to_string(),
            Token::Text(text) => format!("\"{text}\""),
            Token::Word(word) => word.clone(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::End => String::new(),
        }
    }
}

/// Longer signs before their beginnings.
const SIGNS: [&str; 20] = [
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "!", "?", ":", ",", "(", ")",
    "[", "]",
];

/// What people type instead, mostly from a Chinese keyboard or from Excel, and what is meant.
const WRITE_INSTEAD: [(&str, &str); 19] = [
    ("<>", "!="),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("≥", ">="),
    ("≤", "<="),
    ("≠", "!="),
    ("×", "*"),
    ("÷", "/"),
    ("“", "\""),
    ("”", "\""),
    ("‘", "\""),
    ("’", "\""),
    ("。", "."),
    ("、", ","),
    ("【", "["),
    ("】", "]"),
    ("−", "-"),
    ("{", "("),
];

/// Words of other languages that would otherwise be taken for names.
const WORDS_INSTEAD: [(&str, &str); 8] = [
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("null", "missing"),
    ("if", "condition ? a : b"),
    ("True", "true"),
    ("False", "false"),
    ("None", "missing"),
];

/// A token and where it begins.
pub(crate) type Placed = (Token, Position);

/// All tokens, ending with [`Token::End`].
pub(crate) fn tokens(text: &str, origin: &Origin) -> Result<Vec<Placed>, Finding> {
    if text.len() > LENGTH_LIMIT_BYTES {
        return Err(origin
            .error("formula-too-long", Position { line: 1, column: 1 })
            .arg("found", text.len())
            .arg("limit", LENGTH_LIMIT_BYTES));
    }
    let mut reader = Reader {
        rest: text,
        at: Position { line: 1, column: 1 },
        origin,
    };
    let mut tokens = Vec::new();
    loop {
        reader.skip_space();
        let at = reader.at;
        let token = reader.token()?;
        let end = token == Token::End;
        tokens.push((token, at));
        if end {
            return Ok(tokens);
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: Position,
    origin: &'a Origin,
}

impl<'a> Reader<'a> {
    fn skip_space(&mut self) {
        let space = self
            .rest
            .find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'))
            .unwrap_or(self.rest.len());
        self.take(space);
    }

    /// Takes `length` bytes and moves the position behind them.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        for c in taken.chars() {
            if c == '\n' {
                self.at.line += 1;
                self.at.column = 1;
            } else {
                self.at.column += 1;
            }
        }
        taken
    }

    fn token(&mut self) -> Result<Token, Finding> {
        match self.rest.chars().next() {
            None => Ok(Token::End),
            Some('"' | '\'') => self.text(),
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if starts_word(c) => self.word(),
            Some(c) => self.sign(c),
        }
    }

    fn number(&mut self) -> Result<Token, Finding> {
        let at = self.at;
        // Everything that sticks to the digits belongs to the wrong number: 1e5, 5wan, 1_000.
        let end = self
            .rest
            .find(|c: char| !(continues_word(c) || c == '.'))
            .unwrap_or(self.rest.len());
        let digits = self.take(end);
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && !digits.ends_with('.')
            && digits.matches('.').count() <= 1;
        plain
            .then(|| digits.parse().ok())
            .flatten()
            .map(Token::Number)
            .ok_or_else(|| {
                self.origin
                    .error("formula-bad-number", at)
                    .arg("found", digits)
            })
    }

    fn word(&mut self) -> Result<Token, Finding> {
        let at = self.at;
        let end = self
            .rest
            .find(|c: char| !(continues_word(c) || c == '.'))
            .unwrap_or(self.rest.len());
        let word = self.take(end);
        if let Some((_, meant)) = WORDS_INSTEAD.iter().find(|(wrong, _)| *wrong == word) {
            return Err(self.instead(at, word, meant));
        }
        if !word
            .split('.')
            .all(|part| part.chars().next().is_some_and(starts_word))
        {
            return Err(self.origin.error("formula-bad-name", at).arg("found", word));
        }
        Ok(Token::Word(word.to_owned()))
    }

    fn text(&mut self) -> Result<Token, Finding> {
        let at = self.at;
        let quote = self.take(1).chars().next().expect("the quote was seen");
        let mut text = String::new();
        loop {
            let here = self.at;
            let Some(c) = self.rest.chars().next() else {
                return Err(self.origin.error("formula-unclosed-text", at));
            };
            self.take(c.len_utf8());
            match c {
                _ if c == quote => return Ok(Token::Text(text.into())),
                '\\' => text.push(self.escape(here)?),
                _ if c.is_control() => return Err(self.origin.error("formula-unclosed-text", at)),
                _ => text.push(c),
            }
        }
    }

    fn escape(&mut self, at: Position) -> Result<char, Finding> {
        let escaped = self.rest.chars().next();
        let meant = match escaped {
            Some('n') => '\n',
            Some('t') => '\t',
            Some(c @ ('\\' | '"' | '\'')) => c,
            _ => {
                return Err(self.origin.error("formula-bad-escape", at).arg(
                    "found",
                    format!("\\{}", escaped.map_or(String::new(), String::from)),
                ));
            }
        };
        self.take(1);
        Ok(meant)
    }

    fn sign(&mut self, first: char) -> Result<Token, Finding> {
        let at = self.at;
        let wrong = |(wrong, _): &&(&str, &str)| self.rest.starts_with(wrong);
        let known = SIGNS.iter().find(|sign| self.rest.starts_with(**sign));
        // `<>` would otherwise be read as `<` and fail at `>` without saying why.
        if let Some((wrong, meant)) = WRITE_INSTEAD.iter().find(wrong)
            && known.is_none_or(|sign| sign.len() < wrong.len())
        {
            return Err(self.instead(at, wrong, meant));
        }
        if let Some(sign) = known {
            self.take(sign.len());
            return Ok(Token::Sign(sign));
        }
        match half_width(first) {
            Some(half) => Err(self.instead(at, &first.to_string(), &half.to_string())),
            None => Err(self
                .origin
                .error("formula-unexpected-character", at)
                .arg("found", first.escape_debug().to_string())),
        }
    }

    fn instead(&self, at: Position, found: &str, expected: &str) -> Finding {
        self.origin
            .error("formula-write-instead", at)
            .arg("found", found)
            .arg("expected", expected)
    }
}

/// Letters of any script, so that a pack may name its figures in Chinese; full-width forms are
/// refused, because they look like their ASCII twins.
fn starts_word(c: char) -> bool {
    (c.is_alphabetic() && half_width(c).is_none()) || c == '_'
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_ascii_digit()
}

/// The ASCII twin of a full-width character.
fn half_width(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\u{3000}' => Some(' '),
        _ => None,
    }
}
