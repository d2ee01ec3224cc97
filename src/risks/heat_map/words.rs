//! The few words of the picture, in the seven languages of the house.

use super::super::codes::RatingKind;
use crate::kernel::lang::Lang;

/// The words of one language.
pub(super) struct Words {
    ratings: [&'static str; 3],
    /// How often.
    pub likelihood: &'static str,
    /// How bad.
    pub impact: &'static str,
    /// Scenarios above the line.
    pub above: &'static str,
    /// The line itself.
    pub tolerance: &'static str,
    /// Without this rating.
    pub not_rated: &'static str,
    /// All that are not closed.
    pub scenarios: &'static str,
    /// Nothing to show.
    pub empty: &'static str,
}

impl Words {
    /// The word of a rating.
    pub(super) fn rating(&self, rating: RatingKind) -> &'static str {
        match rating {
            RatingKind::Inherent => self.ratings[0],
            RatingKind::Current => self.ratings[1],
            RatingKind::Residual => self.ratings[2],
        }
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
    ratings: ["Inherent", "Current", "Residual"],
    likelihood: "Likelihood",
    impact: "Impact",
    above: "above tolerance",
    tolerance: "Limit of tolerance",
    not_rated: "not rated",
    scenarios: "scenarios",
    empty: "No scenarios yet",
};

const FR: Words = Words {
    ratings: ["Inhérent", "Actuel", "Résiduel"],
    likelihood: "Vraisemblance",
    impact: "Impact",
    above: "au-dessus de la tolérance",
    tolerance: "Limite de tolérance",
    not_rated: "non évalués",
    scenarios: "scénarios",
    empty: "Aucun scénario pour l’instant",
};

const ES: Words = Words {
    ratings: ["Inherente", "Actual", "Residual"],
    likelihood: "Probabilidad",
    impact: "Impacto",
    above: "por encima de la tolerancia",
    tolerance: "Límite de tolerancia",
    not_rated: "sin evaluar",
    scenarios: "escenarios",
    empty: "Aún no hay escenarios",
};

const PT: Words = Words {
    ratings: ["Inerente", "Atual", "Residual"],
    likelihood: "Probabilidade",
    impact: "Impacto",
    above: "acima da tolerância",
    tolerance: "Limite de tolerância",
    not_rated: "por avaliar",
    scenarios: "cenários",
    empty: "Ainda sem cenários",
};

const RU: Words = Words {
    ratings: ["Исходный", "Текущий", "Остаточный"],
    likelihood: "Вероятность",
    impact: "Ущерб",
    above: "выше допустимого",
    tolerance: "Граница допустимого",
    not_rated: "не оценено",
    scenarios: "сценариев",
    empty: "Сценариев пока нет",
};

const ZH: Words = Words {
    ratings: ["固有", "当前", "剩余"],
    likelihood: "可能性",
    impact: "影响",
    above: "超出容忍度",
    tolerance: "容忍度界线",
    not_rated: "未评级",
    scenarios: "个情景",
    empty: "暂无情景",
};

const AR: Words = Words {
    ratings: ["المتأصل", "الحالي", "المتبقي"],
    likelihood: "الاحتمال",
    impact: "الأثر",
    above: "فوق حد التحمّل",
    tolerance: "حد التحمّل",
    not_rated: "غير مقيّم",
    scenarios: "سيناريو",
    empty: "لا توجد سيناريوهات بعد",
};
