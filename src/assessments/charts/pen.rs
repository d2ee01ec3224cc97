//! What both pictures are drawn with: texts that wrap, places that turn round for Arabic, head and foot.

use std::fmt::{Display, Write};

use super::words::Words;
use super::{Chart, ChartWidth, SecondFigure, Spoke};
use crate::assessments::scoring::stages::ScoreMode;
use crate::assessments::scoring::{Standing, rounded};
use crate::kernel::lang::Lang;

/// Space left free at the edges.
pub(super) const EDGE: f64 = 20.0;

/// The size of the title's type, as wide as bold letters are.
const BOLD: f64 = 20.5;

const STYLE: &str = "<style>text{font-family:system-ui,'Segoe UI','Noto Sans','Noto Sans Arabic','Noto Sans CJK SC',sans-serif;fill:#1f2937;font-size:13px}\
.h{font-size:18px;font-weight:650}.m{font-size:11.5px;fill:#4b5563}.c{font-weight:650}.v{font-weight:650}\
.e{text-anchor:end}.k{text-anchor:middle}\
.g{stroke:#d5dae1;fill:none}.s{stroke:#b3bac5;fill:none}.a{fill:#2f64ad;fill-opacity:.2}\
.l{fill:none;stroke:#2f64ad;stroke-width:2.2;stroke-linejoin:round}.d{fill:#2f64ad;stroke:#fff;stroke-width:1}\
.t{fill:none;stroke:#3f3f46;stroke-width:1.6;stroke-dasharray:5 4}.q{fill:#fff;stroke:#3f3f46;stroke-width:1.6}\
.b{fill:#2f64ad}.r{stroke:#1f2937;stroke-width:1.4;fill:none}.x{fill:url(#n)}.f{fill:#eef1f5}</style>\
<pattern id=\"n\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<path d=\"M0 0h7v7H0z\" fill=\"#fff\"/><path d=\"M0 0v7\" stroke=\"#9aa3b0\" stroke-width=\"2\"/></pattern>";

/// A picture in the making. Places are given as for languages from left to right.
pub(super) struct Pen {
    out: String,
    pub lang: Lang,
    /// Its width in pixels.
    pub width: f64,
    pub narrow: bool,
    mirrored: bool,
}

impl Pen {
    pub(super) fn new(lang: Lang, width: ChartWidth) -> Pen {
        let narrow = width == ChartWidth::Narrow;
        let width = if narrow { 360.0 } else { 760.0 };
        Pen { out: String::with_capacity(8_192), lang, width, narrow, mirrored: lang == Lang::Ar }
    }

    /// Writing to a text can't fail.
    pub(super) fn push(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(what);
    }

    /// The place of a point; mirrored where the language is.
    pub(super) fn at(&self, x: f64) -> f64 {
        tenth(if self.mirrored { self.width - x } else { x })
    }

    /// The start of a span of this width.
    pub(super) fn span(&self, x: f64, width: f64) -> f64 {
        tenth(if self.mirrored { self.width - x - width } else { x })
    }

    /// A line of text; `class` holds `e` for texts that end here, `k` for those centred here.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let (x, y) = (self.at(x), tenth(y));
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.push(format_args!("<text{class} x=\"{x}\" y=\"{y}\">{}</text>", escaped(text)));
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width) = (self.span(x, width), tenth(y), tenth(width));
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    /// A line through points; closed when it ends where it began.
    pub(super) fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        let steps: Vec<String> =
            points.iter().map(|(x, y)| format!("{} {}", self.at(*x), tenth(*y))).collect();
        let end = if closed { "z" } else { "" };
        self.push(format_args!("<path class=\"{class}\" d=\"M{}{end}\"/>", steps.join("L")));
    }

    pub(super) fn dot(&mut self, x: f64, y: f64) {
        let (x, y) = (self.at(x), tenth(y));
        self.push(format_args!("<circle class=\"d\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>"));
    }

    /// The sign of the second figure.
    pub(super) fn diamond(&mut self, x: f64, y: f64) {
        self.path("q", &[(x, y - 5.0), (x + 5.0, y), (x, y + 5.0), (x - 5.0, y)], true);
    }

    /// A figure as it is read: half up to one decimal, with the decimal sign of the language.
    pub(super) fn figure(&self, value: f64, percent: bool) -> String {
        let text = format!("{:.1}", rounded(value));
        let text = match self.lang {
            Lang::Fr | Lang::Es | Lang::Pt | Lang::Ru => text.replace('.', ","),
            Lang::En | Lang::Ar | Lang::Zh => text,
        };
        kept_in_order(if percent { format!("{text} %") } else { text })
    }

    /// The whole picture, as high as it became.
    pub(super) fn finished(self, chart: &Chart, words: &Words, height: f64) -> String {
        let (width, height, lang) = (self.width, tenth(height), self.lang);
        let direction = if self.mirrored { " direction=\"rtl\"" } else { "" };
        let (title, told) = (escaped(chart.title.in_lang(lang)), escaped(&told(&self, chart, words)));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"a b\" lang=\"{lang}\"{direction}>\
             <title id=\"a\">{title}</title><desc id=\"b\">{told}</desc>{STYLE}\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>{}</svg>",
            self.out
        )
    }
}

/// Title, framework, mode and day; gives where the picture itself begins.
pub(super) fn head(pen: &mut Pen, chart: &Chart, words: &Words) -> f64 {
    let room = pen.width - 2.0 * EDGE;
    let mut y = 14.0;
    for line in wrapped(chart.title.in_lang(pen.lang), room / BOLD, 3) {
        y += 22.0;
        pen.text("h", EDGE, y, &line);
    }
    y += 4.0;
    for line in wrapped(&summary(pen, chart, words), room / 11.5, 4) {
        y += 16.0;
        pen.text("m", EDGE, y, &line);
    }
    y + 10.0
}

fn summary(pen: &Pen, chart: &Chart, words: &Words) -> String {
    let mode = match chart.mode {
        ScoreMode::SelfAssessed => words.self_assessed,
        ScoreMode::Validated => words.validated,
    };
    let mut facts = vec![chart.framework.in_lang(pen.lang).to_owned(), mode.to_owned()];
    facts.push(kept_in_order(chart.as_of));
    facts.extend(chart.overall.map(|value| {
        let out_of = if chart.percent { String::new() } else { format!(" / {}", whole(chart.high())) };
        format!(
            "{} {}",
            words.overall,
            kept_in_order(format!("{}{out_of}", pen.figure(value, chart.percent)))
        )
    }));
    facts.join(" · ")
}

/// A picture without a node.
pub(super) fn nothing(pen: &mut Pen, top: f64, words: &Words) -> f64 {
    pen.text("m", EDGE, top + 24.0, words.empty);
    top + 34.0
}

/// What the signs mean and what the rings are called; gives where the picture ends.
pub(super) fn foot(pen: &mut Pen, chart: &Chart, words: &Words, top: f64) -> f64 {
    let mut keys = Keys { x: EDGE, y: top + 22.0 };
    if let Some(second) = chart.second {
        keys.next(pen, words.assessed, |pen, x, y| match chart.kind {
            super::ChartKind::Radar => pen.dot(x + 8.0, y),
            super::ChartKind::Bars => pen.rect("b", x, y - 5.0, 16.0, 10.0),
        });
        let day = chart.second_as_of.map(|day| format!(" {}", kept_in_order(day))).unwrap_or_default();
        let name = match second {
            SecondFigure::Target => words.target.to_owned(),
            SecondFigure::Earlier => format!("{}{day}", words.earlier),
        };
        keys.next(pen, &name, |pen, x, y| pen.diamond(x + 8.0, y));
    }
    if chart.kind == super::ChartKind::Bars && chart.spokes.iter().any(|spoke| range(spoke).is_some()) {
        keys.next(pen, words.range, |pen, x, y| whisker(pen, x, x + 16.0, y));
    }
    if chart.spokes.iter().any(|spoke| spoke.standing == Standing::Insufficient) {
        keys.next(pen, words.insufficient, |pen, x, y| pen.rect("x", x, y - 5.0, 16.0, 10.0));
    }
    let mut y = if keys.x > EDGE { keys.y + 4.0 } else { top };
    let names = chart.rings.iter().filter_map(|ring| {
        let name = ring.name.as_ref()?.in_lang(pen.lang);
        Some(format!("{} {name}", kept_in_order(ring.value)))
    });
    let names: Vec<String> = names.collect();
    for line in wrapped(&names.join(" · "), (pen.width - 2.0 * EDGE) / 11.5, 4) {
        y += 17.0;
        pen.text("m", EDGE, y, &line);
    }
    y + 18.0
}

/// Signs with their words, in as many lines as they need.
struct Keys {
    x: f64,
    y: f64,
}

impl Keys {
    fn next(&mut self, pen: &mut Pen, word: &str, sign: impl Fn(&mut Pen, f64, f64)) {
        let width = 24.0 + ems(word) * 11.5 + 22.0;
        if self.x > EDGE && self.x + width > pen.width - EDGE + 22.0 {
            (self.x, self.y) = (EDGE, self.y + 20.0);
        }
        sign(pen, self.x, self.y - 4.0);
        pen.text("m", self.x + 24.0, self.y, word);
        self.x += width;
    }
}

/// From the lowest to the highest.
pub(super) fn whisker(pen: &mut Pen, from: f64, to: f64, y: f64) {
    pen.path("r", &[(from, y), (to, y)], false);
    for x in [from, to] {
        pen.path("r", &[(x, y - 3.5), (x, y + 3.5)], false);
    }
}

/// The range of stages beneath a node, where there is more than one stage.
pub(super) fn range(spoke: &Spoke) -> Option<(f64, f64)> {
    let (low, high) = (spoke.lowest?, spoke.highest?);
    (low < high).then_some((f64::from(low), f64::from(high)))
}

/// What a node is called, or its code.
pub(super) fn name(spoke: &Spoke, lang: Lang) -> &str {
    spoke.name.as_ref().map_or(spoke.code.as_str(), |name| name.in_lang(lang))
}

/// Its figures: `2.8 → 3.5`; a word where there is no score.
pub(super) fn figures(pen: &Pen, chart: &Chart, spoke: &Spoke) -> String {
    let value = spoke.value.map_or_else(|| "–".to_owned(), |value| pen.figure(value, chart.percent));
    let second = spoke.second.map(|value| pen.figure(value, chart.percent));
    match (chart.second, second) {
        (Some(SecondFigure::Target), Some(target)) => kept_as_read(pen, [value, target]),
        (Some(SecondFigure::Earlier), Some(earlier)) => kept_as_read(pen, [earlier, value]),
        _ => value,
    }
}

/// From one figure to the other, in the direction of the language.
fn kept_as_read(pen: &Pen, [from, to]: [String; 2]) -> String {
    let arrow = if pen.mirrored { "←" } else { "→" };
    format!("{from} {arrow} {to}")
}

/// How much is answered, or why there is no figure.
pub(super) fn coverage(spoke: &Spoke, words: &Words) -> String {
    let answered = kept_in_order(format!("{}/{}", spoke.answered, spoke.applicable));
    match spoke.standing {
        Standing::Scored => format!("{} {answered}", words.answered),
        Standing::Insufficient => format!("{} {answered}", words.insufficient),
        Standing::NotApplicable => words.not_applicable.to_owned(),
    }
}

/// The picture in words, for those who hear it.
fn told(pen: &Pen, chart: &Chart, words: &Words) -> String {
    let mut lines = vec![summary(pen, chart, words)];
    lines.extend(chart.spokes.iter().map(|spoke| {
        let mut facts = Vec::new();
        facts.extend(spoke.value.map(|value| pen.figure(value, chart.percent)));
        facts.extend(spoke.second.zip(chart.second).map(|(value, second)| {
            let word = if second == SecondFigure::Target { words.target } else { words.earlier };
            format!("{word} {}", pen.figure(value, chart.percent))
        }));
        facts.extend(range(spoke).map(|(low, high)| {
            format!("{} {}", words.range, kept_in_order(format!("{}–{}", whole(low), whole(high))))
        }));
        facts.push(coverage(spoke, words));
        format!("{} {}: {}", spoke.code, name(spoke, pen.lang), facts.join(", "))
    }));
    lines.join(". ")
}

pub(super) fn whole(value: f64) -> String {
    format!("{value:.0}")
}

pub(super) fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Digits and signs from left to right, also amid Arabic (Unicode isolates).
pub(super) fn kept_in_order(text: impl Display) -> String {
    format!("\u{2066}{text}\u{2069}")
}

/// Whether a letter is of a wide script, which may be broken anywhere.
fn wide(c: char) -> bool {
    ('\u{2e80}'..='\u{ffdc}').contains(&c) && !('\u{fb50}'..='\u{fefe}').contains(&c)
}

/// About how wide a letter is, in parts of the size of the type.
fn em(c: char) -> f64 {
    match c {
        '\u{2066}' | '\u{2069}' | '\u{64b}'..='\u{652}' => 0.0,
        ' ' | 'i' | 'l' | 'j' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | '·' | '(' | ')' | '’' | '\'' => {
            0.32
        }
        'm' | 'w' | 'M' | 'W' => 0.88,
        'A'..='Z' | '\u{410}'..='\u{42f}' => 0.69,
        c if wide(c) => 1.0,
        '\u{430}'..='\u{45f}' => 0.6,
        _ => 0.57,
    }
}

/// About how wide a text is, in sizes of its type.
pub(super) fn ems(text: &str) -> f64 {
    text.chars().map(em).sum()
}

/// A text in lines of at most so many sizes of its type; what does not fit the last is cut.
pub(super) fn wrapped(text: &str, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && ems(&line) + ems(piece.trim_end()) > room {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines.retain(|line| !line.is_empty());
    let cut = lines.len() > most;
    lines.truncate(most);
    let mut lines: Vec<String> = lines.into_iter().map(|line| fitted(&line, room)).collect();
    if let Some(last) = lines.last_mut().filter(|last| cut && !last.ends_with('…')) {
        *last = fitted(&format!("{last} …"), room).replace(" …", "…");
    }
    lines
}

/// Words with the space after them, and single letters of wide scripts: where a line may be broken.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = rest.chars().next()?.len_utf8();
        let first_wide = rest.chars().next().is_some_and(wide);
        for (at, c) in rest.char_indices().skip(1) {
            let before_space = rest[..at].ends_with(' ');
            if c != ' ' && (before_space || wide(c) || first_wide) && !"，。、；：）」·".contains(c) {
                break;
            }
            end = at + c.len_utf8();
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// Cut to a width.
pub(super) fn fitted(text: &str, room: f64) -> String {
    if ems(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = em('…');
    for c in text.chars() {
        used += em(c);
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}
