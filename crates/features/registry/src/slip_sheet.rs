//! The printed sheet of activation slips: the answer to the form that issues them, shown once.

use access::{AccountId, Action, SlipCode, account};
use app::tenant;
use askama::Template;
use kernel::{Finding, Instant};
use store::Connection;
use web::{
    AnswerHandler, Context, Form, Head, Locale, Page, PageError, Params, Policy, Route, Samples,
};

use crate::{
    people, sample, slip_choice,
    slips::{IssueSlips, Slip, SlipsIssued},
};

/// The sheet.
#[derive(Debug, Template)]
#[template(path = "slip_sheet.html")]
pub struct SlipSheet {
    l: Locale,
    /// Name of the governed area.
    area: String,
    /// Where the slip is used: the whole address; empty where the settings have none.
    address: String,
    /// For how many days a slip is valid from its release.
    days: i64,
    /// What is printed.
    slips: Vec<Printed>,
    /// Back to the list.
    back: String,
}

/// One slip as it is printed.
#[derive(Debug)]
struct Printed {
    name: String,
    sign_in_name: String,
    posts: String,
    code: SlipCode,
    /// Until when, by the machine's clock; none while another must release it.
    until: Option<Instant>,
}

/// The route.
pub(crate) fn route() -> Route {
    Route::answered(
        "/accounts/slips",
        Policy::Holds(Action::AccountIssueSlip),
        AnswerHandler {
            read,
            page,
            again: slip_choice::page,
        },
    )
}

fn read(context: &Context, _: &Params, form: &Form) -> Result<IssueSlips, Vec<Finding>> {
    let secret = context.form_secret(form);
    let slip = |text: &str| -> Result<Slip, Vec<Finding>> {
        let account: AccountId = text
            .parse()
            .map_err(|_| vec![Finding::error("not-found").arg("kind", "account")])?;
        let code_hash = SlipCode::of(&secret, account).hash_text(account);
        Ok(Slip { account, code_hash })
    };
    let slips = form.all("account").map(slip).collect::<Result<_, _>>()?;
    Ok(IssueSlips { slips })
}

fn page(
    context: &Context,
    params: &Params,
    form: &Form,
    issued: &SlipsIssued,
    connection: &mut dyn Connection,
) -> Result<SlipSheet, PageError> {
    let (tenant, secret) = (context.tenant, context.form_secret(form));
    let mut accounts = Vec::with_capacity(issued.slips.len());
    for slip in &issued.slips {
        let account = account::get(connection, tenant, slip.account)?;
        accounts.push(account.ok_or(PageError::NotFound)?);
    }
    let persons: Vec<_> = accounts.iter().map(|account| account.person).collect();
    let mut posts = people::posts_or_roles_of_many(context, connection, &persons)?;
    let mut slips = Vec::with_capacity(accounts.len());
    for (account, slip) in accounts.into_iter().zip(&issued.slips) {
        let name = directory::person::name(connection, tenant, account.person)?;
        slips.push(Printed {
            name: name.unwrap_or_default(),
            posts: posts.remove(&account.person).unwrap_or_default().join("、"),
            sign_in_name: account.sign_in_name,
            code: SlipCode::of(&secret, account.account),
            until: slip.expires_at,
        });
    }
    Ok(SlipSheet {
        area: tenant::name(connection, tenant)?.unwrap_or_default(),
        address: shown(&context.site.url),
        days: context.app().profile().slip_ms / kernel::time::DAY_MS,
        back: format!("/accounts{}", params.query_with("page", "")),
        slips,
        l: context.l.clone(),
    })
}

/// The address of the page on which a slip is used, as it is typed; empty where the site has none.
fn shown(url: &str) -> String {
    match url.trim_end_matches('/') {
        "" => String::new(),
        url => format!("{url}/activate"),
    }
}

impl SlipSheet {
    /// How many of them open nothing yet.
    fn waiting(&self) -> usize {
        self.slips
            .iter()
            .filter(|slip| slip.until.is_none())
            .count()
    }
}

impl Page for SlipSheet {
    fn head(&self) -> Head {
        Head::new(self.l.text("slips-title"))
    }

    fn samples(l: &Locale) -> Samples<SlipSheet> {
        let slip = |number: u8, name: &str, posts: &str, until| Printed {
            name: name.to_owned(),
            sign_in_name: format!("liuwan.cgp{number}"),
            posts: posts.to_owned(),
            code: SlipCode::of(&[number; 32], AccountId::default()),
            until,
        };
        let page = |slips| SlipSheet {
            l: l.clone(),
            area: "云岭县".to_owned(),
            address: "https://xingcun.yunling.gov.cn/activate".to_owned(),
            days: 14,
            slips,
            back: "/accounts".to_owned(),
        };
        let until = Some(sample::now());
        let many = (1..=19).map(|n| slip(n, "陈国平", "支部书记 · 柳湾村", until));
        let long = |n| {
            let posts = format!("支部书记 · {}、网格员 · 柳湾村", sample::LONGEST_PLACE);
            slip(n, "阿卜杜热合曼·买买提吐尔逊江", &posts, None)
        };
        Samples {
            ordinary: page(many.collect()),
            longest: SlipSheet {
                address: String::new(),
                ..page((1..=5).map(long).collect())
            },
            empty: None,
            with_error: None,
        }
    }
}
