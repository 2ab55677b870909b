//! The page of the own second factor: set up by scanning a code, and then what there is of it. A
//! role that asks for a second factor leads here.

use access::{
    Authentication, FactorSecret, account,
    second_factor::{self, Factor},
};
use askama::Template;
use kernel::{CommandId, Finding};
use store::Connection;
use web::{
    AnswerHandler, Attempt, Context, Form, FormHandler, FormStart, Head, Locale, OWN_FACTOR_PAGE,
    Page, PageError, Params, Policy, Route, Samples,
    chart::{self, Drawing},
    percent_encoded,
};

use crate::{
    factor_list::{self, FactorLine},
    recovery_sheet, sample,
    second_factor::{FactorChanged, GiveUpFactor, RenewRecoveryCodes, SetUpFactor},
};

/// Fewer recovery codes than this, and the page says that it is time for new ones.
const FEW: i64 = 3;

/// The page.
#[derive(Debug, Template)]
#[template(path = "own_factor.html")]
pub struct OwnFactor {
    l: Locale,
    /// Whether it must be done before anything else.
    is_due: bool,
    /// Whether a role in force asks for one.
    is_needed: bool,
    factor: Option<Factor>,
    /// Whether a form that made recovery codes was sent again.
    codes_were_shown: bool,
    /// What is scanned or typed; none where there is a factor and no other device is wanted.
    offer: Option<Offer>,
    events: Vec<FactorLine>,
    renew: FormStart,
    give_up: FormStart,
    attempt: Attempt,
}

/// A secret that is in force once its first code was typed.
#[derive(Debug)]
struct Offer {
    qr: Drawing,
    /// The same, as a link to the application of this device.
    address: String,
    /// In groups of four.
    secret: String,
    sign_in_name: String,
    start: FormStart,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page(OWN_FACTOR_PAGE, Policy::SignedIn, page),
        Route::answered(
            OWN_FACTOR_PAGE,
            Policy::SignedIn,
            AnswerHandler {
                read: |_, _, _| Ok(SetUpFactor {}),
                page: recovery_sheet::page,
                again: page,
            },
        )
        .sets_factor(),
        Route::answered(
            "/me/factor/codes",
            Policy::SignedIn,
            AnswerHandler {
                read: |_, _, _| Ok(RenewRecoveryCodes {}),
                page: recovery_sheet::page,
                again: page,
            },
        )
        .makes_recovery_codes(),
        Route::form(
            "/me/factor/give-up",
            Policy::SignedIn,
            FormHandler {
                read: |_, _, _| Ok(GiveUpFactor {}),
                done: |_, _, _: &FactorChanged| "/me".to_owned(),
                again: page,
            },
        ),
    ]
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<OwnFactor, PageError> {
    let (tenant, account) = (context.tenant, context.subject.account);
    let factor = second_factor::get(connection, tenant, account)?;
    let wants_another = params.query("device").is_some() || context.attempt.form.has("code");
    let is_fresh = context.subject.authentication == Authentication::Fresh;
    let offer = match factor {
        None => Some(offer(context, connection)?),
        Some(_) if !wants_another => None,
        Some(_) if is_fresh => Some(offer(context, connection)?),
        Some(_) => return Err(PageError::Reauthenticate),
    };
    Ok(OwnFactor {
        is_due: context.must_set_factor(),
        is_needed: context.subject.needs_second_factor(context.today()),
        factor,
        codes_were_shown: factor.is_some() && params.query("codes").is_some(),
        offer,
        events: factor_list::of_account(connection, tenant, account)?,
        renew: context.form(),
        give_up: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

fn offer(context: &Context, connection: &mut dyn Connection) -> Result<Offer, PageError> {
    let (tenant, account) = (context.tenant, context.subject.account);
    // Whoever leaves the page for the application and comes back finds what she has scanned. With
    // each event of the factor another secret is offered.
    let events = second_factor::count(connection, tenant, account)?;
    let mut start = context.held_form(&format!("factor {events}"));
    // Sent again with a wrong code, the form offers the same secret: it was scanned already. One
    // that was in force, or is, is never shown again.
    let sent = context.attempt.form.get("command_id");
    if let Some(id) = sent.and_then(|id| id.parse::<CommandId>().ok())
        && !second_factor::is_of_command(connection, tenant, account, id)?
    {
        start.id = id;
    }
    let form = Form::new(
        vec![("command_id".into(), start.id.to_string())],
        Vec::new(),
    );
    let found = account::get(connection, tenant, account)?;
    let sign_in_name = found.ok_or(PageError::NotFound)?.sign_in_name;
    let area = app::tenant::name(connection, tenant)?.unwrap_or_default();
    let secret = FactorSecret::of(&context.form_secret(&form), account);
    let address = address(&context.l, &area, &sign_in_name, &secret);
    Ok(Offer {
        qr: chart::qr(&address, &context.l.text("factor-qr").to_string()),
        address,
        secret: secret.grouped(),
        sign_in_name,
        start,
    })
}

/// The address that applications read (Key URI Format): who issued it, for whom, and the secret.
/// The numbers are the defaults, and said all the same.
fn address(l: &Locale, area: &str, sign_in_name: &str, secret: &FactorSecret) -> String {
    let issuer = format!("{} {area}", l.text("factor-issuer"));
    let issuer = percent_encoded(issuer.trim());
    format!(
        "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        percent_encoded(sign_in_name),
        secret.expose(),
    )
}

impl OwnFactor {
    /// Whether it is time for new recovery codes.
    fn has_few_codes(&self) -> bool {
        self.factor.is_some_and(|factor| factor.codes_left < FEW)
    }
}

impl Page for OwnFactor {
    fn head(&self) -> Head {
        Head::new(self.l.text("factor-title"))
    }

    fn samples(l: &Locale) -> Samples<OwnFactor> {
        let secret = FactorSecret::of(&[7; 32], sample::account().account);
        let offer = |name: &str, area: &str| {
            let address = address(l, area, name, &secret);
            Offer {
                qr: chart::qr(&address, &l.text("factor-qr").to_string()),
                address,
                secret: secret.grouped(),
                sign_in_name: name.to_owned(),
                start: sample::start(),
            }
        };
        let page = |offer, codes_left: Option<i64>| OwnFactor {
            l: l.clone(),
            is_due: codes_left.is_none(),
            is_needed: true,
            factor: codes_left.map(|codes_left| Factor {
                since: sample::now(),
                codes_left,
            }),
            codes_were_shown: codes_left == Some(10),
            offer,
            events: Vec::new(),
            renew: sample::start(),
            give_up: sample::start(),
            attempt: Attempt::default(),
        };
        let mut wrong = page(Some(offer("liuwan.cgp", "云岭县")), None);
        wrong.attempt.sent = true;
        wrong.attempt.findings = vec![Finding::error("factor-first-wrong").field("code")];
        let mut longest = page(Some(offer(&"w".repeat(40), sample::LONGEST_PLACE)), Some(2));
        longest.is_needed = false;
        longest.events = vec![factor_list::sample("手机丢失，已当面核对身份证。")];
        Samples {
            ordinary: page(Some(offer("liuwan.cgp", "云岭县")), None),
            longest,
            empty: Some(page(None, Some(10))),
            with_error: Some(wrong),
        }
    }
}
