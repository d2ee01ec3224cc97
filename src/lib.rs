//! cybercap: cyber and AI capacity-building programs with partner countries.
//!
//! Imports point one way: `main -> cli -> app -> routes -> slices -> platform -> kernel`. Slices come in the order below;
//! a slice imports only earlier ones, through their `mod.rs`, and tells later ones by recording an event.

pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod kernel;
pub mod platform;
pub mod routes;

// The slices, in order.
pub mod accounts;
pub mod audit;
pub mod frameworks;
pub mod partners;
pub mod programs;
pub mod training;

// What countries own, and to whom they disclose it.
pub mod disclosure;

// What countries know about themselves.
pub mod ai_systems;
pub mod assessments;
pub mod risks;

// What is seen of one country and of many, brought together.
pub mod portfolio;

// Shows the dates of those before it.
pub mod calendars;

// Knows the events of all the others.
pub mod notifications;
