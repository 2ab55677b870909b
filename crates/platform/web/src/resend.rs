//! A form that could not be carried out as it came (the session ended, the page is old, the
//! password is wanted again): everything typed, ready to be sent once more.

use askama::Template;
use kernel::Finding;

use crate::{Attempt, Form, Head, Locale, Page, PublicContext, Samples, Shell};

/// Why it is to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The session ended while the form was being filled.
    SignedOut,
    /// The page is of an earlier session.
    Stale,
    /// More requests came than the account may send.
    TooFast,
    /// The password is wanted, with what was found when it was given.
    Prove(Vec<Finding>),
}

/// The page with the form's fields hidden in it.
#[derive(Debug, Template)]
#[template(path = "resend.html")]
pub(crate) struct Resend {
    l: Locale,
    key: &'static str,
    action: String,
    csrf: String,
    fields: Vec<(String, String)>,
    wants_password: bool,
    /// Whether the code of the second factor is wanted with it.
    wants_code: bool,
    is_signed_out: bool,
    attempt: Attempt,
}

impl Resend {
    /// The page for a form that came to the address of `public`.
    pub fn new(public: &PublicContext, form: &Form, reason: Reason) -> Resend {
        let key = match reason {
            Reason::SignedOut => "resend-signed-out",
            Reason::Stale => "resend-stale",
            Reason::TooFast => "resend-too-fast",
            Reason::Prove(_) => "resend-prove",
        };
        let wants_password = matches!(reason, Reason::Prove(_));
        let is_signed_out = reason == Reason::SignedOut;
        let findings = match reason {
            Reason::Prove(findings) => findings,
            _ => Vec::new(),
        };
        let fields = form.hidden().filter(|(name, _)| name != "csrf").collect();
        Resend {
            l: public.l.clone(),
            key,
            action: public.address.clone(),
            csrf: public.csrf.clone(),
            fields,
            wants_password,
            wants_code: false,
            is_signed_out,
            attempt: Attempt {
                form: Form::default(),
                sent: !findings.is_empty(),
                findings,
            },
        }
    }

    /// The same where the account has a second factor, or not.
    pub fn with_code(self, has_factor: bool) -> Resend {
        Resend {
            wants_code: self.wants_password && has_factor,
            ..self
        }
    }

    fn part(&self, part: &str) -> String {
        self.l
            .attribute(self.key, part)
            .map_or_else(String::new, |text| text.to_string())
    }
}

impl Page for Resend {
    fn head(&self) -> Head {
        Head::new(self.l.text(self.key))
            .status(403)
            .shell(Shell::Narrow)
    }

    fn samples(l: &Locale) -> Samples<Resend> {
        let page = |reason| {
            let form = Form::new(vec![("value".into(), "38.62".into())], Vec::new());
            let mut page = Resend {
                l: l.clone(),
                key: "",
                action: "/sample".into(),
                csrf: "sample".into(),
                fields: form.hidden().collect(),
                wants_password: false,
                wants_code: false,
                is_signed_out: false,
                attempt: Attempt::default(),
            };
            match reason {
                Reason::SignedOut => (page.key, page.is_signed_out) = ("resend-signed-out", true),
                Reason::Stale => page.key = "resend-stale",
                Reason::TooFast => page.key = "resend-too-fast",
                Reason::Prove(findings) => {
                    (page.key, page.wants_password) = ("resend-prove", true);
                    page.attempt.sent = !findings.is_empty();
                    page.attempt.findings = findings;
                }
            }
            page
        };
        Samples {
            ordinary: page(Reason::Prove(Vec::new())),
            longest: page(Reason::SignedOut),
            empty: Some(page(Reason::Stale)),
            with_error: Some(
                page(Reason::Prove(vec![
                    Finding::error("factor-wrong").field("prove_code"),
                ]))
                .with_code(true),
            ),
        }
    }
}
