//! Closed lists with one name each for database, commands and locale keys.

/// Declares an enumeration whose members have a fixed name: `ALL`, `name()`, `Display`,
/// `FromStr`, serde and [`store::Value`] all use it. The crate that declares one leans on `serde`
/// and `store` itself.
#[macro_export]
macro_rules! closed_list {
    ($(#[$doc:meta])* $list:ident { $($(#[$member_doc:meta])* $member:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $list {
            $($(#[$member_doc])* $member,)+
        }

        impl $list {
            /// Every member, in the order of the enumeration.
            pub const ALL: &'static [$list] = &[$($list::$member,)+];

            /// The name in the database, in commands and in locale keys.
            pub const fn name(self) -> &'static str {
                match self {
                    $($list::$member => $name,)+
                }
            }
        }

        impl std::fmt::Display for $list {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $list {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<$list, $crate::UnknownName> {
                $list::ALL
                    .iter()
                    .copied()
                    .find(|member| member.name() == text)
                    .ok_or($crate::UnknownName(stringify!($list)))
            }
        }

        impl serde::Serialize for $list {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $list {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$list, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl From<$list> for store::Value<'_> {
            fn from(member: $list) -> Self {
                store::Value::from(member.name())
            }
        }
    };
}

/// A text that names no member of a closed list; holds the list's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownName(pub &'static str);

impl std::fmt::Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "names no {}", self.0)
    }
}

impl std::error::Error for UnknownName {}
