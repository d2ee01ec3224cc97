//! Questions of CISO Assistant nodes: a map from their names, with choices that score, decide or choose groups.

use std::collections::BTreeMap;

use deserr::Deserr;

use super::super::scale::{self, AskedWhen, Outcome, QuestionKind};
use super::loose::{Loose, Translations, prose};
use crate::kernel::lang::{Lang, Prose};
use crate::kernel::parse::{Faults, Refusal};
use crate::kernel::text::{NodeCode, Urn};

#[derive(Debug, Deserr)]
#[deserr(error = Faults)]
pub(super) struct Question {
    #[deserr(rename = "type")]
    kind: QuestionKind,
    #[deserr(default)]
    text: Loose,
    #[deserr(default)]
    choices: Option<Vec<Choice>>,
    #[deserr(default)]
    depends_on: Option<DependsOn>,
    #[deserr(default)]
    translations: BTreeMap<String, Words>,
}

#[derive(Debug, Deserr)]
#[deserr(error = Faults)]
struct Choice {
    urn: Urn,
    #[deserr(default)]
    value: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    add_score: Option<i32>,
    #[deserr(default)]
    compute_result: Option<Outcome>,
    #[deserr(default)]
    select_implementation_groups: Option<Vec<NodeCode>>,
    #[deserr(default)]
    translations: BTreeMap<String, Words>,
}

/// Questions call their words `text`, choices `value`.
#[derive(Debug, Default, Deserr)]
#[deserr(error = Faults)]
struct Words {
    #[deserr(default)]
    text: Loose,
    #[deserr(default)]
    value: Loose,
}

#[derive(Debug, Deserr)]
#[deserr(error = Faults)]
struct DependsOn {
    question: Urn,
    #[deserr(default)]
    answers: Vec<Urn>,
    #[deserr(default)]
    condition: Loose,
}

/// The questions of a node, in the order of the file's names.
pub(super) fn all(
    lang: Lang,
    questions: Option<&BTreeMap<String, Question>>,
) -> Result<Vec<scale::Question>, Refusal> {
    let mut questions: Vec<_> = questions.into_iter().flatten().collect();
    questions.sort_by_key(|(urn, _)| numbered(urn));
    questions.into_iter().map(|(urn, question)| one(lang, urn, question)).collect()
}

/// A name and the number at its end, so that the tenth question follows the ninth.
fn numbered(urn: &str) -> (&str, u64) {
    let name = urn.trim_end_matches(|c: char| c.is_ascii_digit());
    (name, urn[name.len()..].parse().unwrap_or(0))
}

fn words(
    lang: Lang,
    base: &Loose,
    words: &BTreeMap<String, Words>,
    pick: fn(&Words) -> &Loose,
) -> Option<Prose> {
    let others = words.iter().map(|(locale, words)| {
        let translation = super::loose::Translation { name: pick(words).clone(), ..Default::default() };
        (locale.clone(), translation)
    });
    let others: Translations = others.collect();
    prose(lang, base, &others, |words| &words.name)
}

fn one(lang: Lang, urn: &str, question: &Question) -> Result<scale::Question, Refusal> {
    let urn: Urn = urn.parse()?;
    let choices = question.choices.iter().flatten().map(|choice| scale::Choice {
        urn: choice.urn.clone(),
        text: words(lang, &choice.value, &choice.translations, |words| &words.value)
            .unwrap_or_else(|| Prose::one(lang, choice.urn.tail())),
        description: prose(lang, &choice.description, &Translations::new(), |words| &words.description),
        score: choice.add_score,
        outcome: choice.compute_result,
        groups: choice.select_implementation_groups.clone().unwrap_or_default(),
    });
    Ok(scale::Question {
        kind: question.kind,
        text: words(lang, &question.text, &question.translations, |words| &words.text)
            .unwrap_or_else(|| Prose::one(lang, urn.tail())),
        choices: choices.collect(),
        asked_when: question.depends_on.as_ref().map(|when| AskedWhen {
            question: when.question.clone(),
            choices: when.answers.clone(),
            all: when.condition.0 == "all",
        }),
        urn,
    })
}
