//! Splits the text of a statement into words and signs: as much SQL as the linter has to know.

/// A word or sign of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// A keyword or a name, as written.
    Word(&'s str),
    /// `$3`.
    Parameter(usize),
    /// A number with the text it has.
    Number(&'s str),
    /// A text between apostrophes.
    Text,
    /// Anything else; two signs where they belong together.
    Sign(&'s str),
}

impl Token<'_> {
    /// Whether this is the word, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Token::Sign(found) if *found == sign)
    }
}

/// Signs that are read as one.
const DOUBLE: [&str; 9] = ["::", "->", "==", "||", "<>", "<=", ">=", "!=", "--"];

pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = token(rest, first);
        found.push(token);
        rest = rest[length..].trim_start();
    }
    found
}

fn token(rest: &str, first: char) -> (Token<'_>, usize) {
    let run = |allowed: fn(char) -> bool| {
        rest.char_indices()
            .find(|&(at, c)| at > 0 && !allowed(c))
            .map_or(rest.len(), |(at, _)| at)
    };
    if first == '\'' {
        return (Token::Text, text_length(rest));
    }
    if first == '$' {
        let length = run(|c| c.is_ascii_digit());
        return (
            Token::Parameter(rest[1..length].parse().unwrap_or(0)),
            length,
        );
    }
    if first.is_ascii_digit() {
        let length = run(|c| c.is_ascii_alphanumeric() || c == '.');
        return (Token::Number(&rest[..length]), length);
    }
    if first.is_alphabetic() || first == '_' {
        let length = run(|c| c.is_alphanumeric() || c == '_');
        return (Token::Word(&rest[..length]), length);
    }
    for sign in DOUBLE {
        if rest.starts_with(sign) {
            return (Token::Sign(sign), sign.len());
        }
    }
    let length = first.len_utf8();
    (Token::Sign(&rest[..length]), length)
}

/// Length of a text in apostrophes; two apostrophes inside stand for one.
fn text_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] != b'\'' {
            at += 1;
        } else if bytes.get(at + 1) == Some(&b'\'') {
            at += 2;
        } else {
            return at + 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn splits_words_parameters_texts_and_signs() {
        assert_eq!(
            tokens("SELECT a.b||'it''s (x)' WHERE c>=$12"),
            [
                Token::Word("SELECT"),
                Token::Word("a"),
                Token::Sign("."),
                Token::Word("b"),
                Token::Sign("||"),
                Token::Text,
                Token::Word("WHERE"),
                Token::Word("c"),
                Token::Sign(">="),
                Token::Parameter(12),
            ]
        );
    }
}
