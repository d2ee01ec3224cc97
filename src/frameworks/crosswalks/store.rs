//! Rows of crosswalks and their lines.

use diesel::prelude::*;

use super::super::edition::{Edition, Origin, Stated, VERSION, gone, is_there};
use super::super::library::{CrosswalkContent, MappingContent, digest};
use super::super::model::PartKind;
use super::model::{Crosswalk, CrosswalkFilter, Mapping, MappingFilter, Relation};
use crate::kernel::Result;
use crate::kernel::id::CrosswalkId;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::{Label, Urn};
use crate::on_each;
use crate::platform::connection::{MultiBackend, TOGETHER};
use crate::platform::db::{Constraint, Tx};
use crate::platform::schema::{crosswalk_mappings, crosswalks};

impl Edition for Crosswalk {
    type Content = CrosswalkContent;
    type Id = CrosswalkId;
    const KIND: PartKind = PartKind::Crosswalk;

    fn id(&self) -> CrosswalkId {
        self.id
    }

    fn digest(&self) -> &str {
        &self.digest
    }

    fn is_shipped(&self) -> bool {
        self.shipped
    }

    fn stated(content: &CrosswalkContent) -> Stated<'_> {
        Stated {
            urn: &content.urn,
            edition: &content.edition,
            name: &content.name,
            size: content.mappings.len(),
            kinds: Vec::new(),
        }
    }

    fn find(tx: &mut Tx, id: CrosswalkId) -> Result<Option<Self>> {
        let row = crosswalks::table.select(Crosswalk::as_select()).filter(crosswalks::id.eq(id));
        Ok(row.first(tx.conn()).optional()?)
    }

    fn named(tx: &mut Tx, urn: &Urn, edition: &Label) -> Result<Option<Self>> {
        let row = crosswalks::table
            .select(Crosswalk::as_select())
            .filter(crosswalks::urn.eq(urn))
            .filter(crosswalks::edition.eq(edition));
        Ok(row.first(tx.conn()).optional()?)
    }

    fn enter(tx: &mut Tx, content: &CrosswalkContent, origin: Origin) -> Result<Self> {
        let crosswalk = row(tx, content, origin);
        diesel::insert_into(crosswalks::table).values(&crosswalk).execute(tx.conn()).on_unique(is_there)?;
        let lines = lines(tx, crosswalk.id, content);
        for some in lines.chunks(TOGETHER) {
            on_each!(tx.conn(), c => diesel::insert_into(crosswalk_mappings::table).values(some).execute(c))?;
        }
        Ok(crosswalk)
    }

    fn adopt(tx: &mut Tx, id: CrosswalkId) -> Result<()> {
        let row = crosswalks::table.filter(crosswalks::id.eq(id));
        diesel::update(row).set(crosswalks::shipped.eq(true)).execute(tx.conn())?;
        Ok(())
    }

    fn delete(tx: &mut Tx, id: CrosswalkId) -> Result<()> {
        let lines = crosswalk_mappings::table.filter(crosswalk_mappings::crosswalk_id.eq(id));
        diesel::delete(lines).execute(tx.conn())?;
        gone(diesel::delete(crosswalks::table.filter(crosswalks::id.eq(id))).execute(tx.conn())?)
    }
}

fn row(tx: &Tx, content: &CrosswalkContent, origin: Origin) -> Crosswalk {
    Crosswalk {
        id: tx.new_id(),
        urn: content.urn.clone(),
        edition: content.edition.clone(),
        name: content.name.clone(),
        publisher: content.publisher.clone(),
        license: content.license.clone(),
        source_urn: content.source_urn.clone(),
        target_urn: content.target_urn.clone(),
        mapping_count: content.mappings.len() as i32,
        digest: digest(content),
        shipped: origin.shipped,
        version: VERSION,
        created_at: tx.now(),
    }
}

fn lines(tx: &Tx, crosswalk_id: CrosswalkId, content: &CrosswalkContent) -> Vec<Mapping> {
    let lines = content.mappings.iter().zip(1..);
    let line = |(mapping, position): (&MappingContent, i32)| Mapping {
        id: tx.new_id(),
        crosswalk_id,
        position,
        source_urn: mapping.source_urn.clone(),
        target_urn: mapping.target_urn.clone(),
        relation: mapping.relation,
        strength: mapping.strength,
        rationale: mapping.rationale.clone(),
    };
    lines.map(line).collect()
}

/// Crosswalks in order of their ids.
pub(super) fn page(tx: &mut Tx, filter: &CrosswalkFilter, page: &PageRequest) -> Result<Page<Crosswalk>> {
    let mut query = crosswalks::table.select(Crosswalk::as_select()).into_boxed::<MultiBackend>();
    if let Some(urn) = &filter.source {
        query = query.filter(crosswalks::source_urn.eq(urn.clone()));
    }
    if let Some(urn) = &filter.target {
        query = query.filter(crosswalks::target_urn.eq(urn.clone()));
    }
    if let Some(after) = page.after_id::<CrosswalkId>() {
        query = query.filter(crosswalks::id.gt(after));
    }
    let rows = query.order(crosswalks::id).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |row: &Crosswalk| Position { key: String::new(), id: row.id.0 }))
}

/// Lines of a crosswalk in their order.
pub(super) fn mappings(
    tx: &mut Tx,
    id: CrosswalkId,
    filter: &MappingFilter,
    page: &PageRequest,
) -> Result<Page<Mapping>> {
    use crosswalk_mappings as m;
    let query = m::table.select(Mapping::as_select()).filter(m::crosswalk_id.eq(id));
    let mut query = query.into_boxed::<MultiBackend>();
    if let Some(urn) = &filter.source {
        query = query.filter(m::source_urn.eq(urn.clone()));
    }
    if let Some(urn) = &filter.target {
        query = query.filter(m::target_urn.eq(urn.clone()));
    }
    if let Some(after) = &page.after {
        query = query.filter(m::position.gt(after.key.parse::<i32>().unwrap_or_default()));
    }
    let rows = query.order(m::position).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |row: &Mapping| Position { key: row.position.to_string(), id: row.id.0 }))
}

/// All lines that lead from one framework to another, in either direction in which they were written: from, to, and how the
/// first relates to the second.
///
/// # Errors
/// When the database refuses.
pub fn between(tx: &mut Tx, from: &Urn, to: &Urn) -> Result<Vec<(Urn, Urn, Relation)>> {
    use crosswalk_mappings as m;
    let lines = |tx: &mut Tx, source: &Urn, target: &Urn| -> Result<Vec<(Urn, Urn, Relation)>> {
        let rows = m::table
            .inner_join(crosswalks::table.on(crosswalks::id.eq(m::crosswalk_id)))
            .select((m::source_urn, m::target_urn, m::relation))
            .filter(crosswalks::source_urn.eq(source))
            .filter(crosswalks::target_urn.eq(target))
            .order((m::crosswalk_id, m::position));
        Ok(rows.load(tx.conn())?)
    };
    let mut all = lines(tx, from, to)?;
    let turned = lines(tx, to, from)?;
    all.extend(turned.into_iter().map(|(source, target, relation)| (target, source, relation.turned())));
    Ok(all)
}
