//! The heat map as a picture (SVG): three grids side by side, readable without color, mirrored for languages from right to left.

use std::fmt::Write;

use super::words::{self, Words};
use super::{HeatCell, HeatMap, RatingMap};
use crate::frameworks::MatrixLevel;
use crate::kernel::lang::Lang;

const WIDTH: f64 = 980.0;
/// Where the grids begin, from above.
const TOP: f64 = 118.0;
/// Height of a row.
const ROW: f64 = 46.0;
/// From one grid to the next.
const STEP: f64 = 316.0;
/// Where the cells of a grid begin, and how wide all of them are.
const CELLS: (f64, f64) = (44.0, 252.0);
/// Fills where a level has no color of its own, from low to high.
const PLAIN: [&str; 4] = ["#e8eef4", "#c9d8e8", "#8fb0d3", "#4a7db5"];

const STYLE: &str = "<style>text{font-family:system-ui,'Segoe UI','Noto Sans','Noto Sans Arabic',sans-serif;fill:#1f2937}\
.h{font-size:19px;font-weight:650}.t{font-size:14px;font-weight:650}.m{font-size:11px;fill:#4b5563}\
.e{text-anchor:middle}.k{font-size:9.5px;opacity:.85}.n{font-size:19px;font-weight:700}.c{stroke:#fff;stroke-width:1.5}\
.f{fill:none;stroke:#6b7280}.l{fill:none;stroke:#111827;stroke-width:3.5;stroke-linejoin:round}\
@media print{*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}</style>";

/// The picture of a heat map in a language.
pub(super) fn svg(map: &HeatMap, lang: Lang) -> String {
    let (canvas, words) = (Canvas::new(map, lang), words::of(lang));
    let legend = canvas.legend(map, lang, words);
    let height = round(canvas.bottom() + 52.0 + legend.height);
    let direction = if canvas.mirrored { " direction=\"rtl\"" } else { "" };
    let mut out = String::with_capacity(32_768);
    push(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
             role=\"img\" aria-labelledby=\"a b\" lang=\"{lang}\"{direction}><title id=\"a\">{}</title><desc id=\"b\">{}</desc>{STYLE}\
             <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"10\" fill=\"#fff\"/>",
            escaped(map.title.in_lang(lang)),
            escaped(&told(map, lang, words)),
        ),
    );
    let title = shortened(map.title.in_lang(lang), 84);
    push(
        &mut out,
        format_args!("<text class=\"h\" x=\"{}\" y=\"36\">{}</text>", canvas.at(24.0), escaped(&title)),
    );
    push(
        &mut out,
        format_args!("<text class=\"m\" x=\"{}\" y=\"58\">{}</text>", canvas.at(24.0), summary(map, words)),
    );
    for (place, one) in map.maps.iter().enumerate() {
        canvas.grid(&mut out, place, one, map, words);
    }
    out.push_str(&legend.text);
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

/// A text of its own direction amid others (Unicode isolates).
fn apart(text: impl std::fmt::Display) -> String {
    format!("\u{2068}{text}\u{2069}")
}

fn summary(map: &HeatMap, words: &Words) -> String {
    if map.scenarios == 0 {
        return words.empty.to_owned();
    }
    format!("{} {}", apart(map.scenarios), words.scenarios)
}

/// The picture in words, for those who hear it.
fn told(map: &HeatMap, lang: Lang, words: &Words) -> String {
    let mut lines = vec![summary(map, words)];
    for one in map.maps.iter().filter(|one| one.rated > 0) {
        let cells = one.cells.iter().filter(|cell| cell.count > 0).map(|cell| {
            let name = |levels: &[MatrixLevel], place: i32| {
                let level = usize::try_from(place).ok().and_then(|place| levels.get(place));
                level.map_or_else(String::new, |level| level.name.in_lang(lang).to_owned())
            };
            let (likelihood, impact) =
                (name(&map.likelihood, cell.likelihood), name(&map.impact, cell.impact));
            format!("{} {likelihood}, {impact}: {}", apart(cell.count), name(&map.levels, cell.level))
        });
        let cells: Vec<String> = cells.collect();
        lines.push(format!("{} ({}): {}", words.rating(one.rating), facts(one, words), cells.join("; ")));
    }
    lines.join(". ")
}

/// How many are above the tolerance and how many are not rated.
fn facts(one: &RatingMap, words: &Words) -> String {
    let mut facts = vec![format!("{} {}", apart(one.above_tolerance), words.above)];
    if one.not_rated > 0 {
        facts.push(format!("{} {}", apart(one.not_rated), words.not_rated));
    }
    facts.join(" · ")
}

/// Cuts a label to a width: letters of wide scripts count twice.
fn shortened(text: &str, width: usize) -> String {
    let wide = |c: char| if ('\u{2e81}'..'\u{ffdd}').contains(&c) { 2 } else { 1 };
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

fn round(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// The fill of a level and whether dark letters are read on it (WCAG 2.2 relative luminance).
fn fill(levels: &[MatrixLevel], place: i32) -> (String, bool) {
    let place = usize::try_from(place).unwrap_or(0);
    let own = levels.get(place).and_then(|level| level.color.as_ref()).map(ToString::to_string);
    let plain = || PLAIN[(place * PLAIN.len() / levels.len().max(1)).min(PLAIN.len() - 1)].to_owned();
    let color = own.unwrap_or_else(plain);
    let part = |at: usize| {
        let byte = color.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(255);
        let part = f64::from(byte) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    (color, light > 0.20)
}

struct Legend {
    text: String,
    height: f64,
}

struct Canvas {
    rows: usize,
    columns: usize,
    mirrored: bool,
}

impl Canvas {
    fn new(map: &HeatMap, lang: Lang) -> Canvas {
        Canvas { rows: map.likelihood.len(), columns: map.impact.len(), mirrored: lang == Lang::Ar }
    }

    fn height(&self) -> f64 {
        if self.rows > 6 { 6.0 * ROW / self.rows as f64 } else { ROW }
    }

    fn width(&self) -> f64 {
        CELLS.1 / self.columns.max(1) as f64
    }

    fn bottom(&self) -> f64 {
        TOP + self.height() * self.rows as f64
    }

    /// The place of a point; mirrored where the language is.
    fn at(&self, x: f64) -> f64 {
        round(if self.mirrored { WIDTH - x } else { x })
    }

    /// The start of a span of this width.
    fn span(&self, x: f64, width: f64) -> f64 {
        round(if self.mirrored { WIDTH - x - width } else { x })
    }

    /// The corner of a cell before mirroring: the highest likelihood stands above, impact rises in the direction of reading.
    fn corner(&self, place: usize, likelihood: usize, impact: usize) -> (f64, f64) {
        let left = 18.0 + STEP * place as f64 + CELLS.0;
        let row = self.rows.saturating_sub(likelihood + 1);
        (left + self.width() * impact as f64, TOP + self.height() * row as f64)
    }

    fn grid(&self, out: &mut String, place: usize, one: &RatingMap, map: &HeatMap, words: &Words) {
        let left = 18.0 + STEP * place as f64;
        push(
            out,
            format_args!(
                "<text class=\"t\" x=\"{0}\" y=\"{1}\">{2}</text><text class=\"m\" x=\"{0}\" y=\"{3}\">{4}</text>",
                self.at(left + CELLS.0),
                TOP - 28.0,
                words.rating(one.rating),
                TOP - 11.0,
                facts(one, words),
            ),
        );
        for (l, level) in map.likelihood.iter().enumerate() {
            let (_, y) = self.corner(place, l, 0);
            push(
                out,
                format_args!(
                    "<text class=\"m e\" x=\"{}\" y=\"{}\">{}</text>",
                    self.at(left + CELLS.0 - 17.0),
                    round(y + self.height() / 2.0 + 4.0),
                    escaped(&apart(shortened(level.code.as_str(), 4))),
                ),
            );
        }
        for (i, level) in map.impact.iter().enumerate() {
            let (x, _) = self.corner(place, 0, i);
            push(
                out,
                format_args!(
                    "<text class=\"m e\" x=\"{}\" y=\"{}\">{}</text>",
                    self.at(x + self.width() / 2.0),
                    self.bottom() + 16.0,
                    escaped(&apart(shortened(level.code.as_str(), 4))),
                ),
            );
        }
        for cell in &one.cells {
            self.cell(out, place, cell, &map.levels);
        }
        push(
            out,
            format_args!(
                "<rect class=\"f\" x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\"/>",
                self.span(left + CELLS.0, CELLS.1),
                CELLS.1,
                round(self.bottom() - TOP),
            ),
        );
        self.limit(out, place, one, map.tolerance);
    }

    fn cell(&self, out: &mut String, place: usize, cell: &HeatCell, levels: &[MatrixLevel]) {
        let (l, i) =
            (usize::try_from(cell.likelihood).unwrap_or(0), usize::try_from(cell.impact).unwrap_or(0));
        let ((x, y), (width, height)) = (self.corner(place, l, i), (self.width(), self.height()));
        let (color, dark) = fill(levels, cell.level);
        let ink = if dark { "" } else { " style=\"fill:#fff\"" };
        push(
            out,
            format_args!(
                "<rect class=\"c\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{color}\"/>",
                self.span(x, width),
                round(y),
                round(width),
                round(height),
            ),
        );
        let code =
            usize::try_from(cell.level).ok().and_then(|place| levels.get(place)).map(|level| &level.code);
        let (middle, low) = (self.at(x + width / 2.0), round(y + height - 6.0));
        if let Some(code) = code.filter(|_| height >= 36.0 || cell.count == 0) {
            push(
                out,
                format_args!(
                    "<text class=\"k e\" x=\"{middle}\" y=\"{low}\"{ink}>{}</text>",
                    escaped(&apart(shortened(code.as_str(), (width / 6.0) as usize))),
                ),
            );
        }
        if cell.count > 0 {
            let y = if height >= 36.0 { y + height / 2.0 + 3.0 } else { y + height / 2.0 + 7.0 };
            push(
                out,
                format_args!(
                    "<text class=\"n e\" x=\"{middle}\" y=\"{}\"{ink}>{}</text>",
                    round(y),
                    cell.count
                ),
            );
        }
    }

    /// The line between what is tolerated and what is not.
    fn limit(&self, out: &mut String, place: usize, one: &RatingMap, tolerance: i32) {
        let above = |l: usize, i: usize| {
            one.cells.get(l * self.columns + i).is_some_and(|cell| cell.level > tolerance)
        };
        let mut line = String::new();
        for l in 0..self.rows {
            for i in 0..self.columns {
                let (x, y) = self.corner(place, l, i);
                let (x, end) = (self.at(x), self.at(x + self.width()));
                if i > 0 && above(l, i) != above(l, i - 1) {
                    push(&mut line, format_args!("M{x} {}v{}", round(y), round(self.height())));
                }
                if l > 0 && above(l, i) != above(l - 1, i) {
                    push(&mut line, format_args!("M{x} {}H{end}", round(y + self.height())));
                }
            }
        }
        if !line.is_empty() {
            push(out, format_args!("<path class=\"l\" d=\"{line}\"/>"));
        }
    }

    /// What colors, codes and the line mean.
    fn legend(&self, map: &HeatMap, lang: Lang, words: &Words) -> Legend {
        let (mut text, mut y, mut x) = (String::new(), self.bottom() + 46.0, 24.0);
        for (place, level) in map.levels.iter().enumerate() {
            let label = shortened(&format!("{} {}", level.code, level.name.in_lang(lang)), 40);
            let width = 44.0 + 6.6 * label.chars().count() as f64;
            if x + width > WIDTH - 24.0 {
                (x, y) = (24.0, y + 20.0);
            }
            let (color, _) = fill(&map.levels, place as i32);
            push(
                &mut text,
                format_args!(
                    "<rect class=\"f\" x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" style=\"fill:{color}\"/>\
                     <text class=\"m\" x=\"{}\" y=\"{y}\">{}</text>",
                    self.span(x, 14.0),
                    y - 11.0,
                    self.at(x + 20.0),
                    escaped(&label),
                ),
            );
            x += width;
        }
        if x + 190.0 > WIDTH {
            (x, y) = (24.0, y + 20.0);
        }
        push(
            &mut text,
            format_args!(
                "<path class=\"l\" d=\"M{} {}H{}\"/><text class=\"m\" x=\"{}\" y=\"{y}\">{}</text>",
                self.at(x),
                y - 4.0,
                self.at(x + 22.0),
                self.at(x + 30.0),
                words.tolerance,
            ),
        );
        for (name, levels) in [(words.likelihood, &map.likelihood), (words.impact, &map.impact)] {
            y += 20.0;
            let named =
                levels.iter().map(|level| apart(format!("{} {}", level.code, level.name.in_lang(lang))));
            let named: Vec<String> = named.collect();
            let line = shortened(&format!("{name}: {}", named.join(" · ")), 165);
            push(
                &mut text,
                format_args!("<text class=\"m\" x=\"{}\" y=\"{y}\">{}</text>", self.at(24.0), escaped(&line)),
            );
        }
        Legend { text, height: y - self.bottom() - 34.0 }
    }
}
