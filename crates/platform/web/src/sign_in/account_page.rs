//! 我的账号: own roles, a new password, own sessions.

use access::{Session, SessionId};
use askama::Template;
use kernel::{Finding, Instant};

use crate::{Attempt, Context, Head, Locale, Page, Samples};

/// What somebody signed in sees of her own account.
#[derive(Debug, Template)]
#[template(path = "sign_in/account_page.html")]
pub(crate) struct AccountPage {
    l: Locale,
    attempt: Attempt,
    csrf: String,
    name: String,
    roles: Vec<String>,
    sessions: Vec<SessionLine>,
}

/// One session in the list.
#[derive(Debug)]
struct SessionLine {
    id: SessionId,
    device: String,
    seen_at: Instant,
    is_this: bool,
}

impl AccountPage {
    /// The page of a person, with her sessions; `this` is the one that asks.
    pub fn new(context: &Context, sessions: Vec<Session>, this: Option<SessionId>) -> AccountPage {
        let roles = context.subject.roles_on(context.today());
        let line = |session: Session| SessionLine {
            is_this: Some(session.session) == this,
            id: session.session,
            device: session.device,
            seen_at: session.seen_at,
        };
        AccountPage {
            l: context.l.clone(),
            attempt: context.attempt.clone(),
            csrf: context.csrf.clone(),
            name: context.name.clone(),
            roles: roles.iter().map(|role| context.l.role(role)).collect(),
            sessions: sessions.into_iter().map(line).collect(),
        }
    }
}

impl Page for AccountPage {
    fn head(&self) -> Head {
        let status = if self.attempt.sent { 422 } else { 200 };
        Head::new(self.l.text("shell-account")).status(status)
    }

    fn samples(l: &Locale) -> Samples<AccountPage> {
        let page = |name: &str, attempt| AccountPage {
            l: l.clone(),
            attempt,
            csrf: "sample".to_owned(),
            name: name.to_owned(),
            roles: vec![
                l.role(access::Role::CountyClerk),
                l.role(access::Role::CountyLeader),
            ],
            sessions: vec![
                SessionLine {
                    id: SessionId::default(),
                    device: "Firefox, Linux".to_owned(),
                    seen_at: Instant(1_791_940_800_000),
                    is_this: true,
                },
                SessionLine {
                    id: SessionId::default(),
                    device: String::new(),
                    seen_at: Instant(1_791_900_000_000),
                    is_this: false,
                },
            ],
        };
        let refused = Attempt {
            findings: vec![Finding::error("password-common").field("new_password")],
            sent: true,
            ..Attempt::default()
        };
        Samples {
            ordinary: page("李静", Attempt::default()),
            longest: page("阿卜杜热合曼·买买提吐尔逊江", Attempt::default()),
            empty: None,
            with_error: Some(page("李静", refused)),
        }
    }
}
