//! The form that sets the own password: its fields never reach a command, nor come back to a page.

use access::sign_in::{ChangePassword, prepare_password};
use access::{Password, SessionToken, SignInError};
use app::{Gathered, Refusal, RefusalKind};
use kernel::{Finding, FindingArg};

use super::web::Web;
use crate::Form;

/// The present password, the new one, and the new one again.
const FIELDS: [&str; 3] = ["password", "new_password", "again"];

/// The code of the second factor, where the account has one.
const CODE: &str = "present_code";

/// The form as a page may show it again.
pub(super) fn without(form: &Form) -> Form {
    FIELDS
        .iter()
        .chain([&CODE])
        .fold(form.clone(), |form, field| form.without(field))
}

/// How long a refusal says to wait, in seconds.
pub(super) fn seconds(refusal: &Refusal) -> Option<i64> {
    let waits = matches!(
        refusal.kind,
        RefusalKind::TooMany | RefusalKind::Unavailable
    );
    let mut args = refusal.findings.iter().flat_map(|finding| &finding.args);
    args.find_map(|(name, value)| match value {
        FindingArg::Int(seconds) if waits && name == "seconds" => Some(*seconds),
        _ => None,
    })
}

impl Web {
    /// Checks and hashes the new password of the form; gives the token under which the session
    /// goes on, and what the command needs beside its body.
    pub(super) async fn prepare_password(
        &self,
        session: Option<&SessionToken>,
        form: &Form,
    ) -> Result<(SessionToken, Gathered), Refusal> {
        let missing: Vec<Finding> = FIELDS
            .iter()
            .filter(|field| form.text(field).is_empty())
            .map(|field| Finding::error("required").field(*field))
            .collect();
        if !missing.is_empty() {
            return Err(Refusal::invalid(missing));
        }
        if form.text("new_password") != form.text("again") {
            return Err(Finding::error("password-again").field("again").into());
        }
        let Some(token) = session.cloned() else {
            return Err(Finding::error("sign-in-expired").into());
        };
        let new_token = SessionToken::new(self.app().entropy().draw());
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.app().entropy().draw()[..16]);
        let request = ChangePassword {
            tenant: self.tenant(),
            token,
            new_token: new_token.clone(),
            password: Password::new(form.text("password").to_owned()),
            code: form.text(CODE).to_owned(),
            new_password: Password::new(form.text("new_password").to_owned()),
            salt,
            now: self.app().session_clock().now(),
        };
        let (store, vault) = (self.app().store(), self.app().vault());
        let prepared =
            prepare_password(store, self.hasher(), self.profile(), &vault, request).await;
        match prepared {
            Ok(prepared) => Ok((new_token, Gathered::some(prepared))),
            Err(error) => {
                self.note_wrong_code(&error).await;
                Err(refusal(error))
            }
        }
    }
}

fn refusal(error: SignInError) -> Refusal {
    let findings = error.findings();
    match error {
        SignInError::Store(error) => error.into(),
        SignInError::Busy(_) => Refusal {
            kind: RefusalKind::Unavailable,
            findings,
        },
        SignInError::Wait { .. } => Refusal {
            kind: RefusalKind::TooMany,
            findings,
        },
        SignInError::Wrong => Finding::error("password-wrong").field("password").into(),
        SignInError::WrongCode { .. } => Finding::error("factor-wrong").field(CODE).into(),
        SignInError::Expired | SignInError::WrongSlip | SignInError::SlipWaits => {
            Refusal::invalid(findings)
        }
        SignInError::Refused(findings) => Refusal::invalid(
            findings
                .into_iter()
                .map(|finding| finding.field("new_password"))
                .collect(),
        ),
    }
}
