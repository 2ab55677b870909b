//! One snapshot per page: session, grants, decision and the page's own reading in one closure.

use access::{SessionToken, second_factor};
use store::{Connection, StoreError};

use super::web::Web;
use crate::route::Work;
use crate::{Context, Download, Page, PageError, Params, PublicContext, Route};

/// What a handler gave.
pub(crate) enum Given {
    Page(Box<dyn Page>),
    Download(Download),
    Data(serde_json::Value),
}

/// Who asked.
pub(crate) enum Who {
    Nobody(Box<PublicContext>),
    Person(Box<Context>),
}

impl Who {
    /// What is known of any request.
    pub fn public(&self) -> &PublicContext {
        match self {
            Who::Nobody(public) => public,
            Who::Person(context) => &context.public,
        }
    }

    /// The person, or the wish that somebody signs in.
    pub fn person(&self) -> Result<&Context, PageError> {
        match self {
            Who::Nobody(_) => Err(PageError::SignIn),
            Who::Person(context) => Ok(context),
        }
    }
}

/// What came of a request.
pub(crate) struct Outcome {
    pub who: Who,
    pub result: Result<Given, PageError>,
    /// Whether the session's time of last use is to be noted.
    pub touch: bool,
}

/// The person, where she may use the route: the policy allows it, and neither a new password nor a
/// second factor is due.
pub(crate) fn admit<'w>(
    route: &Route,
    who: &'w Who,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<&'w Context, PageError> {
    let context = who.person()?;
    context.nothing_due(route.path())?;
    route.policy().allow(context, params, connection)?;
    Ok(context)
}

impl Web {
    /// Who asks: the session of the token with the person's grants.
    pub(crate) fn identify(
        &self,
        connection: &mut dyn Connection,
        public: &PublicContext,
        token: Option<&SessionToken>,
    ) -> Result<(Who, bool), StoreError> {
        let nobody = Who::Nobody(Box::new(public.clone()));
        let Some(token) = token else {
            return Ok((nobody, false));
        };
        let (tenant, profile) = (public.tenant, self.profile());
        let session_now = self.app().session_clock().now();
        let session = access::session::look_up(connection, tenant, token, session_now, &profile)?;
        let Some(session) = session else {
            return Ok((nobody, false));
        };
        let authentication = session.authentication(session_now, &profile);
        let (account, now) = (session.account, public.now);
        let subject = self
            .app()
            .subject(connection, tenant, account, authentication, now)?;
        let Some(subject) = subject else {
            return Ok((nobody, false));
        };
        let name = directory::person::name(connection, tenant, subject.person)?;
        let has_factor = second_factor::get(connection, tenant, account)?.is_some();
        // Accounts of a demonstration that anybody enters by one click have not even a password.
        let is_exempt = self
            .demo_site()
            .is_some_and(|site| site.knows(account).is_some());
        let context = Context {
            public: public.clone(),
            has_factor,
            must_set_factor: !has_factor
                && !is_exempt
                && subject.needs_second_factor(public.today()),
            name: name.unwrap_or_default(),
            must_change_password: access::sign_in::must_change_password(
                connection,
                tenant,
                account,
                session_now,
                &profile,
            )?,
            subject,
        };
        Ok((
            Who::Person(Box::new(context)),
            session.needs_touch(session_now),
        ))
    }

    /// Runs a route's reading handler.
    pub(crate) fn run(
        route: &Route,
        who: &Who,
        params: &Params,
        connection: &mut dyn Connection,
    ) -> Result<Given, PageError> {
        if let Work::Public(handler) = route.work() {
            return handler(who.public(), params, connection).map(Given::Page);
        }
        let context = admit(route, who, params, connection)?;
        match route.work() {
            Work::Page(handler) => handler(context, params, connection).map(Given::Page),
            Work::Download(handler) => handler(context, params, connection).map(Given::Download),
            Work::Form(form) => (form.again)(context, params, connection).map(Given::Page),
            Work::Data(handler) => handler(context, params, connection).map(Given::Data),
            // Only a form gives one.
            Work::Returned(_) => Err(PageError::NotFound),
            Work::Draft(draft) => (draft.again)(context, params, connection).map(Given::Page),
            Work::Public(_) => unreachable!("answered above"),
        }
    }

    /// Reads in one snapshot on a store thread.
    pub(crate) async fn read<F>(
        &self,
        public: PublicContext,
        token: Option<SessionToken>,
        work: F,
    ) -> Result<Outcome, StoreError>
    where
        F: Fn(&Who, &mut dyn Connection) -> Result<Given, PageError> + Send + 'static,
    {
        let web = self.clone();
        let touched = token.clone();
        let outcome = self
            .app()
            .store()
            .read(move |connection| -> Result<Outcome, StoreError> {
                let (who, touch) = web.identify(connection, &public, token.as_ref())?;
                let result = match web.too_fast(&who) {
                    Some(retry_after_s) => Err(PageError::TooMany { retry_after_s }),
                    None => work(&who, connection),
                };
                Ok(Outcome { who, result, touch })
            })
            .await?;
        if let (true, Some(token)) = (outcome.touch, touched) {
            self.touch(token).await;
        }
        Ok(outcome)
    }

    /// For how many seconds the person's account has to wait; none where it may go on.
    pub(super) fn too_fast(&self, who: &Who) -> Option<u32> {
        match who {
            Who::Nobody(_) => None,
            Who::Person(context) => self.rates()?.account(context.subject.account).err(),
        }
    }

    /// Notes that a session is in use; at most once a minute, and never in the way of an answer.
    async fn touch(&self, token: SessionToken) {
        let (tenant, now) = (self.tenant(), self.app().session_clock().now());
        let noted = self
            .app()
            .store()
            .write(move |c| access::session::touch(c, tenant, &token, now))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the time of a session's last use was not noted");
        }
    }
}
