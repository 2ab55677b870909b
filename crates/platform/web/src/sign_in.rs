//! Signing in and out, in one step or two, the password again, the first password, display settings: what has no
//! command, because it leaves no record.

mod handlers;
mod page;

pub(crate) use handlers::{device_name, router};
pub(crate) use page::{ActivatePage, CodePage, SetPasswordPage, SignInPage};
