//! From which address a request comes.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use access::sign_in::AddressKey;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};

use super::rate::household;
use super::web::Web;

/// The other end of the connection; the server puts it into each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Peer(pub IpAddr);

static TOLD: AtomicBool = AtomicBool::new(false);

impl Web {
    /// The visitor's address: the other end of the connection, or, behind a proxy, what the proxy
    /// says in the configured header. Of a list the last is taken, which the proxy itself wrote;
    /// what stands before it came with the request and may be invented.
    pub(crate) fn from(&self, parts: &Parts) -> Option<IpAddr> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        if !self.behind_proxy() {
            return peer;
        }
        let said = parts
            .headers
            .get_all(self.forwarded_header())
            .iter()
            .next_back();
        let said = said.and_then(|value| value.to_str().ok()).and_then(last);
        if said.is_none() && peer.is_some() && !TOLD.swap(true, Ordering::Relaxed) {
            let header = self.forwarded_header().as_str();
            tracing::warn!(
                header,
                "the proxy gives no visitor's address: all share one limit"
            );
        }
        said.or(peer)
    }

    /// The address under a key that is not in the database.
    pub(crate) fn address_key(&self, address: IpAddr) -> AddressKey {
        let mut hash = Sha256::new();
        hash.update(b"xingcun address 1\0");
        hash.update(self.app().keys().idempotency());
        hash.update(household(address).to_string().as_bytes());
        AddressKey(hash.finalize().into())
    }
}

/// The last address of a list, with or without port: `203.0.113.9`, `[2001:db8::1]:443`,
/// `for=203.0.113.9;proto=https` (RFC 7239).
fn last(list: &str) -> Option<IpAddr> {
    let element = list.rsplit(',').next()?;
    let pair = element.split(';').find_map(|pair| {
        pair.trim()
            .to_ascii_lowercase()
            .strip_prefix("for=")
            .map(str::to_owned)
    });
    let text = pair.unwrap_or_else(|| element.trim().to_owned());
    let text = text.trim_matches('"');
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::last;

    #[test]
    fn the_last_address_is_the_proxys_word() {
        for (list, expected) in [
            ("203.0.113.9", Some("203.0.113.9")),
            ("6.6.6.6, 203.0.113.9", Some("203.0.113.9")),
            ("203.0.113.9:5123", Some("203.0.113.9")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            (
                "for=6.6.6.6, For=\"[2001:db8::1]\";proto=https",
                Some("2001:db8::1"),
            ),
            ("203.0.113.9, unknown", None),
            ("", None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(last(list), expected, "{list}");
        }
    }
}
