//! The own page: grants, what is held of oneself and who looked at it, sessions, password.

use access::{
    SessionId,
    grant::{self, GrantState, GrantView},
    second_factor::{self, Factor},
    session::{self, Session},
};
use askama::Template;
use kernel::Finding;
use store::Connection;
use web::{
    Attempt, Context, FormHandler, FormStart, Head, Locale, Page, PageError, Params, Policy, Route,
    Samples,
};

use crate::{
    listing,
    own_account::{EndSession, SessionEnded},
    person_contact::{ContactSet, SetContact},
    person_list,
    person_reveal::{self, Reveal},
    personal::{self, Held, Personal},
    sample,
    token_list::{self, TokenLine},
};

/// The own page.
#[derive(Debug, Template)]
#[template(path = "own_page.html")]
pub struct OwnPage {
    l: Locale,
    name: String,
    sign_in_name: String,
    /// Grant and the name of its place.
    grants: Vec<(GrantView, String)>,
    posts: Vec<String>,
    held: Vec<Held>,
    looked: Vec<Reveal>,
    sessions: Vec<(Session, FormStart)>,
    contact: FormStart,
    /// The second factor, where there is one.
    factor: Option<Factor>,
    /// Tokens issued for the own account, so that nobody is signed in for unawares.
    tokens: Vec<TokenLine>,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/me", Policy::SignedIn, page),
        Route::form(
            "/me/sessions/{session}/end",
            Policy::SignedIn,
            FormHandler {
                read: |_, params, _| {
                    let session = params.path("session").parse::<SessionId>();
                    let unknown = || vec![Finding::error("not-found").arg("kind", "session")];
                    Ok(EndSession {
                        session: session.map_err(|_| unknown())?,
                    })
                },
                done: |_, _, _: &SessionEnded| "/me".to_owned(),
                again: page,
            },
        ),
        Route::form(
            "/me/contact",
            Policy::SignedIn,
            FormHandler {
                read: |context, _, form| {
                    Ok(SetContact {
                        person: context.subject.person,
                        phone: form.get("phone").map(str::to_owned),
                        id_number: None,
                    })
                },
                done: |_, _, _: &ContactSet| "/me".to_owned(),
                again: page,
            },
        ),
    ]
}

fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<OwnPage, PageError> {
    let (tenant, person, account) = (
        context.tenant,
        context.subject.person,
        context.subject.account,
    );
    let found = access::account::get(connection, tenant, account)?;
    let mut grants = Vec::new();
    for found in grant::of_person(connection, tenant, person)? {
        if found.state == GrantState::Approved {
            let place = listing::place_name(connection, tenant, found.proposal.place)?;
            grants.push((found, place));
        }
    }
    let vault = personal::vault(context.app(), connection, tenant).map_err(personal::unreadable)?;
    let now = context.app().session_clock().now();
    let sessions = session::of_account(connection, tenant, account, now, context.app().profile())?;
    Ok(OwnPage {
        name: context.name.clone(),
        sign_in_name: found.map(|found| found.sign_in_name).unwrap_or_default(),
        grants,
        posts: person_list::posts_of(context, connection, person)?,
        held: personal::held(connection, &vault, person).map_err(personal::unreadable)?,
        looked: person_reveal::of_person(connection, tenant, person)?,
        factor: second_factor::get(connection, tenant, account)?,
        tokens: token_list::of_person(connection, tenant, person)?,
        sessions: sessions
            .into_iter()
            .map(|session| (session, context.form()))
            .collect(),
        contact: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

impl Page for OwnPage {
    fn head(&self) -> Head {
        Head::new(self.l.text("me-title"))
    }

    fn samples(l: &Locale) -> Samples<OwnPage> {
        let page = |name: &str, place: &str, looked: Vec<Reveal>| OwnPage {
            l: l.clone(),
            name: name.to_owned(),
            sign_in_name: "village01".to_owned(),
            grants: vec![(sample::grant(), place.to_owned())],
            posts: vec![format!("{} · {place}", listing::post_name(l, "secretary"))],
            held: vec![
                Held {
                    kind: Personal::Phone,
                    masked: Some("*******8000".to_owned()),
                },
                Held {
                    kind: Personal::IdNumber,
                    masked: None,
                },
            ],
            looked,
            sessions: vec![(sample::session(), sample::start())],
            contact: sample::start(),
            factor: Some(Factor {
                since: sample::now(),
                codes_left: 10,
            }),
            tokens: vec![sample::token()],
            attempt: Attempt::default(),
        };
        let mut bare = page("李静", "", Vec::new());
        bare.grants = Vec::new();
        bare.posts = Vec::new();
        bare.tokens = Vec::new();
        bare.factor = None;
        Samples {
            ordinary: page("陈国平", "柳湾村", vec![sample::reveal()]),
            longest: page(
                "阿卜杜热合曼·买买提吐尔逊江",
                sample::LONGEST_PLACE,
                vec![sample::reveal()],
            ),
            empty: Some(bare),
            with_error: None,
        }
    }
}
