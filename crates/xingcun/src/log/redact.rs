//! What no log line may hold is taken out, whoever wrote it: by the name of the field, and by the
//! look of the value.

/// What stands for what was taken out.
const GONE: &str = "…";

/// Words that, in the name of a field or before a `=` or `:` in a text, say that a secret or a
/// person's data follows.
const SECRET_WORDS: [&str; 18] = [
    "password",
    "passwd",
    "secret",
    "token",
    "cookie",
    "authorization",
    "bearer",
    "session_key",
    "query",
    "name",
    "person",
    "phone",
    "telephone",
    "mobile",
    "id_number",
    "id_card",
    "account_no",
    "code_word",
];
/// Names of fields that end like a secret's and are none.
const HARMLESS: [&str; 4] = ["sponsor_name", "table_name", "thread_name", "command_name"];

/// A value as the log may show it, on one line.
pub fn value(field: &str, value: &str) -> String {
    if is_secret(field) {
        return GONE.to_owned();
    }
    text(value)
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if HARMLESS.contains(&name.as_str()) {
        return false;
    }
    SECRET_WORDS.iter().any(|word| {
        name == *word || name.ends_with(&format!("_{word}")) || name.ends_with(&format!("-{word}"))
    })
}

/// A text without what looks like a secret: the part of an address behind `?`, what follows
/// `password=` and its like, the row that a database shows in an error, long random words, numbers
/// of identity cards, bank cards and telephones, and every Chinese word, because lines of ours are
/// English and Chinese comes from people. Control characters would forge lines, so none stays.
fn text(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            shown.push_str(if looks_secret(word) { GONE } else { word });
            if announces(word, behind) {
                let mark = behind.find(['=', ':']).map_or(0, |at| at + 1);
                shown.push_str(&behind[..mark]);
                shown.push_str(GONE);
                end + mark + until_separator(&behind[mark..])
            } else {
                end
            }
        } else if first == '?' && follows_path(&shown) && !rest[1..].starts_with([' ', ')']) {
            shown.push('?');
            shown.push_str(GONE);
            1 + until_separator(&rest[1..])
        } else if let Some(row) = rest.strip_prefix(")=(") {
            // PostgreSQL's detail of a violated constraint: Key (columns)=(values) …
            shown.push_str(")=(");
            shown.push_str(GONE);
            3 + row.find(')').unwrap_or(row.len())
        } else if first.is_control() {
            shown.push(' ');
            first.len_utf8()
        } else if first.is_ascii() {
            shown.push(first);
            1
        } else {
            let end = rest
                .find(|c: char| c.is_ascii() || c.is_control())
                .unwrap_or(rest.len());
            shown.push_str(GONE);
            end
        };
        rest = &rest[taken..];
    }
    shown
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.')
}

/// Whether a secret follows a word: `password=…`, `"token": "…"`, `Bearer …`.
fn announces(word: &str, behind: &str) -> bool {
    let behind = behind.trim_start_matches(['"', '\'', '\\']).trim_start();
    if word.eq_ignore_ascii_case("bearer") {
        return !behind.is_empty();
    }
    is_secret(word) && behind.starts_with(['=', ':'])
}

/// How far what was announced reaches: to the end of its quotes, else to the next separator.
fn until_separator(text: &str) -> usize {
    let start = text.len() - text.trim_start_matches([' ', '\\']).len();
    let quoted = &text[start..];
    if let Some(quote) = quoted.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = quoted[1..].find(quote).map_or(quoted.len(), |at| at + 2);
        return start + end;
    }
    // `Authorization: Bearer x` has two words.
    let bearer = quoted
        .get(..7)
        .is_some_and(|word| word.eq_ignore_ascii_case("bearer "));
    let skip = start + if bearer { 7 } else { 0 };
    text[skip..]
        .find([' ', ',', ';', '}', ')', '"', '\'', '&', '\n', '\r', '\t'])
        .map_or(text.len(), |at| skip + at)
}

fn follows_path(shown: &str) -> bool {
    let word = shown
        .rsplit([' ', '"', '=', '('])
        .next()
        .unwrap_or_default();
    word.contains('/')
}

/// Random words of 32 and more characters (tokens, hashes of passwords), and numbers as long as
/// those of telephones, identity cards and bank cards. Ids of ours have hyphens, division codes
/// 12 digits and instants 13.
fn looks_secret(word: &str) -> bool {
    let longest = word.split(['-', '.', '_', '+']).map(str::len).max();
    if longest.is_some_and(|length| length >= 32) {
        return true;
    }
    word.split(['-', '.', '_', '+']).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let is_number =
            digits + 1 >= part.len() && part.as_bytes().first().is_some_and(u8::is_ascii_digit);
        is_number
            && match part.len() {
                11 => part.starts_with('1'),
                15..=19 => true,
                _ => false,
            }
    })
}
