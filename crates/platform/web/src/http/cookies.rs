//! Cookies: what they are called, how they are read and set.

use axum::http::{HeaderMap, HeaderValue, header};

/// How long the settings of a visitor are kept: a year.
const SETTINGS_S: i64 = 365 * 86_400;

/// Names and attributes of our cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cookies {
    /// Whether they are `__Host-` and `Secure`; only a demonstration on loopback is not.
    pub secure: bool,
}

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// `tenant.token` of the session; ends with the browser.
    Session,
    /// A sign-in that waits for its code; ends with the browser, and by itself within minutes.
    Half,
    /// The known device of an account; a year.
    Device,
    /// Language, theme, density, text size; a year.
    Setting(&'static str),
}

impl Cookie {
    fn name(self) -> &'static str {
        match self {
            Cookie::Session => "session",
            Cookie::Half => "half",
            Cookie::Device => "device",
            Cookie::Setting(name) => name,
        }
    }
}

impl Cookies {
    fn full_name(self, cookie: Cookie) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}xingcun-{}", cookie.name())
    }

    /// The value of a cookie that came with a request.
    pub fn get(self, headers: &HeaderMap, cookie: Cookie) -> Option<&str> {
        let name = self.full_name(cookie);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The header that sets a cookie; an empty value takes it away.
    pub fn set(self, cookie: Cookie, value: &str) -> HeaderValue {
        let name = self.full_name(cookie);
        let secure = if self.secure { "; Secure" } else { "" };
        let life = match cookie {
            _ if value.is_empty() => "; Max-Age=0".to_owned(),
            Cookie::Session | Cookie::Half => String::new(),
            Cookie::Device | Cookie::Setting(_) => format!("; Max-Age={SETTINGS_S}"),
        };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}");
        HeaderValue::from_str(&text).expect("cookie values are hexadecimal, tags and settings")
    }
}

#[cfg(test)]
mod tests {
    use super::{Cookie, Cookies};
    use axum::http::{HeaderMap, header};

    #[test]
    fn the_host_prefix_belongs_to_secure_cookies() {
        let secure = Cookies { secure: true };
        let set = secure.set(Cookie::Session, "1.ab");
        assert_eq!(
            set.to_str().unwrap(),
            "__Host-xingcun-session=1.ab; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let plain = Cookies { secure: false }.set(Cookie::Session, "");
        assert!(plain.to_str().unwrap().ends_with("Max-Age=0"));
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "a=b; __Host-xingcun-session=1.ab".parse().unwrap(),
        );
        assert_eq!(secure.get(&headers, Cookie::Session), Some("1.ab"));
        assert_eq!(
            Cookies { secure: false }.get(&headers, Cookie::Session),
            None
        );
    }
}
