//! Rows of frameworks and their nodes.

use diesel::prelude::*;

use super::edition::{Edition, Origin, Stated, VERSION, gone, is_there};
use super::library::{FrameworkContent, NodeContent, digest};
use super::model::{Framework, FrameworkFilter, FrameworkNode, NodeFilter, PartKind};
use super::scale::KindCount;
use crate::kernel::Result;
use crate::kernel::id::{FrameworkId, FrameworkNodeId};
use crate::kernel::lang::Lang;
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::stored::Stored;
use crate::kernel::text::{Label, NodeCode, Urn};
use crate::kernel::words::Words;
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::{MultiBackend, TOGETHER};
use crate::platform::db::{Constraint, Tx};
use crate::platform::schema::{framework_nodes, frameworks};

impl Edition for Framework {
    type Content = FrameworkContent;
    type Id = FrameworkId;
    const KIND: PartKind = PartKind::Framework;

    fn id(&self) -> FrameworkId {
        self.id
    }

    fn digest(&self) -> &str {
        &self.digest
    }

    fn is_shipped(&self) -> bool {
        self.shipped
    }

    fn stated(content: &FrameworkContent) -> Stated<'_> {
        Stated {
            urn: &content.urn,
            edition: &content.edition,
            name: &content.name,
            size: content.nodes.len(),
            kinds: kinds(&content.nodes),
        }
    }

    fn find(tx: &mut Tx, id: FrameworkId) -> Result<Option<Self>> {
        let row = frameworks::table.select(Framework::as_select()).filter(frameworks::id.eq(id));
        Ok(row.first(tx.conn()).optional()?)
    }

    fn named(tx: &mut Tx, urn: &Urn, edition: &Label) -> Result<Option<Self>> {
        let row = frameworks::table
            .select(Framework::as_select())
            .filter(frameworks::urn.eq(urn))
            .filter(frameworks::edition.eq(edition));
        Ok(row.first(tx.conn()).optional()?)
    }

    fn enter(tx: &mut Tx, content: &FrameworkContent, origin: Origin) -> Result<Self> {
        let framework = row(tx, content, origin);
        diesel::insert_into(frameworks::table).values(&framework).execute(tx.conn()).on_unique(is_there)?;
        let nodes = nodes(tx, framework.id, &content.nodes);
        for some in nodes.chunks(TOGETHER) {
            on_each!(tx.conn(), c => diesel::insert_into(framework_nodes::table).values(some).execute(c))?;
        }
        Ok(framework)
    }

    fn adopt(tx: &mut Tx, id: FrameworkId) -> Result<()> {
        let row = frameworks::table.filter(frameworks::id.eq(id));
        diesel::update(row).set(frameworks::shipped.eq(true)).execute(tx.conn())?;
        Ok(())
    }

    fn delete(tx: &mut Tx, id: FrameworkId) -> Result<()> {
        let nodes = framework_nodes::table.filter(framework_nodes::framework_id.eq(id));
        diesel::delete(nodes).execute(tx.conn()).on_foreign_key(super::edition::is_used)?;
        let gone_rows = diesel::delete(frameworks::table.filter(frameworks::id.eq(id))).execute(tx.conn());
        gone(gone_rows.on_foreign_key(super::edition::is_used)?)
    }
}

fn row(tx: &Tx, content: &FrameworkContent, origin: Origin) -> Framework {
    Framework {
        id: tx.new_id(),
        urn: content.urn.clone(),
        edition: content.edition.clone(),
        name: content.name.clone(),
        publisher: content.publisher.clone(),
        source: content.source.clone(),
        published: content.published.clone(),
        license: content.license.clone(),
        notice: content.notice.clone(),
        language: content.language,
        languages: languages(content),
        method: content.method,
        scale: Stored(content.scale.clone()),
        groups: Stored(content.groups.clone()),
        coverage_threshold: content.coverage_threshold,
        rollup: content.rollup,
        kinds: Stored(kinds(&content.nodes)),
        node_count: content.nodes.len() as i32,
        assessable_count: content.nodes.iter().filter(|node| node.assessable).count() as i32,
        form: origin.form,
        digest: digest(content),
        shipped: origin.shipped,
        version: VERSION,
        created_at: tx.now(),
    }
}

fn nodes(tx: &Tx, framework_id: FrameworkId, contents: &[NodeContent]) -> Vec<FrameworkNode> {
    let mut rows: Vec<FrameworkNode> = Vec::with_capacity(contents.len());
    for (place, node) in contents.iter().enumerate() {
        let parent = node.parent.and_then(|parent| rows.get(parent));
        let (parent_id, depth) = (parent.map(|row| row.id), parent.map_or(1, |row| row.depth + 1));
        rows.push(FrameworkNode {
            id: tx.new_id(),
            framework_id,
            position: place as i32 + 1,
            depth,
            parent_id,
            code: node.code.clone(),
            urn: node.urn.clone(),
            kind: node.kind.clone(),
            assessable: node.assessable,
            weight: node.weight,
            stage: node.stage,
            points: node.points,
            name: node.name.clone(),
            text: node.text.clone(),
            guidance: node.guidance.clone(),
            evidence: node.evidence.clone(),
            recommendation: node.recommendation.clone(),
            groups: Stored(node.groups.clone()),
            questions: Stored(node.questions.clone()),
        });
    }
    rows
}

/// Kinds in the order in which they appear.
fn kinds(nodes: &[NodeContent]) -> Vec<KindCount> {
    let mut counts: Vec<KindCount> = Vec::new();
    for node in nodes {
        match counts.iter_mut().find(|count| count.kind == node.kind) {
            Some(count) => count.count += 1,
            None => counts.push(KindCount { kind: node.kind.clone(), count: 1 }),
        }
    }
    counts
}

/// Languages in which a node has a name or a text, in the order of the house.
fn languages(content: &FrameworkContent) -> Words<Lang, 7> {
    let of = |lang: Lang| {
        content.nodes.iter().any(|node| {
            let name = node.name.iter().flat_map(|texts| texts.iter());
            let text = node.text.iter().flat_map(|texts| texts.iter());
            name.chain(text).any(|(spoken, _)| spoken == lang)
        })
    };
    Words(Lang::ALL.iter().copied().filter(|lang| of(*lang)).collect())
}

/// Frameworks in order of their ids.
pub(super) fn page(tx: &mut Tx, filter: &FrameworkFilter, page: &PageRequest) -> Result<Page<Framework>> {
    let mut query = frameworks::table.select(Framework::as_select()).into_boxed::<MultiBackend>();
    if let Some(urn) = &filter.urn {
        query = query.filter(frameworks::urn.eq(urn.clone()));
    }
    if let Some(method) = filter.method {
        query = query.filter(frameworks::method.eq(method));
    }
    if let Some(shipped) = filter.shipped {
        query = query.filter(frameworks::shipped.eq(shipped.is_yes()));
    }
    if let Some(after) = page.after_id::<FrameworkId>() {
        query = query.filter(frameworks::id.gt(after));
    }
    let rows = query.order(frameworks::id).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |row: &Framework| Position { key: String::new(), id: row.id.0 }))
}

/// Nodes of a framework in their order.
pub(super) fn node_page(
    tx: &mut Tx,
    framework: FrameworkId,
    filter: &NodeFilter,
    page: &PageRequest,
) -> Result<Page<FrameworkNode>> {
    use framework_nodes as n;
    let query = n::table.select(FrameworkNode::as_select()).filter(n::framework_id.eq(framework));
    let mut query = query.into_boxed::<MultiBackend>();
    if let Some(parent) = filter.parent {
        query = query.filter(n::parent_id.eq(parent));
    }
    if let Some(code) = &filter.code {
        query = query.filter(n::code.eq(code.clone()));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(n::kind.eq(kind.clone()));
    }
    if let Some(assessable) = filter.assessable {
        query = query.filter(n::assessable.eq(assessable.is_yes()));
    }
    if let Some(after) = &page.after {
        query = query.filter(n::position.gt(after.key.parse::<i32>().unwrap_or_default()));
    }
    let rows = query.order(n::position).limit(page.fetch()).load(tx.conn())?;
    Ok(Page::of(rows, page, |row: &FrameworkNode| Position { key: row.position.to_string(), id: row.id.0 }))
}

/// A node of a framework.
///
/// # Errors
/// When the database refuses.
pub fn find_node(tx: &mut Tx, framework: FrameworkId, id: FrameworkNodeId) -> Result<Option<FrameworkNode>> {
    let row = framework_nodes::table
        .select(FrameworkNode::as_select())
        .filter(framework_nodes::framework_id.eq(framework))
        .filter(framework_nodes::id.eq(id));
    Ok(row.first(tx.conn()).optional()?)
}

/// Every node of a framework, in their order; at most 20,000.
pub(super) fn all_nodes(tx: &mut Tx, framework: FrameworkId) -> Result<Vec<FrameworkNode>> {
    let rows = framework_nodes::table
        .select(FrameworkNode::as_select())
        .filter(framework_nodes::framework_id.eq(framework))
        .order(framework_nodes::position);
    Ok(rows.load(tx.conn())?)
}

/// The places of a node and of all below it, first and last.
///
/// # Errors
/// When the database refuses.
pub fn span(tx: &mut Tx, node: &FrameworkNode) -> Result<(i32, i32)> {
    use framework_nodes as n;
    let next: Option<i32> = n::table
        .select(n::position)
        .filter(n::framework_id.eq(node.framework_id))
        .filter(n::position.gt(node.position))
        .filter(n::depth.le(node.depth))
        .order(n::position)
        .first(tx.conn())
        .optional()?;
    let last: Option<i32> = n::table
        .select(diesel::dsl::max(n::position))
        .filter(n::framework_id.eq(node.framework_id))
        .first(tx.conn())?;
    Ok((node.position, next.map_or(last.unwrap_or(node.position), |next| next - 1)))
}

/// What is asked of a node when it is answered: no texts.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = framework_nodes)]
pub struct Answerable {
    /// The node.
    pub id: FrameworkNodeId,
    /// Its place in the framework.
    pub position: i32,
    /// Its code.
    pub code: NodeCode,
    /// Its name among all nodes of all frameworks.
    pub urn: Urn,
    /// True when it is answered.
    pub assessable: bool,
    /// The most points that it gives.
    pub points: Option<i32>,
    /// Codes of the groups that it belongs to; none for all.
    pub groups: Stored<Vec<NodeCode>>,
}

/// The nodes of a framework in their order, without their texts.
///
/// # Errors
/// When the database refuses.
pub fn answerable(tx: &mut Tx, framework: FrameworkId) -> Result<Vec<Answerable>> {
    use framework_nodes as n;
    let rows =
        n::table.select(Answerable::as_select()).filter(n::framework_id.eq(framework)).order(n::position);
    Ok(rows.load(tx.conn())?)
}

/// Those of a framework's nodes that are named by id or by code.
///
/// # Errors
/// When the database refuses.
pub fn answerable_among(
    tx: &mut Tx,
    framework: FrameworkId,
    ids: &[FrameworkNodeId],
    codes: &[NodeCode],
) -> Result<Vec<Answerable>> {
    use framework_nodes as n;
    let rows = n::table
        .select(Answerable::as_select())
        .filter(n::framework_id.eq(framework))
        .filter(n::id.eq_any(ids).or(n::code.eq_any(codes)));
    Ok(rows.load(tx.conn())?)
}

/// A framework.
///
/// # Errors
/// When the database refuses.
pub fn framework(tx: &mut Tx, id: FrameworkId) -> Result<Option<Framework>> {
    Framework::find(tx, id)
}

/// Some frameworks.
///
/// # Errors
/// When the database refuses.
pub fn frameworks_of(tx: &mut Tx, ids: &[FrameworkId]) -> Result<Vec<Framework>> {
    let rows = frameworks::table.select(Framework::as_select()).filter(among(frameworks::id, ids));
    Ok(rows.load(tx.conn())?)
}
