//! Numbers for Prometheus: requests by route and status, their time, and what waits in the database's queues.

use prometheus::core::Collector;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

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
    letters: IntGaugeVec,
    letters_total: IntCounterVec,
    oldest_letter: IntGauge,
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// When two of them share a name.
    pub fn new() -> Result<Metrics> {
        let registry = Registry::new();
        let latency = "Time from the request's head to the answer's.";
        let latency = HistogramOpts::new("cybercap_http_request_seconds", latency).buckets(BOUNDS.to_vec());
        let oldest = "How long the oldest letter has waited whose time has come.";
        Ok(Metrics {
            requests: kept(
                &registry,
                IntCounterVec::new(
                    Opts::new("cybercap_http_requests_total", "Requests answered."),
                    &["method", "route", "status"],
                ),
            )?,
            seconds: kept(&registry, HistogramVec::new(latency, &["route"]))?,
            waiting: kept(
                &registry,
                IntGaugeVec::new(
                    Opts::new("cybercap_waiting", "Jobs, events and letters that wait their turn."),
                    &["queue"],
                ),
            )?,
            letters: kept(
                &registry,
                IntGaugeVec::new(
                    Opts::new("cybercap_letters", "Letters in each state that is not yet done with."),
                    &["state"],
                ),
            )?,
            letters_total: kept(
                &registry,
                IntCounterVec::new(
                    Opts::new("cybercap_letters_total", "What this process did with letters."),
                    &["outcome"],
                ),
            )?,
            oldest_letter: kept(&registry, IntGauge::new("cybercap_letters_oldest_waiting_seconds", oldest))?,
            registry,
        })
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

    /// Counts what became of letters.
    pub fn letters_ended(&self, outcome: &str, count: usize) {
        self.letters_total.with_label_values(&[outcome]).inc_by(count as u64);
    }

    /// How many letters there are in a state now.
    pub fn letters(&self, state: &str, count: i64) {
        self.letters.with_label_values(&[state]).set(count);
    }

    /// For how many seconds the oldest letter that is due has waited.
    pub fn oldest_letter(&self, seconds: i64) {
        self.oldest_letter.set(seconds);
    }

    /// Everything in Prometheus' text format.
    ///
    /// # Errors
    /// When a name is not valid.
    pub fn text(&self) -> Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather()).map_err(Error::internal)
    }
}

/// A number that the registry knows.
fn kept<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> Result<C> {
    let made = made.map_err(Error::internal)?;
    registry.register(Box::new(made.clone())).map_err(Error::internal)?;
    Ok(made)
}

fn three_digits(status: u16, digits: &mut [u8; 3]) -> &str {
    for (place, unit) in [100, 10, 1].into_iter().enumerate() {
        digits[place] = b'0' + (status / unit % 10) as u8;
    }
    std::str::from_utf8(digits).unwrap_or("0")
}
