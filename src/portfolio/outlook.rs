//! What holds of many countries: means over at least five, and programs by theme and region.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::get;
use actix_web::web::Data;
use deserr::Deserr;
use utoipa::IntoParams;

use super::many::{FEWEST, TopNode, all, apart, over};
use super::model::{FrameworkOutlook, Portfolio, RegionOutlook, RiskOutlook, ThemeOutlook, ThemeRegion};
use super::store;
use crate::accounts::Permit;
use crate::assessments::{self, ValidatedResult};
use crate::kernel::Result;
use crate::kernel::access::{Permission, Scope, ViewPortfolio};
use crate::kernel::id::{FrameworkId, FrameworkNodeId, Iso2, ProgramId};
use crate::kernel::parse::Faults;
use crate::kernel::theme::Theme;
use crate::partners::countries::Region;
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Filter, Reply};
use crate::risks::{RiskCategory, told as told_of_risks};

/// Which part of the portfolio is wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PortfolioFilter {
    /// Scores over this edition of a framework alone.
    #[deserr(default)]
    #[param(inline)]
    pub framework: Option<FrameworkId>,
}

/// Show what holds of many countries: means of validated scores over at least five of them, and running programs by theme.
#[utoipa::path(tag = "portfolio", params(PortfolioFilter), responses((status = 200, body = Portfolio)))]
#[get("/portfolio")]
pub async fn show(
    db: Data<Db>,
    permit: Permit<ViewPortfolio>,
    filter: Filter<PortfolioFilter>,
) -> Result<Reply<Portfolio>> {
    let framework = filter.by.framework;
    let scope = permit.scope_of(Permission::ViewPrograms);
    Ok(Reply::ok(db.read(move |tx| portfolio(tx, &scope, framework)).await?))
}

type Regions = HashMap<Iso2, Option<Region>>;

fn portfolio(tx: &mut Tx, scope: &Scope, framework: Option<FrameworkId>) -> Result<Portfolio> {
    let regions = store::regions(tx)?;
    let results = assessments::of_all(tx, framework)?;
    let mut nodes: Vec<FrameworkNodeId> =
        results.iter().flat_map(|result| &result.scores).filter_map(|score| score.node_id).collect();
    nodes.sort();
    nodes.dedup();
    let nodes = store::nodes(tx, &nodes)?;
    let mut by_framework: BTreeMap<FrameworkId, Vec<&ValidatedResult>> = BTreeMap::new();
    for result in &results {
        by_framework.entry(result.framework_id).or_default().push(result);
    }
    let ids: Vec<FrameworkId> = by_framework.keys().copied().collect();
    let mut named = assessments::frameworks_named(tx, &ids)?;
    let outlook = |(id, results): (FrameworkId, Vec<&ValidatedResult>)| {
        let nodes = top_nodes(&results, &nodes);
        Some(of_framework(named.remove(&id)?, &results, &nodes, &regions))
    };
    Ok(Portfolio {
        as_of: tx.now(),
        frameworks: by_framework.into_iter().filter_map(outlook).collect(),
        risks: risks(tx)?,
        themes: themes(tx, scope, &regions)?,
    })
}

/// The top nodes of a framework in their order, as any of its results has them.
fn top_nodes(results: &[&ValidatedResult], known: &HashMap<FrameworkNodeId, TopNode>) -> Vec<TopNode> {
    let fullest = results.iter().max_by_key(|result| result.scores.len());
    let scores = fullest.into_iter().flat_map(|result| &result.scores);
    scores.filter_map(|score| known.get(&score.node_id?).cloned()).collect()
}

fn of_framework(
    framework: assessments::FrameworkRef,
    results: &[&ValidatedResult],
    nodes: &[TopNode],
    regions: &Regions,
) -> FrameworkOutlook {
    let mut by_region: BTreeMap<Option<Region>, Vec<&ValidatedResult>> = BTreeMap::new();
    for result in results {
        by_region.entry(regions.get(&result.country).copied().flatten()).or_default().push(result);
    }
    let parts = apart(by_region);
    let outlook = |(region, results): &(Option<Region>, Vec<&ValidatedResult>)| over(*region, results, nodes);
    let regions: Vec<RegionOutlook> = parts.iter().filter_map(outlook).collect();
    FrameworkOutlook { framework, all: all(results, nodes, &regions), regions }
}

/// Of each category, when at least five countries keep risks of it.
fn risks(tx: &mut Tx) -> Result<Vec<RiskOutlook>> {
    let mut by_category: BTreeMap<RiskCategory, RiskOutlook> = BTreeMap::new();
    for risks in told_of_risks::of_all(tx)? {
        let none = RiskOutlook { category: risks.category, countries: 0, open: 0, above_tolerance: 0 };
        let sum = by_category.entry(risks.category).or_insert(none);
        sum.countries += 1;
        (sum.open, sum.above_tolerance) =
            (sum.open + risks.open, sum.above_tolerance + risks.above_tolerance);
    }
    Ok(by_category.into_values().filter(|sum| sum.countries >= FEWEST).collect())
}

fn themes(tx: &mut Tx, scope: &Scope, regions: &Regions) -> Result<Vec<ThemeOutlook>> {
    let mut countries: HashMap<ProgramId, Vec<Iso2>> = HashMap::new();
    for (program, country) in store::places(tx, scope)? {
        countries.entry(program).or_default().push(country);
    }
    let mut by_theme: BTreeMap<Theme, Vec<ProgramId>> = BTreeMap::new();
    for (theme, program) in store::themes(tx, scope)? {
        by_theme.entry(theme).or_default().push(program);
    }
    let outlook = |(theme, programs): (Theme, Vec<ProgramId>)| {
        let places: BTreeSet<Iso2> =
            programs.iter().filter_map(|program| countries.get(program)).flatten().copied().collect();
        let mut by_region: BTreeMap<Option<Region>, usize> = BTreeMap::new();
        for place in places {
            *by_region.entry(regions.get(&place).copied().flatten()).or_default() += 1;
        }
        let regions = by_region.into_iter().map(|(region, countries)| ThemeRegion { region, countries });
        ThemeOutlook { theme, programs: programs.len(), regions: regions.collect() }
    };
    Ok(by_theme.into_iter().map(outlook).collect())
}
