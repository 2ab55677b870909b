//! The recovery codes, shown once: the answer to the forms that make them.

use access::{RecoveryCode, account};
use app::tenant;
use askama::Template;
use store::Connection;
use web::{Context, Form, Head, Locale, Page, PageError, Params, Samples};

use crate::{sample, second_factor::FactorChanged};

/// The sheet.
#[derive(Debug, Template)]
#[template(path = "recovery_sheet.html")]
pub struct RecoverySheet {
    l: Locale,
    /// Name of the governed area.
    area: String,
    sign_in_name: String,
    codes: Vec<RecoveryCode>,
}

/// The page; whoever sends the form twice is led to the one about the second factor.
pub(crate) fn page(
    context: &Context,
    _: &Params,
    form: &Form,
    changed: &FactorChanged,
    connection: &mut dyn Connection,
) -> Result<RecoverySheet, PageError> {
    let tenant = context.tenant;
    let account = account::get(connection, tenant, changed.account)?;
    Ok(RecoverySheet {
        area: tenant::name(connection, tenant)?.unwrap_or_default(),
        sign_in_name: account.ok_or(PageError::NotFound)?.sign_in_name,
        codes: RecoveryCode::all_of(&context.form_secret(form), changed.account),
        l: context.l.clone(),
    })
}

impl Page for RecoverySheet {
    fn head(&self) -> Head {
        Head::new(self.l.text("recovery-title"))
    }

    fn samples(l: &Locale) -> Samples<RecoverySheet> {
        let page = |name: &str, area: &str| RecoverySheet {
            l: l.clone(),
            area: area.to_owned(),
            sign_in_name: name.to_owned(),
            codes: RecoveryCode::all_of(&[7; 32], sample::account().account),
        };
        Samples {
            ordinary: page("liuwan.cgp", "云岭县"),
            longest: page(&"w".repeat(40), sample::LONGEST_PLACE),
            empty: None,
            with_error: None,
        }
    }
}
