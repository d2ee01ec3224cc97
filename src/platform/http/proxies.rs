//! Where a request comes from: the peer, or what proxies that we trust say of it.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;

use crate::kernel::{Error, Result};

/// The header in which proxies name the client. Only one is read: a proxy passes the other on as the client wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NamedIn {
    /// `X-Forwarded-For: 192.0.2.1, 10.0.0.2`.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=192.0.2.1;proto=https` (RFC 7239).
    Forwarded,
}

/// The network that a request comes from: /24 of IPv4, /48 of IPv6. Strangers are counted by it.
#[derive(Clone, Debug, Default)]
pub struct Source(pub String);

impl Source {
    /// Of a request.
    pub fn of(request: &HttpRequest) -> Source {
        let proxies = request.app_data::<Data<Proxies>>();
        Source(proxies.and_then(|proxies| proxies.client(request)).map(network).unwrap_or_default())
    }
}

impl FromRequest for Source {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Source::of(request)))
    }
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// A network in CIDR notation, held as the IPv6 form of its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    bits: u128,
    length: u32,
}

/// The networks of proxies whose word counts.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    trusted: Vec<Network>,
    named_in: NamedIn,
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Network {
    fn of(text: &str) -> Option<Network> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let (widest, above) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.unwrap_or(widest);
        (length <= widest).then(|| Network { bits: bits(address), length: length + above })
    }

    fn holds(self, address: IpAddr) -> bool {
        let mask = u128::MAX.checked_shl(128 - self.length).unwrap_or(0);
        (bits(address) ^ self.bits) & mask == 0
    }
}

impl Proxies {
    /// From the settings `server.trusted_proxies` and `server.proxies_write`.
    ///
    /// # Errors
    /// 503 that names what is no network.
    pub fn of(setting: &[String], named_in: NamedIn) -> Result<Proxies> {
        let read = |text: &String| {
            Network::of(text.trim()).ok_or_else(|| {
                Error::unavailable(format!(
                    "server.trusted_proxies holds `{text}`, which is no network: use 10.0.0.0/8 or 2001:db8::1."
                ))
            })
        };
        let trusted = setting.iter().map(read).collect::<Result<_>>()?;
        Ok(Proxies { trusted, named_in })
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.holds(address))
    }

    /// The client's address: the peer's, unless the peer is a proxy that we trust. Then the last hop that is none counts,
    /// read from the right, for what stands left of it anybody may have written.
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip().to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let mut nearest = peer;
        for hop in self.hops(request.headers()).into_iter().rev() {
            // A hop that is not an address hides everything before it.
            let Some(address) = hop else { break };
            nearest = address;
            if !self.trusts(address) {
                break;
            }
        }
        Some(nearest)
    }

    /// The hops that proxies noted, the first one first.
    fn hops(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let values = |name: HeaderName| -> Vec<String> {
            let texts = headers.get_all(name).map(|value| value.to_str().unwrap_or("?").to_owned());
            texts.flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>()).collect()
        };
        match self.named_in {
            NamedIn::XForwardedFor => {
                values(header::X_FORWARDED_FOR).iter().map(|hop| address(hop)).collect()
            }
            NamedIn::Forwarded => {
                values(header::FORWARDED).iter().map(|hop| address(told_for(hop)?)).collect()
            }
        }
    }
}

/// The `for` of one element of `Forwarded`.
fn told_for(element: &str) -> Option<&str> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, value)| value.trim()).next()
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `"[2001:db8::1]:4711"`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Some(inner) = text.strip_prefix('[') {
        return inner.split_once(']')?.0.parse().ok();
    }
    match text.parse::<IpAddr>() {
        Ok(address) => Some(address.to_canonical()),
        Err(_) => text.rsplit_once(':')?.0.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client(trusted: &[&str], peer: &str, name: &'static str, value: &str) -> String {
        let setting: Vec<String> = trusted.iter().map(|text| (*text).to_owned()).collect();
        let request = TestRequest::default()
            .peer_addr(peer.parse().expect("an address"))
            .insert_header((name, value))
            .to_http_request();
        let named_in = if name == XFF { NamedIn::XForwardedFor } else { NamedIn::Forwarded };
        Proxies::of(&setting, named_in).expect("networks").client(&request).expect("a client").to_string()
    }

    const XFF: &str = "x-forwarded-for";

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client(&[], "203.0.113.9:1", XFF, "192.0.2.1"), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.9:1", XFF, "192.0.2.1"), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.9:1", "forwarded", "for=192.0.2.1"), "203.0.113.9");
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_of_ours_is_the_client() {
        let ours = ["10.0.0.0/8", "2001:db8:1::/48"];
        for (peer, name, value, wanted) in [
            ("10.0.0.1:1", XFF, "192.0.2.1", "192.0.2.1"),
            ("10.0.0.1:1", XFF, "1.2.3.4, 192.0.2.1, 10.9.9.9", "192.0.2.1"),
            ("[::ffff:10.0.0.1]:1", XFF, "192.0.2.1:5555", "192.0.2.1"),
            ("[2001:db8:1::7]:1", XFF, "2001:db8:2::1", "2001:db8:2::1"),
            (
                "10.0.0.1:1",
                "forwarded",
                "for=1.2.3.4, For=\"[2001:db8:2::1]:80\";proto=https",
                "2001:db8:2::1",
            ),
            ("10.0.0.1:1", XFF, "10.0.0.2, 10.0.0.3", "10.0.0.2"),
            ("10.0.0.1:1", XFF, "192.0.2.1, unknown, 10.0.0.3", "10.0.0.3"),
            ("10.0.0.1:1", XFF, "", "10.0.0.1"),
            ("11.0.0.1:1", XFF, "192.0.2.1", "11.0.0.1"),
        ] {
            assert_eq!(client(&ours, peer, name, value), wanted, "{peer} {name}: {value}");
        }
    }

    #[test]
    fn the_header_that_our_proxies_do_not_write_is_the_clients_own_word() {
        let request = TestRequest::default().peer_addr("10.0.0.1:1".parse().expect("an address"));
        let request =
            request.insert_header((XFF, "192.0.2.1")).insert_header(("forwarded", "for=198.51.100.1"));
        let request = request.to_http_request();
        for (named_in, wanted) in
            [(NamedIn::XForwardedFor, "192.0.2.1"), (NamedIn::Forwarded, "198.51.100.1")]
        {
            let proxies = Proxies::of(&["10.0.0.0/8".to_owned()], named_in).expect("networks");
            assert_eq!(proxies.client(&request).expect("a client").to_string(), wanted);
        }
    }

    #[test]
    fn what_is_no_network_is_refused_by_name() {
        for text in ["10.0.0.0/33", "proxy.example", "10.0.0.0/", "", "::/129"] {
            let error = Proxies::of(&[text.to_owned()], NamedIn::Forwarded).expect_err("no network");
            assert!(
                error.to_string().contains("server.trusted_proxies")
                    || format!("{error:?}").contains("server.trusted_proxies"),
                "{error:?}"
            );
        }
        assert!(Proxies::of(&["0.0.0.0/0".into(), "::/0".into(), "::1".into()], NamedIn::Forwarded).is_ok());
    }
}
