//! Which passwords are accepted.

use std::collections::HashSet;
use std::sync::LazyLock;

use kernel::Finding;
use zeroize::Zeroizing;

use crate::Profile;

/// A password as it was typed. Wiped from memory when dropped; never printed, never kept.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a password in as it was typed: nothing is cut, changed or trimmed.
    pub fn new(typed: String) -> Password {
        Password(Zeroizing::new(typed))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The form of a command's field: comes in, never goes out.
impl<'de> serde::Deserialize<'de> for Password {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Password, D::Error> {
        String::deserialize(deserializer).map(Password::new)
    }
}

/// Twenty thousand common passwords, in lower case (`data/README.md`).
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../data/common-passwords.txt")
        .lines()
        .collect()
});

/// Words of this product and its places that attackers try first.
const OWN_WORDS: &[&str] = &[
    "xingcun", "changle", "cunwei", "shuji", "dangjian", "兴村", "村委", "书记", "党建",
];

/// What is wrong with a new password, by the profile; `known` are the sign-in name, the person's own
/// name and other words that somebody who knows her tries first. Empty = accepted.
pub fn check_password(password: &Password, known: &[&str], profile: &Profile) -> Vec<Finding> {
    let text = password.0.as_str();
    let mut findings = Vec::new();
    let length = text.chars().count();
    if length < profile.password_min {
        findings.push(
            Finding::error("password-too-short")
                .arg("found", length)
                .arg("expected", profile.password_min),
        );
    }
    if length > profile.password_max {
        findings.push(Finding::error("password-too-long").arg("expected", profile.password_max));
    }
    if classes(text) < profile.password_classes {
        let finding = Finding::error("password-too-uniform");
        findings.push(finding.arg("expected", profile.password_classes));
    }
    let lower = Zeroizing::new(text.to_lowercase());
    let weak: [(&'static str, bool); 5] = [
        ("password-repeats", repeats(&lower)),
        ("password-run", is_run(&lower)),
        ("password-common", is_common(&lower)),
        ("password-only-numbers", is_numbers(&lower)),
        (
            "password-of-known-words",
            mostly(&lower, known.iter().copied()) || mostly(&lower, OWN_WORDS.iter().copied()),
        ),
    ];
    // One reason is enough: the first that holds.
    let reason = weak.into_iter().find(|(_, holds)| *holds);
    findings.extend(reason.map(|(code, _)| Finding::error(code)));
    findings
        .into_iter()
        .map(|finding| finding.field("password"))
        .collect()
}

/// How many of lower case, upper case, digits and others it mixes.
fn classes(text: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        char::is_numeric,
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric(),
    ];
    tests.iter().filter(|test| text.chars().any(**test)).count()
}

/// Few different characters.
fn repeats(lower: &str) -> bool {
    let different: HashSet<char> = lower.chars().collect();
    different.len() < 5
}

/// Nothing but digits, with what stands between those of a date: a birthday, a telephone number.
fn is_numbers(lower: &str) -> bool {
    let between = |c: char| c.is_whitespace() || "-./:年月日号时分".contains(c);
    lower.chars().all(|c| c.is_numeric() || between(c))
}

/// A common password, also with digits and signs put around it or written twice.
fn is_common(lower: &str) -> bool {
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let half = lower.char_indices().nth(lower.chars().count() / 2);
    let doubled = half.is_some_and(|(at, _)| {
        let (first, second) = lower.split_at(at);
        first == second && COMMON.contains(first)
    });
    COMMON.contains(lower) || (core.chars().count() >= 4 && COMMON.contains(core)) || doubled
}

/// A run along the digits, the alphabet, the keyboard or what is counted with in Chinese: whether
/// three quarters of the neighbours are neighbours on a well-known row, too.
fn is_run(lower: &str) -> bool {
    const ROWS: [&str; 9] = [
        "01234567890",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "零一二三四五六七八九十一",
        "壹贰叁肆伍陆柒捌玖拾",
        "甲乙丙丁戊己庚辛壬癸",
        "子丑寅卯辰巳午未申酉戌亥",
    ];
    let beside = |a: char, b: char| {
        ROWS.iter().any(|row| {
            let mut pairs = row.chars().zip(row.chars().skip(1));
            pairs.any(|pair| pair == (a, b) || pair == (b, a))
        })
    };
    let chars: Vec<char> = lower.chars().collect();
    let pairs = chars.len().saturating_sub(1);
    let run = chars
        .windows(2)
        .filter(|pair| pair[0] == pair[1] || beside(pair[0], pair[1]))
        .count();
    pairs > 0 && run * 4 >= pairs * 3
}

/// Whether known words make up all but fewer than six characters.
fn mostly<'w>(lower: &str, words: impl Iterator<Item = &'w str>) -> bool {
    let mut rest = lower.to_owned();
    let mut found = false;
    // Two Chinese characters are a name, two letters are nothing.
    let least = |word: &str| if word.is_ascii() { 3 } else { 2 };
    for word in words.filter(|word| word.chars().count() >= least(word)) {
        let word = word.to_lowercase();
        found |= rest.contains(&word);
        rest = rest.replace(&word, "");
    }
    found && rest.chars().count() < 6
}

#[cfg(test)]
mod tests {
    use super::{Password, check_password};
    use crate::Profile;

    fn check(password: &str, profile: &Profile, expected: &[&str]) {
        let password_typed = Password::new(password.to_owned());
        let found = check_password(&password_typed, &["zhang.san", "张三", "店子村"], profile);
        let codes: Vec<&str> = found.iter().map(|finding| &*finding.code).collect();
        assert_eq!(codes, expected, "{password}");
    }

    #[test]
    fn length_and_known_words_decide_not_composition() {
        for (password, expected) in [
            ("correct horse battery", [].as_slice()),
            ("村口的老槐树下有一口水井", &[]),
            ("wmzjhzlhcdqs", &[]),
            ("short", &["password-too-short"]),
            ("passwordpassword", &["password-common"]),
            ("Password2026!!", &["password-common"]),
            ("!!1234qwerty56", &["password-run"]),
            ("111111111111", &["password-repeats"]),
            ("兴村兴村兴村兴村兴村兴村", &["password-repeats"]),
            ("123456789012", &["password-run"]),
            ("abcdefghijkl", &["password-run"]),
            ("qwertyuiopasdf", &["password-run"]),
            ("一二三四五六七八九十一二", &["password-run"]),
            ("甲乙丙丁戊己庚辛壬癸甲乙", &["password-run"]),
            ("199003072026", &["password-only-numbers"]),
            ("1990-03-07 2026", &["password-only-numbers"]),
            ("1990年3月7日13805361234", &["password-only-numbers"]),
            ("张三张三zhang.san", &["password-of-known-words"]),
            ("张三2026张三张三张三", &["password-of-known-words"]),
            ("zhang.san2026", &["password-of-known-words"]),
            ("xingcun20261122", &[]),
            ("xingcunxingcun1", &["password-of-known-words"]),
        ] {
            check(password, &Profile::MODERN, expected);
        }
        check(
            &"长".repeat(129),
            &Profile::MODERN,
            &["password-too-long", "password-repeats"],
        );
    }

    #[test]
    fn the_graded_profile_demands_a_mix() {
        check(
            "correct horse battery",
            &Profile::GRADED_3,
            &["password-too-uniform"],
        );
        check("Correct horse 7 battery", &Profile::GRADED_3, &[]);
    }

    #[test]
    fn prints_nothing() {
        let password = Password::new("correct horse battery".to_owned());
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
