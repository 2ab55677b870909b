//! The whole web side in process: requests go straight into the router, without a socket.

use access::{Cost, PasswordHasher};
use app::testing::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

use crate::{DemoAccount, DemoSite, FeatureWeb, Setup, Site, Web, percent_encoded};

/// The web side of a [`TestApp`], with one account.
pub struct TestSite {
    /// The web side.
    pub web: Web,
    runtime: tokio::runtime::Runtime,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct TestAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers as `name: value` lines, sorted.
    pub headers: Vec<(String, String)>,
    /// Body as text.
    pub body: String,
}

impl TestAnswer {
    /// The first value of a header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// The cookies that the answer sets, as a `Cookie` header.
    pub fn cookies(&self) -> String {
        let pairs: Vec<&str> = self
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .filter_map(|(_, value)| value.split(';').next())
            .collect();
        pairs.join("; ")
    }

    /// The value of a hidden field of the page, looked for in its main part first; empty where it
    /// has none.
    pub fn hidden(&self, name: &str) -> &str {
        let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let main = self.body.split("<main").last().unwrap_or_default();
        let value = |text: &'_ str| -> Option<(usize, usize)> {
            let from = text.find(&mark)? + mark.len();
            Some((from, from + text[from..].find('"')?))
        };
        for part in [main, self.body.as_str()] {
            if let Some((from, to)) = value(part) {
                return &part[from..to];
            }
        }
        ""
    }
}

impl TestSite {
    /// The site of a program, with one-click sign-in for the given accounts.
    ///
    /// # Panics
    ///
    /// If the parts do not fit together.
    pub fn new(app: &TestApp, features: Vec<FeatureWeb>, accounts: Vec<DemoAccount>) -> TestSite {
        let setup = TestSite::setup(app, features, accounts);
        TestSite::of(Web::new(setup).expect("routes and texts fit together"))
    }

    /// What [`TestSite::new`] is made of, for tests that change it.
    ///
    /// # Panics
    ///
    /// If no threads start.
    pub fn setup(app: &TestApp, features: Vec<FeatureWeb>, accounts: Vec<DemoAccount>) -> Setup {
        Setup {
            app: app.app.clone(),
            tenant: app.tenant,
            features,
            site: Site {
                sponsor: "云岭县委组织部".to_owned(),
                ..Site::default()
            },
            hasher: PasswordHasher::start(Cost::FOR_TESTS, 1, 8).expect("threads start"),
            profile: *app.app.profile(),
            demo: Some(DemoSite {
                accounts,
                ..DemoSite::default()
            }),
            behind_proxy: false,
            forwarded_header: "x-forwarded-for".to_owned(),
            requests_per_minute: 0,
        }
    }

    /// A site that was put together elsewhere.
    ///
    /// # Panics
    ///
    /// If no runtime starts.
    pub fn of(web: Web) -> TestSite {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        TestSite { web, runtime }
    }

    /// Sends a request.
    ///
    /// # Panics
    ///
    /// If the router breaks, which it never does.
    pub fn send(&self, request: Request<Body>) -> TestAnswer {
        self.runtime.block_on(async {
            let response = self
                .web
                .router()
                .oneshot(request)
                .await
                .expect("the router answers");
            let status = response.status().as_u16();
            let mut headers: Vec<(String, String)> = response
                .headers()
                .iter()
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect();
            headers.sort();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX)
                .await
                .expect("the body ends");
            TestAnswer {
                status,
                headers,
                body: String::from_utf8_lossy(&body).into_owned(),
            }
        })
    }

    /// `GET`, as a browser with these cookies.
    pub fn get(&self, path: &str, cookies: &str) -> TestAnswer {
        self.send(
            browser("GET", path, cookies)
                .body(Body::empty())
                .expect("a request"),
        )
    }

    /// `POST` of a form from one of our own pages.
    pub fn post(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> TestAnswer {
        self.send(posted(browser("POST", path, cookies), fields))
    }

    /// `POST` of a form with a file: field, file name, content.
    pub fn post_file(
        &self,
        path: &str,
        cookies: &str,
        fields: &[(&str, &str)],
        (field, file_name, content): (&str, &str, &[u8]),
    ) -> TestAnswer {
        let head = "--part\r\nContent-Disposition: form-data; name=";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(format!("{head}\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
        }
        let named = format!("{head}\"{field}\"; filename=\"{file_name}\"\r\n\r\n");
        body.extend_from_slice(named.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--part--\r\n");
        let request = browser("POST", path, cookies)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(request)
    }

    /// `POST` by the page's script, which puts the answer into a part of the page.
    pub fn post_part(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> TestAnswer {
        let builder = browser("POST", path, cookies)
            .header("hx-request", "true")
            .header("hx-request-type", "partial");
        self.send(posted(builder, fields))
    }

    /// `POST` of JSON as a program sends it, with the token of its session where it has one.
    pub fn post_json(&self, path: &str, token: &str, body: &str) -> TestAnswer {
        let mut builder =
            browser("POST", path, "").header(header::CONTENT_TYPE, "application/json");
        if !token.is_empty() {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = Body::from(body.to_owned());
        self.send(builder.body(body).expect("a request"))
    }

    /// Signs an account of the sign-in page in and gives its cookies.
    ///
    /// # Panics
    ///
    /// If the account is not on the page.
    pub fn sign_in(&self, account: access::AccountId) -> String {
        let answer = self.post("/demo/sign-in", "", &[("account", &account.to_string())]);
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER.as_u16(),
            "{}",
            answer.body
        );
        answer.cookies()
    }
}

impl TestSite {
    /// Serves on a free port of loopback until the test's process ends, for a real browser.
    ///
    /// # Panics
    ///
    /// If no port is free.
    pub fn serve(&self) -> std::net::SocketAddr {
        let web = self.web.clone();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime starts").block_on(async {
                let address = ([127, 0, 0, 1], 0).into();
                let listener = web
                    .listen(crate::Listen { address })
                    .await
                    .expect("a free port");
                let address = listener.local_addr().expect("it listens");
                sender.send(address).expect("the test waits for it");
                web.serve_on(listener, std::future::pending()).await;
            });
        });
        receiver.recv().expect("the server starts")
    }
}

fn posted(builder: axum::http::request::Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value)))
        .collect();
    builder
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.join("&")))
        .expect("a request")
}

/// A request as a browser sends it, without body.
pub fn browser(method: &str, path: &str, cookies: &str) -> axum::http::request::Builder {
    let builder = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::ACCEPT_LANGUAGE, "zh-CN");
    if cookies.is_empty() {
        builder
    } else {
        builder.header(header::COOKIE, cookies)
    }
}
