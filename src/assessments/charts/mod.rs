//! Scores as pictures: a radar or bars, as data and as a small SVG drawn here; pure.

mod bars;
mod pen;
mod radar;
mod words;

use serde::Serialize;
use utoipa::ToSchema;

use self::pen::Pen;
use crate::assessments::scoring::Standing;
use crate::assessments::scoring::stages::ScoreMode;
use crate::codes_enum;
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::lang::{Lang, Titles};
use crate::kernel::text::NodeCode;
use crate::kernel::time::Day;

/// How many spokes a radar can have: fewer are no area, more are not told apart.
pub const SPOKES: std::ops::RangeInclusive<usize> = 3..=12;

codes_enum! {
    /// How scores are drawn.
    pub ChartKind {
        /// A spoke for each node, from 3 to 12.
        Radar "radar",
        /// A bar for each node.
        Bars "bars",
    }
}

codes_enum! {
    /// For how wide a screen a picture is made.
    pub ChartWidth {
        /// For a page or a large screen: 760 pixels.
        Wide "wide",
        /// For a telephone: 360 pixels.
        Narrow "narrow",
    }
}

codes_enum! {
    /// What the second figure of a node is.
    pub SecondFigure {
        /// Where it shall be.
        Target "target",
        /// Where it was in an earlier assessment.
        Earlier "earlier",
    }
}

/// A ring of a radar, or a line across bars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ring {
    /// Where it stands.
    pub value: i32,
    /// What it is called; null for a percentage.
    pub name: Option<Titles>,
}

/// A node in a picture.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Spoke {
    /// The node.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// Whether it has a score. What has none is drawn hatched, never low.
    pub standing: Standing,
    /// Answered nodes, of those that apply.
    pub answered: usize,
    /// Nodes to answer that apply.
    pub applicable: usize,
    /// Its figure; null unless it is scored.
    pub value: Option<f64>,
    /// The lowest stage beneath it, where there are stages.
    pub lowest: Option<i32>,
    /// The highest stage beneath it, where there are stages.
    pub highest: Option<i32>,
    /// Its second figure.
    pub second: Option<f64>,
}

/// Scores as they are drawn.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Chart {
    /// How.
    pub kind: ChartKind,
    /// What the assessment is called.
    pub title: Titles,
    /// What its framework is called.
    pub framework: Titles,
    /// Which answers count.
    pub mode: ScoreMode,
    /// The day on which the answers were so (UTC).
    pub as_of: Day,
    /// True when figures are percentages.
    pub percent: bool,
    /// The figure of the whole; null unless it is scored.
    pub overall: Option<f64>,
    /// Where the drawing begins and what it is measured against, rising: the least is the centre or the start of the bars.
    pub rings: Vec<Ring>,
    /// What the second figures are; null when there are none.
    pub second: Option<SecondFigure>,
    /// The day of the earlier assessment.
    pub second_as_of: Option<Day>,
    /// The nodes, in framework order.
    pub spokes: Vec<Spoke>,
}

impl Chart {
    /// Where the drawing begins. Stages begin at nothing, so that the first stage is seen too.
    fn low(&self) -> f64 {
        self.rings.first().map_or(0.0, |ring| f64::from(ring.value.min(0)))
    }

    /// Where it ends.
    fn high(&self) -> f64 {
        self.rings.last().map_or(1.0, |ring| f64::from(ring.value)).max(self.low() + 1.0)
    }

    /// The place of a figure between start (0) and end (1).
    fn part(&self, value: f64) -> f64 {
        ((value - self.low()) / (self.high() - self.low())).clamp(0.0, 1.0)
    }
}

/// The picture of a chart in a language.
pub fn svg(chart: &Chart, lang: Lang, width: ChartWidth) -> String {
    let words = words::of(lang);
    let mut pen = Pen::new(lang, width);
    let top = pen::head(&mut pen, chart, words);
    let bottom = match chart.kind {
        _ if chart.spokes.is_empty() => pen::nothing(&mut pen, top, words),
        ChartKind::Radar => radar::draw(&mut pen, chart, words, top),
        ChartKind::Bars => bars::draw(&mut pen, chart, words, top),
    };
    let bottom = pen::foot(&mut pen, chart, words, bottom);
    pen.finished(chart, words, bottom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::parse::FromText;

    fn chart(kind: ChartKind, spokes: Vec<Spoke>) -> Chart {
        let title = Titles::one(Lang::En, "Profile of <Kenya> & \"partners\"").and(Lang::Ar, "ملف كينيا");
        let ring = |value| Ring { value, name: Some(Titles::one(Lang::En, format!("level {value}"))) };
        Chart {
            kind,
            title,
            framework: Titles::one(Lang::En, "A framework"),
            mode: ScoreMode::SelfAssessed,
            as_of: Day::from_text("2026-11-23").expect("a day"),
            percent: false,
            overall: Some(2.25),
            rings: (1..=5).map(ring).collect(),
            second: Some(SecondFigure::Target),
            second_as_of: None,
            spokes,
        }
    }

    fn spoke(code: &str, value: Option<f64>, second: Option<f64>) -> Spoke {
        Spoke {
            node_id: uuid::Uuid::nil().into(),
            code: NodeCode::from_text(code).expect("a code"),
            name: Some(Titles::one(Lang::En, format!("Incident & crisis management of the {code} kind"))),
            standing: if value.is_some() { Standing::Scored } else { Standing::Insufficient },
            answered: 3,
            applicable: 9,
            value,
            lowest: value.map(|_| 1),
            highest: value.map(|_| 4),
            second,
        }
    }

    fn spokes(count: usize) -> Vec<Spoke> {
        (1..=count).map(|at| spoke(&format!("D{at}"), Some(1.0 + at as f64 / 4.0), Some(4.0))).collect()
    }

    #[test]
    fn every_number_of_spokes_in_every_language_and_width_is_drawn_and_told() {
        for count in (0..=12).chain([62]) {
            for kind in
                ChartKind::ALL.iter().filter(|kind| **kind == ChartKind::Bars || SPOKES.contains(&count))
            {
                for (lang, width) in
                    Lang::ALL.iter().flat_map(|lang| ChartWidth::ALL.iter().map(|w| (*lang, *w)))
                {
                    let drawn = svg(&chart(*kind, spokes(count)), lang, width);
                    assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"));
                    assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{kind} {count} {lang}");
                    assert!(!drawn.contains("<Kenya>"), "texts are escaped");
                    assert_eq!(drawn.contains("direction=\"rtl\""), lang == Lang::Ar);
                    assert!(drawn.matches("Incident").count() >= count, "{kind} {count} {lang}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_score_is_hatched_and_never_low() {
        let mut some = spokes(5);
        some[2] = spoke("D3", None, None);
        let radar = svg(&chart(ChartKind::Radar, some.clone()), Lang::En, ChartWidth::Wide);
        assert_eq!(radar.matches("<path class=\"x\"").count(), 1);
        assert_eq!(radar.matches("<circle").count(), 4 + 1, "four figures and the sign in the foot");
        assert_eq!(radar.matches("<path class=\"l\"").count(), 3, "no line to or from what is not known");
        assert!(radar.contains("D3 Incident &amp; crisis management of the D3 kind: too few answers"));
        let bars = svg(&chart(ChartKind::Bars, some), Lang::Fr, ChartWidth::Narrow);
        assert_eq!(bars.matches("<rect class=\"x\"").count(), 1 + 1);
        assert!(bars.contains("2,3"), "with the decimal sign of the language");
    }

    #[test]
    fn long_names_wrap_and_wide_scripts_break_anywhere() {
        let lines = pen::wrapped("Renforcement des connaissances et des compétences", 14.0, 3);
        assert_eq!(lines, ["Renforcement des", "connaissances et des", "compétences"]);
        let cut = pen::wrapped("Renforcement des connaissances et des compétences", 14.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && pen::ems(&cut[1]) <= 14.0, "{cut:?}");
        let chinese = pen::wrapped("网络安全知识与能力建设，包括高等教育", 10.0, 4);
        assert!(chinese.len() == 2 && chinese.iter().all(|line| !line.starts_with('，')), "{chinese:?}");
        assert_eq!(pen::wrapped("Donaudampfschifffahrtsgesellschaft", 6.0, 2).len(), 1, "one word is cut");
        assert!(pen::wrapped("", 6.0, 2).is_empty());
    }
}
