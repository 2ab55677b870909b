//! AES-256-GCM-SIV (RFC 8452) and HMAC-SHA-256, with the labels that keep their uses apart.
//!
//! GCM-SIV because a nonce that is used twice by mistake then only tells that two plain texts are
//! equal, where plain GCM would give the key away.

use aes_gcm_siv::Aes256GcmSiv;
use aes_gcm_siv::aead::{Aead as _, Payload};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::VaultError;

/// First byte of everything sealed: which cipher. 2 is kept for SM4-GCM.
const AES_256_GCM_SIV: u8 = 1;
const NONCE_BYTES: usize = 12;

/// A key of 256 bits; overwritten when it goes away, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Key([u8; 32]);

impl Key {
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Key {
        Key(*bytes)
    }

    /// The key that follows from this one for a purpose. Parts are told apart by their lengths.
    pub(crate) fn derive(&self, label: &str, parts: &[&[u8]]) -> Key {
        Key(self.digest(label, parts))
    }

    /// HMAC-SHA-256 over label and parts, each preceded by its length in bytes.
    pub(crate) fn digest(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes any key length");
        mac.update(&framed(label, parts));
        mac.finalize().into_bytes().into()
    }

    /// Seals a plain text: cipher byte, nonce, cipher text with tag. `bound` must be given again
    /// to open it.
    pub(crate) fn seal(&self, plain: &[u8], nonce: [u8; NONCE_BYTES], bound: &[u8]) -> Vec<u8> {
        let cipher = Aes256GcmSiv::new((&self.0).into());
        let payload = Payload {
            msg: plain,
            aad: bound,
        };
        let sealed = cipher
            .encrypt(&nonce.into(), payload)
            .expect("far below the limit of 64 GiB");
        [&[AES_256_GCM_SIV], &nonce[..], &sealed].concat()
    }

    /// Opens what [`Key::seal`] sealed with the same key and the same `bound`.
    pub(crate) fn open(
        &self,
        sealed: &[u8],
        bound: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (&[cipher], rest) = sealed.split_first_chunk().ok_or(VaultError::Damaged)?;
        let (nonce, text) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(VaultError::Damaged)?;
        if cipher != AES_256_GCM_SIV {
            return Err(VaultError::Damaged);
        }
        let payload = Payload {
            msg: text,
            aad: bound,
        };
        Aes256GcmSiv::new((&self.0).into())
            .decrypt(&(*nonce).into(), payload)
            .map(Zeroizing::new)
            .map_err(|_| VaultError::Damaged)
    }

    /// Opens a sealed key.
    pub(crate) fn open_key(&self, sealed: &[u8], bound: &[u8]) -> Result<Key, VaultError> {
        let plain = self.open(sealed, bound)?;
        let bytes: &[u8; 32] = plain
            .as_slice()
            .try_into()
            .map_err(|_| VaultError::Damaged)?;
        Ok(Key(*bytes))
    }

    /// Seals another key.
    pub(crate) fn seal_key(&self, key: &Key, nonce: [u8; NONCE_BYTES], bound: &[u8]) -> Vec<u8> {
        self.seal(&key.0, nonce, bound)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(secret)")
    }
}

/// Randomness that the caller drew for one command: 32 bytes, kept nowhere.
///
/// Everything random in this crate follows from it and from what it is for, so a transaction that
/// runs again makes the same keys and nonces, and one draw serves any number of persons and values.
pub(crate) fn nonce(draw: &[u8; 32], label: &str, parts: &[&[u8]]) -> [u8; NONCE_BYTES] {
    let digest = Key(*draw).digest(label, parts);
    *digest.first_chunk().expect("a digest has 32 bytes")
}

/// Label and parts in one unambiguous row of bytes.
pub(crate) fn framed(label: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in [label.as_bytes()].into_iter().chain(parts.iter().copied()) {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Key, framed, nonce};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
            .collect()
    }

    #[test]
    fn is_the_cipher_of_rfc_8452() {
        // Appendix C.2, the case with plain text and associated data of 8 and 1 bytes.
        let mut key = [0; 32];
        key[0] = 1;
        let mut nonce = [0; 12];
        nonce[0] = 3;
        let sealed = Key::from_bytes(&key).seal(&bytes("0200000000000000"), nonce, &[1]);
        assert_eq!(
            sealed[13..],
            bytes("1de22967237a813291213f267e3b452f02d01ae33e4ec854")
        );
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(framed("a", &[b"b", b"c"]), framed("a", &[b"bc"]));
        assert_ne!(framed("a", &[b"", b"b"]), framed("a", &[b"b", b""]));
        assert_ne!(nonce(&[1; 32], "a", &[]), nonce(&[1; 32], "b", &[]));
    }

    #[test]
    fn a_key_prints_nothing() {
        assert_eq!(format!("{:?}", Key::from_bytes(&[9; 32])), "Key(secret)");
    }

    proptest! {
        #[test]
        fn opens_only_what_it_sealed(
            plain in prop::collection::vec(any::<u8>(), 0..100),
            bound in prop::collection::vec(any::<u8>(), 0..40),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let key = Key::from_bytes(&[5; 32]);
            let sealed = key.seal(&plain, [6; 12], &bound);
            prop_assert_eq!(&key.open(&sealed, &bound).unwrap()[..], &plain[..]);
            let mut changed = sealed.clone();
            changed[at.index(sealed.len())] ^= 1 << bit;
            prop_assert!(key.open(&changed, &bound).is_err());
            prop_assert!(key.open(&sealed, &[&bound[..], &[0]].concat()).is_err());
            prop_assert!(key.open(&sealed[..at.index(sealed.len())], &bound).is_err());
            prop_assert!(Key::from_bytes(&[4; 32]).open(&sealed, &bound).is_err());
        }

        #[test]
        fn arbitrary_bytes_do_not_open(sealed in prop::collection::vec(any::<u8>(), 0..100)) {
            let key = Key::from_bytes(&[5; 32]);
            prop_assert!(key.open(&sealed, b"").is_err());
            prop_assert!(key.open_key(&sealed, b"").is_err());
        }
    }
}
