//! Files of personal imports: sealed under a key of their own that is kept nowhere on the server.

use zeroize::Zeroizing;

use crate::VaultError;
use crate::cipher::{Key, nonce};

/// The key of one file. It travels with the form that names the file and is gone with it; what
/// stays on disk then can be opened by nobody.
#[derive(Clone)]
pub struct FileKey(Zeroizing<[u8; 32]>);

impl FileKey {
    /// The key of 32 fresh random bytes, drawn for this one file.
    pub fn new(draw: [u8; 32]) -> FileKey {
        FileKey(Zeroizing::new(draw))
    }

    /// Seals the content. Once for each key: the nonce follows from it.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let nonce = nonce(&self.0, "xingcun file nonce 1", &[]);
        Key::from_bytes(&self.0).seal(plain, nonce, b"xingcun file 1")
    }

    /// Opens what was sealed; [`VaultError::Damaged`] for anything else.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        Key::from_bytes(&self.0).open(sealed, b"xingcun file 1")
    }

    /// 64 hexadecimal digits: for the form that carries it.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0.iter() {
            text.push_str(&format!("{byte:02x}"));
        }
        text
    }
}

impl PartialEq for FileKey {
    fn eq(&self, other: &FileKey) -> bool {
        *self.0 == *other.0
    }
}

impl Eq for FileKey {}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(secret)")
    }
}

impl std::str::FromStr for FileKey {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<FileKey, VaultError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(VaultError::Damaged);
        }
        let mut key = Zeroizing::new([0; 32]);
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |digit: u8| char::from(digit).to_digit(16).ok_or(VaultError::Damaged);
            let value = digit(pair[0])? * 16 + digit(pair[1])?;
            *byte = u8::try_from(value).expect("two hexadecimal digits");
        }
        Ok(FileKey(key))
    }
}

#[cfg(test)]
mod tests {
    use super::FileKey;

    #[test]
    fn a_file_opens_with_its_own_key_only() {
        let (key, other) = (FileKey::new([7; 32]), FileKey::new([8; 32]));
        let sealed = key.seal("陈国平,13800138000".as_bytes());
        assert!(!String::from_utf8_lossy(&sealed).contains("13800138000"));
        let read: FileKey = key.text().parse().unwrap();
        assert_eq!(
            &*read.open(&sealed).unwrap(),
            "陈国平,13800138000".as_bytes()
        );
        assert!(other.open(&sealed).is_err());
        assert!(key.open(&sealed[1..]).is_err());
        assert_eq!(format!("{key:?}"), "FileKey(secret)");
        for text in ["", "zz", &"0".repeat(63), &"é".repeat(32)] {
            assert!(text.parse::<FileKey>().is_err(), "{text}");
        }
    }
}
