//! What several walks share: the demonstration served, one-click sign-in, and the addresses of the
//! quarter in progress.

use walk::Visitor;
use web::testing::TestSite;
use webdriver::{Browser, DriverError};
use xingcun::serve as served;

use crate::demonstration::Demonstrated;

/// The village that does its part in the browser.
const VILLAGE: &str = "柳湾村";

/// Serves the demonstration with its own one-click accounts; its base address.
pub fn serve(demonstrated: &Demonstrated) -> String {
    let open = &demonstrated.open;
    let site = Some(open.site.clone());
    let mut parts = served::parts(&open.app, &open.config, false, site).unwrap();
    // Keys are pressed faster than a person presses them.
    parts.requests_per_minute = 0;
    let site = TestSite::of(web::Web::new(parts).unwrap());
    format!("http://{}", site.serve())
}

/// A person's place in front of the browser.
pub struct Desk<'b> {
    browser: &'b Browser,
    base: String,
    /// `/rounds/…` of the quarter in progress.
    pub round: String,
    /// `/rounds/…/villages/…` of the village.
    pub village: String,
}

impl<'b> Desk<'b> {
    /// Finds the quarter in progress and the village in it.
    pub fn new(browser: &'b Browser, base: String) -> Result<Desk<'b>, walk::Failed> {
        let mut clerk = Visitor::new(&base);
        clerk.sign_in_as("李静")?;
        for link in clerk.get("/rounds")?.links() {
            let id = link.strip_prefix("/rounds/").unwrap_or_default();
            if id.len() != 36 || id.contains('/') {
                continue;
            }
            let ranking = clerk.get(&format!("{link}/ranking"))?;
            if ranking.body.contains("scope=\"row\"") {
                continue;
            }
            let page = clerk.get(&link)?.body;
            let own = page.split("<tr>").find(|row| row.contains(VILLAGE));
            let mark = format!("{link}/villages/");
            let from = own.and_then(|row| Some(&row[row.find(&mark)?..]));
            let village = from.map(|row| row[..mark.len() + 36].to_owned());
            return Ok(Desk {
                browser,
                base,
                round: link,
                village: village.ok_or("the quarter does not list the village")?,
            });
        }
        Err("no quarter is in progress".into())
    }

    /// The address of a section of the village.
    pub fn section(&self, code: &str) -> String {
        format!("{}/sections/{code}", self.village)
    }

    /// Opens a page.
    pub fn go(&self, path: &str) -> Result<(), DriverError> {
        self.browser.go(&format!("{}{path}", self.base))
    }

    /// Signs in by one click, as somebody else than before.
    pub fn sign_in(&self, person: &str) -> Result<(), DriverError> {
        self.browser.forget()?;
        self.go("/sign-in")?;
        let button = self.browser.button(person)?;
        self.browser.through(|| button.click())
    }
}
