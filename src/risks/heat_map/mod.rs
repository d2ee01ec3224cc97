//! The heat map of a register: how many scenarios stand in each cell of its matrix, three times; as JSON and as a picture.

mod draw;
pub(super) mod http;
mod words;

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::RatingKind;
use super::registers::Register;
use crate::frameworks::{MatrixLevel, RiskMatrix};
use crate::kernel::id::{RiskId, RiskRegisterId};
use crate::kernel::lang::Titles;

/// Most scenarios that a cell names; all are counted.
const NAMED: usize = 20;

/// How many scenarios stand where; closed ones are not counted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HeatMap {
    /// The register.
    pub register_id: RiskRegisterId,
    /// What it is called.
    pub title: Titles,
    /// Levels of likelihood, rising.
    pub likelihood: Vec<MatrixLevel>,
    /// Levels of impact, rising.
    pub impact: Vec<MatrixLevel>,
    /// Levels of risk, rising.
    pub levels: Vec<MatrixLevel>,
    /// The highest level that is tolerated, as a place among `levels`; a category may have one of its own.
    pub tolerance: i32,
    /// Scenarios that are not closed.
    pub scenarios: i64,
    /// As if nothing were done, as it is, as it will be.
    pub maps: Vec<RatingMap>,
}

/// Where the scenarios stand by one of the three ratings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RatingMap {
    /// Which rating.
    pub rating: RatingKind,
    /// Scenarios with this rating.
    pub rated: i64,
    /// Scenarios without it.
    pub not_rated: i64,
    /// Scenarios in cells above the register's tolerance.
    pub above_tolerance: i64,
    /// Every cell, from the lowest likelihood and within it from the lowest impact.
    pub cells: Vec<HeatCell>,
}

/// A cell of the matrix.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HeatCell {
    /// Place among the levels of likelihood, from 0.
    pub likelihood: i32,
    /// Place among the levels of impact, from 0.
    pub impact: i32,
    /// Place among the levels of risk, from 0.
    pub level: i32,
    /// How many scenarios stand here.
    pub count: i64,
    /// The first twenty of them.
    pub risks: Vec<RiskId>,
}

/// A rating's place: which rating, likelihood, impact, whose.
pub(super) type Spot = (RatingKind, i32, i32, RiskId);

/// The map of a register from the places of its ratings.
pub(super) fn map(register: &Register, matrix: &RiskMatrix, scenarios: i64, spots: &[Spot]) -> HeatMap {
    let one = |rating: RatingKind| {
        let mut cells = empty(&matrix.grid.0);
        let columns = matrix.impact.0.len();
        let mut rated = 0;
        for (_, likelihood, impact, risk) in spots.iter().filter(|(kind, ..)| *kind == rating) {
            let place = usize::try_from(*likelihood).ok().zip(usize::try_from(*impact).ok());
            let place = place.filter(|(_, i)| *i < columns).map(|(l, i)| l * columns + i);
            let Some(cell) = place.and_then(|place| cells.get_mut(place)) else { continue };
            rated += 1;
            cell.count += 1;
            if cell.risks.len() < NAMED {
                cell.risks.push(*risk);
            }
        }
        let above = cells.iter().filter(|cell| cell.level > register.tolerance).map(|cell| cell.count).sum();
        RatingMap { rating, rated, not_rated: (scenarios - rated).max(0), above_tolerance: above, cells }
    };
    HeatMap {
        register_id: register.id,
        title: register.title.clone(),
        likelihood: matrix.likelihood.0.clone(),
        impact: matrix.impact.0.clone(),
        levels: matrix.levels.0.clone(),
        tolerance: register.tolerance,
        scenarios,
        maps: RatingKind::ALL.iter().copied().map(one).collect(),
    }
}

fn empty(grid: &[Vec<usize>]) -> Vec<HeatCell> {
    let row = |(l, row): (usize, &Vec<usize>)| {
        let cell = |(i, level): (usize, &usize)| HeatCell {
            likelihood: l as i32,
            impact: i as i32,
            level: *level as i32,
            count: 0,
            risks: Vec::new(),
        };
        row.iter().enumerate().map(cell).collect::<Vec<_>>()
    };
    grid.iter().enumerate().flat_map(row).collect()
}
