//! Work roles that training is for: the lists of ENISA (ECSF) and NIST (NICE), compiled in.

use std::fmt;
use std::sync::LazyLock;

use actix_web::get;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ReadReference;
use crate::kernel::page::Whole;
use crate::kernel::parse::{FromText, Refusal, TextLimits};
use crate::platform::http::Reply;
use crate::{text_columns, text_types};

/// A work role of a framework.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct WorkRoleEntry {
    /// Framework and its edition: `ECSF 2022` or `NICE 2.0.0`.
    framework: &'static str,
    /// Its code; those of the ECSF are ours.
    code: &'static str,
    /// Its name, in English.
    name: &'static str,
}

/// The table of `config/reference/work-roles.csv`.
static TABLE: LazyLock<Vec<WorkRoleEntry>> = LazyLock::new(|| {
    let file = include_str!("../../config/reference/work-roles.csv");
    let entry = |line: &'static str| {
        let (framework, rest) = line.split_once(',')?;
        let (code, name) = rest.split_once(',')?;
        Some(WorkRoleEntry { framework, code, name: name.trim_matches('"') })
    };
    file.lines().skip(1).filter_map(entry).collect()
});

/// The code of a work role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct WorkRole(&'static str);

impl WorkRole {
    /// The code.
    pub fn as_str(&self) -> &str {
        self.0
    }
}

impl fmt::Display for WorkRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromText for WorkRole {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let known = TABLE.iter().find(|role| role.code == text).map(|role| WorkRole(role.code));
        known.ok_or_else(|| Refusal::new("unknown_value", "Use a code of GET /api/v1/work-roles."))
    }
}

impl TextLimits for WorkRole {
    const MIN: usize = 7;
    const MAX: usize = 10;
    const PATTERN: Option<&'static str> = Some("^(ecsf-[0-9]{2}|[A-Z]{2}-WRL-[0-9]{3})$");
    const EXAMPLE: &'static str = "ecsf-02";
}

text_types! { WorkRole ""; }
text_columns! { WorkRole }

/// List the work roles that courses can be for: 12 of the ECSF, 41 of NICE.
#[utoipa::path(tag = "courses", responses((status = 200, body = Whole<WorkRoleEntry>)))]
#[get("/work-roles")]
pub async fn work_roles(_permit: Permit<ReadReference>) -> Result<Reply<Whole<WorkRoleEntry>>> {
    Ok(Reply::ok(Whole { items: TABLE.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_whole_and_every_code_parses() {
        let of = |framework: &str| TABLE.iter().filter(|role| role.framework == framework).count();
        assert_eq!((of("ECSF 2022"), of("NICE 2.0.0")), (12, 41));
        for role in TABLE.iter() {
            assert_eq!(role.code.parse::<WorkRole>().expect("its own code").as_str(), role.code);
            assert!((WorkRole::MIN..=WorkRole::MAX).contains(&role.code.len()), "{}", role.code);
        }
    }
}
