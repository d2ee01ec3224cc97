//! Tables of places: countries, partners, mandates, organizations.

use crate::kernel::sql::{Guid, Instant};

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    reference_files (name) {
        name -> Text,
        hash -> Text,
        loaded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Instant;
    countries (iso2) {
        iso2 -> Text,
        iso3 -> Text,
        m49 -> Text,
        status -> Text,
        names -> Text,
        un_names -> Text,
        un_formal_name -> Nullable<Text>,
        region -> Nullable<Text>,
        subregion -> Nullable<Text>,
        intermediate_region -> Nullable<Text>,
        income -> Nullable<Text>,
        income_year -> Nullable<Integer>,
        ldc -> Bool,
        ldc_until -> Nullable<Date>,
        lldc -> Bool,
        sids -> Bool,
        g77 -> Bool,
        official_languages -> Text,
        currency -> Nullable<Text>,
        calling_code -> Nullable<Text>,
        zones -> Text,
        primary_zone -> Nullable<Text>,
        first_weekday -> Text,
        weekend -> Text,
        search_text -> Text,
        version -> Integer,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    partners (country) {
        country -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        working_languages -> Text,
        disclosure -> Text,
        timezone -> Nullable<Text>,
        weekend -> Text,
        notes -> Nullable<Text>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    partner_holidays (id) {
        id -> Guid,
        country -> Text,
        day -> Date,
        name -> Text,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    organizations (id) {
        id -> Guid,
        names -> Text,
        acronym -> Nullable<Text>,
        kind -> Text,
        type_code -> Text,
        iati_id -> Nullable<Text>,
        country -> Nullable<Text>,
        website -> Nullable<Text>,
        search_text -> Text,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
        deleted_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{Guid, Instant};
    focal_points (id) {
        id -> Guid,
        country -> Text,
        user_id -> Guid,
        organization_id -> Nullable<Guid>,
        themes -> Text,
        letter_url -> Nullable<Text>,
        status -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        last_confirmed_at -> Nullable<Instant>,
        ended_at -> Nullable<Instant>,
        ended_reason -> Nullable<Text>,
        version -> Integer,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
    }
}
