//! Forms about the own second factor: what their commands need beside the body.

use access::second_factor::{NewCodes, NewFactor};
use access::{FactorSecret, RecoveryCode, SessionToken};
use app::{Gathered, Refusal};
use kernel::Finding;

use super::web::Web;
use crate::{Context, Form};

/// The field with the first code.
const CODE: &str = "code";

impl Web {
    /// The secret that the form's page showed, if the code is the one that follows from it now; and
    /// the token under which the session goes on.
    pub(super) fn prepare_factor(
        &self,
        context: &Context,
        session: Option<&SessionToken>,
        form: &Form,
    ) -> Result<(SessionToken, Gathered), Refusal> {
        let Some(token) = session.cloned() else {
            return Err(Finding::error("sign-in-expired").into());
        };
        let new_token = SessionToken::new(self.app().entropy().draw());
        let (drawn, account) = (context.form_secret(form), context.subject.account);
        let now = self.app().session_clock().now();
        let factor = NewFactor::of(
            FactorSecret::of(&drawn, account),
            RecoveryCode::all_of(&drawn, account),
            form.text(CODE),
            Some((token, new_token.clone())),
            now,
        );
        let wrong = || Refusal::from(Finding::error("factor-first-wrong").field(CODE));
        let factor = factor.ok_or_else(wrong)?;
        Ok((new_token, Gathered::some(factor)))
    }

    /// Recovery codes that follow from the form, as the page that answers it shows them.
    pub(super) fn prepare_recovery_codes(context: &Context, form: &Form) -> Gathered {
        let drawn = context.form_secret(form);
        Gathered::some(NewCodes(RecoveryCode::all_of(
            &drawn,
            context.subject.account,
        )))
    }
}
