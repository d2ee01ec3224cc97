//! The timeline as a picture (SVG): small, readable without colour, mirrored for languages from right to left.

use std::fmt::Write;

use chrono::{Datelike, Months, NaiveDate};

use super::super::model::MilestoneStatus;
use super::words::{self, Words};
use super::{Bar, Timeline};
use crate::kernel::lang::Lang;
use crate::kernel::time::Day;

const WIDTH: f64 = 980.0;
/// The chart lies between these; labels before it.
const CHART: (f64, f64) = (316.0, 952.0);
const TOP: f64 = 116.0;
const ROW: f64 = 40.0;
/// Widest label, in narrow letters.
const LABEL: usize = 40;

const STYLE: &str = "<style>text{font-family:system-ui,'Segoe UI','Noto Sans','Noto Sans Arabic',sans-serif;fill:#1f2937}\
.h{font-size:19px;font-weight:650}.t{font-size:13px;font-weight:550}.m{font-size:11px;fill:#5b6676}.y{font-weight:650}\
.g{stroke:#e7eaef}.z{fill:#f6f7f9}.c{stroke:#37415180;stroke-width:1.5;fill:none}\
.s0{fill:#fff;stroke:#8a94a6}.s1{fill:#cfe0f6;stroke:#3568b0}.s2{fill:url(#p);stroke:#3568b0}\
.s3{fill:#2f7d5b;stroke:#2f7d5b}.s4{fill:#fbe3c4;stroke:#a65e12}.s5{fill:none;stroke:#b0b7c3;stroke-dasharray:4 3}\
.o{stroke:#b3261e;stroke-width:2}.i{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}\
.b{stroke:#8a94a6;stroke-dasharray:2 3}.d{fill:#fff;stroke:#8a94a6}.n{stroke:#b3261e}.w{fill:#b3261e;font-weight:650}</style>\
<pattern id=\"p\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<path d=\"M0 0h6v6H0z\" fill=\"#cfe0f6\"/><path d=\"M0 0v6\" stroke=\"#3568b0\" stroke-width=\"3\"/></pattern>";

/// The picture of a timeline in a language.
pub(super) fn svg(timeline: &Timeline, lang: Lang) -> String {
    let canvas = Canvas::new(timeline, lang);
    let words = words::of(lang);
    let height = canvas.bottom() + 44.0;
    let mut out = String::with_capacity(16_384);
    let direction = if canvas.mirrored { " direction=\"rtl\"" } else { "" };
    push(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"a b\" lang=\"{lang}\"{direction}><title id=\"a\">{}</title><desc id=\"b\">{}</desc>{STYLE}\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"10\" fill=\"#fff\"/>",
            escaped(timeline.program_title.in_lang(lang)),
            escaped(&told(timeline, lang, words)),
        ),
    );
    canvas.head(&mut out, timeline, lang, words);
    canvas.stripes(&mut out, timeline.bars.len());
    canvas.axis(&mut out);
    canvas.now(&mut out, timeline.today, words);
    canvas.links(&mut out, &timeline.bars);
    for (place, bar) in timeline.bars.iter().enumerate() {
        canvas.row(&mut out, place, bar, lang, words);
    }
    canvas.foot(&mut out, words, timeline.bars.is_empty());
    out.push_str("</svg>");
    out
}

/// Writing to a text can't fail.
fn push(out: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(what);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The picture in words, for those who hear it.
fn told(timeline: &Timeline, lang: Lang, words: &Words) -> String {
    let mut lines = vec![summary(timeline, words)];
    lines.extend(timeline.bars.iter().map(|bar| {
        let title = bar.title.in_lang(lang);
        format!("{}: {}", shortened(title, 2 * LABEL), facts(bar, words))
    }));
    lines.join(". ")
}

fn summary(timeline: &Timeline, words: &Words) -> String {
    if timeline.bars.is_empty() {
        return words.empty.to_owned();
    }
    let done = timeline.bars.iter().filter(|bar| bar.status == MilestoneStatus::Accepted).count();
    let live = timeline.bars.iter().filter(|bar| bar.status != MilestoneStatus::Cancelled).count();
    let share = timeline.progress.map_or(0, |progress| progress.0 / 100);
    format!(
        "{share} % · {done}/{live} {} · {} {}",
        words.accepted,
        words.today,
        kept_in_order(timeline.today)
    )
}

/// Country, status, date and slip.
fn facts(bar: &Bar, words: &Words) -> String {
    let mut facts: Vec<String> = bar.country.iter().map(ToString::to_string).collect();
    facts.push(if bar.missed { words.overdue.to_owned() } else { words.status(bar.status).to_owned() });
    facts.push(kept_in_order(bar.due));
    if bar.slip_days != 0 {
        facts.push(format!("{} {}", kept_in_order(format!("{:+}", bar.slip_days)), words.days));
    }
    facts.join(" · ")
}

/// Digits and signs from left to right, also amid Arabic (Unicode isolates).
fn kept_in_order(text: impl std::fmt::Display) -> String {
    format!("\u{2066}{text}\u{2069}")
}

/// Cuts a label to a width: letters of wide scripts count twice.
fn shortened(text: &str, width: usize) -> String {
    let wide = |c: char| if ('\u{1100}'..'\u{ffdd}').contains(&c) && c > '\u{2e80}' { 2 } else { 1 };
    let mut used = 0;
    let mut kept = String::new();
    for c in text.chars() {
        used += wide(c);
        if used > width {
            return format!("{}…", kept.trim_end());
        }
        kept.push(c);
    }
    kept
}

struct Canvas {
    first: NaiveDate,
    days: f64,
    rows: usize,
    mirrored: bool,
}

impl Canvas {
    fn new(timeline: &Timeline, lang: Lang) -> Canvas {
        let first = timeline.start.min(timeline.today).0;
        let first = first.with_day(1).unwrap_or(first);
        let last = timeline.end.max(timeline.today).plus(12).0;
        let days = (last - first).num_days().max(28) as f64;
        Canvas { first, days, rows: timeline.bars.len(), mirrored: lang == Lang::Ar }
    }

    fn bottom(&self) -> f64 {
        TOP + ROW * self.rows.max(1) as f64
    }

    /// The place of a point; mirrored where the language is.
    fn at(&self, x: f64) -> f64 {
        round(if self.mirrored { WIDTH - x } else { x })
    }

    /// The start of a span of this width.
    fn span(&self, x: f64, width: f64) -> f64 {
        round(if self.mirrored { WIDTH - x - width } else { x })
    }

    fn x(&self, day: Day) -> f64 {
        let part = (day.0 - self.first).num_days() as f64 / self.days;
        CHART.0 + (CHART.1 - CHART.0) * part
    }

    fn y(&self, place: usize) -> f64 {
        TOP + ROW * place as f64 + ROW / 2.0
    }

    fn head(&self, out: &mut String, timeline: &Timeline, lang: Lang, words: &Words) {
        let title = shortened(timeline.program_title.in_lang(lang), 84);
        push(
            out,
            format_args!("<text class=\"h\" x=\"{}\" y=\"36\">{}</text>", self.at(24.0), escaped(&title)),
        );
        push(
            out,
            format_args!(
                "<text class=\"m\" x=\"{}\" y=\"60\">{}</text>",
                self.at(196.0),
                escaped(&summary(timeline, words)),
            ),
        );
        let share = f64::from(timeline.progress.map_or(0, |progress| progress.0)) / 10_000.0;
        push(
            out,
            format_args!(
                "<rect x=\"{}\" y=\"50\" width=\"160\" height=\"10\" rx=\"5\" fill=\"#e7eaef\"/>",
                self.span(24.0, 160.0)
            ),
        );
        if share > 0.0 {
            let width = round((160.0 * share).max(10.0));
            push(
                out,
                format_args!(
                    "<rect class=\"s3\" x=\"{}\" y=\"50\" width=\"{width}\" height=\"10\" rx=\"5\"/>",
                    self.span(24.0, width)
                ),
            );
        }
    }

    fn stripes(&self, out: &mut String, rows: usize) {
        for place in (0..rows).step_by(2) {
            let y = TOP + ROW * place as f64;
            push(
                out,
                format_args!(
                    "<rect class=\"z\" x=\"12\" y=\"{y}\" width=\"956\" height=\"{ROW}\" rx=\"6\"/>"
                ),
            );
        }
    }

    /// Months as numbers under their year: the same in every language.
    fn axis(&self, out: &mut String) {
        let step = match self.days as i64 {
            ..=430 => 1,
            431..=1_250 => 3,
            1_251..=2_600 => 6,
            _ => 12,
        };
        let (mut day, mut year) = (self.first, 0);
        let mut grid = String::new();
        while ((day - self.first).num_days() as f64) < self.days - 6.0 {
            let x = self.at(self.x(Day(day)));
            push(&mut grid, format_args!("M{x} {}V{}", TOP - 8.0, self.bottom()));
            if day.year() != year {
                year = day.year();
                push(out, format_args!("<text class=\"m y\" x=\"{x}\" y=\"{}\">{year}</text>", TOP - 28.0));
            }
            push(
                out,
                format_args!("<text class=\"m\" x=\"{x}\" y=\"{}\">{:02}</text>", TOP - 13.0, day.month()),
            );
            // From the first of January on, steps begin with the year.
            let months = step - (day.month0() % step);
            match day.checked_add_months(Months::new(months)) {
                Some(next) => day = next,
                None => break,
            }
        }
        push(out, format_args!("<path class=\"g\" d=\"{grid}\"/>"));
    }

    fn now(&self, out: &mut String, today: Day, words: &Words) {
        let x = self.at(self.x(today));
        push(
            out,
            format_args!(
                "<path class=\"n\" d=\"M{x} {}V{}\"/><text class=\"m w\" text-anchor=\"middle\" x=\"{x}\" y=\"{}\">{}</text>",
                TOP - 8.0,
                self.bottom(),
                self.bottom() + 14.0,
                words.today,
            ),
        );
    }

    /// From a milestone down (or up) to the one that waits for it; the chain that decides is drawn dark.
    fn links(&self, out: &mut String, bars: &[Bar]) {
        for (place, bar) in bars.iter().enumerate() {
            let before = bar.predecessor.and_then(|id| bars.iter().position(|other| other.id == id));
            let Some(before) = before else { continue };
            let x = self.at(self.x(bars[before].due));
            let (from, to) = (self.y(before), self.y(place));
            let dark = if bar.critical && bars[before].critical {
                " style=\"stroke:#1f2937;stroke-width:2\""
            } else {
                ""
            };
            push(out, format_args!("<path class=\"c\"{dark} d=\"M{x} {from}V{to}\"/>"));
        }
    }

    fn row(&self, out: &mut String, place: usize, bar: &Bar, lang: Lang, words: &Words) {
        let y = self.y(place);
        // A title in another language keeps its own direction.
        let title = escaped(&format!("\u{2068}{}\u{2069}", shortened(bar.title.in_lang(lang), LABEL)));
        let style =
            if bar.status == MilestoneStatus::Cancelled { " text-decoration=\"line-through\"" } else { "" };
        let late = if bar.missed { " w" } else { "" };
        push(
            out,
            format_args!(
                "<text class=\"t\" x=\"{0}\" y=\"{1}\"{style}>{title}</text><text class=\"m{late}\" x=\"{0}\" y=\"{2}\">{3}</text>",
                self.at(24.0),
                y - 3.0,
                y + 12.0,
                escaped(&facts(bar, words)),
            ),
        );
        if bar.critical {
            diamond(out, self.at(15.0), y - 7.0, "fill=\"#1f2937\"");
        }
        if bar.slip_days != 0 {
            let (then, now) = (self.at(self.x(bar.baseline_due)), self.at(self.x(bar.due)));
            push(out, format_args!("<path class=\"b\" d=\"M{then} {0}H{now}\"/>", y + 12.0));
            diamond(out, then, y + 12.0, "class=\"d\"");
        }
        let (from, to) = (self.x(bar.start), self.x(bar.due));
        let kind = MilestoneStatus::ALL.iter().position(|known| *known == bar.status).unwrap_or(0);
        let over = if bar.missed { " o" } else { "" };
        let width = round(to - from);
        if width > 16.0 {
            push(
                out,
                format_args!(
                    "<rect class=\"s{kind}{over}\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"12\" rx=\"6\"/>",
                    self.span(to - width, width),
                    y - 6.0,
                ),
            );
        }
        mark(out, self.at(to), y, bar);
    }

    fn foot(&self, out: &mut String, words: &Words, empty: bool) {
        if empty {
            push(
                out,
                format_args!(
                    "<text class=\"m\" x=\"{}\" y=\"{}\">{}</text>",
                    self.at(24.0),
                    self.y(0),
                    words.empty
                ),
            );
            return;
        }
        let y = self.bottom() + 28.0;
        diamond(out, self.at(30.0), y - 4.0, "fill=\"#1f2937\"");
        push(out, format_args!("<text class=\"m\" x=\"{}\" y=\"{y}\">{}</text>", self.at(42.0), words.chain));
        diamond(out, self.at(206.0), y - 4.0, "class=\"d\"");
        push(
            out,
            format_args!("<text class=\"m\" x=\"{}\" y=\"{y}\">{}</text>", self.at(218.0), words.agreed),
        );
    }
}

fn diamond(out: &mut String, x: f64, y: f64, look: &str) {
    push(out, format_args!("<path {look} d=\"M{x} {}l4 4-4 4-4-4z\"/>", round(y - 4.0)));
}

/// A sign on the due end, so that no status is told by colour alone.
fn mark(out: &mut String, x: f64, y: f64, bar: &Bar) {
    let (fill, sign) = match (bar.missed, bar.status) {
        (true, _) => ("#b3261e", "M0-4V1M0 4V4"),
        (_, MilestoneStatus::Planned) => ("#fff\" stroke=\"#8a94a6\" stroke-width=\"2", "M0 0V0"),
        (_, MilestoneStatus::InProgress) => ("#3568b0", "M-3 0H-3M0 0H0M3 0H3"),
        (_, MilestoneStatus::Submitted) => ("#3568b0", "M0 4V-4M-3-1L0-4 3-1"),
        (_, MilestoneStatus::Accepted) => ("#2f7d5b", "M-3.5 0L-1 2.5 3.5-2.5"),
        (_, MilestoneStatus::Returned) => ("#a65e12", "M3 3V-1H-3M-1-3.5L-3.5-1-1 1.5"),
        (_, MilestoneStatus::Cancelled) => ("#8a94a6", "M-2.5-2.5L2.5 2.5M2.5-2.5L-2.5 2.5"),
    };
    push(
        out,
        format_args!(
            "<g transform=\"translate({x} {y})\"><circle r=\"8\" fill=\"{fill}\"/><path class=\"i\" d=\"{sign}\"/></g>"
        ),
    );
}

fn round(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}
