//! Rows of risk matrices.

use diesel::prelude::*;

use super::super::edition::{Edition, Origin, Stated, VERSION, gone, is_there, is_used};
use super::super::library::{MatrixContent, digest};
use super::super::model::PartKind;
use super::model::{MatrixFilter, RiskMatrix};
use crate::kernel::Result;
use crate::kernel::id::RiskMatrixId;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::stored::Stored;
use crate::kernel::text::{Label, Urn};
use crate::platform::connection::MultiBackend;
use crate::platform::db::{Constraint, Tx};
use crate::platform::schema::risk_matrices;

impl Edition for RiskMatrix {
    type Content = MatrixContent;
    type Id = RiskMatrixId;
    const KIND: PartKind = PartKind::RiskMatrix;

    fn id(&self) -> RiskMatrixId {
        self.id
    }

    fn digest(&self) -> &str {
        &self.digest
    }

    fn is_shipped(&self) -> bool {
        self.shipped
    }

    fn stated(content: &MatrixContent) -> Stated<'_> {
        Stated {
            urn: &content.urn,
            edition: &content.edition,
            name: &content.name,
            size: content.grid.iter().map(Vec::len).sum(),
            kinds: Vec::new(),
        }
    }

    fn find(tx: &mut Tx, id: RiskMatrixId) -> Result<Option<Self>> {
        let row = risk_matrices::table.select(RiskMatrix::as_select()).filter(risk_matrices::id.eq(id));
        Ok(row.first(tx.conn()).optional()?)
    }

    fn named(tx: &mut Tx, urn: &Urn, edition: &Label) -> Result<Option<Self>> {
        let row = risk_matrices::table
            .select(RiskMatrix::as_select())
            .filter(risk_matrices::urn.eq(urn))
            .filter(risk_matrices::edition.eq(edition));
        Ok(row.first(tx.conn()).optional()?)
    }

    fn enter(tx: &mut Tx, content: &MatrixContent, origin: Origin) -> Result<Self> {
        let matrix = RiskMatrix {
            id: tx.new_id(),
            urn: content.urn.clone(),
            edition: content.edition.clone(),
            name: content.name.clone(),
            description: content.description.clone(),
            publisher: content.publisher.clone(),
            license: content.license.clone(),
            likelihood: Stored(content.likelihood.clone()),
            impact: Stored(content.impact.clone()),
            levels: Stored(content.levels.clone()),
            grid: Stored(content.grid.clone()),
            digest: digest(content),
            shipped: origin.shipped,
            version: VERSION,
            created_at: tx.now(),
        };
        diesel::insert_into(risk_matrices::table).values(&matrix).execute(tx.conn()).on_unique(is_there)?;
        Ok(matrix)
    }

    fn adopt(tx: &mut Tx, id: RiskMatrixId) -> Result<()> {
        let row = risk_matrices::table.filter(risk_matrices::id.eq(id));
        diesel::update(row).set(risk_matrices::shipped.eq(true)).execute(tx.conn())?;
        Ok(())
    }

    fn delete(tx: &mut Tx, id: RiskMatrixId) -> Result<()> {
        let rows = diesel::delete(risk_matrices::table.filter(risk_matrices::id.eq(id))).execute(tx.conn());
        gone(rows.on_foreign_key(is_used)?)
    }
}

/// A matrix, for a register that uses it.
///
/// # Errors
/// When the database refuses.
pub fn matrix(tx: &mut Tx, id: RiskMatrixId) -> Result<Option<RiskMatrix>> {
    RiskMatrix::find(tx, id)
}

/// Matrices in order of their ids.
pub(super) fn page(tx: &mut Tx, filter: &MatrixFilter, page: &PageRequest) -> Result<Page<RiskMatrix>> {
    let mut query = risk_matrices::table.select(RiskMatrix::as_select()).into_boxed::<MultiBackend>();
    if let Some(urn) = &filter.urn {
        query = query.filter(risk_matrices::urn.eq(urn.clone()));
    }
    if let Some(after) = page.after_id::<RiskMatrixId>() {
        query = query.filter(risk_matrices::id.gt(after));
    }
    let rows = query.order(risk_matrices::id).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |row: &RiskMatrix| Position { key: String::new(), id: row.id.0 }))
}
