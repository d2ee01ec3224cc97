//! Budget lines, as stored, stated and changed.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes_enum;
use crate::kernel::error::FieldError;
use crate::kernel::id::{BudgetId, ProgramId, UserId};
use crate::kernel::money::{Amount, Currency};
use crate::kernel::parse::Faults;
use crate::kernel::patch::Edit;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::schema::program_budgets;

codes_enum! {
    /// IATI budget type: 1 original, 2 revised.
    pub BudgetKind {
        /// 1: as first agreed.
        Original "original",
        /// 2: as changed since.
        Revised "revised",
    }
}

codes_enum! {
    /// IATI budget status: 1 indicative, 2 committed.
    pub BudgetStatus {
        /// 1: an estimate.
        Indicative "indicative",
        /// 2: a binding agreement.
        Committed "committed",
    }
}

/// An amount in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Money {
    /// A decimal text, for example `1200.50`.
    pub amount: Amount,
    /// ISO 4217.
    pub currency: Currency,
}

/// A budget line's row.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = program_budgets)]
pub struct Line {
    pub id: BudgetId,
    pub program_id: ProgramId,
    pub kind: BudgetKind,
    pub status: BudgetStatus,
    pub period_start: Day,
    pub period_end: Day,
    pub amount: Amount,
    pub currency: Currency,
    pub value_date: Day,
    pub version: i32,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// A budget line of a program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Budget {
    /// The line's id.
    pub id: BudgetId,
    /// Of which program.
    pub program_id: ProgramId,
    /// As first agreed, or as changed.
    pub kind: BudgetKind,
    /// An estimate, or binding.
    pub status: BudgetStatus,
    /// First day of the period.
    pub period_start: Day,
    /// Last day of the period; at most a year after the first.
    pub period_end: Day,
    /// How much.
    pub value: Money,
    /// The day whose exchange rate counts.
    pub value_date: Day,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
}

impl From<Line> for Budget {
    fn from(line: Line) -> Budget {
        Budget {
            id: line.id,
            program_id: line.program_id,
            kind: line.kind,
            status: line.status,
            period_start: line.period_start,
            period_end: line.period_end,
            value: Money { amount: line.amount, currency: line.currency },
            value_date: line.value_date,
            created_at: line.created_at,
            updated_at: line.updated_at,
            version: line.version,
        }
    }
}

/// A budget line as a client states it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct BudgetDraft {
    /// As first agreed, or as changed.
    pub kind: BudgetKind,
    /// An estimate, or binding.
    pub status: BudgetStatus,
    /// First day of the period.
    pub period_start: Day,
    /// Last day of the period; at most a year after the first.
    pub period_end: Day,
    /// How much.
    pub value: Money,
    /// The day whose exchange rate counts; not in the future.
    pub value_date: Day,
}

/// A change of a budget line.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct BudgetPatch {
    /// As first agreed, or as changed.
    #[deserr(default)]
    #[schema(required = false, value_type = BudgetKind)]
    pub kind: Edit<BudgetKind>,
    /// An estimate, or binding.
    #[deserr(default)]
    #[schema(required = false, value_type = BudgetStatus)]
    pub status: Edit<BudgetStatus>,
    /// First day of the period.
    #[deserr(default)]
    #[schema(required = false, value_type = Day)]
    pub period_start: Edit<Day>,
    /// Last day of the period.
    #[deserr(default)]
    #[schema(required = false, value_type = Day)]
    pub period_end: Edit<Day>,
    /// How much.
    #[deserr(default)]
    #[schema(required = false, value_type = Money)]
    pub value: Edit<Money>,
    /// The day whose exchange rate counts.
    #[deserr(default)]
    #[schema(required = false, value_type = Day)]
    pub value_date: Edit<Day>,
}

/// Which budget lines.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BudgetFilter {
    /// In this currency.
    #[deserr(default)]
    #[param(inline)]
    pub currency: Option<Currency>,
    /// Estimates, or binding ones.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<BudgetStatus>,
}

impl Line {
    /// The period is in order and at most a year long (IATI 7.5.3); the value date is not in the future (11.2.2); the
    /// currency is one of ISO 4217.
    pub(super) fn faults(&self, today: Day) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let year = self.period_start.0.checked_add_months(chrono::Months::new(12)).map(Day);
        if self.period_end <= self.period_start {
            let words = format!("The period ends after its first day, {}.", self.period_start);
            faults.push(FieldError::at("/period_end", "end_before_start", words));
        } else if year.is_some_and(|year| self.period_end > year) {
            let words = "A period is at most one year; enter a line for each year.";
            faults.push(FieldError::at("/period_end", "longer_than_a_year", words));
        }
        if self.value_date > today {
            let words = format!("The value date is not in the future; today is {today}.");
            faults.push(FieldError::at("/value_date", "in_the_future", words));
        }
        if !currencies().contains(self.currency.as_str()) {
            let words = "This is not a currency of ISO 4217 that is in use.";
            faults.push(FieldError::at("/value/currency", "unknown_value", words));
        }
        faults
    }
}

fn currencies() -> &'static BTreeSet<String> {
    #[derive(Default, serde::Deserialize)]
    struct List {
        currencies: BTreeSet<String>,
    }
    static READ: OnceLock<BTreeSet<String>> = OnceLock::new();
    let text = include_str!("../../../config/reference/currencies.json");
    // The file is compiled in and tested below; an unreadable one would know no currency at all.
    READ.get_or_init(|| serde_json::from_str::<List>(text).unwrap_or_default().currencies)
}

#[cfg(test)]
mod tests {
    use super::currencies;

    #[test]
    fn currencies_in_use_are_known() {
        assert!(["KES", "XOF", "USD", "EUR", "SGD", "CHF"].iter().all(|code| currencies().contains(*code)));
        assert!(!currencies().contains("ZZZ"));
    }
}
