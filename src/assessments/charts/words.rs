//! The few words of the pictures, in the seven languages of the house.

use crate::kernel::lang::Lang;

/// The words of one language.
pub(super) struct Words {
    /// The answers as given.
    pub self_assessed: &'static str,
    /// The answers that stand a review.
    pub validated: &'static str,
    /// The figure of the whole.
    pub overall: &'static str,
    /// What is assessed, beside a target or an earlier figure.
    pub assessed: &'static str,
    /// Where it shall be.
    pub target: &'static str,
    /// Where it was.
    pub earlier: &'static str,
    /// Answered, of what applies.
    pub answered: &'static str,
    /// No score because too little is answered.
    pub insufficient: &'static str,
    /// Nothing applies.
    pub not_applicable: &'static str,
    /// From the lowest stage to the highest.
    pub range: &'static str,
    /// The picture has nothing to show.
    pub empty: &'static str,
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
    self_assessed: "self-assessed",
    validated: "validated",
    overall: "overall",
    assessed: "assessed",
    target: "target",
    earlier: "earlier",
    answered: "answered",
    insufficient: "too few answers",
    not_applicable: "does not apply",
    range: "lowest to highest stage",
    empty: "Nothing to show yet",
};

const FR: Words = Words {
    self_assessed: "auto-évaluation",
    validated: "validée",
    overall: "ensemble",
    assessed: "évalué",
    target: "cible",
    earlier: "auparavant",
    answered: "réponses",
    insufficient: "trop peu de réponses",
    not_applicable: "sans objet",
    range: "du stade le plus bas au plus haut",
    empty: "Rien à montrer pour l’instant",
};

const ES: Words = Words {
    self_assessed: "autoevaluación",
    validated: "validada",
    overall: "conjunto",
    assessed: "evaluado",
    target: "meta",
    earlier: "antes",
    answered: "respuestas",
    insufficient: "respuestas insuficientes",
    not_applicable: "no aplica",
    range: "de la etapa más baja a la más alta",
    empty: "Aún no hay nada que mostrar",
};

const PT: Words = Words {
    self_assessed: "autoavaliação",
    validated: "validada",
    overall: "conjunto",
    assessed: "avaliado",
    target: "meta",
    earlier: "antes",
    answered: "respostas",
    insufficient: "respostas insuficientes",
    not_applicable: "não se aplica",
    range: "do estágio mais baixo ao mais alto",
    empty: "Ainda nada a mostrar",
};

const RU: Words = Words {
    self_assessed: "самооценка",
    validated: "подтверждено",
    overall: "в целом",
    assessed: "оценка",
    target: "цель",
    earlier: "ранее",
    answered: "ответов",
    insufficient: "слишком мало ответов",
    not_applicable: "не применимо",
    range: "от низшей до высшей стадии",
    empty: "Пока нечего показать",
};

const ZH: Words = Words {
    self_assessed: "自评",
    validated: "已验证",
    overall: "总体",
    assessed: "评估值",
    target: "目标",
    earlier: "此前",
    answered: "已答",
    insufficient: "答案不足",
    not_applicable: "不适用",
    range: "最低至最高阶段",
    empty: "暂无可显示内容",
};

const AR: Words = Words {
    self_assessed: "تقييم ذاتي",
    validated: "معتمد",
    overall: "الإجمالي",
    assessed: "المُقيَّم",
    target: "الهدف",
    earlier: "سابقاً",
    answered: "الإجابات",
    insufficient: "إجابات غير كافية",
    not_applicable: "لا ينطبق",
    range: "من أدنى مرحلة إلى أعلاها",
    empty: "لا يوجد ما يُعرض بعد",
};
