//! The house's own rules: what a reviewer would otherwise have to remember.

#[path = "architecture/catalogs.rs"]
mod catalogs;
#[path = "api/support/database.rs"]
mod database;
#[path = "architecture/floors.rs"]
mod floors;
#[path = "architecture/handlers.rs"]
mod handlers;
#[path = "architecture/layers.rs"]
mod layers;
#[path = "architecture/permissions.rs"]
mod permissions;
#[path = "api/support/snapshot.rs"]
mod snapshot;
#[path = "architecture/snapshots.rs"]
mod snapshots;
#[path = "architecture/sources.rs"]
mod sources;
