//! What a URL carries: path parameters and the query.

use std::str::FromStr;

use crate::PageError;

/// The longest query value that is looked at, in characters; the rest is cut.
const LONGEST_VALUE: usize = 500;

/// Path parameters and query of one request.
#[derive(Clone, Debug, Default)]
pub struct Params {
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
}

impl Params {
    /// From decoded pairs; tests make their own.
    pub fn new(path: Vec<(String, String)>, query: Vec<(String, String)>) -> Params {
        let cut =
            |(name, value): (String, String)| (name, value.chars().take(LONGEST_VALUE).collect());
        Params {
            path,
            query: query.into_iter().map(cut).collect(),
        }
    }

    /// A path parameter by its name in the route's pattern; empty when the pattern has none such.
    pub fn path(&self, name: &str) -> &str {
        find(&self.path, name).unwrap_or_default()
    }

    /// A path parameter as an id, a code, a period …; what does not parse is a page that does
    /// not exist.
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<T, PageError> {
        self.path(name).parse().map_err(|_| PageError::NotFound)
    }

    /// A query parameter; an empty one counts as absent, because empty form fields are sent so.
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name).filter(|value| !value.is_empty())
    }

    /// Every value of a query parameter: what is ticked in a form that only asks.
    pub fn query_all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        let named = move |(known, value): &&'p (String, String)| known == name && !value.is_empty();
        self.query
            .iter()
            .filter(named)
            .map(|(_, value)| value.as_str())
    }

    /// A query parameter that parses; anything else counts as absent: a list must not fail
    /// because somebody edited its address.
    pub fn query_as<T: FromStr>(&self, name: &str) -> Option<T> {
        self.query(name)?.parse().ok()
    }

    /// The page of a list, from 1.
    pub fn page(&self) -> u32 {
        self.query_as("page").filter(|page| *page >= 1).unwrap_or(1)
    }

    /// The query with one parameter set (or, for an empty value, dropped), as `?a=1&b=2`; what
    /// a sort header, a filter or a pager links to. Changing anything but the page drops the page.
    pub fn query_with(&self, name: &str, value: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(known, value)| {
                *known != name && !value.is_empty() && (*known != "page" || name == "page")
            })
            .collect();
        if !value.is_empty() {
            pairs.push((name, value));
        }
        let mut text = String::from("?");
        for (name, value) in pairs {
            if text.len() > 1 {
                text.push('&');
            }
            text.push_str(&percent_encoded(name));
            text.push('=');
            text.push_str(&percent_encoded(value));
        }
        text
    }
}

fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// A text as it may stand in a URL: everything but unreserved characters is `%XX`.
pub fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Params;

    fn params(query: &[(&str, &str)]) -> Params {
        let query = query
            .iter()
            .map(|(a, b)| ((*a).into(), (*b).into()))
            .collect();
        Params::new(Vec::new(), query)
    }

    #[test]
    fn filters_keep_each_other_and_reset_the_page() {
        let params = params(&[("q", "柳湾"), ("page", "3"), ("sort", "")]);
        assert_eq!(
            params.query_with("town", "清河"),
            "?q=%E6%9F%B3%E6%B9%BE&town=%E6%B8%85%E6%B2%B3"
        );
        assert_eq!(
            params.query_with("page", "4"),
            "?q=%E6%9F%B3%E6%B9%BE&page=4"
        );
        assert_eq!(params.query_with("q", ""), "?");
    }

    #[test]
    fn an_edited_page_number_is_the_first_page() {
        for (text, page) in [("0", 1), ("-2", 1), ("x", 1), ("7", 7)] {
            assert_eq!(params(&[("page", text)]).page(), page);
        }
    }
}
