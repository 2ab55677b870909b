//! A telephone with an authenticator application, as somebody signing in holds it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use totp_rs::{Builder, Secret, Totp};
use walk::{Answer, Visitor};

/// How long one code is shown, in seconds.
const STEP_S: u64 = 30;

/// The application with one account in it. It gives each code once, as the server takes each once.
pub struct Phone {
    totp: Totp,
    last_step: u64,
}

impl Phone {
    /// The application after the key of the setup page was typed into it.
    pub fn of_page(page: &Answer) -> Result<Phone, Box<dyn std::error::Error>> {
        let shown = page
            .body
            .split("class=\"factor-secret\" data-content>")
            .nth(1);
        let shown = shown.and_then(|rest| rest.split('<').next());
        let key = shown.ok_or("the setup page shows no key")?.replace(' ', "");
        let secret = Secret::try_from_base32(key).map_err(|error| error.to_string())?;
        let built = Builder::new().with_secret(secret).build();
        Ok(Phone {
            totp: built.map_err(|error| error.to_string())?,
            last_step: 0,
        })
    }

    /// The next code that was not given yet; waits where that one is too far ahead of the clock.
    pub fn code(&mut self) -> String {
        let step = self.last_step.max(this_step().saturating_sub(1)) + 1;
        while step > this_step() + 1 {
            std::thread::sleep(Duration::from_millis(500));
        }
        self.last_step = step;
        self.totp.generate(step * STEP_S).to_string()
    }

    /// A code that counts at no time near now.
    pub fn wrong_code(&self) -> String {
        let near = this_step().saturating_sub(2)..=this_step() + 3;
        let near: Vec<String> = near
            .map(|step| self.totp.generate(step * STEP_S).to_string())
            .collect();
        let mut codes = (0..10).map(|number| format!("{number:06}"));
        let found = codes.find(|code| !near.contains(code));
        found.expect("ten codes are more than six")
    }
}

/// Sets the second factor of somebody signed in up, as the page says; gives the telephone and the
/// recovery codes.
pub fn set_up(visitor: &mut Visitor) -> Result<(Phone, Vec<String>), Box<dyn std::error::Error>> {
    let page = visitor.get("/me/factor")?;
    let mut phone = Phone::of_page(&page)?;
    let (csrf, id) = (page.hidden("csrf"), page.hidden("command_id"));
    let code = phone.code();
    let fields = [
        ("csrf", csrf.as_str()),
        ("command_id", &id),
        ("code", &code),
    ];
    let done = visitor.post("/me/factor", &fields)?;
    if done.status != 200 {
        return Err(format!("the second factor was not set up: {}", done.status).into());
    }
    let list = done.body.split("class=\"recovery-codes\"").nth(1);
    let items = list
        .unwrap_or_default()
        .split("<code data-content>")
        .skip(1);
    let codes = items.filter_map(|item| item.split('<').next());
    Ok((phone, codes.map(str::to_owned).collect()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a telephone outside the program has only the machine's clock"
)]
fn this_step() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs()) / STEP_S
}
