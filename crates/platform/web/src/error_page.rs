//! Error pages: what happened, what was kept, what to do next, and a trace number.

use access::{Action, Role};
use askama::Template;
use kernel::{Finding, FindingArg};

use crate::{Head, Link, Locale, Page, PageError, Samples, Shell};

/// The page that stands for an error.
#[derive(Debug, Template)]
#[template(path = "error_page.html")]
pub(crate) struct ErrorPage {
    l: Locale,
    status: u16,
    /// Prefix of its texts: `error-404` has `.what`, `.kept`, `.next`.
    key: &'static str,
    findings: Vec<Finding>,
    /// For a denial: who could grant what is missing.
    granted_by: Vec<&'static str>,
    trace: String,
    links: Vec<Link>,
    is_signed_in: bool,
}

impl ErrorPage {
    /// The page of an error. `trace` is the request's number, `back` where the visitor was.
    pub fn new(
        l: Locale,
        error: &PageError,
        trace: &str,
        address: &str,
        is_signed_in: bool,
    ) -> ErrorPage {
        let (key, findings) = match error {
            PageError::NotFound => ("error-not-found", Vec::new()),
            PageError::Denied { findings, .. } => ("error-denied", findings.clone()),
            PageError::SignIn => ("error-sign-in", Vec::new()),
            PageError::Reauthenticate
            | PageError::MustChangePassword
            | PageError::MustSetFactor => ("error-reauthenticate", Vec::new()),
            PageError::Invalid(findings) => ("error-invalid", findings.clone()),
            PageError::Conflict(findings) => ("error-conflict", findings.clone()),
            PageError::TooMany { .. } => ("error-too-many", Vec::new()),
            PageError::Unavailable => ("error-unavailable", Vec::new()),
            PageError::OutcomeUnknown => ("error-outcome-unknown", Vec::new()),
            PageError::Bug(_) => ("error-defect", Vec::new()),
        };
        let mut links = Vec::new();
        match error {
            PageError::Unavailable | PageError::TooMany { .. } | PageError::Conflict(_) => {
                links.push(Link::to(address, l.text("error-again").to_string()));
            }
            PageError::OutcomeUnknown => {
                links.push(Link::to(address, l.text("error-look").to_string()));
            }
            PageError::SignIn => {
                links.push(Link::to("/sign-in", l.text("sign-in-button").to_string()));
            }
            _ => {}
        }
        links.push(Link::to("/", l.text("error-home").to_string()));
        links.push(Link::to("/contact", l.text("shell-suggest").to_string()));
        ErrorPage {
            status: error.status(),
            key,
            granted_by: granters(&findings),
            findings,
            trace: trace.to_owned(),
            links,
            is_signed_in,
            l,
        }
    }

    fn part(&self, part: &str) -> String {
        self.l
            .attribute(self.key, part)
            .map_or_else(String::new, |text| text.to_string())
    }
}

/// Texts of the roles that make and approve grants, where a finding names a missing right.
fn granters(findings: &[Finding]) -> Vec<&'static str> {
    let names_an_action = findings.iter().any(|finding| {
        finding.args.iter().any(|(name, value)| {
            name == "action"
                && matches!(value, FindingArg::Text(text) if text.parse::<Action>().is_ok())
        })
    });
    if !names_an_action {
        return Vec::new();
    }
    [Role::SecurityAdmin, Role::SystemAdmin]
        .into_iter()
        .filter_map(|role| match role {
            Role::SecurityAdmin => Some("error-granted-security"),
            Role::SystemAdmin => Some("error-granted-system"),
            _ => None,
        })
        .collect()
}

impl Page for ErrorPage {
    fn head(&self) -> Head {
        let shell = if self.is_signed_in {
            Shell::Office
        } else {
            Shell::Public
        };
        Head::new(self.l.text(self.key))
            .status(self.status)
            .shell(shell)
    }

    fn samples(l: &Locale) -> Samples<ErrorPage> {
        let page = |error: &PageError, signed_in| {
            ErrorPage::new(
                l.clone(),
                error,
                "0198f2c4-7b1a",
                "/rounds?page=2",
                signed_in,
            )
        };
        let denied = access::Denial {
            action: Action::ScoreReview,
            reason: access::DenyReason::OtherPlace,
        };
        let taken = Finding::error("changed-since")
            .arg("who", "阿卜杜热合曼·买买提吐尔逊江")
            .arg("when", "2026-10-14 09:20");
        Samples {
            ordinary: page(&PageError::NotFound, true),
            longest: page(&PageError::Conflict(vec![taken]), true),
            empty: Some(page(&PageError::Unavailable, false)),
            with_error: Some(page(&PageError::from(denied), true)),
        }
    }
}
