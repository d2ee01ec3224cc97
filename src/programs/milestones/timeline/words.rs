//! The few words of the picture, in the seven languages of the house.

use super::super::model::MilestoneStatus;
use crate::kernel::lang::Lang;

/// The words of one language.
pub(super) struct Words {
    statuses: [&'static str; 6],
    /// Past its day.
    pub overdue: &'static str,
    /// The line of today.
    pub today: &'static str,
    /// Part of the work that was accepted.
    pub accepted: &'static str,
    /// The chain that decides the last date.
    pub chain: &'static str,
    /// The date first agreed.
    pub agreed: &'static str,
    /// Short for days.
    pub days: &'static str,
    /// The picture has nothing to show.
    pub empty: &'static str,
}

impl Words {
    /// The word of a status.
    pub(super) fn status(&self, status: MilestoneStatus) -> &'static str {
        let place = MilestoneStatus::ALL.iter().position(|known| *known == status);
        place.and_then(|place| self.statuses.get(place)).copied().unwrap_or("")
    }
}

/// The words of a language.
pub(super) fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
        Lang::Es => &ES,
        Lang::Pt => &PT,
        Lang::Ru => &RU,
        Lang::Zh => &ZH,
        Lang::Ar => &AR,
    }
}

const EN: Words = Words {
    statuses: ["planned", "in progress", "submitted", "accepted", "returned", "cancelled"],
    overdue: "overdue",
    today: "today",
    accepted: "accepted",
    chain: "decides the last date",
    agreed: "first agreed",
    days: "d",
    empty: "No milestones yet",
};

const FR: Words = Words {
    statuses: ["prévu", "en cours", "remis", "accepté", "renvoyé", "annulé"],
    overdue: "en retard",
    today: "aujourd’hui",
    accepted: "accepté",
    chain: "détermine la dernière date",
    agreed: "convenu au départ",
    days: "j",
    empty: "Aucun jalon pour l’instant",
};

const ES: Words = Words {
    statuses: ["previsto", "en curso", "entregado", "aceptado", "devuelto", "cancelado"],
    overdue: "atrasado",
    today: "hoy",
    accepted: "aceptado",
    chain: "decide la última fecha",
    agreed: "acordado al inicio",
    days: "d",
    empty: "Aún no hay hitos",
};

const PT: Words = Words {
    statuses: ["previsto", "em curso", "entregue", "aceite", "devolvido", "cancelado"],
    overdue: "em atraso",
    today: "hoje",
    accepted: "aceite",
    chain: "decide a última data",
    agreed: "acordado no início",
    days: "d",
    empty: "Ainda sem marcos",
};

const RU: Words = Words {
    statuses: ["запланировано", "в работе", "сдано", "принято", "возвращено", "отменено"],
    overdue: "просрочено",
    today: "сегодня",
    accepted: "принято",
    chain: "определяет последний срок",
    agreed: "согласовано вначале",
    days: "дн.",
    empty: "Вех пока нет",
};

const ZH: Words = Words {
    statuses: ["已计划", "进行中", "已提交", "已验收", "已退回", "已取消"],
    overdue: "逾期",
    today: "今天",
    accepted: "已验收",
    chain: "决定最后日期",
    agreed: "最初商定",
    days: "天",
    empty: "暂无里程碑",
};

const AR: Words = Words {
    statuses: ["مخطط", "قيد التنفيذ", "مُسلَّم", "مقبول", "مُعاد", "ملغى"],
    overdue: "متأخر",
    today: "اليوم",
    accepted: "مقبول",
    chain: "يحدد التاريخ الأخير",
    agreed: "المتفق عليه أولاً",
    days: "يوم",
    empty: "لا توجد معالم بعد",
};
