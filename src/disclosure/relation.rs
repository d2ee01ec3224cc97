//! What one caller is to one holding: the rule of `reach.rs` in words, and the right by which somebody reads.

use super::label::Tlp;
use super::model::{Depth, Holding, HoldingKind, Part};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, Role};
use crate::kernel::id::{HoldingId, ProgramId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::programs::roles_in;

/// What a caller is to a holding at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Relation {
    /// A focal point of the country.
    pub focal_point: bool,
    /// A contributor of the country.
    pub contributor: bool,
    /// An observer of the country.
    pub observer: bool,
    /// Coordinates the holding's program or trains in it.
    pub team: bool,
    /// For what the caller is named on it, whether or not the office behind it is still held.
    pub parts: Vec<Part>,
    /// The deepest grant in force, to the person or to a team of theirs.
    pub shared: Option<Depth>,
    /// It is published, and its label lets the caller see it.
    pub open: bool,
    /// A machine client asks.
    pub machine: bool,
    /// The label of the holding.
    pub tlp: Option<Tlp>,
    /// It is an assessment, of which a contributor sees a section only.
    pub assessment: bool,
}

impl Relation {
    /// Speaks for the country that owns it. Of what is RED only those do who are named on it.
    pub fn governs(&self) -> bool {
        self.focal_point && (!self.is_red() || self.in_force().next().is_some())
    }

    /// Named for this part, with the office that it needs.
    pub fn is(&self, part: Part) -> bool {
        self.in_force().any(|held| held == part)
    }

    /// Holds an office of the country that may write: focal point or contributor.
    pub fn contributes(&self) -> bool {
        self.focal_point || self.contributor
    }

    /// How much of it the caller may see; none when it does not exist for them.
    pub fn depth(&self) -> Option<Depth> {
        if self.machine && self.is_red() {
            return None;
        }
        let by_name = self.in_force().map(|part| match part {
            Part::Contributor if self.assessment => Depth::Summary,
            _ => Depth::Detail,
        });
        let by_office = self.by_office().then_some(Depth::Detail);
        let by_grant = self.shared.filter(|_| self.tlp.is_some_and(Tlp::is_shareable));
        let open = self.open.then_some(Depth::Detail);
        by_name.chain(by_office).chain(by_grant).chain(open).max()
    }

    /// Refuses who sees that it exists but not what is in it.
    ///
    /// # Errors
    /// 404 for who sees nothing; 403 for who sees the summary.
    pub fn in_detail(&self) -> Result<()> {
        match self.depth() {
            Some(Depth::Detail) => Ok(()),
            Some(Depth::Summary) => Err(Error::not_permitted(
                "You see the summary of it. A focal point of the country discloses the rest: POST /api/v1/share-grants asks for it.",
            )),
            None => Err(Error::not_found()),
        }
    }

    /// The right by which the caller reads, for the country's access log.
    pub fn right(&self) -> &'static str {
        if self.by_office() {
            return if self.focal_point { "focal_point" } else { "observer" };
        }
        if let Some(part) = self.in_force().min() {
            return part.as_str();
        }
        if self.shared.is_some() { "share_grant" } else { "published" }
    }

    fn is_red(&self) -> bool {
        self.tlp == Some(Tlp::Red)
    }

    fn by_office(&self) -> bool {
        let observes = self.observer && self.tlp.is_some_and(Tlp::is_shareable);
        !self.is_red() && (self.focal_point || observes)
    }

    fn in_force(&self) -> impl Iterator<Item = Part> + '_ {
        let offices = self.contributes();
        self.parts.iter().copied().filter(move |part| match part {
            Part::Reviewer | Part::Reader => true,
            Part::Facilitator | Part::Owner => offices || self.team,
            Part::Author | Part::Contributor => offices,
        })
    }
}

/// What the holder of a permit is to a holding.
///
/// # Errors
/// When the database refuses.
pub fn relation<A: Action>(tx: &mut Tx, permit: &Permit<A>, holding: &Holding) -> Result<Relation> {
    let found = relations(tx, permit, std::slice::from_ref(holding))?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// What the holder of a permit is to each of some holdings, in their order: as many statements as for one.
///
/// # Errors
/// When the database refuses.
pub(super) fn relations<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    holdings: &[Holding],
) -> Result<Vec<Relation>> {
    let Some(standing) = permit.standing() else { return Ok(holdings.iter().map(of_the_house).collect()) };
    let (now, machine) = (tx.now(), permit.session().is_none());
    let ties = Ties::of(tx, permit.user(), holdings)?;
    let relation = |holding: &Holding| {
        let here = |(_, country, to): &&(Role, Option<_>, Option<_>)| {
            *country == Some(holding.country) && to.is_none_or(|to| to > now)
        };
        let offices: Vec<Role> = standing.grants.iter().filter(here).map(|(role, ..)| *role).collect();
        Relation { machine, ..ties.to(holding, &offices) }
    };
    Ok(holdings.iter().map(relation).collect())
}

/// What a person is to a holding at this moment, whoever asks: letters check it just before they go out.
///
/// # Errors
/// When the database refuses.
pub fn relation_of(tx: &mut Tx, user: UserId, holding: &Holding) -> Result<Relation> {
    let offices = store::offices(tx, user, holding.country)?;
    Ok(Ties::of(tx, user, std::slice::from_ref(holding))?.to(holding, &offices))
}

/// What binds a person to some holdings besides the offices of their country.
struct Ties {
    /// Roles in the holdings' programs.
    roles: Vec<(ProgramId, Role)>,
    /// Programs of which the person's country takes part, of holdings that are published under GREEN.
    partner_in: Vec<ProgramId>,
    parts: Vec<(HoldingId, Part)>,
    shared: Vec<(HoldingId, Depth)>,
}

impl Ties {
    fn of(tx: &mut Tx, user: UserId, holdings: &[Holding]) -> Result<Ties> {
        let ids: Vec<HoldingId> = holdings.iter().map(|holding| holding.id).collect();
        let mut programs: Vec<ProgramId> = holdings.iter().filter_map(|holding| holding.program_id).collect();
        programs.sort();
        programs.dedup();
        let green = holdings.iter().filter(|holding| holding.published && holding.tlp == Tlp::Green);
        let green: Vec<ProgramId> = green.filter_map(|holding| holding.program_id).collect();
        Ok(Ties {
            roles: if programs.is_empty() { Vec::new() } else { roles_in(tx, user, &programs)? },
            partner_in: if green.is_empty() { Vec::new() } else { store::partner_in(tx, user, &green)? },
            parts: store::parts(tx, &ids, user)?,
            shared: store::shared(tx, &ids, user)?,
        })
    }

    fn to(&self, holding: &Holding, offices: &[Role]) -> Relation {
        let here = |program: &ProgramId| Some(*program) == holding.program_id;
        let roles = || self.roles.iter().filter(|(program, _)| here(program));
        let open = match holding.tlp {
            Tlp::Clear => true,
            Tlp::Green => roles().next().is_some() || self.partner_in.iter().any(here),
            _ => false,
        };
        Relation {
            focal_point: offices.contains(&Role::FocalPoint),
            contributor: offices.contains(&Role::Contributor),
            observer: offices.contains(&Role::Observer),
            team: roles().any(|(_, role)| matches!(role, Role::Coordinator | Role::Trainer)),
            parts: self.parts.iter().filter(|(id, _)| *id == holding.id).map(|(_, part)| *part).collect(),
            shared: self.shared.iter().filter(|(id, _)| *id == holding.id).map(|(_, depth)| *depth).max(),
            open: holding.published && open,
            machine: false,
            tlp: Some(holding.tlp),
            assessment: holding.kind == HoldingKind::Assessment,
        }
    }
}

/// The house itself sees what it must to do its work.
fn of_the_house(holding: &Holding) -> Relation {
    Relation { open: true, tlp: Some(holding.tlp), ..Relation::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(tlp: Tlp) -> Relation {
        Relation { tlp: Some(tlp), assessment: true, ..Relation::default() }
    }

    fn depths(make: impl Fn(Tlp) -> Relation) -> String {
        let letter = |tlp: &Tlp| match make(*tlp).depth() {
            None => '-',
            Some(Depth::Summary) => 's',
            Some(Depth::Detail) => 'd',
        };
        Tlp::ALL.iter().map(letter).collect()
    }

    #[test]
    fn how_deep_each_sees_under_each_label() {
        // One letter for each label, CLEAR first: d detail, s summary, - nothing.
        let named = |part: Part| move |tlp| Relation { parts: vec![part], ..at(tlp) };
        let shared = |depth: Depth| move |tlp| Relation { shared: Some(depth), ..at(tlp) };
        assert_eq!(depths(at), "-----", "a stranger");
        assert_eq!(depths(|tlp| Relation { focal_point: true, ..at(tlp) }), "dddd-");
        assert_eq!(depths(|tlp| Relation { observer: true, ..at(tlp) }), "ddd--");
        assert_eq!(depths(|tlp| Relation { contributor: true, ..at(tlp) }), "-----", "only what is assigned");
        assert_eq!(depths(|tlp| Relation { team: true, ..at(tlp) }), "-----", "only by name or grant");
        assert_eq!(depths(named(Part::Reviewer)), "ddddd");
        assert_eq!(depths(named(Part::Reader)), "ddddd");
        assert_eq!(depths(named(Part::Author)), "-----", "the office behind it was lost");
        assert_eq!(depths(|tlp| Relation { contributor: true, ..named(Part::Author)(tlp) }), "ddddd");
        assert_eq!(depths(|tlp| Relation { contributor: true, ..named(Part::Contributor)(tlp) }), "sssss");
        assert_eq!(depths(named(Part::Facilitator)), "-----", "left the program");
        assert_eq!(depths(|tlp| Relation { team: true, ..named(Part::Facilitator)(tlp) }), "ddddd");
        assert_eq!(depths(|tlp| Relation { team: true, ..named(Part::Author)(tlp) }), "-----");
        assert_eq!(depths(shared(Depth::Summary)), "sss--");
        assert_eq!(depths(shared(Depth::Detail)), "ddd--");
        assert_eq!(depths(|tlp| Relation { open: true, ..at(tlp) }), "ddddd");
    }

    #[test]
    fn a_machine_never_reads_what_is_red() {
        let reviewer = |tlp| Relation { parts: vec![Part::Reviewer], machine: true, ..at(tlp) };
        assert_eq!(depths(reviewer), "dddd-");
    }

    #[test]
    fn only_those_named_on_a_red_holding_speak_for_it() {
        let official = |tlp| Relation { focal_point: true, ..at(tlp) };
        assert!(official(Tlp::AmberStrict).governs() && !official(Tlp::Red).governs());
        assert!(Relation { parts: vec![Part::Author], ..official(Tlp::Red) }.governs());
    }

    #[test]
    fn the_access_log_names_the_office_before_the_name_and_the_name_before_the_grant() {
        let all = Relation {
            focal_point: true,
            parts: vec![Part::Reader, Part::Author],
            shared: Some(Depth::Detail),
            ..at(Tlp::Amber)
        };
        assert_eq!(all.right(), "focal_point");
        assert_eq!(Relation { tlp: Some(Tlp::Red), ..all.clone() }.right(), "author");
        assert_eq!(
            Relation { focal_point: false, ..all.clone() }.right(),
            "reader",
            "authors need their office"
        );
        assert_eq!(Relation { focal_point: false, parts: Vec::new(), ..all }.right(), "share_grant");
        assert_eq!(Relation { open: true, ..at(Tlp::Clear) }.right(), "published");
    }
}
