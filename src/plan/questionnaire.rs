//! The questionnaire of a model: its items in the wording of the codebook, with the scale, in English or Chinese.
//!
//! Markdown is for reading and printing, DOCX for a word processor, and CSV for survey tools: an `XLSForm` (xlsform.org)
//! in its one-file CSV form, as `ODK`, `KoboToolbox` and `SurveyCTO` understand it. The names of the questions are the
//! names of the items, so that the data come back with the columns that the model asks for.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::Language;
use crate::model::Model;

/// What a questionnaire looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionnaireSettings {
    /// Its language.
    pub language: Language,
    /// Mixes the items of all constructs by this seed; otherwise they stand construct by construct.
    pub shuffle: Option<u64>,
    /// Number of attention checks ("please tick …"), spread evenly.
    pub attention_checks: usize,
    /// Words for the lowest and the highest answer; strong disagreement and agreement if not given.
    pub anchors: Option<(String, String)>,
}

impl Default for QuestionnaireSettings {
    fn default() -> Self {
        Self { language: Language::English, shuffle: None, attention_checks: 0, anchors: None }
    }
}

/// Most points of a scale that are printed as boxes; on a longer one, respondents write a number.
const MOST_BOXES: i64 = 11;

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Name of the item, and of its column in the data.
    pub name: String,
    /// What is asked.
    pub text: String,
    /// The heading it stands under; empty if the items are mixed.
    pub section: String,
    /// Lowest answer.
    pub min: i64,
    /// Highest answer.
    pub max: i64,
    /// The answer an attention check asks for.
    pub expected: Option<i64>,
}

impl Question {
    /// The points to tick, lowest first; `None` where the scale has too many, and a number is written.
    pub fn boxes(&self) -> Option<Vec<i64>> {
        (self.max - self.min < MOST_BOXES).then(|| (self.min..=self.max).collect())
    }
}

/// A questionnaire.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    /// Its title.
    pub title: String,
    /// Its questions, in order.
    pub questions: Vec<Question>,
    /// Items that have no wording in this language, and show their name instead.
    pub without_wording: Vec<String>,
    /// Words for the lowest and the highest answer.
    pub anchors: (String, String),
    /// Its language.
    pub language: Language,
}

impl Questionnaire {
    /// The questionnaire of a model.
    pub fn of(model: &Model, settings: &QuestionnaireSettings) -> Self {
        let chinese = settings.language == Language::Chinese;
        let mut questions = Vec::new();
        let mut without_wording = Vec::new();
        for item in model.indicators() {
            // The items of a higher-order construct are those of its parts.
            if questions.iter().any(|known: &Question| known.name == item.name) {
                continue;
            }
            let entry = model.codebook.find(&item.name);
            let text = entry.and_then(|e| if chinese { e.text_zh.clone() } else { e.text.clone() });
            if text.is_none() {
                without_wording.push(item.name.clone());
            }
            let construct = model.construct(item.construct);
            let label = if chinese { construct.label_zh.as_ref() } else { construct.label.as_ref() };
            questions.push(Question {
                name: item.name.clone(),
                text: text.unwrap_or_else(|| item.name.clone()),
                section: label.unwrap_or(&construct.name).clone(),
                min: whole(entry.and_then(|e| e.min), 1),
                max: whole(entry.and_then(|e| e.max), 7),
                expected: None,
            });
        }
        if let Some(seed) = settings.shuffle {
            shuffle(&mut questions, seed);
        }
        let anchors = settings.anchors.clone().unwrap_or_else(|| {
            let (low, high) = match settings.language {
                Language::English => ("strongly disagree", "strongly agree"),
                Language::Chinese => ("非常不同意", "非常同意"),
            };
            (low.to_owned(), high.to_owned())
        });
        insert_checks(&mut questions, settings);
        let title = if chinese {
            model.about.title_zh.as_ref().or(model.about.title.as_ref())
        } else {
            model.about.title.as_ref()
        };
        let untitled = if chinese { "问卷" } else { "Questionnaire" };
        Self {
            title: title.map_or(untitled, String::as_str).to_owned(),
            questions,
            without_wording,
            anchors,
            language: settings.language,
        }
    }

    /// What respondents read first.
    pub fn introduction(&self) -> String {
        let (low, high) = &self.anchors;
        let ticked = self.questions.iter().find(|question| question.boxes().is_some());
        let range = ticked.or(self.questions.first()).map_or((1, 7), |question| (question.min, question.max));
        match self.language {
            Language::English => format!(
                "Please think of one company that sells online, the same one throughout. Tick for each statement how far \
                 you agree, from {} ({low}) to {} ({high}). There are no right or wrong answers. Your answers are anonymous \
                 and serve research only; you may stop at any time.",
                range.0, range.1
            ),
            Language::Chinese => format!(
                "请在作答时始终想着同一家网上商家。请根据您对每项陈述的同意程度作出选择，{} 表示“{low}”，{} 表示“{high}”。\
                 答案没有对错之分。本问卷匿名填写，仅用于学术研究，您可以随时退出。",
                range.0, range.1
            ),
        }
    }

    /// The questions under their headings.
    pub(super) fn sections(&self) -> Vec<(&str, Vec<&Question>)> {
        let mut sections: Vec<(&str, Vec<&Question>)> = Vec::new();
        for question in &self.questions {
            match sections.last_mut().filter(|(title, questions)| {
                *title == question.section
                    && questions
                        .first()
                        .is_some_and(|first| (first.min, first.max) == (question.min, question.max))
            }) {
                Some((_, questions)) => questions.push(question),
                None => sections.push((&question.section, vec![question])),
            }
        }
        sections
    }

    /// The questionnaire in Markdown: a table of boxes per section.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}\n", self.title, self.introduction());
        let (number, statement) = match self.language {
            Language::English => ("No.", "Statement"),
            Language::Chinese => ("序号", "陈述"),
        };
        let mut count = 0;
        // The name of a construct would tell respondents what is measured; sections only part the page.
        for (at, (_, questions)) in self.sections().into_iter().enumerate() {
            let Some(first) = questions.first() else { continue };
            let points = self.points(first);
            let blank = if first.boxes().is_some() { " ☐ |" } else { " ______ |" };
            text.push_str(&match self.language {
                Language::English => format!("\n## Part {}\n\n", at + 1),
                Language::Chinese => format!("\n## 第 {} 部分\n\n", at + 1),
            });
            text.push_str(&format!("| {number} | {statement} | {} |\n", points.join(" | ")));
            text.push_str(&format!("|---|---|{}\n", ":-:|".repeat(points.len())));
            for question in questions {
                count += 1;
                let words = question.text.replace('|', "\\|").replace('\n', " ");
                text.push_str(&format!("| {count} | {words} |{}\n", blank.repeat(points.len())));
            }
        }
        let (thanks, key) = match self.language {
            Language::English => {
                ("Thank you for your time.", "Key for the researcher; leave it out of what respondents see.")
            }
            Language::Chinese => ("感谢您的参与！", "供研究者使用的对照表，发放问卷时请删除。"),
        };
        text.push_str(&format!("\n{thanks}\n\n---\n\n{key}\n\n"));
        let names: Vec<String> =
            self.questions.iter().enumerate().map(|(at, q)| format!("{} {}", at + 1, q.name)).collect();
        text.push_str(&format!("{}\n", names.join(", ")));
        for question in &self.questions {
            if let Some(expected) = question.expected {
                text.push_str(&match self.language {
                    Language::English => format!(
                        "\n`{}` is an attention check: leave out who does not answer {expected}.\n",
                        question.name
                    ),
                    Language::Chinese => {
                        format!("\n`{}` 为注意力检测题：未选择 {expected} 的答卷应剔除。\n", question.name)
                    }
                });
            }
        }
        text
    }

    /// Headings of the answers: the points of the scale, or one that says how far it reaches.
    pub(super) fn points(&self, question: &Question) -> Vec<String> {
        if let Some(points) = question.boxes() {
            return points.into_iter().map(|point| self.point(point, question)).collect();
        }
        let (low, high) = (self.point(question.min, question), self.point(question.max, question));
        vec![match self.language {
            Language::English => format!("A number from {low} to {high}"),
            Language::Chinese => format!("填写数字：{low} 至 {high}"),
        }]
    }

    /// A point of the scale as a heading: the ends with their words.
    fn point(&self, point: i64, question: &Question) -> String {
        if point == question.min {
            format!("{point} {}", self.anchors.0)
        } else if point == question.max {
            format!("{point} {}", self.anchors.1)
        } else {
            point.to_string()
        }
    }

    /// The questionnaire as an `XLSForm` in CSV: the sheets `survey`, `choices` and `settings` in one file.
    pub fn xlsform(&self) -> String {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let words = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        rows.push(words(&["survey"]));
        let written = self.questions.iter().any(|question| question.boxes().is_none());
        rows.push(words(&["", "type", "name", "label", "required", "appearance"]));
        rows.push(words(&["", "note", "introduction", &self.introduction(), "", ""]));
        let mut scales: Vec<(i64, i64)> = Vec::new();
        for question in &self.questions {
            let scale = (question.min, question.max);
            if question.boxes().is_none() {
                let within = format!(". >= {} and . <= {}", scale.0, scale.1);
                let label = format!("{} ({})", question.text, self.points(question).join(" "));
                rows.push(words(&["", "integer", &question.name, &label, "yes", "", &within]));
                continue;
            }
            if !scales.contains(&scale) {
                scales.push(scale);
            }
            let list = format!("select_one {}", list_name(scale));
            rows.push(words(&["", &list, &question.name, &question.text, "yes", "likert"]));
        }
        if written && let Some(header) = rows.get_mut(1) {
            header.push("constraint".to_owned());
        }
        rows.push(words(&["choices"]));
        rows.push(words(&["", "list_name", "name", "label"]));
        for scale in scales {
            let like = Question {
                name: String::new(),
                text: String::new(),
                section: String::new(),
                min: scale.0,
                max: scale.1,
                expected: None,
            };
            for point in scale.0..=scale.1 {
                rows.push(words(&["", &list_name(scale), &point.to_string(), &self.point(point, &like)]));
            }
        }
        rows.push(words(&["settings"]));
        rows.push(words(&["", "form_title", "form_id", "default_language"]));
        let language = match self.language {
            Language::English => "English (en)",
            Language::Chinese => "中文 (zh)",
        };
        rows.push(words(&["", &self.title, "questionnaire", language]));
        let mut text = String::new();
        for row in rows {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| {
                    if cell.contains([',', '"', '\n']) {
                        format!("\"{}\"", cell.replace('"', "\"\""))
                    } else {
                        cell.clone()
                    }
                })
                .collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }
}

/// `scale_1_7`
fn list_name((min, max): (i64, i64)) -> String {
    format!("scale_{min}_{max}").replace('-', "m")
}

fn whole(value: Option<f64>, otherwise: i64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "bounded just before")]
    value.filter(|v| v.abs() < 1e6).map_or(otherwise, |v| v.round() as i64)
}

/// Fisher and Yates's shuffle with exactly uniform draws.
fn shuffle(questions: &mut [Question], seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for at in (1..questions.len()).rev() {
        let bound = at as u64 + 1;
        // Draws at the upper end that would favour some positions are thrown away.
        let limit = u64::MAX - u64::MAX % bound;
        let drawn = loop {
            let drawn = rng.next_u64();
            if drawn < limit {
                break drawn % bound;
            }
        };
        questions.swap(at, usize::try_from(drawn).unwrap_or(at));
    }
    for question in questions {
        question.section.clear();
    }
}

/// Spreads attention checks over the questionnaire; the answers they ask for alternate between the ends.
fn insert_checks(questions: &mut Vec<Question>, settings: &QuestionnaireSettings) {
    let count = questions.len();
    let checks = settings.attention_checks.min(count);
    let mut number = 0;
    for check in (0..checks).rev() {
        let at = (check + 1) * count / (checks + 1);
        let ticked = |question: &&Question| question.boxes().is_some();
        let before = questions.get(at.saturating_sub(1)).filter(ticked);
        let Some(near) = before.or(questions.iter().find(ticked)).or(questions.first()) else { return };
        let expected = if check % 2 == 0 { near.max - 1 } else { near.min + 1 };
        let name = loop {
            number += 1;
            let name = format!("CHECK{number}");
            if questions.iter().all(|question| question.name != name) {
                break name;
            }
        };
        let text = match settings.language {
            Language::English if ticked(&near) => {
                format!("This item checks attention: please tick {expected}.")
            }
            Language::English => format!("This item checks attention: please write {expected}."),
            Language::Chinese if ticked(&near) => format!("本题用于检测注意力，请选择 {expected}。"),
            Language::Chinese => format!("本题用于检测注意力，请填写 {expected}。"),
        };
        let question = Question {
            name,
            text,
            section: near.section.clone(),
            min: near.min,
            max: near.max,
            expected: Some(expected),
        };
        questions.insert(at, question);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::model::Codebook;

    fn model() -> Model {
        let codebook = "item,construct,construct_label,text,text_zh,min,max\na1,A,Ease,\"Easy, is it?\",容易吗？,1,5\n\
                        a2,A,Ease,I | you,我,1,5\nb1,B,Trust,I trust it,我信任它,1,7\n";
        Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n")
            .unwrap()
            .with_codebook(Codebook::parse("c", codebook).unwrap())
    }

    #[test]
    fn every_item_is_asked_once_in_either_language() {
        let english = Questionnaire::of(&model(), &QuestionnaireSettings::default());
        assert_eq!(english.without_wording, ["b2"]);
        let text = english.markdown();
        assert!(text.contains("| 1 | Easy, is it? | ☐ | ☐ | ☐ | ☐ | ☐ |"), "{text}");
        assert!(text.contains("I \\| you") && text.contains("| 7 strongly agree |"), "{text}");
        assert!(!text.contains("Ease"), "headings must not tell what is measured");
        let chinese = Questionnaire::of(
            &model(),
            &QuestionnaireSettings { language: Language::Chinese, ..Default::default() },
        );
        assert!(chinese.markdown().contains("1 非常不同意") && chinese.markdown().contains("我信任它"));
    }

    #[test]
    fn shuffling_keeps_every_item_and_follows_the_seed() {
        let names = |seed| {
            let settings = QuestionnaireSettings { shuffle: seed, ..Default::default() };
            Questionnaire::of(&model(), &settings).questions.into_iter().map(|q| q.name).collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["a1", "a2", "b1", "b2"]);
        assert_eq!(names(Some(1)), names(Some(1)));
        assert!((2..30).any(|seed| names(Some(seed)) != names(Some(1))));
        let mut sorted = names(Some(1));
        sorted.sort();
        assert_eq!(sorted, ["a1", "a2", "b1", "b2"]);
    }

    #[test]
    fn attention_checks_are_spread_and_keyed() {
        let settings = QuestionnaireSettings { attention_checks: 2, ..Default::default() };
        let questionnaire = Questionnaire::of(&model(), &settings);
        let checks: Vec<usize> = questionnaire
            .questions
            .iter()
            .enumerate()
            .filter(|(_, q)| q.expected.is_some())
            .map(|(at, _)| at)
            .collect();
        assert_eq!(checks, [1, 3]);
        assert!(questionnaire.markdown().contains("leave out who does not answer"));
    }

    #[test]
    fn a_number_is_written_where_a_scale_has_too_many_points() {
        let codebook = "item,text,min,max\na1,Your income,0,900000\na2,I pay much,0,10\n";
        let model = Model::parse("A =~ a1\nB =~ a2\nB ~ A\n").unwrap();
        let model = model.with_codebook(Codebook::parse("c", codebook).unwrap());
        let settings = QuestionnaireSettings { attention_checks: 1, ..Default::default() };
        let asked = Questionnaire::of(&model, &settings);
        let text = asked.markdown();
        assert!(text.len() < 2_500, "{}", text.len());
        assert!(text.contains("A number from 0 strongly disagree to 900000 strongly agree"), "{text}");
        assert!(text.contains("| 1 | Your income | ______ |\n"), "{text}");
        assert!(
            text.contains("please tick 9.") && text.contains("from 0 (strongly disagree) to 10 ("),
            "{text}"
        );
        let form = asked.xlsform();
        assert!(form.starts_with("survey\n,type,name,label,required,appearance,constraint\n"), "{form}");
        assert!(form.contains(",integer,a1,") && form.contains(",yes,,. >= 0 and . <= 900000\n"), "{form}");
        assert_eq!(form.matches("scale_0_10,").count(), 2 + 11, "{form}");
    }

    #[test]
    fn the_form_for_survey_tools_names_items_and_scales() {
        let form = Questionnaire::of(&model(), &QuestionnaireSettings::default()).xlsform();
        assert!(form.starts_with("survey\n,type,name,label,required,appearance\n"));
        assert!(form.contains(",select_one scale_1_5,a1,\"Easy, is it?\",yes,likert\n"), "{form}");
        assert!(form.contains(",scale_1_7,7,7 strongly agree\n"), "{form}");
    }
}
