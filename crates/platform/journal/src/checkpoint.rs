//! Signed checkpoints: size and root of a tree at one moment, as a C2SP signed note.
//!
//! The text has three lines (<https://c2sp.org/tlog-checkpoint>): origin, size, root in base64. The
//! signature line is that of <https://c2sp.org/signed-note> with Ed25519 (type 0x01). Any tool for
//! transparency logs reads them, and witnesses may add their own signature lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use kernel::Tenant;

use crate::hash::Hash256;

/// Longest note that is read, in bytes: room for 64 signatures, some of them large.
pub const MAX_NOTE_BYTES: usize = 256 << 10;
/// Most signature lines that are read; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;
/// Signature type of Ed25519 in a signed note.
const ED25519: u8 = 0x01;
/// What the signature lines begin with: em dash and space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// Why a text is not a checkpoint, a key, or not one signed by this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a signed note.
    #[error("not a signed note")]
    NotANote,
    /// A signed note, but its text is not a checkpoint of this product.
    #[error("not a checkpoint of a journal")]
    NotACheckpoint,
    /// Not a verifier key `name+id+key`.
    #[error("not a public key of a journal")]
    NotAKey,
    /// The note belongs to another log than the key.
    #[error("a checkpoint of another journal")]
    OtherOrigin,
    /// No signature of this key stands under the note.
    #[error("not signed by this key")]
    NotSigned,
    /// The signature that claims to be of this key is false.
    #[error("the signature is false")]
    FalseSignature,
}

/// The identity of a log: `xingcun/{site}/{tenant}/sha256`, the first line of its checkpoints and
/// the name of its key.
///
/// `site` is a short word chosen once when an installation is set up, so that two counties, each
/// with its own installation and each its tenant 1, never share an origin. The last part is the hash
/// of the tree; a log never changes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    site: String,
    tenant: Tenant,
}

impl Origin {
    /// The origin of a tenant's log; `None` where `site` is not 1 to 40 of `a-z 0-9 . -`.
    pub fn new(site: &str, tenant: Tenant) -> Option<Origin> {
        let fits = (1..=40).contains(&site.len())
            && site
                .bytes()
                .all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'));
        fits.then(|| Origin {
            site: site.to_owned(),
            tenant,
        })
    }

    /// The tenant whose log it is.
    pub fn tenant(&self) -> Tenant {
        self.tenant
    }

    /// The installation's word.
    pub fn site(&self) -> &str {
        &self.site
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "xingcun/{}/{}/sha256", self.site, self.tenant)
    }
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Origin {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Origin, NoteError> {
        let mut parts = text.split('/');
        let mut part = || parts.next().ok_or(NoteError::NotACheckpoint);
        let (product, site, tenant, hash) = (part()?, part()?, part()?, part()?);
        let tenant = tenant.parse().map_err(|_| NoteError::NotACheckpoint)?;
        let origin = Origin::new(site, Tenant(tenant)).ok_or(NoteError::NotACheckpoint)?;
        if (product, hash) == ("xingcun", "sha256") && origin.to_string() == text {
            Ok(origin)
        } else {
            Err(NoteError::NotACheckpoint)
        }
    }
}

/// Size and root of a log at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of these leaves.
    pub root: Hash256,
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        let root = STANDARD.encode(self.root.as_bytes());
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// The signed note.
    pub fn sign(&self, key: &CheckpointKey) -> String {
        sign_note(&self.text(), &self.origin.to_string(), &key.0)
    }

    fn from_text(text: &str) -> Result<Checkpoint, NoteError> {
        let mut lines = text.split_terminator('\n');
        let mut line = || lines.next().ok_or(NoteError::NotACheckpoint);
        let (origin, size, root) = (line()?, line()?, line()?);
        let checkpoint = Checkpoint {
            origin: origin.parse()?,
            size: size.parse().map_err(|_| NoteError::NotACheckpoint)?,
            root: decode(root).ok_or(NoteError::NotACheckpoint)?.into(),
        };
        // One text per checkpoint: no leading zeroes, no further lines.
        if checkpoint.text() != text {
            return Err(NoteError::NotACheckpoint);
        }
        Ok(checkpoint)
    }
}

fn decode<const N: usize>(base64: &str) -> Option<[u8; N]> {
    STANDARD.decode(base64).ok()?.try_into().ok()
}

/// The secret key that signs a log's checkpoints. Prints nothing.
#[derive(Clone)]
pub struct CheckpointKey(SigningKey);

impl CheckpointKey {
    /// The key of 32 random bytes, which the caller draws and keeps.
    pub fn from_seed(seed: &[u8; 32]) -> CheckpointKey {
        CheckpointKey(SigningKey::from_bytes(seed))
    }

    /// The public half, for one log.
    pub fn public_key(&self, origin: &Origin) -> PublicKey {
        PublicKey {
            origin: origin.clone(),
            key: self.0.verifying_key(),
        }
    }

    /// A signed note over another text than a checkpoint's: its first line must not be an origin,
    /// so that neither is ever taken for the other. The text ends in a line break.
    pub fn sign_statement(&self, origin: &Origin, text: &str) -> String {
        debug_assert!(!is_checkpoint(text), "a checkpoint is signed as one");
        sign_note(text, &origin.to_string(), &self.0)
    }
}

fn is_checkpoint(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| line.parse::<Origin>().is_ok())
}

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckpointKey(secret)")
    }
}

/// The public key of a log, written as transparency logs write it:
/// `{origin}+{key id, 8 hexadecimal digits}+{base64 of 0x01 and the key}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    origin: Origin,
    key: VerifyingKey,
}

impl PublicKey {
    /// The log whose checkpoints it verifies.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether this key signed the text as [`CheckpointKey::sign_statement`] does.
    pub fn verify_statement(&self, note: &str, text: &str) -> Result<(), NoteError> {
        let note = Note::parse(note)?;
        if note.text != text {
            return Err(NoteError::FalseSignature);
        }
        note.verify(&self.origin.to_string(), &self.key)
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.origin.to_string();
        let id = u32::from_be_bytes(key_id(&name, &self.key));
        let typed = [&[ED25519], &self.key.as_bytes()[..]].concat();
        write!(f, "{name}+{id:08x}+{}", STANDARD.encode(typed))
    }
}

impl std::str::FromStr for PublicKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<PublicKey, NoteError> {
        let (origin, rest) = text.split_once('+').ok_or(NoteError::NotAKey)?;
        let (_, typed) = rest.split_once('+').ok_or(NoteError::NotAKey)?;
        let typed: [u8; 33] = decode(typed).ok_or(NoteError::NotAKey)?;
        let (_, bytes) = typed.split_first_chunk::<1>().ok_or(NoteError::NotAKey)?;
        let bytes = bytes.try_into().map_err(|_| NoteError::NotAKey)?;
        let public = PublicKey {
            origin: origin.parse().map_err(|_| NoteError::NotAKey)?,
            key: VerifyingKey::from_bytes(bytes).map_err(|_| NoteError::NotAKey)?,
        };
        // Type byte and key id are as they must be, or the text is not this key's.
        if public.to_string() != text {
            return Err(NoteError::NotAKey);
        }
        Ok(public)
    }
}

/// A checkpoint as it was read, with signatures that are not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    unverified: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a note; says nothing yet of its signatures.
    pub fn parse(note: &str) -> Result<SignedCheckpoint, NoteError> {
        let note = Note::parse(note)?;
        Ok(SignedCheckpoint {
            unverified: Checkpoint::from_text(&note.text)?,
            note,
        })
    }

    /// The checkpoint, if this key signed it. Signatures of other keys are passed over.
    pub fn verify(&self, key: &PublicKey) -> Result<&Checkpoint, NoteError> {
        if self.unverified.origin != key.origin {
            return Err(NoteError::OtherOrigin);
        }
        self.note.verify(&key.origin.to_string(), &key.key)?;
        Ok(&self.unverified)
    }

    /// What the note claims; only for saying which note could not be verified.
    pub fn claimed(&self) -> &Checkpoint {
        &self.unverified
    }
}

/// A signed note: a text and signature lines.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    key_id: [u8; 4],
    signature: Vec<u8>,
}

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = Hash256::of(&[name.as_bytes(), b"\n", &[ED25519], key.as_bytes()]);
    *hash.0.first_chunk().expect("a hash has 32 bytes")
}

fn sign_note(text: &str, name: &str, key: &SigningKey) -> String {
    let id = key_id(name, &key.verifying_key());
    let signature = key.sign(text.as_bytes()).to_bytes();
    let signature = STANDARD.encode([&id[..], &signature].concat());
    format!("{text}\n{SIGNATURE_PREFIX}{name} {signature}\n")
}

impl Note {
    fn parse(note: &str) -> Result<Note, NoteError> {
        let controls = note.bytes().any(|c| c < 0x20 && c != b'\n');
        if note.len() > MAX_NOTE_BYTES || controls {
            return Err(NoteError::NotANote);
        }
        let blank = note.rfind("\n\n").ok_or(NoteError::NotANote)?;
        let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
        if signatures.is_empty() || !signatures.ends_with('\n') {
            return Err(NoteError::NotANote);
        }
        let signatures: Vec<NoteSignature> = signatures
            .split_terminator('\n')
            .map(|line| NoteSignature::parse(line).ok_or(NoteError::NotANote))
            .collect::<Result<_, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::NotANote);
        }
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }

    fn verify(&self, name: &str, key: &VerifyingKey) -> Result<(), NoteError> {
        let id = key_id(name, key);
        let mut found = Err(NoteError::NotSigned);
        for line in &self.signatures {
            if line.name == name && line.key_id == id {
                let signature = Signature::from_slice(&line.signature)
                    .map_err(|_| NoteError::FalseSignature)?;
                key.verify_strict(self.text.as_bytes(), &signature)
                    .map_err(|_| NoteError::FalseSignature)?;
                found = Ok(());
            }
        }
        found
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<NoteSignature> {
        let (name, base64) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
            return None;
        }
        let bytes = STANDARD.decode(base64).ok()?;
        let (key_id, signature) = bytes.split_first_chunk::<4>()?;
        (!signature.is_empty()).then(|| NoteSignature {
            name: name.to_owned(),
            key_id: *key_id,
            signature: signature.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use ed25519_dalek::VerifyingKey;
    use kernel::Tenant;
    use proptest::prelude::*;

    use super::{
        Checkpoint, CheckpointKey, Note, NoteError, Origin, PublicKey, SignedCheckpoint, sign_note,
    };
    use crate::hash::Hash256;

    fn key() -> CheckpointKey {
        CheckpointKey::from_seed(&[7; 32])
    }

    fn origin() -> Origin {
        Origin::new("9f2c11aa", Tenant(1)).unwrap()
    }

    fn sample() -> Checkpoint {
        Checkpoint {
            origin: origin(),
            size: 12_345,
            root: Hash256([9; 32]),
        }
    }

    #[test]
    fn verifies_the_example_of_go_s_note_package() {
        // golang.org/x/mod/sumdb/note, example_test.go.
        let note = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let typed = STANDARD
            .decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .unwrap();
        let key = VerifyingKey::from_bytes(typed[1..].try_into().unwrap()).unwrap();
        assert_eq!(
            super::key_id("PeterNeumann", &key),
            [0xc7, 0x4f, 0x20, 0xa3]
        );
        let parsed = Note::parse(note).unwrap();
        assert_eq!(parsed.verify("PeterNeumann", &key), Ok(()));
        assert_eq!(parsed.verify("EnochRoot", &key), Err(NoteError::NotSigned));
        let parsed = Note::parse(&note.replace("answer", "cause")).unwrap();
        assert_eq!(
            parsed.verify("PeterNeumann", &key),
            Err(NoteError::FalseSignature)
        );
        assert!(SignedCheckpoint::parse(note).is_err());
    }

    #[test]
    fn reads_what_it_signs() {
        let note = sample().sign(&key());
        assert!(note.starts_with("xingcun/9f2c11aa/1/sha256\n12345\nCQkJ"));
        let public = key().public_key(&origin());
        let parsed = SignedCheckpoint::parse(&note).unwrap();
        assert_eq!(parsed.verify(&public), Ok(&sample()));
        assert_eq!(public.to_string().parse(), Ok(public.clone()));

        let stranger = CheckpointKey::from_seed(&[8; 32]).public_key(&origin());
        assert_eq!(parsed.verify(&stranger), Err(NoteError::NotSigned));
        let elsewhere = key().public_key(&Origin::new("9f2c11aa", Tenant(2)).unwrap());
        assert_eq!(parsed.verify(&elsewhere), Err(NoteError::OtherOrigin));
        let edited = SignedCheckpoint::parse(&note.replace("12345", "12346")).unwrap();
        assert_eq!(edited.verify(&public), Err(NoteError::FalseSignature));
    }

    #[test]
    fn passes_over_the_signatures_of_others() {
        let note = sample().sign(&key());
        let witness = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
        let cosigned = sign_note(&sample().text(), "witness.example/1", &witness);
        let line = cosigned.rsplit_once("\n\n").unwrap().1;
        for note in [
            format!("{note}{line}"),
            note.replacen("\n\n", &format!("\n\n{line}"), 1),
        ] {
            let public = key().public_key(&origin());
            assert!(
                SignedCheckpoint::parse(&note)
                    .unwrap()
                    .verify(&public)
                    .is_ok()
            );
        }
    }

    #[test]
    fn refuses_what_is_no_checkpoint() {
        let note = sample().sign(&key());
        for wrong in [
            note.replace("12345", "012345"),
            note.replace("12345", "-1"),
            note.replace("12345", "99999999999999999999"),
            note.replace("12345", ""),
            note.replace("CQkJ", "CQkJCQkJ"),
            note.replace("sha256\n", "sm3\n"),
            note.replace("/1/", "/01/"),
            note.replace("\n\n", "\nextension\n\n"),
            note.replace("\n\n", "\n"),
            note.replace('\u{2014}', "-"),
            note.replace('\n', "\r\n"),
            note[..note.len() - 1].to_owned(),
            note.replace("\u{2014} xingcun", "\u{2014}  xingcun"),
            format!("{note}\n"),
            format!("{note}{}", "\u{2014} a AAAAAAA=\n".repeat(70)),
            String::new(),
        ] {
            assert!(SignedCheckpoint::parse(&wrong).is_err(), "{wrong}");
        }
        let public = key().public_key(&origin()).to_string();
        for wrong in [
            public.replace('+', "-"),
            public.replace("+A", "+B"),
            public.replace("/1/", "/2/"),
            String::new(),
        ] {
            assert_eq!(
                wrong.parse::<PublicKey>(),
                Err(NoteError::NotAKey),
                "{wrong}"
            );
        }
        assert!(Origin::new("Changle", Tenant(1)).is_none());
        assert!(Origin::new("", Tenant(1)).is_none());
    }

    #[test]
    fn notes_have_no_control_characters() {
        let note = |text: &str| format!("{text}\n\n\u{2014} name AAAAAAA=\n");
        assert!(Note::parse(&note("a\n\nb \u{7f}")).is_ok());
        for text in ["a\tb", "a\rb", "\0", "\u{1f}"] {
            assert_eq!(
                Note::parse(&note(text)),
                Err(NoteError::NotANote),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_secret_key_prints_nothing() {
        assert_eq!(format!("{:?}", key()), "CheckpointKey(secret)");
    }

    proptest! {
        #[test]
        fn arbitrary_texts_do_not_panic(
            text in "\\PC{0,80}|[xingcu/0-9sha \\n\u{2014}+=A-Z]{0,120}",
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let _ = SignedCheckpoint::parse(&text);
            let _ = text.parse::<PublicKey>();
            let _ = text.parse::<Origin>();
            let mut near = sample().sign(&key()).into_bytes();
            let at = at.index(near.len());
            let same = near[at] == byte;
            near[at] = byte;
            let public = key().public_key(&origin());
            if let Ok(near) = String::from_utf8(near)
                && let Ok(parsed) = SignedCheckpoint::parse(&near)
            {
                // No change of a single byte survives, but in a line that is not this key's.
                prop_assert!(same || parsed.verify(&public).is_err());
            }
        }
    }
}
