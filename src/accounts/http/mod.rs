//! Routes of people and their own accounts.

pub(crate) mod auth;
pub(crate) mod imports;
pub(crate) mod links;
pub(crate) mod me;
pub(crate) mod users;

use crate::platform::http::Routing;

/// Registers the handlers of this slice.
pub(crate) fn routes(config: &mut Routing<'_, '_>) {
    config.service(auth::log_in).service(auth::carry_on).service(auth::log_out).service(auth::step_up);
    config.service(links::forgot).service(links::reset).service(links::preview).service(links::accept);
    config.service(links::confirm_email).service(links::undo_email);
    config.service(me::me).service(me::edit_me).service(me::change_password).service(me::change_email);
    config.service(me::list_sessions).service(me::end_other_sessions).service(me::end_session);
    config.service(me::second_factor).service(me::enrol).service(me::confirm_factor);
    config.service(me::remove_factor).service(me::renew_codes);
    config.service(me::list_tokens).service(me::make_token).service(me::revoke_token);
    config.service(imports::under_way);
    config.service(users::list_users).service(users::invite).service(users::show_user);
    config.service(users::edit_user).service(users::move_user).service(users::invite_again);
    config.service(users::release_address);
    config.service(users::list_grants).service(users::give);
    config.service(users::show_grant).service(users::revoke);
}
