//! A study to begin with: everything that can be ready before the first answer comes in.

use super::built_in::BuiltIn;
use super::{Language, PlanError, Population, Questionnaire, QuestionnaireSettings, SampleSize, Simulate};
use crate::model::{Model, ModelError, Sign};

/// The smallest path a study is planned for, unless its owner says otherwise.
pub(super) const SMALLEST: f64 = 0.15;

/// The files of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Name and content of each file.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Study {
    /// The study of a built-in model: model, codebook, questionnaires, analysis plan, commands, population and simulated
    /// answers to rehearse with.
    ///
    /// # Errors
    /// [`PlanError::Invalid`] for a smallest path that no sample shows.
    pub fn of(
        built_in: &BuiltIn,
        smallest: Option<f64>,
        seed: u64,
        language: Language,
    ) -> Result<Self, PlanError> {
        let model = built_in.read().map_err(of_model)?;
        let size = SampleSize::for_model(&model, smallest.unwrap_or(SMALLEST))?;
        let name = built_in.name;
        let mut population = built_in.population()?;
        if built_in.population.is_empty() {
            population.respondents.missing = 0.01;
            population.respondents.straight_liners = 0.02;
        }
        // The next round number: some answers are never usable.
        let cases = size.inverse_square_root.div_ceil(50) * 50;
        let drawn =
            Simulate { cases, seed, population: population.clone(), continuous: false }.run(&model)?;
        let mut files: Vec<(String, Vec<u8>)> = vec![
            (format!("{name}.sem"), built_in.model.as_bytes().to_vec()),
            (built_in.codebook_file(), built_in.codebook.as_bytes().to_vec()),
        ];
        let mut text = |file: String, content: String| files.push((file, content.into_bytes()));
        text("analysis-plan.md".into(), analysis_plan(&model, name, &size, Language::English));
        text("analysis-plan.zh.md".into(), analysis_plan(&model, name, &size, Language::Chinese));
        text("commands.sh".into(), commands(name, cases, seed, language));
        text("population.toml".into(), population_file(built_in, &population));
        text("rehearsal.csv".into(), drawn.csv());
        for language in Language::ALL {
            let settings = QuestionnaireSettings {
                language: *language,
                attention_checks: 1,
                ..QuestionnaireSettings::default()
            };
            let questionnaire = Questionnaire::of(&model, &settings);
            files.push((format!("questionnaire.{language}.md"), questionnaire.markdown().into_bytes()));
            files.push((format!("questionnaire.{language}.csv"), questionnaire.xlsform().into_bytes()));
            #[cfg(feature = "office")]
            files.push((format!("questionnaire.{language}.docx"), questionnaire.docx()?));
        }
        Ok(Self { files })
    }
}

/// A population file: as it stands, where the model has one.
fn population_file(built_in: &BuiltIn, population: &Population) -> String {
    if built_in.population.is_empty() { population.to_toml() } else { built_in.population.to_owned() }
}

/// A fault of a model as one of the plan.
pub(super) fn of_model(error: ModelError) -> PlanError {
    match error {
        ModelError::Invalid(found) => PlanError::Invalid(found),
        ModelError::Unreadable { file, reason } => PlanError::Unreadable { file, reason },
    }
}

/// What to run, in order.
fn commands(name: &str, cases: usize, seed: u64, language: Language) -> String {
    let english = [
        "Every command of the study, in order; run from this folder. Rehearse first: rehearsal.csv holds simulated\n\
         # answers. When the real ones are in, put their file in the place of rehearsal.csv in the next line.",
        "How the file was read, missing answers, straight-liners, forgotten reverse coding",
        "Verdicts, measurement, structure; consistent PLS corrects reflective constructs for unreliability",
        "Hypotheses: bootstrapped paths and indirect effects",
        "The figure of the paper, and everything in one file",
        "Other simulated answers: change population.toml, then",
    ];
    let chinese = [
        "本研究的全部命令，依次在本文件夹中运行。请先演练：rehearsal.csv 是模拟数据；\n\
         # 真实数据到手后，把下面 data= 一行中的 rehearsal.csv 换成真实文件名。",
        "文件如何读入、缺失值、直线作答、忘记反向计分的题项",
        "判断、测量模型、结构模型；一致性 PLS 校正反映型构念的不可靠性",
        "假设：路径与间接效应的自助法检验",
        "论文插图，以及包含全部结果的报告",
        "换一份模拟数据：修改 population.toml，然后",
    ];
    let (said, setting) = match language {
        Language::English => (english, ""),
        Language::Chinese => (chinese, "export TRUSTPATH_LANG=zh\n"),
    };
    let [first, check, fit, bootstrap, figures, again] = said;
    format!(
        "#!/bin/sh\n# {first}\nset -eu\n{setting}data=rehearsal.csv\nmodel={name}.sem\n\n\
         # {check}\n\
         trustpath check \"$model\" \"$data\"\n\n\
         # {fit}\n\
         trustpath fit \"$model\" \"$data\" --consistent\n\n\
         # {bootstrap}\n\
         trustpath bootstrap \"$model\" \"$data\" --consistent --tables paths,specific-indirect-effects\n\n\
         # {figures}\n\
         trustpath plot \"$model\" \"$data\" --consistent --no-items -o diagram.svg\n\
         trustpath report \"$model\" \"$data\" --consistent -o report.html\n\n\
         # {again}\n\
         # trustpath simulate \"$model\" --population population.toml -n {cases} --seed {seed} -o rehearsal.csv\n"
    )
}

/// One hypothesis, or a path without one.
struct Line {
    id: String,
    outcome: String,
    predictor: String,
    sign: &'static str,
}

fn hypotheses(model: &Model, chinese: bool) -> Vec<Line> {
    let label = |name: &str| {
        // An interaction is called by its parts.
        if name.contains(':') {
            return name.replace(':', " × ");
        }
        let found = model.find(name).map(|id| model.construct(id));
        let label = found.and_then(|c| if chinese { c.label_zh.as_ref() } else { c.label.as_ref() });
        label.map_or_else(|| name.to_owned(), |label| format!("{label} ({name})"))
    };
    model
        .paths()
        .iter()
        .filter_map(|path| {
            let hypothesis = path.hypothesis.as_ref()?;
            Some(Line {
                id: hypothesis.id.clone(),
                outcome: label(&model.construct(path.to).name),
                predictor: label(&model.construct(path.from).name),
                sign: match hypothesis.sign {
                    Some(Sign::Positive) => "+",
                    Some(Sign::Negative) => "−",
                    None => "±",
                },
            })
        })
        .collect()
}

/// What will be done, written down before the data are seen.
fn analysis_plan(model: &Model, name: &str, size: &SampleSize, language: Language) -> String {
    let chinese = language == Language::Chinese;
    let about = &model.about;
    let pick = |zh: &Option<String>, en: &Option<String>| {
        let first = if chinese { zh } else { en };
        first.as_ref().or(en.as_ref()).cloned().unwrap_or_default()
    };
    let title = pick(&about.title_zh, &about.title);
    let theory = about.theory.clone().unwrap_or_default();
    let source = about.source.clone().unwrap_or_default();
    let lines = hypotheses(model, chinese);
    let mut text = if chinese {
        format!(
            "# 分析计划：{title}\n\n请在看到数据之前定稿并注明日期；之后的任何改动都应在论文中说明。\n\n\
             - 模型文件：`{name}.sem`\n- 理论基础：{theory}\n- 主要文献：{source}\n\n## 研究假设\n\n\
             | 假设 | 预测变量 | 结果变量 | 预期方向 |\n|---|---|---|:-:|\n"
        )
    } else {
        format!(
            "# Analysis plan: {title}\n\nFinish and date this plan before you see the data; report every later change.\n\n\
             - Model: `{name}.sem`\n- Theory: {theory}\n- Sources: {source}\n\n## Hypotheses\n\n\
             | | Predictor | Outcome | Expected sign |\n|---|---|---|:-:|\n"
        )
    };
    for line in &lines {
        text.push_str(&format!("| {} | {} | {} | {} |\n", line.id, line.predictor, line.outcome, line.sign));
    }
    text.push_str(&measures(model, chinese));
    text.push_str(&if chinese {
        format!("\n## 样本量\n\n{}\n", size.sentence(language))
    } else {
        format!("\n## Sample size\n\n{}\n", size.sentence(language))
    });
    text.push_str(&rules(lines.len(), chinese));
    text
}

/// Constructs, items, sources.
fn measures(model: &Model, chinese: bool) -> String {
    let mut text = String::from(if chinese {
        "\n## 测量\n\n| 构念 | 名称 | 题项数 | 参考量表 |\n|---|---|--:|---|\n"
    } else {
        "\n## Measures\n\n| Construct | Label | Items | Items inspired by |\n|---|---|--:|---|\n"
    });
    for construct in model.constructs().iter().filter(|construct| construct.factors().is_none()) {
        let label = if chinese { &construct.label_zh } else { &construct.label };
        let source = construct
            .indicators
            .iter()
            .find_map(|&id| model.codebook.find(&model.indicator(id).name)?.source.clone())
            .unwrap_or_default();
        let (count, source) = match construct.components() {
            Some(parts) => (parts.join(", "), String::new()),
            None => (construct.indicators.len().to_string(), source),
        };
        text.push_str(&format!(
            "| {} | {} | {count} | {source} |\n",
            construct.name,
            label.clone().unwrap_or_default()
        ));
    }
    text.push_str(if chinese {
        "\n量表为七点李克特量表；题项为自拟措辞，正式调查前请做预测试（认知访谈、20–30 人的小样本）。\n"
    } else {
        "\nSeven points from strong disagreement to strong agreement. The wording is our own: pretest it (a few interviews, then\n\
         20 to 30 answers) before the survey.\n"
    });
    text
}

/// What is excluded, estimated, judged, reported.
fn rules(count: usize, chinese: bool) -> String {
    if chinese {
        format!(
            "\n## 数据\n\n- 剔除未通过注意力检测题的答卷。\n- 全程选择同一选项的答卷由 `trustpath check` 列出；在看到结果之前决定是否剔除，并同时报告两种结果。\n\
             - 个别缺失值以均值替代；若缺失超过 5%，另报告成列删除的结果。\n\n\
             ## 估计与判断\n\n1. 反映型构念采用一致性偏最小二乘法（PLSc）估计，形成型构念采用模式 B。\n\
             2. 测量：载荷 ≥ .708，α、ρA、ρC 在 .70 至 .95 之间，AVE ≥ .50，HTMT 低于 .85（概念相近的构念低于 .90）。\n\
             3. 结构：内生方程的 VIF < 3；路径系数以 10,000 次重抽样的百分位 95% 置信区间检验；报告 R²、f² 与 SRMR。\n\
             4. 中介：报告特定间接效应及其置信区间。\n\
             5. 多重检验：共有 {count} 个假设；即使全部不成立，按 5% 水平平均也会有 {expected:.1} 个“显著”。同时报告 Holm 校正后的结论。\n\n\
             ## 无论结果如何都报告\n\n全部假设（包括未获支持的）、全部题项、剔除规则与数量、软件版本、随机种子与数据指纹。\n",
            expected = 0.05 * count as f64
        )
    } else {
        format!(
            "\n## Data\n\n- Cases that fail the attention check are left out.\n- Cases that tick one box throughout are listed by \
             `trustpath check`. Decide before you see results whether they are left out, and report both ways.\n\
             - Single missing answers take the mean; if more than 5 % are missing, report listwise deletion besides.\n\n\
             ## Estimation and judgement\n\n1. Reflective constructs by consistent PLS, formative ones by Mode B.\n\
             2. Measurement: loadings of at least .708; alpha, rho_A and rho_C between .70 and .95; AVE of at least .50; HTMT below \
             .85 (.90 for constructs that are close by nature).\n\
             3. Structure: VIF below 3; paths tested by percentile intervals at 95 % from 10,000 bootstrap resamples; R², f² and \
             SRMR reported.\n\
             4. Mediation: specific indirect effects with their intervals.\n\
             5. Multiple testing: there are {count} hypotheses; were none of them true, {expected:.1} would still be significant on \
             average at 5 %. Report what holds after Holm's correction, too.\n\n\
             ## Reported whatever comes out\n\nAll hypotheses, the unsupported ones included; all items; what was left out and why; \
             version of the program, seed and fingerprint of the data.\n",
            expected = 0.05 * count as f64
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::plan::built_in;

    #[test]
    fn a_study_has_all_files_and_its_plan_all_hypotheses() {
        let study = Study::of(built_in::find("M11").unwrap(), None, 1, Language::English).unwrap();
        let text = |name: &str| {
            let found = study.files.iter().find(|(file, _)| file == name);
            String::from_utf8(found.unwrap().1.clone()).unwrap()
        };
        let plan = text("analysis-plan.md");
        assert!(plan.contains("| H1 | Acceptance (ACC) | Identification (IDENT) | + |"), "{plan}");
        assert!(plan.contains("at least 275 answers"), "{plan}");
        assert!(text("analysis-plan.zh.md").contains("最小样本量为 275"));
        assert_eq!(text("rehearsal.csv").lines().count(), 301);
        assert!(text("commands.sh").contains("model=accept-identify-rely.sem"));
        Population::parse("p", &text("population.toml")).unwrap();
        assert!(text("questionnaire.zh.md").contains("请选择"));
        let study = Study::of(built_in::find("M11").unwrap(), None, 1, Language::Chinese).unwrap();
        let commands = study.files.iter().find(|(file, _)| file == "commands.sh").unwrap();
        assert!(String::from_utf8_lossy(&commands.1).contains("export TRUSTPATH_LANG=zh\n"));
    }
}
