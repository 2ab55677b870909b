//! Sealed values and the plain ones that go in.

use std::marker::PhantomData;

use kernel::{PersonId, Tenant};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::cipher::{Key, framed, nonce};
use crate::kind::{Kind, Masked, check_length};

/// Bytes of a keyed hash that are kept: a chance match among 4 billion values is below 1 in 10^19.
const EQUALITY_BYTES: usize = 16;
/// First byte of [`Sealed::to_bytes`].
const LAYOUT: u8 = 1;

/// A plain value on its way into the vault, or out of it by a reveal.
///
/// It has no `Display` and no `Serialize`, its `Debug` prints nothing, and its memory is
/// overwritten when it goes away.
///
/// ```compile_fail,E0277
/// let phone = vault::Plain::<vault::Phone>::new("13800138000").unwrap();
/// println!("{phone}");
/// ```
pub struct Plain<K: Kind> {
    pub(crate) text: Zeroizing<String>,
    kind: PhantomData<K>,
}

impl<K: Kind> Plain<K> {
    /// Takes a value in, in the one text that equal values share.
    pub fn new(text: &str) -> Result<Plain<K>, VaultError> {
        check_length(text)?;
        let text = Zeroizing::new(K::normalise(text));
        check_length(&text)?;
        Ok(Plain {
            text,
            kind: PhantomData,
        })
    }

    /// What people may see of it.
    pub fn masked(&self) -> Masked {
        Masked::of::<K>(&self.text)
    }
}

impl<K: Kind> std::fmt::Debug for Plain<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plain")
    }
}

/// A sealed value of one person: cipher text, keyed hash, masked form.
///
/// Bound to tenant, person and kind: moved to another person or kind it does not open, and neither
/// does it with another hash or another masked form beside it. It has no `Display` and no
/// `Serialize`, and its `Debug` prints nothing:
///
/// ```compile_fail,E0277
/// fn show(phone: &vault::Sealed<vault::Phone>) -> String {
///     phone.to_string()
/// }
/// ```
/// ```compile_fail,E0277
/// fn ship<T: serde::Serialize>(value: &T) {}
/// fn send(phone: &vault::Sealed<vault::Phone>) {
///     ship(phone);
/// }
/// ```
/// ```compile_fail,E0308
/// fn swap(phone: vault::Sealed<vault::Phone>) -> vault::Sealed<vault::IdNumber> {
///     phone
/// }
/// ```
pub struct Sealed<K: Kind> {
    masked: Masked,
    equality: Option<[u8; EQUALITY_BYTES]>,
    cipher: Vec<u8>,
    kind: PhantomData<K>,
}

impl<K: Kind> Sealed<K> {
    /// What people may see of it.
    pub fn masked(&self) -> &Masked {
        &self.masked
    }

    /// The keyed hash; none for kinds that cannot be searched for.
    pub(crate) fn equality(&self) -> Option<&[u8]> {
        self.equality.as_ref().map(<[u8; EQUALITY_BYTES]>::as_slice)
    }

    pub(crate) fn seal(
        person_key: &Key,
        equality_key: &Key,
        owner: (Tenant, PersonId),
        plain: &Plain<K>,
        draw: &[u8; 32],
    ) -> Sealed<K> {
        let mut sealed = Sealed {
            masked: plain.masked(),
            equality: equality(equality_key, plain),
            cipher: Vec::new(),
            kind: PhantomData,
        };
        let bound = sealed.bound(owner);
        let nonce = nonce(draw, "xingcun value nonce 1", &[&bound]);
        sealed.cipher = person_key.seal(plain.text.as_bytes(), nonce, &bound);
        sealed
    }

    pub(crate) fn cipher(&self) -> &[u8] {
        &self.cipher
    }

    /// Everything that must be as it was when the value was sealed.
    pub(crate) fn bound(&self, (tenant, person): (Tenant, PersonId)) -> Vec<u8> {
        framed(
            "xingcun value 1",
            &[
                &tenant.0.to_be_bytes(),
                person.0.as_bytes(),
                K::NAME.as_bytes(),
                self.equality().unwrap_or_default(),
                &[self.masked.hidden],
                self.masked.shown.as_bytes(),
            ],
        )
    }

    /// One row of bytes, for a column or a staged row: layout, number of hidden characters, hash
    /// (16 bytes, for kinds that have one), length and text of what is shown, cipher text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let shown = self.masked.shown.as_bytes();
        let length = u8::try_from(shown.len()).expect("four characters have at most 16 bytes");
        let mut bytes = vec![LAYOUT, self.masked.hidden];
        bytes.extend_from_slice(self.equality().unwrap_or_default());
        bytes.push(length);
        bytes.extend_from_slice(shown);
        bytes.extend_from_slice(&self.cipher);
        bytes
    }

    /// The value that [`Sealed::to_bytes`] gave; whether it opens shows only when it is opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Sealed<K>, VaultError> {
        Sealed::read(bytes).ok_or(VaultError::Damaged)
    }

    fn read(bytes: &[u8]) -> Option<Sealed<K>> {
        let (&[layout, hidden], mut rest) = bytes.split_first_chunk::<2>()?;
        if layout != LAYOUT {
            return None;
        }
        let mut equality = None;
        if K::FINDABLE {
            let (hash, after) = rest.split_first_chunk()?;
            (equality, rest) = (Some(*hash), after);
        }
        let (&length, rest) = rest.split_first()?;
        let (shown, cipher) = rest.split_at_checked(length.into())?;
        let shown = std::str::from_utf8(shown).ok()?.to_owned();
        if shown.chars().count() > 4 {
            return None;
        }
        Some(Sealed {
            masked: Masked { hidden, shown },
            equality,
            cipher: cipher.to_vec(),
            kind: PhantomData,
        })
    }
}

impl<K: Kind> Clone for Sealed<K> {
    fn clone(&self) -> Sealed<K> {
        Sealed {
            masked: self.masked.clone(),
            equality: self.equality,
            cipher: self.cipher.clone(),
            kind: PhantomData,
        }
    }
}

impl<K: Kind> std::fmt::Debug for Sealed<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed")
    }
}

/// The keyed hash by which equal values are found; none for kinds that cannot be searched for.
pub(crate) fn equality<K: Kind>(
    equality_key: &Key,
    plain: &Plain<K>,
) -> Option<[u8; EQUALITY_BYTES]> {
    K::FINDABLE.then(|| {
        let parts = [K::NAME.as_bytes(), plain.text.as_bytes()];
        let digest = equality_key.digest("xingcun equality 1", &parts);
        *digest.first_chunk().expect("a digest has 32 bytes")
    })
}
