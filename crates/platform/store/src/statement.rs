//! Statements: constants, never strings put together while the product runs.

/// One SQL statement that runs on both databases, with `$1`, `$2`, … as parameters.
///
/// Made only by [`statements!`](crate::statements) and [`record!`](crate::record), so every
/// statement of the product is a constant that a test has prepared on both databases.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    name: &'static str,
    sql: &'static str,
    file: &'static str,
    line: u32,
}

impl Statement {
    /// For the macros of this crate, which alone may make statements.
    #[doc(hidden)]
    #[must_use]
    pub const fn declared_by_macro(
        name: &'static str,
        sql: &'static str,
        file: &'static str,
        line: u32,
    ) -> Statement {
        Statement {
            name,
            sql,
            file,
            line,
        }
    }

    /// Its name, as declared.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its text.
    pub const fn sql(&self) -> &'static str {
        self.sql
    }

    /// The source file that declares it.
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// The line of the block that declares it, from 1.
    pub const fn line(&self) -> u32 {
        self.line
    }
}

impl std::fmt::Display for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}:{})", self.name, self.file, self.line)
    }
}

/// Declares the statements of a module, beside the functions that use them.
///
/// Expands to one constant each and to `pub(crate) const STATEMENTS: &[&Statement]`, which the
/// crate joins into its feature. The text is any constant expression of type `&str`, so fragments
/// can be joined with `concat!`. A visibility may stand before a name.
///
/// Rules, kept by [`testing::check_statements`](crate::testing::check_statements): parameters
/// appear in ascending order of first use, every tenant table's tenant is named, `NULLS FIRST` or
/// `NULLS LAST` stands where a nullable column orders, nothing that only one engine knows.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $visibility:vis $name:ident = $sql:expr;)*) => {
        $(
            $(#[$doc])*
            $visibility const $name: $crate::Statement = $crate::Statement::declared_by_macro(
                ::core::stringify!($name),
                $sql,
                ::core::file!(),
                ::core::line!(),
            );
        )*
        /// Every statement of this module.
        pub(crate) const STATEMENTS: &[&$crate::Statement] = &[$(&$name),*];
    };
}
