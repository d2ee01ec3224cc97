//! The texts of the pages for people without accounts, in the seven languages.

use crate::kernel::lang::Lang;
use crate::platform::page::Catalog;

/// Where the files are.
pub(super) const PLACE: &str = "config/doors";

/// The texts in each language.
pub(super) const TEXTS: Catalog = &[
    (Lang::En, include_str!("../../config/doors/en.ftl")),
    (Lang::Fr, include_str!("../../config/doors/fr.ftl")),
    (Lang::Es, include_str!("../../config/doors/es.ftl")),
    (Lang::Ar, include_str!("../../config/doors/ar.ftl")),
    (Lang::Ru, include_str!("../../config/doors/ru.ftl")),
    (Lang::Zh, include_str!("../../config/doors/zh.ftl")),
    (Lang::Pt, include_str!("../../config/doors/pt.ftl")),
];
