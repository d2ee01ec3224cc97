//! What a program costs: money by period and currency, as IATI budgets.

mod actions;
pub(crate) mod http;
mod model;
mod store;

pub use model::{Budget, BudgetDraft, BudgetFilter, BudgetKind, BudgetPatch, BudgetStatus, Money};
