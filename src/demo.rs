//! The demo: a believable year of programs, built through the slices' own actions, on this machine only.

use crate::config::Config;
use crate::kernel::{Error, Result};

/// Settings under which the demo runs: loopback only, no second factor, the cheapest passwords.
///
/// # Errors
/// When the address to listen on can be reached from elsewhere.
pub fn settings(config: &mut Config) -> Result<()> {
    let host = config.server.listen.rsplit_once(':').map_or("", |(host, _)| host);
    let loopback = match host.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
        Ok(ip) => ip.is_loopback(),
        Err(_) => host == "localhost",
    };
    if !loopback {
        return Err(Error::unavailable(format!(
            "The demo prints its passwords, so it listens on this machine only; {} is not 127.0.0.1 or [::1] (--listen).",
            config.server.listen
        )));
    }
    config.security.administrators_need_second_factor = false;
    config.security.argon2.memory_kib = 19_456;
    config.security.argon2.passes = 2;
    Ok(())
}
