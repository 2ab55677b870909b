//! Whether a request that changes something came from one of our own pages.

use axum::http::{HeaderMap, Uri, header};

/// What browser headers say of where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a page of ours.
    Ours,
    /// From somewhere else.
    Foreign,
    /// No browser headers at all: a program, or a very old browser.
    Unknown,
}

/// `Sec-Fetch-Site` cannot be forged by a page; `Origin` is sent with every POST by older
/// browsers. Behind a proxy the scheme is not ours to know, so hosts are compared.
pub(crate) fn origin(headers: &HeaderMap) -> Origin {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return if site == "same-origin" {
            Origin::Ours
        } else {
            Origin::Foreign
        };
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Origin::Unknown;
    };
    let from = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.parse::<Uri>().ok());
    let from = from
        .as_ref()
        .and_then(Uri::authority)
        .map(axum::http::uri::Authority::as_str);
    match (from, text("host")) {
        (Some(from), Some(host)) if from.eq_ignore_ascii_case(host) => Origin::Ours,
        _ => Origin::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, origin};
    use axum::http::{HeaderMap, HeaderName};

    #[test]
    fn where_a_request_comes_from() {
        let cases: [(&[(&str, &str)], Origin); 7] = [
            (&[], Origin::Unknown),
            (&[("sec-fetch-site", "same-origin")], Origin::Ours),
            (
                &[("sec-fetch-site", "same-site"), ("origin", "https://a")],
                Origin::Foreign,
            ),
            (&[("sec-fetch-site", "none")], Origin::Foreign),
            (
                &[("origin", "https://x.cn:8443"), ("host", "x.cn:8443")],
                Origin::Ours,
            ),
            (
                &[("origin", "https://x.cn.evil"), ("host", "x.cn")],
                Origin::Foreign,
            ),
            (&[("origin", "null"), ("host", "x.cn")], Origin::Foreign),
        ];
        for (given, expected) in cases {
            let headers: HeaderMap = given
                .iter()
                .map(|(n, v)| {
                    (
                        HeaderName::from_bytes(n.as_bytes()).unwrap(),
                        v.parse().unwrap(),
                    )
                })
                .collect();
            assert_eq!(origin(&headers), expected, "{given:?}");
        }
    }
}
