//! HTTP as a visitor speaks it: cookies kept, redirects seen, nothing known of the program.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value as Json, json};
use ureq::Agent;

use crate::Failed;

/// Somebody with a browser's cookies, or without.
#[derive(Clone)]
pub struct Visitor {
    agent: Agent,
    base: String,
    cookies: BTreeMap<String, String>,
    /// `zh-CN` or `en`.
    pub language: &'static str,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body as text.
    pub body: String,
}

impl Answer {
    /// The first value of a header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The value of a hidden field, looked for in the main part first; empty where there is none.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let main = self.body.split("<main").last().unwrap_or_default();
        let found = [main, &self.body].iter().find_map(|part| {
            let from = part.find(&mark)? + mark.len();
            part[from..].split('"').next().map(str::to_owned)
        });
        found.unwrap_or_default()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or(Json::Null)
    }

    /// Every address of our own that a page links to.
    pub fn links(&self) -> Vec<String> {
        let hrefs = self.body.split("href=\"").skip(1);
        let mut links: Vec<String> = hrefs
            .filter_map(|rest| rest.split('"').next())
            .filter(|link| link.starts_with('/') && !link.starts_with("//"))
            .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
            .collect();
        links.sort();
        links.dedup();
        links
    }
}

impl Visitor {
    /// Somebody new.
    pub fn new(base: &str) -> Visitor {
        Visitor {
            agent: agent(),
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            language: "zh-CN",
        }
    }

    /// The same person in the same session, on connections of its own.
    #[must_use]
    pub fn beside(&self) -> Visitor {
        Visitor {
            agent: agent(),
            ..self.clone()
        }
    }

    /// What a program that visits for this visitor sends as `Cookie`.
    pub fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn origin(&self) -> &str {
        &self.base
    }

    /// Opens an address.
    pub fn get(&mut self, path: &str) -> Result<Answer, Failed> {
        let request = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("cookie", self.cookie_header())
            .header("accept-language", self.language);
        let answer = read(request.call()?)?;
        self.keep(&answer);
        Ok(answer)
    }

    /// Sends a form from one of the site's own pages.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Failed> {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", self.cookie_header())
            .header("accept-language", self.language)
            .header("origin", self.origin())
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = read(request.send(pairs.join("&"))?)?;
        self.keep(&answer);
        Ok(answer)
    }

    /// Uploads a file and gives what the form names it by.
    pub fn upload(&mut self, name: &str, content: &[u8]) -> Result<Answer, Failed> {
        self.post_file("/uploads", &[], name, content)
    }

    /// Sends a form with a file in its field `file`.
    pub fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Result<Answer, Failed> {
        let mut body = Vec::new();
        for (field, value) in fields {
            let part = format!(
                "--xingcun\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--xingcun\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--xingcun--\r\n");
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("cookie", self.cookie_header())
            .header("accept-language", self.language)
            .header("origin", self.origin())
            .header("content-type", "multipart/form-data; boundary=xingcun");
        let answer = read(request.send(&body[..])?)?;
        self.keep(&answer);
        Ok(answer)
    }

    /// Sends a command as a program does.
    pub fn command(&self, name: &str, id: &str, body: &Json) -> Result<Answer, Failed> {
        self.send(name, &json!({ "id": id, "body": body }))
    }

    /// Sends a command that counts only where its thing still has the revision that was seen.
    pub fn command_on(
        &self,
        name: &str,
        id: &str,
        body: &Json,
        seen_revision: i64,
    ) -> Result<Answer, Failed> {
        self.send(
            name,
            &json!({ "id": id, "body": body, "seen_revision": seen_revision }),
        )
    }

    fn send(&self, name: &str, sent: &Json) -> Result<Answer, Failed> {
        let request = self
            .agent
            .post(format!("{}/api/v1/commands/{name}", self.base))
            .header("authorization", format!("Bearer {}", self.session()))
            .header("accept-language", self.language)
            .header("content-type", "application/json");
        read(request.send(sent.to_string())?)
    }

    /// Sends a command that must be carried out, and gives its answer.
    pub fn carry_out(&self, name: &str, body: &Json) -> Result<Json, Failed> {
        let answer = self.command(name, &fresh_id(), body)?;
        if answer.status != 200 {
            return Err(format!("{name}: {} {}", answer.status, answer.body).into());
        }
        Ok(answer.json()["answer"].clone())
    }

    /// The token of the session; empty without one.
    pub fn session(&self) -> &str {
        let found = self
            .cookies
            .iter()
            .find(|(name, _)| name.ends_with("xingcun-session"));
        found.map_or("", |(_, value)| value)
    }

    /// Whether the visitor has a session.
    pub fn is_signed_in(&self) -> bool {
        !self.session().is_empty()
    }

    fn keep(&mut self, answer: &Answer) {
        for (name, value) in &answer.headers {
            if name != "set-cookie" {
                continue;
            }
            let Some((name, rest)) = value.split_once('=') else {
                continue;
            };
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Signs in by one click on the button that names a person.
    pub fn sign_in_as(&mut self, person: &str) -> Result<(), Failed> {
        let page = self.get("/sign-in")?;
        let button = page
            .body
            .split("<button")
            .find(|part| part.contains(person));
        let account = button
            .and_then(|part| part.split("name=\"account\" value=\"").nth(1))
            .and_then(|part| part.split('"').next())
            .ok_or_else(|| format!("the sign-in page has no button of {person}"))?
            .to_owned();
        self.sign_in_with(&account)
    }

    /// Signs in by one click, with the account behind a button.
    pub fn sign_in_with(&mut self, account: &str) -> Result<(), Failed> {
        let answer = self.post("/demo/sign-in", &[("account", account), ("back", "/")])?;
        if answer.status != 303 || !self.is_signed_in() {
            return Err(format!("{account} was not signed in: {}", answer.status).into());
        }
        Ok(())
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .new_agent()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, Failed> {
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let bytes = response
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_vec()?;
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Answer {
        status: response.status().as_u16(),
        headers,
        body,
    })
}

/// Percent-encoded, for forms and addresses.
pub fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
            out.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
        }
    }
    out
}

/// A UUID of version 7 as a client makes it.
#[allow(
    clippy::disallowed_methods,
    reason = "a client outside the program has only the machine's clock"
)]
pub fn fresh_id() -> String {
    use std::hash::{BuildHasher, RandomState};
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let ms = since.map_or(0, |elapsed| elapsed.as_millis());
    let random = RandomState::new().hash_one(ms);
    let more = RandomState::new().hash_one(random);
    format!(
        "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
        ms >> 16 & 0xffff_ffff,
        ms & 0xffff,
        random & 0xfff,
        (random >> 12 & 0x3fff) | 0x8000,
        more & 0xffff_ffff_ffff
    )
}
