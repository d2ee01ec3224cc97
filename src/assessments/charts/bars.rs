//! Bars: one for each node, with the range beneath it, what is aimed at, and a hatched track where there is no score.

use super::pen::{EDGE, Pen, coverage, figures, fitted, kept_in_order, name, range, whisker, whole, wrapped};
use super::words::Words;
use super::{Chart, Spoke};
use crate::assessments::scoring::Standing;

/// Where bars begin and end.
struct Track {
    from: f64,
    to: f64,
}

impl Track {
    fn at(&self, part: f64) -> f64 {
        self.from + (self.to - self.from) * part
    }
}

/// Draws axis and bars; gives where they end.
pub(super) fn draw(pen: &mut Pen, chart: &Chart, words: &Words, top: f64) -> f64 {
    let taken = if chart.second.is_some() { 96.0 } else { 58.0 };
    let from = if pen.narrow { EDGE + 4.0 } else { 300.0 };
    let track = Track { from, to: pen.width - EDGE - taken };
    let begin = top + 22.0;
    let mut y = begin;
    let heights: Vec<f64> = chart.spokes.iter().map(|spoke| labels(pen, &track, spoke).1).collect();
    let end = begin + heights.iter().sum::<f64>();
    for ring in &chart.rings {
        let x = track.at(chart.part(f64::from(ring.value)));
        if !pen.narrow {
            pen.path("g", &[(x, begin - 4.0), (x, end)], false);
        }
        pen.text("m k", x, begin - 8.0, &kept_in_order(whole(f64::from(ring.value))));
    }
    for (spoke, height) in chart.spokes.iter().zip(heights) {
        row(pen, chart, words, &track, spoke, y);
        y += height;
    }
    end + 4.0
}

/// The lines of a node's name, and how high its row is.
fn labels(pen: &Pen, track: &Track, spoke: &Spoke) -> (Vec<String>, f64) {
    let text = if spoke.name.is_some() {
        format!("{} {}", kept_in_order(fitted(spoke.code.as_str(), 8.0)), name(spoke, pen.lang))
    } else {
        kept_in_order(spoke.code.as_str())
    };
    if pen.narrow {
        let lines = wrapped(&text, (pen.width - 2.0 * EDGE) / 13.0, 2);
        let height = 16.0 * lines.len() as f64 + 52.0;
        (lines, height)
    } else {
        let lines = wrapped(&text, (track.from - EDGE - 16.0) / 13.0, 2);
        let height = (16.0 * lines.len() as f64 + 15.0 + 12.0).max(44.0);
        (lines, height)
    }
}

fn row(pen: &mut Pen, chart: &Chart, words: &Words, track: &Track, spoke: &Spoke, top: f64) {
    let (lines, _) = labels(pen, track, spoke);
    let mut y = top;
    for line in &lines {
        y += 16.0;
        pen.text("", EDGE, y, line);
    }
    if pen.narrow {
        bar(pen, chart, track, spoke, y + 14.0);
        pen.text("m", EDGE, y + 42.0, &coverage(spoke, words));
    } else {
        pen.text("m", EDGE, y + 15.0, &coverage(spoke, words));
        bar(pen, chart, track, spoke, top + 16.0);
    }
}

/// The bar itself, around this height.
fn bar(pen: &mut Pen, chart: &Chart, track: &Track, spoke: &Spoke, y: f64) {
    let class = if spoke.standing == Standing::Insufficient { "x" } else { "f" };
    if spoke.standing != Standing::NotApplicable {
        pen.rect(class, track.from, y - 7.0, track.to - track.from, 14.0);
    }
    if pen.narrow {
        // Not through the names, which stand above their bars.
        for ring in &chart.rings {
            let x = track.at(chart.part(f64::from(ring.value)));
            pen.path("g", &[(x, y - 10.0), (x, y + 10.0)], false);
        }
    }
    if let Some(value) = spoke.value {
        let width = (track.at(chart.part(value)) - track.from).max(2.0);
        pen.rect("b", track.from, y - 7.0, width, 14.0);
    }
    if let Some((low, high)) = range(spoke) {
        whisker(pen, track.at(chart.part(low)), track.at(chart.part(high)), y + 12.0);
    }
    if let Some(second) = spoke.second {
        let x = track.at(chart.part(second));
        if let Some(value) = spoke.value {
            pen.path("t", &[(track.at(chart.part(value)), y), (x, y)], false);
        }
        pen.diamond(x, y);
    }
    let figures = figures(pen, chart, spoke);
    pen.text("v e", pen.width - EDGE, y + 4.5, &figures);
}
