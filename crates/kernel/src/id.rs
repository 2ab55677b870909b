//! Ids: UUID version 7, always given by the caller.

use serde::{Deserialize, Serialize};

/// A UUID version 7 (RFC 9562): 48 bits of milliseconds, 74 random bits.
///
/// The kernel has neither clock nor randomness, so both are given. Printed and read in the usual
/// hyphenated form; kept in the database as 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Id([u8; 16]);

impl Id {
    /// The id made at `at_ms` (milliseconds since 1970, 48 bits are kept) from ten random bytes.
    pub fn new(at_ms: i64, random: [u8; 10]) -> Id {
        let ms = at_ms.to_be_bytes();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&ms[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Id(bytes)
    }

    /// The id kept in 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Id {
        Id(bytes)
    }

    /// The 16 bytes, in the order in which ids sort by time.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Whether version and variant are those of UUID version 7: what a client must send.
    pub fn is_version_7(&self) -> bool {
        self.0[6] >> 4 == 7 && self.0[8] >> 6 == 2
    }

    /// Milliseconds since 1970 at which the id was made, as its maker's clock had it.
    pub fn made_at_ms(&self) -> i64 {
        let mut ms = [0; 8];
        ms[2..].copy_from_slice(&self.0[..6]);
        i64::from_be_bytes(ms)
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// What is wrong with a text that should be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not an id of the form 01890a5d-ac96-774b-bcce-b302099a8057")
    }
}

impl std::error::Error for NotAnId {}

impl std::str::FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let text = text.as_bytes();
        if text.len() != 36 {
            return Err(NotAnId);
        }
        let mut bytes = [0; 16];
        let mut nibbles = 0;
        for (i, &c) in text.iter().enumerate() {
            if matches!(i, 8 | 13 | 18 | 23) {
                if c != b'-' {
                    return Err(NotAnId);
                }
                continue;
            }
            let value = match c {
                b'0'..=b'9' => c - b'0',
                b'a'..=b'f' => c - b'a' + 10,
                b'A'..=b'F' => c - b'A' + 10,
                _ => return Err(NotAnId),
            };
            bytes[nibbles / 2] = bytes[nibbles / 2] << 4 | value;
            nibbles += 1;
        }
        Ok(Id(bytes))
    }
}

impl Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Declares ids that cannot be mistaken for each other: `id_types! { /// A round. RoundId }`.
#[macro_export]
macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $crate::Id);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::convert::From<$crate::Id> for $name {
            fn from(id: $crate::Id) -> Self {
                $name(id)
            }
        }

        impl ::std::convert::From<$name> for $crate::Id {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::id::NotAnId;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )+};
}

id_types! {
    /// A place of the tree province, city, county, town, village.
    PlaceId
    /// A natural person of the register.
    PersonId
    /// A body of the organisation tree.
    OrganisationId
    /// One command, as the client numbered it.
    CommandId
    /// A stored file: a registered name for content kept by hash.
    FileId
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn keeps_time_version_and_variant() {
        let id = Id::new(1_700_000_000_123, [0xff; 10]);
        assert!(id.is_version_7());
        assert_eq!(id.made_at_ms(), 1_700_000_000_123);
        assert_eq!(id.to_string(), "018bcfe5-687b-7fff-bfff-ffffffffffff");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn refuses_what_is_no_id() {
        for text in [
            "",
            "018bcfe5-687b-7fff-bfff-fffffffffff",
            "018bcfe5-687b-7fff-bfff-ffffffffffg0",
            "018bcfe5x687b-7fff-bfff-ffffffffffff",
        ] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
