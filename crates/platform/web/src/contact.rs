//! 建议与投诉: whom to turn to.

use askama::Template;
use store::Connection;

use crate::{Head, Locale, Page, PageError, Params, PublicContext, Samples, Shell, Site};

/// Who runs the site and how to reach them.
#[derive(Debug, Template)]
#[template(path = "contact.html")]
pub(crate) struct Contact {
    l: Locale,
    site: Site,
}

/// `GET /contact`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every page handler")]
pub(crate) fn page(
    context: &PublicContext,
    _: &Params,
    _: &mut dyn Connection,
) -> Result<Contact, PageError> {
    Ok(Contact {
        l: context.l.clone(),
        site: Site::clone(&context.site),
    })
}

impl Page for Contact {
    fn head(&self) -> Head {
        Head::new(self.l.text("shell-suggest")).shell(Shell::Public)
    }

    fn samples(l: &Locale) -> Samples<Contact> {
        let contact = |sponsor: &str, telephone: &str| Contact {
            l: l.clone(),
            site: Site {
                sponsor: sponsor.to_owned(),
                telephone: telephone.to_owned(),
                address: "云岭县人民路 1 号".to_owned(),
                ..Site::default()
            },
        };
        Samples {
            ordinary: contact("云岭县委组织部", "0000-1234567"),
            longest: contact(
                "双江拉祜族佤族布朗族傣族自治县委员会组织部",
                "0000-1234567 转 8888",
            ),
            empty: Some(Contact {
                l: l.clone(),
                site: Site::default(),
            }),
            with_error: None,
        }
    }
}
