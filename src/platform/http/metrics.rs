//! Numbers for Prometheus: requests by route and status, their time, and what waits in the database's queues.

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::kernel::{Error, Result};

/// Upper bounds of the latency histogram, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// The counters of one process; cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    waiting: IntGaugeVec,
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// When two of them share a name.
    pub fn new() -> Result<Metrics> {
        let requests = IntCounterVec::new(
            Opts::new("cybercap_http_requests_total", "Requests answered."),
            &["method", "route", "status"],
        );
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "cybercap_http_request_seconds",
                "Time from the request's head to the answer's.",
            )
            .buckets(BOUNDS.to_vec()),
            &["route"],
        );
        let waiting = IntGaugeVec::new(
            Opts::new("cybercap_waiting", "Jobs, events and letters that wait their turn."),
            &["queue"],
        );
        let (requests, seconds, waiting) = (
            requests.map_err(Error::internal)?,
            seconds.map_err(Error::internal)?,
            waiting.map_err(Error::internal)?,
        );
        let registry = Registry::new();
        registry.register(Box::new(requests.clone())).map_err(Error::internal)?;
        registry.register(Box::new(seconds.clone())).map_err(Error::internal)?;
        registry.register(Box::new(waiting.clone())).map_err(Error::internal)?;
        Ok(Metrics { registry, requests, seconds, waiting })
    }

    /// Counts an answer. `route` is the template, never the path: paths hold ids.
    pub fn answered(&self, method: &str, route: &str, status: u16, seconds: f64) {
        const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = METHODS.into_iter().find(|known| *known == method).unwrap_or("other");
        let mut digits = [0; 3];
        self.requests.with_label_values(&[method, route, three_digits(status, &mut digits)]).inc();
        self.seconds.with_label_values(&[route]).observe(seconds);
    }

    /// How many wait in a queue now.
    pub fn waiting(&self, queue: &str, count: i64) {
        self.waiting.with_label_values(&[queue]).set(count);
    }

    /// Everything in Prometheus' text format.
    ///
    /// # Errors
    /// When a name is not valid.
    pub fn text(&self) -> Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather()).map_err(Error::internal)
    }
}

fn three_digits(status: u16, digits: &mut [u8; 3]) -> &str {
    for (place, unit) in [100, 10, 1].into_iter().enumerate() {
        digits[place] = b'0' + (status / unit % 10) as u8;
    }
    std::str::from_utf8(digits).unwrap_or("0")
}
