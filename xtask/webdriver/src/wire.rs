//! JSON over HTTP to `chromedriver`.

use std::time::Duration;

use serde_json::Value as Json;
use ureq::Agent;

/// Longer than any step of a test takes, also on a busy machine.
const ANSWER_S: u64 = 120;

/// What went wrong between the test, `chromedriver` and the page.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// A program does not start.
    #[error("{program}: {source}")]
    Start {
        /// The program.
        program: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The connection to `chromedriver` failed.
    #[error("chromedriver does not answer: {0}")]
    Connection(String),
    /// `chromedriver` refused: the element is not there, is covered, the script threw …
    #[error("{error}: {message}")]
    Refused {
        /// The protocol's error code, `no such element`.
        error: String,
        /// Its explanation, first line.
        message: String,
    },
    /// Something did not come about in time.
    #[error("waited {seconds} s for {what}; {seen}")]
    Waited {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
        /// What is there instead.
        seen: String,
    },
}

/// One running `chromedriver`.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    agent: Agent,
    base: String,
}

impl Wire {
    pub(crate) fn new(port: u16) -> Wire {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(ANSWER_S)))
            .build()
            .new_agent();
        Wire {
            agent,
            base: format!("http://127.0.0.1:{port}"),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Json, DriverError> {
        let response = self.agent.get(format!("{}{path}", self.base)).call();
        read(response)
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Result<Json, DriverError> {
        let response = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .send(body.to_string());
        read(response)
    }

    pub(crate) fn delete(&self, path: &str) -> Result<Json, DriverError> {
        let response = self.agent.delete(format!("{}{path}", self.base)).call();
        read(response)
    }
}

type Answer = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

/// The `value` of an answer.
fn read(answer: Answer) -> Result<Json, DriverError> {
    let broken = |error: &dyn std::fmt::Display| DriverError::Connection(error.to_string());
    let mut answer = answer.map_err(|error| broken(&error))?;
    let text = answer
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_string()
        .map_err(|error| broken(&error))?;
    let mut json: Json = serde_json::from_str(&text).map_err(|error| broken(&error))?;
    let value = json["value"].take();
    if answer.status().is_success() {
        return Ok(value);
    }
    let word = |name: &str| {
        let text = value[name].as_str().unwrap_or_default();
        text.lines().next().unwrap_or_default().to_owned()
    };
    Err(DriverError::Refused {
        error: word("error"),
        message: word("message"),
    })
}
