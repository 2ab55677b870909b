//! The pages of signing in.

use askama::Template;
use kernel::Finding;

use crate::{Attempt, DemoAccount, DemoSite, Head, Locale, Page, PublicContext, Samples, Shell};

/// Name and password; or, for somebody signed in, the password again.
#[derive(Debug, Template)]
#[template(path = "sign_in/sign_in.html")]
pub(crate) struct SignInPage {
    l: Locale,
    attempt: Attempt,
    /// Where to go afterwards, within the product.
    back: String,
    /// Set where only the password is wanted again.
    proves: bool,
    /// Set where the code of the second factor is wanted with it.
    wants_code: bool,
    /// A password was set a moment ago.
    password_set: bool,
    /// One-click accounts of a demonstration, and those that are folded away.
    accounts: Vec<DemoAccount>,
    further: Vec<DemoAccount>,
}

impl SignInPage {
    /// The page of a visitor.
    pub fn new(context: &PublicContext, back: &str, demo: Option<&DemoSite>) -> SignInPage {
        SignInPage {
            l: context.l.clone(),
            attempt: context.attempt.clone(),
            back: back.to_owned(),
            proves: false,
            wants_code: false,
            password_set: false,
            accounts: demo.map_or_else(Vec::new, |demo| demo.accounts.clone()),
            further: demo.map_or_else(Vec::new, |demo| demo.further.clone()),
        }
    }

    /// The page of a visitor who has set a password a moment ago.
    pub fn after_setting(self, password_set: bool) -> SignInPage {
        SignInPage {
            password_set,
            ..self
        }
    }

    /// The page of somebody signed in whose password is wanted again, with the code where she has a
    /// second factor.
    pub fn prove(context: &PublicContext, back: &str, has_factor: bool) -> SignInPage {
        SignInPage {
            proves: true,
            wants_code: has_factor,
            ..SignInPage::new(context, back, None)
        }
    }

    fn key(&self) -> &'static str {
        if self.proves {
            "sign-in-prove"
        } else {
            "sign-in-title"
        }
    }
}

impl Page for SignInPage {
    fn head(&self) -> Head {
        let status = if self.attempt.sent { 422 } else { 200 };
        Head::new(self.l.text(self.key()))
            .status(status)
            .shell(Shell::Narrow)
    }

    fn samples(l: &Locale) -> Samples<SignInPage> {
        let page = |attempt, accounts: Vec<DemoAccount>| SignInPage {
            l: l.clone(),
            attempt,
            back: "/".to_owned(),
            proves: false,
            wants_code: false,
            password_set: false,
            further: accounts.clone(),
            accounts,
        };
        let account = |name: &str, role, place: &str| DemoAccount {
            account: access::AccountId::default(),
            name: name.to_owned(),
            role,
            place: place.to_owned(),
        };
        let refused = Attempt {
            findings: vec![Finding::error("sign-in-wrong")],
            sent: true,
            ..Attempt::default()
        };
        let proves = page(Attempt::default(), Vec::new());
        Samples {
            ordinary: page(
                Attempt::default(),
                vec![
                    account("李静", access::Role::CountyClerk, "云岭县"),
                    account("陈国平", access::Role::VillageSecretary, "柳湾村"),
                ],
            ),
            longest: page(
                Attempt::default(),
                vec![account(
                    "阿卜杜热合曼·买买提吐尔逊江",
                    access::Role::SupervisionCommittee,
                    "双江拉祜族佤族布朗族傣族自治县勐勐镇忙乐村",
                )],
            )
            .after_setting(true),
            empty: Some(SignInPage {
                proves: true,
                wants_code: true,
                ..proves
            }),
            with_error: Some(page(refused, Vec::new())),
        }
    }
}

/// The first password, or a new one after the old was lost, by a one-time token.
#[derive(Debug, Template)]
#[template(path = "sign_in/set_password.html")]
pub(crate) struct SetPasswordPage {
    l: Locale,
    attempt: Attempt,
    token: String,
    /// The least number of characters of a password.
    shortest: usize,
}

impl SetPasswordPage {
    /// The page for a token.
    pub fn new(context: &PublicContext, token: &str, shortest: usize) -> SetPasswordPage {
        SetPasswordPage {
            l: context.l.clone(),
            attempt: context.attempt.clone(),
            token: token.to_owned(),
            shortest,
        }
    }
}

impl Page for SetPasswordPage {
    fn head(&self) -> Head {
        let status = if self.attempt.sent { 422 } else { 200 };
        Head::new(self.l.text("set-password-title"))
            .status(status)
            .shell(Shell::Narrow)
    }

    fn samples(l: &Locale) -> Samples<SetPasswordPage> {
        let page = |attempt| SetPasswordPage {
            l: l.clone(),
            attempt,
            token: "0".repeat(64),
            shortest: 12,
        };
        let refused = Attempt {
            findings: vec![Finding::error("setup-token-unusable").field("token")],
            sent: true,
            ..Attempt::default()
        };
        Samples {
            ordinary: page(Attempt::default()),
            longest: page(Attempt::default()),
            empty: None,
            with_error: Some(page(refused)),
        }
    }
}

/// The first password, or a new one after the old was lost, by the name and the code of an
/// activation slip.
#[derive(Debug, Template)]
#[template(path = "sign_in/activate.html")]
pub(crate) struct ActivatePage {
    l: Locale,
    attempt: Attempt,
    /// The least number of characters of a password.
    shortest: usize,
}

impl ActivatePage {
    /// The page.
    pub fn new(context: &PublicContext, shortest: usize) -> ActivatePage {
        ActivatePage {
            l: context.l.clone(),
            attempt: context.attempt.clone(),
            shortest,
        }
    }
}

impl Page for ActivatePage {
    fn head(&self) -> Head {
        let status = if self.attempt.sent { 422 } else { 200 };
        Head::new(self.l.text("activate-title"))
            .status(status)
            .shell(Shell::Narrow)
    }

    fn samples(l: &Locale) -> Samples<ActivatePage> {
        let page = |attempt| ActivatePage {
            l: l.clone(),
            attempt,
            shortest: 12,
        };
        let refused = Attempt {
            findings: vec![
                Finding::error("slip-wrong").field("code"),
                Finding::error("slip-waits").field("code"),
                Finding::error("password-again").field("again"),
            ],
            sent: true,
            ..Attempt::default()
        };
        Samples {
            ordinary: page(Attempt::default()),
            longest: page(Attempt::default()),
            empty: None,
            with_error: Some(page(refused)),
        }
    }
}

/// The second step: the code of the application, or a recovery code.
#[derive(Debug, Template)]
#[template(path = "sign_in/code.html")]
pub(crate) struct CodePage {
    l: Locale,
    attempt: Attempt,
    /// Where to go afterwards, within the product.
    back: String,
}

impl CodePage {
    /// The page.
    pub fn new(context: &PublicContext, back: &str) -> CodePage {
        CodePage {
            l: context.l.clone(),
            attempt: context.attempt.clone(),
            back: back.to_owned(),
        }
    }
}

impl Page for CodePage {
    fn head(&self) -> Head {
        let status = if self.attempt.sent { 422 } else { 200 };
        Head::new(self.l.text("sign-in-code-title"))
            .status(status)
            .shell(Shell::Narrow)
    }

    fn samples(l: &Locale) -> Samples<CodePage> {
        let page = |attempt| CodePage {
            l: l.clone(),
            attempt,
            back: "/".to_owned(),
        };
        let refused = Attempt {
            findings: vec![Finding::error("factor-wrong").field("code")],
            sent: true,
            ..Attempt::default()
        };
        Samples {
            ordinary: page(Attempt::default()),
            longest: page(Attempt::default()),
            empty: None,
            with_error: Some(page(refused)),
        }
    }
}
