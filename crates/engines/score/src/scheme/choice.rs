//! Closed lists: an enum whose variants have the word that a scheme file uses.

/// A word from a closed list.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every variant with its word in scheme files, in the order in which the guide lists them.
    const ALL: &'static [(Self, &'static str)];

    /// The variant's word.
    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(variant, _)| *variant == self)
            .map_or("", |(_, word)| word)
    }

    /// The variant of a word.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(variant, _)| *variant)
    }

    /// All words, comma separated, for findings.
    fn words() -> String {
        let words: Vec<&str> = Self::ALL.iter().map(|(_, word)| *word).collect();
        words.join(", ")
    }
}

/// Declares closed lists.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {
                $($(#[$variant_doc])* $variant,)+
            }

            impl $crate::scheme::Choice for $name {
                const ALL: &'static [(Self, &'static str)] = &[$(($name::$variant, $word)),+];
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str($crate::scheme::Choice::word(*self))
                }
            }
        )+
    };
}
pub(crate) use choices;
