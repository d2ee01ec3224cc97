//! A radar: a spoke for each node, what is assessed as a line with dots, what is aimed at as a dashed one with diamonds.

use std::f64::consts::TAU;

use super::pen::{EDGE, Pen, coverage, figures, fitted, kept_in_order, name, whole, wrapped};
use super::words::Words;
use super::{Chart, Spoke};
use crate::assessments::scoring::Standing;

/// Widest code, in sizes of its type.
const CODE: f64 = 3.9;

/// The wheel of a radar.
struct Wheel {
    x: f64,
    y: f64,
    radius: f64,
    spokes: usize,
}

impl Wheel {
    /// The point at a part of a spoke; the first points up, the others follow clockwise (in Arabic the other way round).
    fn point(&self, spoke: f64, part: f64) -> (f64, f64) {
        let angle = TAU * spoke / self.spokes as f64;
        (self.x + self.radius * part * angle.sin(), self.y - self.radius * part * angle.cos())
    }
}

/// Draws wheel and table; gives where they end.
pub(super) fn draw(pen: &mut Pen, chart: &Chart, words: &Words, top: f64) -> f64 {
    let (radius, x) = if pen.narrow { (106.0, pen.width / 2.0) } else { (136.0, EDGE + 192.0) };
    let wheel = Wheel { x, y: top + radius + 28.0, radius, spokes: chart.spokes.len() };
    let bottom = wheel.y + radius + 28.0;
    hatched(pen, chart, &wheel);
    web(pen, chart, &wheel);
    let second: Vec<Option<f64>> = chart.spokes.iter().map(|spoke| spoke.second).collect();
    let first: Vec<Option<f64>> = chart.spokes.iter().map(|spoke| spoke.value).collect();
    area(pen, chart, &wheel, &first);
    outline(pen, chart, &wheel, &second, "t");
    outline(pen, chart, &wheel, &first, "l");
    for (at, spoke) in chart.spokes.iter().enumerate() {
        if let Some(value) = spoke.second {
            let (x, y) = wheel.point(at as f64, chart.part(value));
            pen.diamond(x, y);
        }
        if let Some(value) = spoke.value {
            let (x, y) = wheel.point(at as f64, chart.part(value));
            pen.dot(x, y);
        }
    }
    if pen.narrow {
        table(pen, chart, words, EDGE, bottom + 4.0)
    } else {
        let left = wheel.x + radius + 70.0;
        table(pen, chart, words, left, top + 10.0).max(bottom)
    }
}

/// The parts of what has no score.
fn hatched(pen: &mut Pen, chart: &Chart, wheel: &Wheel) {
    for (at, spoke) in chart.spokes.iter().enumerate() {
        if spoke.standing != Standing::Insufficient {
            continue;
        }
        let mut points = vec![(wheel.x, wheel.y)];
        let tip = wheel.point(at as f64, 1.0);
        let towards = |other: f64| {
            let (x, y) = wheel.point(other, 1.0);
            (tip.0 + 0.4 * (x - tip.0), tip.1 + 0.4 * (y - tip.1))
        };
        points.extend([towards(at as f64 - 1.0), tip, towards(at as f64 + 1.0)]);
        pen.path("x", &points, true);
    }
}

fn web(pen: &mut Pen, chart: &Chart, wheel: &Wheel) {
    let rings: Vec<f64> = chart.rings.iter().map(|ring| f64::from(ring.value)).collect();
    for ring in &rings {
        let part = chart.part(*ring);
        let points: Vec<(f64, f64)> = (0..wheel.spokes).map(|at| wheel.point(at as f64, part)).collect();
        if part > 0.0 {
            pen.path("g", &points, true);
        }
    }
    for (at, spoke) in chart.spokes.iter().enumerate() {
        pen.path("s", &[(wheel.x, wheel.y), wheel.point(at as f64, 1.0)], false);
        let (x, y) = wheel.point(at as f64, 1.0 + 13.0 / wheel.radius);
        // Beside the wheel a code leads away from it.
        let class = match x - wheel.x {
            aside if aside > 0.3 * wheel.radius => "c",
            aside if aside < -0.3 * wheel.radius => "c e",
            _ => "c k",
        };
        pen.text(class, x, y + 4.5, &kept_in_order(fitted(spoke.code.as_str(), CODE)));
    }
    for ring in &rings {
        let (x, y) = wheel.point(0.0, chart.part(*ring));
        pen.text("m e", x - 5.0, y + 4.0, &kept_in_order(whole(*ring)));
    }
}

/// The area between neighbours that both have a score: what has none is not drawn as nothing.
fn area(pen: &mut Pen, chart: &Chart, wheel: &Wheel, values: &[Option<f64>]) {
    for (from, to) in neighbours(chart, wheel, values) {
        pen.path("a", &[(wheel.x, wheel.y), from, to], true);
    }
}

fn outline(pen: &mut Pen, chart: &Chart, wheel: &Wheel, values: &[Option<f64>], class: &str) {
    for (from, to) in neighbours(chart, wheel, values) {
        pen.path(class, &[from, to], false);
    }
}

/// Two points beside each other.
type Side = ((f64, f64), (f64, f64));

fn neighbours(chart: &Chart, wheel: &Wheel, values: &[Option<f64>]) -> Vec<Side> {
    let count = values.len();
    let pairs = (0..count).filter_map(|at| {
        let next = (at + 1) % count;
        let (from, to) = (values[at]?, values[next]?);
        Some((wheel.point(at as f64, chart.part(from)), wheel.point(next as f64, chart.part(to))))
    });
    pairs.collect()
}

/// The nodes with their names and figures; gives where the table ends.
fn table(pen: &mut Pen, chart: &Chart, words: &Words, left: f64, top: f64) -> f64 {
    let right = pen.width - EDGE;
    let mut y = top;
    for spoke in &chart.spokes {
        y = row(pen, chart, words, spoke, left, right, y);
    }
    y
}

fn row(pen: &mut Pen, chart: &Chart, words: &Words, spoke: &Spoke, left: f64, right: f64, top: f64) -> f64 {
    let figures = figures(pen, chart, spoke);
    let taken = if chart.second.is_some() { 88.0 } else { 52.0 };
    let (code, inset) = (kept_in_order(fitted(spoke.code.as_str(), CODE)), 56.0);
    let mut y = top + 16.0;
    pen.text("c", left, y, &code);
    pen.text("v e", right, y, &figures);
    if spoke.name.is_some() {
        let lines = wrapped(name(spoke, pen.lang), (right - left - inset - taken) / 13.0, 3);
        for (text, down) in lines.iter().zip((0..).map(|line| 16.0 * f64::from(line))) {
            pen.text("", left + inset, y + down, text);
        }
        y += 16.0 * (lines.len() as f64 - 1.0) + 15.0;
    }
    pen.text("m", left + inset, y, &coverage(spoke, words));
    y + 7.0
}
