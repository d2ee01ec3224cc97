//! Tokens of machine clients: a part of their owner's rights, for a year at most, shown once.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::guard::Permit;
use super::secrets::{self, hash_of};
use crate::kernel::access::{Actor, Permission, SecureAccount};
use crate::kernel::error::FieldError;
use crate::kernel::id::{ApiTokenId, Iso2};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::parse::{Faults, FromText};
use crate::kernel::text::Name;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::schema::api_tokens;

/// Seconds between two notes of a token's use.
pub(super) const NOTED_EVERY: i64 = 600;
/// Days that a token lives when its owner does not say, and at most.
const DAYS: (u16, u16) = (90, 365);
/// Tokens in force of one person.
const MOST: i64 = 50;

macro_rules! word_lists {
    ($($(#[$meta:meta])* $name:ident $of:ty, $read:expr, $word:expr;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, AsExpression, FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(pub(super) Vec<$of>);

        impl $name {
            fn text(&self) -> String { self.0.iter().map($word).collect::<Vec<_>>().join(" ") }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let text = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value)?;
                // A word that this version does not know gives no right.
                Ok($name(text.split(' ').filter_map($read).collect()))
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> std::result::Result<S::Ok, S::Error> {
                out.collect_seq(self.0.iter().map($word))
            }
        }
    )* };
}

word_lists! {
    /// Permissions, by their words.
    Permissions Permission, Permission::named, |permission| permission.word().to_owned();
    /// Countries.
    Countries Iso2, |text: &str| Iso2::from_text(text).ok(), |country| country.as_str().to_owned();
}

/// A token as its owner sees it; the token itself is shown only once.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    /// The token's id.
    pub id: ApiTokenId,
    /// What it is for.
    pub name: Name,
    /// Permissions it may use, at most those of its owner.
    #[schema(value_type = Vec<String>)]
    pub(super) permissions: Permissions,
    /// Countries to which it is narrowed; null: as its owner.
    #[schema(value_type = Option<Vec<String>>)]
    pub(super) countries: Option<Countries>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Last use, within ten minutes.
    pub last_used_at: Option<Timestamp>,
}

/// A token just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApiToken {
    /// What is kept of it.
    #[serde(flatten)]
    pub kept: ApiToken,
    /// The token, for `Authorization: Bearer`. It is not shown again.
    pub token: String,
}

/// A token to be made.
#[derive(Clone, Debug, deserr::Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ApiTokenDraft {
    /// What it is for.
    pub name: Name,
    /// Words of permissions, as in `x-permission` of the API document.
    #[schema(max_items = 100)]
    pub permissions: Vec<String>,
    /// Countries to which it is narrowed.
    #[deserr(default)]
    #[schema(max_items = 249)]
    pub countries: Option<Vec<Iso2>>,
    /// Days until it ends: 1 to 365, 90 when not given.
    #[deserr(default)]
    #[schema(minimum = 1, maximum = 365)]
    pub expires_in_days: Option<u16>,
}

/// The id in a token that is well-formed: `cap_<id>_<256 bits>` and eight digits of a checksum.
pub(super) fn id_of(token: &str) -> Option<ApiTokenId> {
    let rest = token.strip_prefix("cap_")?;
    let (body, sum) = token.split_at_checked(token.len().checked_sub(8)?)?;
    let (id, _) = rest.split_once('_')?;
    (crc32(body) == sum).then(|| uuid::Uuid::try_parse(id).ok().map(ApiTokenId)).flatten()
}

/// CRC-32 (ISO 3309) in hexadecimal: a mistyped or cut token is told from a revoked one without a look-up.
fn crc32(text: &str) -> String {
    let mut crc = u32::MAX;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    format!("{:08x}", !crc)
}

fn permissions(words: &[String]) -> Result<Vec<Permission>> {
    let mut faults = Vec::new();
    let mut known = Vec::new();
    for (place, word) in words.iter().enumerate() {
        match Permission::named(word).filter(|permission| !permission.needs_a_person()) {
            Some(permission) => known.push(permission),
            None => {
                let all = Permission::ALL.iter().filter(|p| !p.needs_a_person());
                let all: Vec<&str> = all.map(|permission| permission.word()).collect();
                let at = format!("/permissions/{place}");
                faults.push(FieldError::at(at, "unknown_value", format!("Use: {}.", all.join(", "))));
            }
        }
    }
    if words.is_empty() {
        faults.push(FieldError::at("/permissions", "too_short", "Name at least one permission."));
    }
    known.sort();
    known.dedup();
    if faults.is_empty() { Ok(known) } else { Err(Error::invalid_fields(faults)) }
}

/// Makes a token.
///
/// # Errors
/// 401 without a fresh proof; 422 for unknown permissions or a life out of range; 409 when there are too many.
pub(super) fn make(
    tx: &mut Tx,
    permit: &Permit<SecureAccount>,
    draft: &ApiTokenDraft,
) -> Result<NewApiToken> {
    permit.fresh()?;
    let granted = permissions(&draft.permissions)?;
    let days = draft.expires_in_days.unwrap_or(DAYS.0);
    if !(1..=DAYS.1).contains(&days) {
        return Err(Error::invalid("/expires_in_days", "out_of_range", "Use 1 to 365 days."));
    }
    if draft.countries.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::invalid("/countries", "too_short", "Name a country, or leave `countries` out."));
    }
    let (id, now) = (tx.new_id::<ApiTokenId>(), tx.now());
    if count(tx, permit)? >= MOST {
        return Err(Error::conflict("You have 50 tokens in force; revoke one first."));
    }
    let body = format!("cap_{}_{}", id.0.simple(), secrets::token()?);
    let token = format!("{body}{}", crc32(&body));
    let countries = draft.countries.clone().map(Countries);
    let kept = ApiToken {
        id,
        name: draft.name.clone(),
        permissions: Permissions(granted),
        countries,
        created_at: now,
        expires_at: now.plus_days(i64::from(days)),
        last_used_at: None,
    };
    diesel::insert_into(api_tokens::table)
        .values((
            (api_tokens::id.eq(id), api_tokens::user_id.eq(permit.user()), api_tokens::name.eq(&kept.name)),
            (api_tokens::hash.eq(hash_of(&token)), api_tokens::permissions.eq(kept.permissions.text())),
            api_tokens::countries.eq(kept.countries.as_ref().map(Countries::text)),
            (api_tokens::created_at.eq(now), api_tokens::expires_at.eq(kept.expires_at)),
        ))
        .execute(tx.conn())?;
    journal::record(tx, Entry::new(permit, "api_token.made", "api_token", id));
    Ok(NewApiToken { kept, token })
}

fn count(tx: &mut Tx, permit: &Permit<SecureAccount>) -> Result<i64> {
    let now = tx.now();
    let query = api_tokens::table
        .filter(api_tokens::user_id.eq(permit.user()))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now));
    Ok(query.count().get_result(tx.conn())?)
}

/// The caller's tokens in force, in order of ids.
pub(super) fn list(
    tx: &mut Tx,
    permit: &Permit<SecureAccount>,
    page: &PageRequest,
) -> Result<Page<ApiToken>> {
    let now = tx.now();
    let mut query = api_tokens::table
        .select(ApiToken::as_select())
        .filter(api_tokens::user_id.eq(permit.user()))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now))
        .order(api_tokens::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after_id::<ApiTokenId>() {
        query = query.filter(api_tokens::id.gt(after));
    }
    let rows = query.load(tx.conn())?;
    Ok(Page::of(rows, page, |row: &ApiToken| Position { key: String::new(), id: row.id.0 }))
}

/// Ends a token of the caller.
///
/// # Errors
/// 404 for a token that is not theirs or has ended.
pub(super) fn revoke(tx: &mut Tx, permit: &Permit<SecureAccount>, id: ApiTokenId) -> Result<()> {
    let now = tx.now();
    let revoked = diesel::update(api_tokens::table.filter(api_tokens::id.eq(id)))
        .filter(api_tokens::user_id.eq(permit.user()))
        .filter(api_tokens::revoked_at.is_null())
        .set(api_tokens::revoked_at.eq(now))
        .execute(tx.conn())?;
    if revoked == 0 {
        return Err(Error::not_found());
    }
    journal::record(tx, Entry::new(permit, "api_token.revoked", "api_token", id));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_tells_a_cut_token() {
        assert_eq!(crc32("123456789"), "cbf43926");
        let body = "cap_01936f1e7b7a7c3d9c550a6b8c1d2e3f_abc_def";
        let token = format!("{body}{}", crc32(body));
        assert!(id_of(&token).is_some());
        assert!(id_of(&token[..token.len() - 1]).is_none());
        assert!(id_of("cap_").is_none());
        assert!(id_of("cap_é").is_none());
    }
}
