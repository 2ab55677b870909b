//! Cookies, and the secrets that people type.
#![no_main]

use access::{DeviceToken, HalfToken, OneTimeCode, SessionToken, SetupToken, SlipCode};
use axum::http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../crates/platform/web/src/http/cookies.rs"]
mod cookies;

use cookies::{Cookie, Cookies};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = SlipCode::parse(text);
        let _ = OneTimeCode::parse(text);
        let _ = SetupToken::parse(text);
    }
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return;
    };
    let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
    for cookies in [Cookies { secure: true }, Cookies { secure: false }] {
        if let Some(value) = cookies.get(&headers, Cookie::Session)
            && let Some((tenant, token)) = SessionToken::parse(value)
        {
            assert_eq!(token.cookie(tenant), value, "one form only");
            let _ = cookies.set(Cookie::Session, &token.cookie(tenant));
        }
        let _ = cookies.get(&headers, Cookie::Half).map(HalfToken::parse);
        let _ = cookies
            .get(&headers, Cookie::Device)
            .map(DeviceToken::parse);
        let _ = cookies.get(&headers, Cookie::Setting("lang"));
    }
});
