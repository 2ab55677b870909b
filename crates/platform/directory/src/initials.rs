//! Pinyin initials as a search key: 钟家庄 is found by `zjz`.

use pinyin::{ToPinyin, ToPinyinMulti};

/// How many keys one name may have: readings of polyphones multiply (昌乐 is `cl` and `cy`).
pub const KEYS_MAX: usize = 8;

/// The initials of a name, one key for each combination of readings, at most [`KEYS_MAX`], the
/// commonest reading first. Letters and digits stand for themselves, in lower case; everything
/// else is left out. Empty where nothing remains.
pub fn initials(name: &str) -> Vec<String> {
    let mut keys = vec![String::new()];
    for c in name.chars() {
        let readings = readings(c);
        if readings.is_empty() {
            continue;
        }
        // Readings beyond the limit are dropped from the end: the commonest stay.
        let fits = (KEYS_MAX / keys.len()).max(1).min(readings.len());
        keys = readings[..fits]
            .iter()
            .flat_map(|initial| keys.iter().map(move |key| format!("{key}{initial}")))
            .collect();
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// The possible initials of one character, the commonest first, each once.
fn readings(c: char) -> Vec<char> {
    if c.is_ascii_alphanumeric() {
        return vec![c.to_ascii_lowercase()];
    }
    let Some(first) = c.to_pinyin() else {
        return Vec::new();
    };
    let others = c
        .to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(pinyin::Pinyin::plain);
    let mut found = Vec::new();
    for syllable in std::iter::once(first.plain()).chain(others) {
        let initial = syllable.chars().next().filter(char::is_ascii_alphabetic);
        if let Some(initial) = initial.filter(|initial| !found.contains(initial)) {
            found.push(initial);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{KEYS_MAX, initials};

    #[test]
    fn finds_by_initials_and_by_each_reading() {
        assert_eq!(initials("钟家庄")[0], "zjz");
        assert!(initials("昌乐").contains(&"cl".to_owned()));
        assert!(initials("昌乐").contains(&"cy".to_owned()));
        assert_eq!(initials("A区 3号")[0], "aq3h");
        assert_eq!(initials("·"), Vec::<String>::new());
        // A rare character outside the first block of common ones.
        assert_eq!(initials("鄌郚")[0], "tw");
    }

    #[test]
    fn never_more_keys_than_promised() {
        let name = "乐长重朝行单曾".repeat(5);
        let keys = initials(&name);
        assert!(keys.len() <= KEYS_MAX);
        assert!(keys.iter().all(|key| key.len() == 35));
    }
}
