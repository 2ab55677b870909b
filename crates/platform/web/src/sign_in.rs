//! Signing in and out, the password again, the first password, display settings: what has no
//! command, because it leaves no record.

mod account;
mod account_page;
mod handlers;
mod page;

pub(crate) use account_page::AccountPage;
pub(crate) use handlers::{device_name, router};
pub(crate) use page::{SetPasswordPage, SignInPage};
