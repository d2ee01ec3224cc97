//! What happened to disclosures, for those who write letters about it.

use serde::Serialize;

use super::model::ShareStatus;
use crate::kernel::id::{HoldingId, Iso2, ShareGrantId, UserId};
use crate::platform::outbox::Event;

/// A disclosure was asked for, granted, declined or revoked.
#[derive(Debug, Serialize)]
pub(super) struct ShareMoved {
    pub share_grant_id: ShareGrantId,
    pub holding_id: HoldingId,
    pub country: Iso2,
    pub to: ShareStatus,
    pub by: UserId,
}

impl Event for ShareMoved {
    const KIND: &'static str = "share_grant.moved";
}
