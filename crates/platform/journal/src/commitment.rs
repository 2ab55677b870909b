//! Salted commitments: a body whose personal and free-text fields can be proved, and can be erased.
//!
//! Every scalar of a command's body that the command does not list as clear is replaced by
//! `{"#": "<hash>"}`. The hash is `SHA-256(0x02 || salt || canonical text of the value)` with
//! `salt = HMAC-SHA-256(seed, JSON pointer)`; the seed is one secret per command, kept apart from
//! the leaf. Whoever has seed and value can prove the field; once the seed is erased, the leaf says
//! nothing about the value any more, and the tree still verifies.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::canonical::{CanonicalError, MAX_DEPTH, canonical_json};
use crate::hash::Hash256;

/// Most scalars of one body. A command is as big as what a person does; bulk goes by file.
pub const MAX_SCALARS: usize = 20_000;
/// Longest path, in bytes of its JSON pointer.
pub const MAX_POINTER_BYTES: usize = 1_024;
/// The one member of an object that stands for a committed value, and the first letter that no
/// readable member name may have.
const MARK: &str = "#";

/// Why a body cannot be committed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The body holds something that has no canonical text.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// More than [`MAX_SCALARS`] scalars.
    #[error("more than {MAX_SCALARS} values in one command")]
    TooManyScalars,
    /// A path longer than [`MAX_POINTER_BYTES`].
    #[error("a path longer than {MAX_POINTER_BYTES} bytes")]
    PathTooLong,
    /// The path names nothing that is committed to.
    #[error("no committed value at this path")]
    NotCommitted,
}

/// The body as it stands in the leaf.
///
/// `clear_paths` are dotted paths to the scalars left readable: `round`, `items.*.item`; `*` is any
/// index or member name. Shape stays readable: member names that look like field names
/// (`[a-z][a-z0-9_]*`, at most 64 bytes) and the length of arrays. An object with any other member
/// name is one whose names the client chose, so it is committed to as a whole, unless a clear path
/// reaches into it; a name that begins with `#` is never left readable.
pub fn commit_body(
    body: &Value,
    clear_paths: &[&str],
    seed: &[u8; 32],
) -> Result<Value, CommitError> {
    let patterns: Vec<Vec<&str>> = clear_paths
        .iter()
        .map(|path| path.split('.').collect())
        .collect();
    let mut walk = Walk {
        seed,
        pointer: String::new(),
        scalars: 0,
    };
    let remaining: Vec<&[&str]> = patterns.iter().map(Vec::as_slice).collect();
    walk.value(body, &remaining, 0)
}

struct Walk<'a> {
    seed: &'a [u8; 32],
    pointer: String,
    scalars: usize,
}

impl Walk<'_> {
    /// `clear` holds what is left of the patterns that matched the path so far.
    fn value(
        &mut self,
        value: &Value,
        clear: &[&[&str]],
        depth: usize,
    ) -> Result<Value, CommitError> {
        match value {
            Value::Array(items) => self.array(items, clear, depth + 1),
            Value::Object(members) if readable_names(members, clear) => {
                self.object(members, clear, depth + 1)
            }
            Value::Object(_) => self.commit(value),
            _ if clear.iter().any(|rest| rest.is_empty()) => {
                self.count()?;
                canonical_json(value)?;
                Ok(value.clone())
            }
            _ => self.commit(value),
        }
    }

    fn array(
        &mut self,
        items: &[Value],
        clear: &[&[&str]],
        depth: usize,
    ) -> Result<Value, CommitError> {
        limit_depth(depth)?;
        let mut out = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let name = i.to_string();
            out.push(self.member(&name, item, clear, depth)?);
        }
        Ok(Value::Array(out))
    }

    fn object(
        &mut self,
        members: &Map<String, Value>,
        clear: &[&[&str]],
        depth: usize,
    ) -> Result<Value, CommitError> {
        limit_depth(depth)?;
        let mut out = Map::new();
        for (name, value) in members {
            out.insert(name.clone(), self.member(name, value, clear, depth)?);
        }
        Ok(Value::Object(out))
    }

    fn member(
        &mut self,
        name: &str,
        value: &Value,
        clear: &[&[&str]],
        depth: usize,
    ) -> Result<Value, CommitError> {
        let parent = self.pointer.len();
        push_token(&mut self.pointer, name);
        if self.pointer.len() > MAX_POINTER_BYTES {
            return Err(CommitError::PathTooLong);
        }
        let rest: Vec<&[&str]> = clear.iter().filter_map(|rest| step(rest, name)).collect();
        let out = self.value(value, &rest, depth);
        self.pointer.truncate(parent);
        out
    }

    fn commit(&mut self, value: &Value) -> Result<Value, CommitError> {
        self.count()?;
        let bytes = canonical_json(value)?;
        Ok(committed(commitment(
            &salt(self.seed, &self.pointer),
            &bytes,
        )))
    }

    fn count(&mut self) -> Result<(), CommitError> {
        self.scalars += 1;
        if self.scalars > MAX_SCALARS {
            return Err(CommitError::TooManyScalars);
        }
        Ok(())
    }
}

fn limit_depth(depth: usize) -> Result<(), CommitError> {
    if depth > MAX_DEPTH {
        return Err(CanonicalError::TooDeep.into());
    }
    Ok(())
}

fn step<'p>(pattern: &'p [&'p str], name: &str) -> Option<&'p [&'p str]> {
    let (first, rest) = pattern.split_first()?;
    (*first == "*" || *first == name).then_some(rest)
}

fn readable_names(members: &Map<String, Value>, clear: &[&[&str]]) -> bool {
    members.keys().all(|name| {
        is_field_name(name)
            || !name.starts_with(MARK) && clear.iter().any(|rest| step(rest, name).is_some())
    })
}

/// Whether a member name has the shape of a field of a command, and so was not chosen by a client.
fn is_field_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}

/// Appends one token of a JSON pointer (RFC 6901).
fn push_token(pointer: &mut String, name: &str) {
    pointer.push('/');
    for c in name.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

fn salt(seed: &[u8; 32], pointer: &str) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(seed).expect("HMAC takes any key length");
    mac.update(pointer.as_bytes());
    mac.finalize().into_bytes().into()
}

fn commitment(salt: &[u8; 32], canonical_value: &[u8]) -> Hash256 {
    Hash256::of(&[&[0x02], salt, canonical_value])
}

fn committed(hash: Hash256) -> Value {
    Value::Object(Map::from_iter([(
        MARK.to_owned(),
        Value::from(hash.to_string()),
    )]))
}

/// What proves one field of a leaf: its path, its value, and its salt.
///
/// The salt of one field says nothing of the others: the seed cannot be had from it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldProof {
    /// JSON pointer (RFC 6901) into the body: `/items/3/value`.
    pub pointer: String,
    /// The value.
    pub value: Value,
    /// The field's own salt.
    pub salt: Hash256,
}

/// The proof of the committed field at `pointer`, from the body as the client sent it.
///
/// `clear_paths` are those given to [`commit_body`]. Fails where the path names nothing, or names
/// what is readable in the leaf anyway.
pub fn prove_field(
    body: &Value,
    clear_paths: &[&str],
    seed: &[u8; 32],
    pointer: &str,
) -> Result<FieldProof, CommitError> {
    let value = body.pointer(pointer).ok_or(CommitError::NotCommitted)?;
    let proof = FieldProof {
        pointer: pointer.to_owned(),
        value: value.clone(),
        salt: salt(seed, pointer).into(),
    };
    let leaf_body = commit_body(body, clear_paths, seed)?;
    if verify_field(&leaf_body, &proof) {
        Ok(proof)
    } else {
        Err(CommitError::NotCommitted)
    }
}

/// Whether the leaf's body commits to this value at this path.
pub fn verify_field(leaf_body: &Value, proof: &FieldProof) -> bool {
    let Some(found) = leaf_body.pointer(&proof.pointer) else {
        return false;
    };
    let Ok(bytes) = canonical_json(&proof.value) else {
        return false;
    };
    *found == committed(commitment(proof.salt.as_bytes(), &bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{CommitError, FieldProof, MAX_SCALARS, commit_body, prove_field, verify_field};

    const SEED: [u8; 32] = [7; 32];

    fn body() -> Value {
        json!({
            "round": "2026q4",
            "items": [
                {"item": "A1", "value": "12.5", "note": "张三 13800138000"},
                {"item": "A2", "value": null, "note": ""},
            ],
            "phones": {"13800138000": "张三"},
            "marks": {"1.2.3": 5, "1.2.4": 6},
            "empty": {},
        })
    }

    #[test]
    fn leaves_readable_exactly_what_is_listed() {
        let out = commit_body(&body(), &["round", "items.*.item", "marks.*"], &SEED).unwrap();
        assert_eq!(out["round"], "2026q4");
        assert_eq!(out["items"][1]["item"], "A2");
        assert_eq!(out["marks"]["1.2.4"], 6);
        assert_eq!(out["empty"], json!({}));
        for pointer in [
            "/items/0/value",
            "/items/0/note",
            "/items/1/value",
            "/phones",
        ] {
            let found = out.pointer(pointer).unwrap();
            assert_eq!(found["#"].as_str().unwrap().len(), 64, "{pointer}");
            assert_eq!(found.as_object().unwrap().len(), 1, "{pointer}");
        }
        let text = out.to_string();
        for secret in ["12.5", "张三", "13800138000"] {
            assert!(!text.contains(secret), "{secret} stands in {text}");
        }
    }

    #[test]
    fn a_clear_path_to_a_container_clears_nothing_below_it() {
        let out = commit_body(&body(), &["items", "items.*"], &SEED).unwrap();
        assert!(!out.to_string().contains("A1"));
    }

    #[test]
    fn a_clear_path_that_goes_deeper_than_the_body_clears_nothing() {
        let body = json!({"note": "13800138000", "items": ["13900139000"]});
        let out = commit_body(&body, &["note.text", "items.*.item", "*.*.*"], &SEED).unwrap();
        let text = out.to_string();
        assert!(
            !text.contains("13800138000") && !text.contains("13900139000"),
            "{text}"
        );
    }

    #[test]
    fn a_client_cannot_forge_a_commitment() {
        let forged = json!({"marks": {"#": "00"}, "x": {"#": "11"}});
        let out = commit_body(&forged, &["marks.*"], &SEED).unwrap();
        assert_ne!(out["marks"]["#"], "00");
        assert_ne!(out["x"]["#"], "11");
    }

    #[test]
    fn equal_values_at_different_paths_or_of_different_commands_look_different() {
        let out = commit_body(&json!({"a": "x", "b": "x"}), &[], &SEED).unwrap();
        assert_ne!(out["a"], out["b"]);
        let other = commit_body(&json!({"a": "x"}), &[], &[8; 32]).unwrap();
        assert_ne!(out["a"], other["a"]);
    }

    #[test]
    fn proves_one_field_and_nothing_else() {
        let clear = ["round", "items.*.item"];
        let out = commit_body(&body(), &clear, &SEED).unwrap();
        let proof = prove_field(&body(), &clear, &SEED, "/items/0/note").unwrap();
        assert!(verify_field(&out, &proof));
        let wrong = [
            FieldProof {
                value: json!("张三 13800138001"),
                ..proof.clone()
            },
            FieldProof {
                pointer: "/items/1/note".into(),
                ..proof.clone()
            },
            FieldProof {
                salt: [0; 32].into(),
                ..proof.clone()
            },
            FieldProof {
                value: json!(0.5),
                ..proof
            },
        ];
        for proof in wrong {
            assert!(!verify_field(&out, &proof), "{proof:?}");
        }
        for pointer in ["/round", "/nothing", "/items", "/phones/13800138000"] {
            assert_eq!(
                prove_field(&body(), &clear, &SEED, pointer),
                Err(CommitError::NotCommitted),
                "{pointer}"
            );
        }
        let whole = prove_field(&body(), &clear, &SEED, "/phones").unwrap();
        assert!(verify_field(&out, &whole));
    }

    #[test]
    fn limits() {
        let many = Value::from(vec![0; MAX_SCALARS]);
        assert!(commit_body(&many, &["*"], &SEED).is_ok());
        let more = Value::from(vec![0; MAX_SCALARS + 1]);
        assert_eq!(
            commit_body(&more, &[], &SEED),
            Err(CommitError::TooManyScalars)
        );
        assert_eq!(
            commit_body(&more, &["*"], &SEED),
            Err(CommitError::TooManyScalars)
        );
        let long = json!({ "k".repeat(2_000): {"a": 1} });
        assert_eq!(
            commit_body(&long, &["*.a"], &SEED),
            Err(CommitError::PathTooLong)
        );
        let deep = (0..40).fold(json!(1), |value, _| json!([value]));
        assert!(commit_body(&deep, &[], &SEED).is_err());
        for clear in [&[][..], &["x"]] {
            assert!(commit_body(&json!({"x": 1.5}), clear, &SEED).is_err());
        }
    }

    proptest! {
        #[test]
        fn every_text_not_listed_is_gone(secret in "[0-9]{11}", name in "[a-z_]{1,8}|\\PC{1,8}") {
            let body = json!({"list": [{name.clone(): secret.clone()}], name: {"x": [secret.clone()]}});
            let out = commit_body(&body, &["list.*.other"], &SEED).unwrap();
            let quoted = format!("\"{secret}\"");
            prop_assert!(!out.to_string().contains(&quoted));
        }
    }
}
