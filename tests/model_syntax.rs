//! The model syntax as a user meets it: every rule has its code and place, whatever parses prints and parses
//! again, and no text whatsoever makes a reader panic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use proptest::prelude::*;
use trustpath::diagnostic::{Diagnostics, Source};
use trustpath::model::{
    Annotation, Codebook, Document, Formula, HigherOrder, Interaction, Item, Kind, Mode, Model, ModelError,
    Modifier, Name, Nature, Operator, Scheme, Sign, Statement, Term,
};

/// Three measured constructs; the tests add to it.
const BASE: &str = "A =~ a1 + a2\nB =~ b1 + b2\nCC <~ c1 + c2\n";
/// Paths that join them.
const PATHS: &str = "B ~ A\nCC ~ B\n";

fn problems(text: &str) -> Diagnostics {
    match Model::parse(text) {
        Err(ModelError::Invalid(problems)) => problems,
        other => panic!("expected diagnostics for {text}, found {other:?}"),
    }
}

/// Codes and the texts they point at.
fn found(text: &str) -> Vec<(&'static str, String)> {
    let piece = |span: std::ops::Range<usize>| text[span].to_owned();
    problems(text).0.into_iter().map(|one| (one.code, piece(one.span.unwrap()))).collect()
}

/// Exactly one problem, with this code, at this text, with these words in its message or hints.
#[track_caller]
fn one(text: &str, code: &str, span: &str, words: &str) {
    assert_eq!(found(text), [(code, span.to_owned())], "{text}");
    let message = problems(text).to_string();
    assert!(message.contains(words), "`{words}` is not in: {message}");
    let problem = &problems(text).0[0];
    assert!(
        !problem.message.ends_with('.') && !problem.label.is_empty() && !problem.hints.is_empty(),
        "{message}"
    );
}

#[test]
fn every_rule_of_measurement_has_its_code_and_place() {
    let with = |more: &str| format!("{BASE}{PATHS}{more}");
    one(&with("A <~ a3"), "TP0122", "A", "both by `=~` and by `<~`");
    one(&with("A =~ b1"), "TP0123", "b1", "belongs to both `B` and `A`");
    one(&with("A =~ a1"), "TP0124", "a1", "twice in the block of `A`");
    one(&with("D =~ D + d2"), "TP0126", "D", "only a construct of a single item");
}

#[test]
fn every_rule_of_constructs_of_constructs_has_its_code_and_place() {
    let with = |more: &str| format!("{BASE}D =~ d\nE =~ e\nH =~ A + B\nE ~ H + CC + D\n{more}");
    let model = Model::parse(&with("")).unwrap();
    let whole = model.construct(model.find("H").unwrap());
    assert_eq!(whole.nature, Nature::HigherOrder { components: vec!["A".into(), "B".into()] });
    assert_eq!(
        (model.order(model.find("H").unwrap()), model.whole_of(model.find("A").unwrap())),
        (2, model.find("H"))
    );
    one(&with("H =~ x1"), "TP0134", "x1", "both by the construct `A` and by the item `x1`");
    one(&with("H =~ A"), "TP0134", "A", "twice among the components");
    one(&with("F =~ A + K\nK =~ k"), "TP0134", "A", "a component of both `H` and `F`");
    one("A =~ B + C\nB =~ A\nC =~ c\nD =~ d\nY =~ y\nY ~ D", "TP0134", "A", "circle");
    one(&with("D ~ A"), "TP0134", "A", "a component of `H`");
    assert!(Model::parse(&format!("#@ higher-order repeated\n{}", with("D ~ A"))).is_ok());
    one(&with("#@ higher-order H disjoined"), "TP0152", "disjoined", "choose from disjoint");
    one(&with("#@ higher-order A repeated"), "TP0153", "A", "not a construct of constructs");
    one(
        &with("#@ higher-order repeated\n#@ higher-order embedded"),
        "TP0155",
        "higher-order",
        "stands twice",
    );
    one(&with("#@ higher-order H repeated\n#@ higher-order H embedded"), "TP0155", "H", "set twice");
    let text = "#@ higher-order saturated\nA =~ a\nB =~ b\nC =~ c\nH =~ A + B\nT =~ H + C\nY =~ y\nY ~ T";
    one(text, "TP0134", "T", "third order");
    // Approaches that go together, and those that do not.
    let third = |words: &str| {
        format!(
            "{words}A =~ a\nB =~ b\nC =~ c\nD =~ d\nE =~ e\nH =~ A + B\nT =~ H + C\nO =~ D + E\nY =~ y\nY ~ T + O"
        )
    };
    for fine in [
        "#@ higher-order H repeated\n",
        "#@ higher-order O repeated\n#@ higher-order H embedded\n",
        "#@ higher-order embedded\n#@ higher-order O extended-repeated\n#@ higher-order H T disjoint\n",
        "#@ higher-order T H repeated\n",
    ] {
        let model = Model::parse(&third(fine));
        assert!(model.is_ok(), "{fine}: {model:?}");
    }
    one(&third("#@ higher-order T repeated\n"), "TP0134", "T", "stands in one stage with its component `H`");
    one(&third("#@ higher-order T embedded\n"), "TP0134", "T", "`#@ higher-order T H embedded`");
    let text = "#@ higher-order H saturated\nA =~ a\nB =~ b\nC =~ c\nD =~ d\nH =~ A + B\nO =~ C + D\nY =~ y\nY ~ H + O";
    one(text, "TP0134", "O", "one of the whole model");
}

#[test]
fn every_rule_of_interactions_has_its_code_and_place() {
    let with = |more: &str| format!("{BASE}CC ~ A + B\n{more}");
    let model = Model::parse(&with("CC ~ m*A:B + A:A")).unwrap();
    let product = model.construct(model.find("A:B").unwrap());
    assert_eq!(product.factors().unwrap(), ["A", "B"]);
    assert_eq!(model.paths()[2].label.as_deref(), Some("m"));
    one(&with("CC ~ A:B + B:A"), "TP0127", "B:A", "stands twice");
    one(&with("CC ~ A:B:A:B"), "TP0133", "A:B:A:B", "4 constructs");
    one(&with("B ~ A + A:B"), "TP0133", "A:B", "its own outcome");
    one(&with("D =~ d\nD ~ A + A:B"), "TP0133", "A:B", "without its main effect of `B`");
    one(&with("A =~ a3:a4"), "TP0133", "a3:a4", "stands where a name should");
    one(&with("A:B ~ CC"), "TP0109", ":", "");
    one(&with("D =~ d\nD ~ CC\nA ~ D + B + D:B"), "TP0129", "D", "cycle");
    one(&with("CC ~ A:TRUUST"), "TP0133", "A:TRUUST", "without its main effect of `TRUUST`");
    one(&with("#@ interaction two-stages"), "TP0152", "two-stages", "choose from two-stage");
    one(&with("#@ unstandardized A"), "TP0153", "A", "not a single item");
    one(&with("#@ hypothesis H1 CC ~ A:B"), "TP0156", "A:B", "which no path has");
    let said = Model::parse(&with("CC ~ A:B\n#@ hypothesis H1 CC ~ A:B +\n#@ mode A:B B")).unwrap();
    assert!(said.paths()[2].hypothesis.is_some());
    assert_eq!(said.construct(said.find("A:B").unwrap()).mode, Some(Mode::B));
}

#[test]
fn a_name_that_nothing_measures_is_a_column_of_the_data() {
    let model = Model::parse(&format!("{BASE}{PATHS}CC ~ income\nPRICE ~ CC\nD =~ D\nCC ~ D")).unwrap();
    assert_eq!(model.construct_names(), ["A", "B", "CC", "D", "income", "PRICE"]);
    let income = model.construct(model.find("income").unwrap());
    assert_eq!(income.nature, Nature::Observed);
    assert_eq!(model.indicator(income.indicators[0]).name, "income");
    let single = model.construct(model.find("D").unwrap());
    assert_eq!((single.nature.clone(), single.indicators.len()), (Nature::Measured, 1));
}

#[test]
fn defined_quantities_are_arithmetic_over_labels() {
    let base = "A =~ a1 + a2\nB =~ b1\nCC =~ c1\nB ~ a*A\nCC ~ b*B + c*A\n";
    let model = Model::parse(&format!("{base}ab := a*b\ntotal := c + ab")).unwrap();
    let values = Formula::values(model.definitions().iter().map(|d| &d.formula), &[0.5, 0.4, 0.1]);
    assert!((values[0] - 0.2).abs() < 1e-15 && (values[1] - 0.3).abs() < 1e-15);
    one(&format!("{base}z := a*d"), "TP0135", "z := a*d", "`d` is not the label of a path");
    one(&format!("{base}z := exp(a)"), "TP0135", "z := exp(a)", "is a function");
    one(&format!("{base}z := z"), "TP0135", "z := z", "the labels are a, b, c");
    one(&format!("{base}a := b"), "TP0135", "a", "the label of a path already");
    one(&format!("{base}z := a\nz := b"), "TP0135", "z", "defined twice");
}

#[test]
fn everything_new_prints_and_parses_to_the_same_model() {
    let text = "#@ interaction orthogonal\n#@ higher-order H embedded\n#@ unstandardized sex\nA =~ a1 + a2\nB =~ b1\n\
                C =~ C\nH <~ A + B\nY =~ y1 + y2\nY ~ h*H + C + sex + m*C:sex + C:C\nz := h - m/2";
    let model = Model::parse(text).unwrap();
    assert_eq!(Model::parse(&model.to_string()).unwrap(), model);
}

#[test]
fn every_rule_of_paths_has_its_code_and_place() {
    let with = |more: &str| format!("{BASE}{PATHS}{more}");
    let far = "TRUSTING =~ t1\nB =~ b1\nB ~ TRUSTNG";
    one(far, "TP0120", "TRUSTNG", "did you mean `TRUSTING`?");
    one(&with("B ~ a1"), "TP0121", "a1", "did you mean `A`?");
    one(&with("a1 ~ B"), "TP0121", "a1", "remove `a1` from `A`");
    one(&with("B ~ A"), "TP0127", "A", "stands twice");
    one(&with("B ~ B"), "TP0128", "B", "a path to itself");
    one(&with("A ~ CC"), "TP0129", "CC", "A → B → CC → A");
    one(&with("D =~ d\nE =~ e\nE ~ D"), "TP0130", "D", "(A, B, CC) and (D, E)");
    one(&with("D =~ d"), "TP0130", "D", "2 parts");
    one(&with("D =~ d\nCC ~ D*A"), "TP0130", "D", "their product is `D:A`");
    one("", "TP0131", "", "measures nothing");
    one("B ~ A\nC ~ B", "TP0131", "B ~ A", "measures nothing");
    one("A =~ a1 + a2", "TP0132", "A", "no paths");
    assert!(
        Model::parse(BASE).unwrap().paths().is_empty(),
        "constructs without paths are a measurement model"
    );
}

#[test]
fn what_cannot_be_estimated_yet_is_named() {
    let with = |more: &str| format!("{BASE}{PATHS}{more}");
    one(&with("A =~ 1*a3"), "TP0136", "1*a3", "write `a3`");
    one(&with("CC ~ start(0.5)*A"), "TP0136", "start(0.5)*A", "start value");
    one(&with("CC ~ equal('a')*A"), "TP0136", "equal('a')*A", "equal");
    one(&format!("{BASE}B ~ x*A\nCC ~ x*B"), "TP0136", "x*B", "label of its own");
    one(&with("a1 ~ 1"), "TP0137", "1", "intercept");
    one(&with("A =~ 1"), "TP0137", "1", "intercept");
    one(&with("A ~~ B"), "TP0138", "B", "covariance between constructs");
    one(&with("A ~~ b1"), "TP0138", "b1", "a construct and an item");
    one(&with("a1 ~~ b1"), "TP0139", "b1", "different blocks");
    one(&with("a1 ~~ a1"), "TP0140", "a1", "variance");
    one(&with("A ~~ A"), "TP0140", "A", "variance");
    one(&with("A =~ l*a3"), "TP0141", "l*a3", "remove the label: `a3`");
    one(&with("a1 ~~ l*a2"), "TP0141", "l*a2", "no effect");
    one(&with("bb1 ~~ a1 + a2"), "TP0142", "bb1", "did you mean `b1`?");
    one(&with("a1 ~~ a2\na2 ~~ a1"), "TP0143", "a1", "twice");
}

#[test]
fn every_rule_of_annotations_has_its_code_and_place() {
    let with = |more: &str| format!("{BASE}{PATHS}{more}");
    one(&with("#@ tittle x"), "TP0150", "tittle", "did you mean `title`?");
    for key in ["cluster", "group"] {
        one(&with(&format!("#@ {key} x")), "TP0151", key, "not supported yet");
    }
    one(&with("#@ reliability A 1.2"), "TP0157", "1.2", "not a reliability");
    one(&with("#@ reliability A"), "TP0154", "reliability A", "`#@ reliability PU 0.85`");
    one(&with("#@ reliability A .8\n#@ reliability A .7"), "TP0155", "A", "given twice");
    one(&with("#@ instruments A B"), "TP0158", "A", "no path leads into `A`");
    one(&with("#@ instruments B B"), "TP0158", "B", "its own instrument");
    one(&with("CC ~ A\n#@ instruments CC A"), "TP0158", "CC", "2 predictors");
    one(&with("#@ scale a1 ordinel"), "TP0152", "ordinel", "did you mean `ordinal`?");
    one(&with("#@ ordinal a1 A"), "TP0153", "A", "name its items");
    one(&with("#@ ordinal a11"), "TP0153", "a11", "did you mean `a1`?");
    one(&with("#@ ordinal a1\n#@ scale a1 numeric"), "TP0155", "a1", "remove one");
    one(&with("#@ scheme centroids"), "TP0152", "centroids", "choose from path, factorial, centroid");
    one(&with("#@ mode A CC x"), "TP0152", "x", "choose from A, B, unit, pca, bnnls");
    one(&with("#@ mode B CC"), "TP0152", "CC", "the mode comes last: `#@ mode CC B`");
    one(&with("#@ mode CD B"), "TP0153", "CD", "not a construct");
    one(&with("#@ mode a1 B"), "TP0153", "a1", "did you mean its construct `A`?");
    one(&with("#@ label a1 x"), "TP0153", "a1", "an item");
    one(&with("#@ dominant a11"), "TP0153", "a11", "did you mean `a1`?");
    one(&with("#@ dominant A"), "TP0153", "A", "not an item");
    one(&with("#@ title"), "TP0154", "title", "#@ title any text");
    one(&with("#@ label A"), "TP0154", "label A", "Perceived usefulness");
    one(&with("#@ dominant a1 a2"), "TP0154", "dominant a1 a2", "#@ dominant PU1");
    one(&with("#@ hypothesis H1 B"), "TP0154", "hypothesis H1 B", "H1 TR ~ PU +");
    one(&with("#@ hypothesis B ~ A"), "TP0154", "hypothesis B ~ A", "H1 TR ~ PU +");
    one(&with("#@ hypothesis H1 B ~ A + CC"), "TP0154", "hypothesis H1 B ~ A + CC", "not complete");
    one(&with("#@ title x\n#@ title y"), "TP0155", "title", "twice");
    one(&with("#@ mode B\n#@ mode A"), "TP0155", "mode", "twice");
    one(&with("#@ mode A B\n#@ mode CC A A"), "TP0155", "A", "mode of `A` is set twice");
    one(&with("#@ label A x\n#@ label A y"), "TP0155", "A", "twice");
    one(&with("#@ dominant a1\n#@ dominant a2"), "TP0155", "a2", "two dominant items");
    one(&with("#@ hypothesis H1 B ~ A\n#@ hypothesis H1 CC ~ B"), "TP0155", "H1", "two hypotheses `H1`");
    one(&with("#@ hypothesis H1 B ~ A\n#@ hypothesis H2 B ~ A"), "TP0155", "B ~ A", "has two hypotheses");
    one(&with("#@ hypothesis H1 A ~ B +"), "TP0156", "A ~ B", "the opposite path `B ~ A`");
    one(&with("#@ hypothesis H1 CC~A"), "TP0156", "CC~A", "add the path: `CC ~ A`");
}

#[test]
fn an_unknown_construct_is_reported_where_it_stands_and_nothing_else_is() {
    let text = format!(
        "{BASE}LONGISH =~ l\nB ~ LONGISG\nLONGISG ~ A\nCC ~ LONGISG + LONGISG:A\n#@ mode LONGISG B\n"
    );
    let codes: Vec<_> = found(&text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["TP0120", "TP0120", "TP0120", "TP0120", "TP0153"]);
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_text() {
    let text = "#@ titel x\nA =~ a1 + a1\nB =~ 0.5*b1\nB ~ A\nA ~ B\nA ~~ b1\nz := a\n#@ scheme x";
    let codes: Vec<_> = found(text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["TP0150", "TP0124", "TP0136", "TP0129", "TP0138", "TP0135", "TP0152"]);
}

#[test]
fn a_model_says_what_its_text_says() {
    let text = "\u{feff}#@ title  Trust   # draft\r\n#@ scheme factorial\r\n#@ mode B\r\n#@ mode A CC pca\r\n\
                #@ label A  Ease of use\r\n#@ label_zh A 易用性\r\n#@ dominant b2\r\n\
                #@ hypothesis H1 B~A+\r\n#@ hypothesis H2 CC ~ A −\r\n#@ source Author (2004)\r\n\
                CC <~ c1\r\nA =~ a1 +\r\n  a2\r\nB =~ NA*b1 + b2\r\nCC <~ c2\r\n\
                B + CC ~ A; CC ~ g*B\r\nb1 ~~ b2\r\n";
    let model = Model::parse(text).unwrap();
    assert_eq!(model.about.title.as_deref(), Some("Trust"));
    assert_eq!(model.about.source.as_deref(), Some("Author (2004)"));
    assert_eq!(model.about.scheme, Some(Scheme::Factorial));
    assert_eq!(model.construct_names(), ["CC", "A", "B"]);
    assert_eq!(model.indicator_names(), ["c1", "c2", "a1", "a2", "b1", "b2"]);
    let [cc, a, b] = ["CC", "A", "B"].map(|name| model.find(name).unwrap());
    assert_eq!(model.construct(cc).kind, Kind::Composite);
    assert_eq!(model.construct(cc).mode, Some(Mode::Pca));
    assert_eq!(model.construct(b).mode, Some(Mode::B));
    assert_eq!(model.construct(b).dominant, model.find_item("b2"));
    assert_eq!(model.construct(a).label.as_deref(), Some("Ease of use"));
    assert_eq!(model.construct(a).label_zh.as_deref(), Some("易用性"));
    let ends: Vec<_> = model.paths().iter().map(|path| (path.from, path.to)).collect();
    assert_eq!(ends, [(a, b), (a, cc), (b, cc)]);
    let signs: Vec<_> =
        model.paths().iter().map(|path| path.hypothesis.as_ref().and_then(|h| h.sign)).collect();
    assert_eq!(signs, [Some(Sign::Positive), Some(Sign::Negative), None]);
    assert_eq!(model.paths()[2].label.as_deref(), Some("g"));
    assert_eq!(model.correlated_errors().len(), 1);
    assert_eq!((model.predecessors(cc), model.successors(a)), (vec![a, b], vec![b, cc]));
    assert_eq!(Model::parse(&model.to_string()).unwrap(), model);
}

#[test]
fn the_initial_trust_model_reads_with_its_codebook() {
    let model = Model::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/initial-trust.sem")).unwrap();
    assert_eq!((model.constructs().len(), model.indicators().len(), model.paths().len()), (11, 43, 15));
    let reversed: Vec<_> =
        model.codebook.items.iter().filter(|row| row.reverse).map(|row| &row.item).collect();
    assert_eq!(reversed, ["SEC4"]);
    assert!(model.indicator_names().iter().all(|item| model.codebook.find(item).is_some()));
    let navigation = model.construct(model.find("NAV").unwrap());
    assert_eq!(navigation.label_zh.as_deref(), Some("网站导航信号"));
    assert_eq!(navigation.label.as_deref(), Some("Site navigation signal"));
    let order: Vec<_> = model.causal_order().into_iter().map(|id| model.construct(id).name.clone()).collect();
    assert_eq!(order, ["NAV", "REP", "SIZE", "INFO", "SEC", "DTT", "PU", "PEOU", "ATT", "MOT", "ITR"]);
    // From each of 5 signals over PU or PEOU: to ATT, MOT, ITR; from PU, PEOU: to MOT, ITR; ATT, DTT: to ITR.
    assert_eq!(model.chains().len(), 5 * 2 * 3 + 2 * 2 + 2);
    assert_eq!(model.chains()[0].name(&model), "NAV → PU → ATT");
}

#[test]
fn a_file_that_is_missing_or_not_utf8_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.sem");
    assert!(matches!(Model::read(&file), Err(ModelError::Unreadable { .. })));
    std::fs::write(&file, b"A =~ a1\n# caf\xe9\n").unwrap();
    let error = Model::read(&file).unwrap_err().to_string();
    assert!(error.contains("TP0115") && error.contains("line 2, column 6"), "{error}");
    std::fs::write(&file, "#@ codebook none.csv\nA =~ a\nB =~ b\nB ~ A").unwrap();
    let error = Model::read(&file).unwrap_err().to_string();
    assert!(error.contains("none.csv"), "{error}");
}

fn name() -> impl Strategy<Value = Name> {
    prop_oneof![
        "[A-Za-z_][A-Za-z0-9_.]{0,4}",
        "\\.[a-z]{1,3}",
        "[信任网站é]{1,3}[0-9]?",
        Just("NA".to_owned())
    ]
    .prop_map(|text| Name { text, span: 0..0 })
}

fn number() -> impl Strategy<Value = String> {
    "-?([0-9]{1,2}(\\.[0-9]{0,2})?|\\.[0-9]{1,2})(e[+-]?[0-9])?"
}

/// A text that can stand in quotes: on one line, with at most one kind of quotation mark.
fn quotable() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,3}", "[ a-z0-9\"#!~信]{1,6}", "[ a-z0-9'#;:+]{1,6}", Just("NA".to_owned())]
}

fn term() -> impl Strategy<Value = Term> {
    let modifier = prop_oneof![
        quotable().prop_map(Modifier::Label),
        number().prop_map(Modifier::Fixed),
        Just(Modifier::Free),
        number().prop_map(Modifier::Start),
        quotable().prop_map(Modifier::Equal),
    ];
    let names = prop_oneof![
        4 => prop::collection::vec(name(), 1..4),
        1 => Just(vec![Name { text: "1".to_owned(), span: 0..0 }]),
    ];
    (prop::option::of(modifier), names).prop_map(|(modifier, names)| Term { modifier, names, span: 0..0 })
}

/// Expressions with single spaces between their tokens.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![name().prop_map(|name| name.text), "[0-9]{1,3}", "[0-9]\\.[0-9]e-[0-9]"];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), "[-+*/^]", inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            inner.clone().prop_map(|a| format!("( {a} )")),
            inner.clone().prop_map(|a| format!("- {a}")),
            (name(), inner.clone(), inner).prop_map(|(f, a, b)| format!("{} ( {a} , {b} )", f.text)),
        ]
    })
}

fn item() -> impl Strategy<Value = Item> {
    let operator = prop_oneof![
        Just(Operator::Reflective),
        Just(Operator::Composite),
        Just(Operator::Regression),
        Just(Operator::Covariance)
    ];
    let statement = |left, operator, terms, expression| {
        Item::Statement(Statement { left, operator, terms, expression, span: 0..0, operator_span: 0..0 })
    };
    let plain = (prop::collection::vec(name(), 1..4), operator, prop::collection::vec(term(), 1..5))
        .prop_map(move |(left, operator, terms)| statement(left, operator, terms, String::new()));
    let definition = (name(), expression()).prop_map(move |(name, expression)| {
        statement(vec![name], Operator::Definition, Vec::new(), expression)
    });
    // ` #` would begin a comment.
    let value = "|[a-zA-Z~:+;'信](  ?[a-z~:!\"]|[a-z#'信]){0,12}";
    let annotation = ("[a-z_!\"~]{1,8}", value).prop_map(|(key, value)| {
        Item::Annotation(Annotation { key, value, key_span: 0..0, value_span: 0..0 })
    });
    prop_oneof![4 => plain, 1 => definition, 2 => annotation]
}

/// Pieces of models, put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "A",
        "B",
        "C",
        "a1",
        "b1",
        "信任",
        "NA",
        "start(",
        "equal(",
        "label(",
        "c(",
        ")",
        "(",
        "\"x\"",
        "\"",
        "'",
        "0.5",
        "1",
        "-",
        "1e",
        "=~",
        "<~",
        "~",
        "~~",
        ":=",
        "==",
        "->",
        "=",
        "|",
        "~*~",
        "<",
        ">",
        "+",
        "*",
        ":",
        ",",
        ";",
        "/",
        "^",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "#",
        "!",
        "#@",
        "#@ mode ",
        "#@ label ",
        "#@ hypothesis H1 ",
        "#@ dominant ",
        "#@ scheme ",
        "\u{feff}",
        "\u{3000}",
        "～",
        "\0",
        "A =~ a1\n",
        "B =~ b1\n",
        "C <~ c1\n",
        "B ~ A\n",
        "C ~ B\n",
        "A ~ C\n",
        "A:B",
        "C ~ A + B + A:B\n",
        "H =~ A + B\n",
        "C ~ H\n",
        "#@ interaction ",
        "#@ higher-order ",
        "#@ higher-order H ",
        "embedded\n",
        "z := a*b\n",
        "B ~ a*A\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Every reader takes the text without a panic, and everything it says points into the text.
fn survives(text: &str) -> Result<(), TestCaseError> {
    let source = Source::new("m", text);
    match Document::parse(&source) {
        Ok(document) => {
            let printed = document.to_string();
            let again = Document::parse(&Source::new("m", printed.as_str()));
            prop_assert_eq!(again.as_ref(), Ok(&document), "printed: {}", printed);
        }
        Err(problems) => prop_assert!(!problems.0.is_empty()),
    }
    match Model::parse(text) {
        Ok(model) => {
            prop_assert_eq!(model.causal_order().len(), model.constructs().len());
            prop_assert!(model.chains().iter().all(|chain| chain.constructs.len() > 2));
            for approach in [
                None,
                Some(HigherOrder::Disjoint),
                Some(HigherOrder::ExtendedRepeated),
                Some(HigherOrder::Embedded),
            ] {
                let stages = model.stages(Interaction::Orthogonal, approach);
                let last = &stages.last().unwrap();
                prop_assert_eq!(last.sources.len(), last.model.indicators().len());
                prop_assert!(last.model.constructs().iter().all(|c| !c.indicators.is_empty()));
            }
        }
        Err(ModelError::Invalid(problems)) => {
            for problem in &problems.0 {
                let span = problem.span.clone().unwrap();
                prop_assert!(text.get(span.clone()).is_some(), "{:?} in {:?}", span, text);
                prop_assert!(!problem.to_string().is_empty());
            }
        }
        Err(error) => prop_assert!(false, "{}", error),
    }
    if let Err(error) = Codebook::parse("c", text) {
        prop_assert!(!error.to_string().is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_printed_parses_to_the_same_document(items in prop::collection::vec(item(), 0..8)) {
        let document = Document { items };
        let text = document.to_string();
        let parsed = Document::parse(&Source::new("m", text.as_str()));
        prop_assert_eq!(parsed, Ok(document), "{}", text);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC*") {
        survives(&text)?;
    }

    #[test]
    fn no_characters_make_a_reader_panic(text in any::<String>()) {
        survives(&text)?;
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn no_mixture_of_pieces_makes_a_reader_panic(text in pieces()) {
        survives(&text)?;
    }

    #[test]
    fn no_codebook_makes_the_reader_panic(
        rows in prop::collection::vec("(item|min|max|reverse|missing|text|x|1|7|yes|-9|\"|,|;|\n|\r| |信){0,20}", 0..8),
    ) {
        let text = format!("item,min,max,reverse,missing\n{}", rows.join("\n"));
        if let Ok(codebook) = Codebook::parse("c", &text) {
            prop_assert!(codebook.items.iter().all(|row| !row.item.is_empty()));
            prop_assert!(codebook.items.iter().all(|row| !row.reverse || (row.min.is_some() && row.max.is_some())));
        }
    }
}
