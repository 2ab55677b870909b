//! Secrets of 256 random bits, of which the database keeps only a hash.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 256 random bits. Wiped from memory when dropped; never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn new(bytes: [u8; 32]) -> Secret {
        Secret(bytes)
    }

    /// What the database keeps. A plain hash suffices: there is nothing to guess in 256 bits.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Bytes that follow from the secret for another purpose.
    pub(crate) fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(purpose);
        hash.update([0]);
        hash.update(self.0);
        hash.finalize().into()
    }

    /// 64 hexadecimal digits.
    pub(crate) fn to_hex(&self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes any text");
            text
        })
    }

    /// The secret of 64 lower-case hexadecimal digits: one spelling only.
    pub(crate) fn from_hex(text: &str) -> Option<Secret> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let mut value = 0;
            for digit in pair {
                value = value << 4
                    | match digit {
                        b'0'..=b'9' => digit - b'0',
                        b'a'..=b'f' => digit - b'a' + 10,
                        _ => return None,
                    };
            }
            *byte = value;
        }
        Some(Secret(bytes))
    }
}

/// Declares kinds of secret that cannot be mistaken for each other, each with a text form of 64
/// hexadecimal digits for a link or a cookie.
macro_rules! token_types {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Secret);

        impl $name {
            /// A token of fresh random bytes.
            pub fn new(random: [u8; 32]) -> $name {
                $name(Secret::new(random))
            }

            /// The token in its text form: for its owner only.
            pub fn expose(&self) -> String {
                self.0.to_hex()
            }

            /// The token of its text form.
            pub fn parse(text: &str) -> Option<$name> {
                Secret::from_hex(text).map($name)
            }

            pub(crate) fn hash(&self) -> [u8; 32] {
                self.0.hash()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

token_types! {
    /// By which a browser shows that its user signed in on it before.
    DeviceToken
    /// Of a sign-in whose password was right and whose code is still to come.
    HalfToken
}

/// By hash, so that the time of comparing tells nothing.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn hex_has_one_spelling() {
        let secret = Secret::new(*b"0123456789abcdef\x00\x01\x7f\x80\xfe\xff\n\"#$%&()*+");
        let text = secret.to_hex();
        assert!(Secret::from_hex(&text) == Some(secret));
        assert!(Secret::from_hex(&text.to_uppercase()).is_none());
        assert!(Secret::from_hex(&text[1..]).is_none());
        assert!(Secret::from_hex(&format!("{}é", &text[2..])).is_none());
    }
}
