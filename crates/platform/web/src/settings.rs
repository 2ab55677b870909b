//! How a visitor wants pages to look: theme, density, text size. Kept in cookies, set by the
//! server as attributes of `<html>`, so that it works without JavaScript.

/// One setting with a closed list of values.
macro_rules! setting {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$value_doc])* $value,)+
        }

        impl $name {
            /// Every value, the default first.
            pub const ALL: &'static [$name] = &[$($name::$value,)+];

            /// The value of the attribute and of the cookie; empty for the default.
            pub const fn attribute(self) -> &'static str {
                match self {
                    $($name::$value => $text,)+
                }
            }

            /// The value of a cookie; anything unknown is the default.
            pub fn of(text: &str) -> $name {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|value| value.attribute() == text)
                    .unwrap_or_default()
            }
        }
    };
}

setting! {
    /// Colours.
    Theme {
        /// As the visitor's system has it.
        #[default]
        Automatic = "",
        /// Rice paper.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

setting! {
    /// How close lines stand.
    Density {
        /// By screen and pointer: 36 px controls, 44 px under a finger.
        #[default]
        Automatic = "",
        /// 30 px controls, for long tables.
        Compact = "compact",
        /// 48 px controls.
        Roomy = "roomy",
    }
}

setting! {
    /// Text size: 16, 20, 24 or 30 px (elder-friendly norm).
    TextSize {
        /// 16 px.
        #[default]
        Standard = "",
        /// 20 px.
        Large = "large",
        /// 24 px.
        Larger = "larger",
        /// 30 px.
        Largest = "largest",
    }
}

/// A visitor's settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// Colours.
    pub theme: Theme,
    /// Density.
    pub density: Density,
    /// Text size.
    pub text: TextSize,
}
