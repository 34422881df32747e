//! Diagrams for tests: small, large, English, Chinese.

use super::Language;
use super::diagram::{Diagram, Edge, EdgeKind, Item, ItemArrows, Moderation, Node, Shape};

const CODEBOOK: &str = include_str!("../../models/initial-trust.codebook.csv");

/// Repeatable numbers between 0 and 1.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 33) % 1000) as f64 / 1000.0
}

fn items(name: &str, count: usize) -> Vec<Item> {
    (1..=count)
        .map(|i| Item {
            name: format!("{name}{i}"),
            value: Some(0.62 + 0.3 * noise(i * 31 + name.len() * 7)),
            significant: Some(true),
            ..Item::default()
        })
        .collect()
}

fn edge(from: usize, to: usize, seed: usize) -> Edge {
    let value = noise(seed * 13) * 0.75 - 0.12;
    let strong = value.abs() > 0.1;
    let stars = if strong { "***" } else { "" };
    Edge {
        from,
        to,
        label: format!("{}{stars}", crate::table::apa(value, 2)),
        value: Some(value),
        significant: Some(strong),
        ..Edge::default()
    }
}

/// Nodes from names, labels and item counts; edges by name.
fn build(title: &str, constructs: &[(&str, &str, usize)], paths: &[(&str, &str)]) -> Diagram {
    let at = |name: &str| constructs.iter().position(|construct| construct.0 == name).unwrap_or(0);
    let nodes = constructs
        .iter()
        .map(|&(name, label, count)| Node {
            name: name.to_owned(),
            label: label.to_owned(),
            shape: if count == 1 { Shape::SingleItem } else { Shape::Factor },
            r_squared: paths
                .iter()
                .any(|path| path.1 == name)
                .then(|| 0.3 + noise(name.len() * 17 + count) / 2.0),
            items: items(name, count),
            ..Node::default()
        })
        .collect();
    let edges = paths.iter().enumerate().map(|(seed, path)| edge(at(path.0), at(path.1), seed)).collect();
    Diagram { title: title.to_owned(), nodes, edges, show_items: true, ..Diagram::default() }
}

/// Two constructs.
pub(crate) fn two(chinese: bool) -> Diagram {
    let labels =
        if chinese { ["感知有用性", "使用态度"] } else { ["Perceived usefulness", "Attitude"] };
    let mut diagram =
        build("Two constructs", &[("PU", labels[0], 3), ("ATT", labels[1], 4)], &[("PU", "ATT")]);
    diagram.edges[0] = Edge {
        from: 0,
        to: 1,
        label: ".31 [.22, .40]".to_owned(),
        value: Some(0.31),
        significant: Some(true),
        ..Edge::default()
    };
    diagram
}

/// The model of customers' online initial trust, with the labels of its codebook.
pub(crate) fn initial_trust(chinese: bool) -> Diagram {
    let mut constructs: Vec<(&str, &str, usize)> = Vec::new();
    for line in CODEBOOK.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let label = if chinese { fields[3] } else { fields[2] };
        match constructs.last_mut() {
            Some(last) if last.0 == fields[1] => last.2 += 1,
            _ => constructs.push((fields[1], label, 1)),
        }
    }
    let mut paths = Vec::new();
    for effect in ["PEOU", "PU"] {
        for cause in ["NAV", "REP", "SIZE", "INFO", "SEC"] {
            paths.push((cause, effect));
        }
    }
    paths.extend([("PU", "ATT"), ("PEOU", "ATT"), ("ATT", "MOT"), ("DTT", "MOT"), ("MOT", "ITR")]);
    let title = if chinese {
        "顾客在线初始信任形成机理"
    } else {
        "Formation of customers' online initial trust"
    };
    let mut diagram = build(title, &constructs, &paths);
    diagram.note = if chinese {
        "注：*** p < .001；虚线表示 p ≥ .05。".to_owned()
    } else {
        "Note. *** p < .001; dashed paths: p ≥ .05.".to_owned()
    };
    diagram.language = if chinese { Language::Chinese } else { Language::English };
    diagram
}

/// The European customer satisfaction index for mobile phone providers.
pub(crate) fn mobi(chinese: bool) -> Diagram {
    let labels = if chinese {
        ["企业形象", "顾客期望", "感知质量", "感知价值", "顾客满意度", "顾客抱怨", "顾客忠诚度"]
    } else {
        [
            "Image",
            "Expectations",
            "Perceived quality",
            "Perceived value",
            "Satisfaction",
            "Complaints",
            "Loyalty",
        ]
    };
    let names = ["IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSCO", "CUSL"];
    let counts = [5, 3, 7, 2, 3, 1, 3];
    let constructs: Vec<(&str, &str, usize)> = (0..7).map(|i| (names[i], labels[i], counts[i])).collect();
    let mut diagram = build(
        "Customer satisfaction, mobile phone providers",
        &constructs,
        &[
            ("IMAG", "CUEX"),
            ("IMAG", "CUSA"),
            ("IMAG", "CUSL"),
            ("CUEX", "PERQ"),
            ("CUEX", "PERV"),
            ("CUEX", "CUSA"),
            ("PERQ", "PERV"),
            ("PERQ", "CUSA"),
            ("PERV", "CUSA"),
            ("CUSA", "CUSCO"),
            ("CUSA", "CUSL"),
            ("CUSCO", "CUSL"),
        ],
    );
    diagram.nodes[0].shape = Shape::Composite;
    diagram.nodes[0].arrows = ItemArrows::Formative;
    diagram.nodes[0].items[3].significant = Some(false);
    diagram.nodes[4].higher_order = true;
    diagram.edges[9].value = Some(-0.42);
    diagram.edges[9].label = "−.42***".to_owned();
    diagram.edges[9].significant = Some(true);
    diagram
}

const LONG: &str = "Perceived trustworthiness of the merchant's privacy promises";
const LONG_CHINESE: &str = "消费者对网络商家隐私保护承诺可信程度的总体感知与评价";

/// Fifteen constructs in a chain, with intervals as labels and one very long name.
pub(crate) fn chain(chinese: bool) -> Diagram {
    let names: Vec<String> = (1..=15).map(|i| format!("C{i}_")).collect();
    let labels: Vec<String> = (1..=15)
        .map(|i| match (i, chinese) {
            (4, false) => LONG.to_owned(),
            (4, true) => LONG_CHINESE.to_owned(),
            (_, true) => format!("构念第{i}号"),
            (_, false) => format!("Construct {i}"),
        })
        .collect();
    let constructs: Vec<(&str, &str, usize)> =
        (0..15).map(|i| (names[i].as_str(), labels[i].as_str(), 1 + i % 5)).collect();
    let paths: Vec<(&str, &str)> =
        names.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
    let mut diagram = build("A chain of fifteen constructs", &constructs, &paths);
    for edge in &mut diagram.edges {
        edge.label = format!("{}\n[.22, .40]", edge.label);
    }
    diagram
}

/// Fourteen causes of one effect.
pub(crate) fn fan(chinese: bool) -> Diagram {
    let mut diagram = chain(chinese);
    diagram.title = "Fourteen causes of one effect".to_owned();
    for (from, edge) in diagram.edges.iter_mut().enumerate() {
        (edge.from, edge.to) = (from, 14);
        edge.label = edge.label.replace('\n', " ");
    }
    for node in &mut diagram.nodes {
        node.r_squared = None;
    }
    diagram.nodes[14].r_squared = Some(0.71);
    diagram
}

/// Reputation, extended: four formative causes, reflective and single-item outcomes.
pub(crate) fn corporate_reputation(chinese: bool) -> Diagram {
    let labels = if chinese {
        ["质量", "业绩", "企业社会责任", "吸引力", "能力", "喜爱度", "顾客满意", "顾客忠诚"]
    } else {
        [
            "Quality",
            "Performance",
            "Corporate social responsibility",
            "Attractiveness",
            "Competence",
            "Likeability",
            "Customer satisfaction",
            "Customer loyalty",
        ]
    };
    let names = ["QUAL", "PERF", "CSOR", "ATTR", "COMP", "LIKE", "CUSA", "CUSL"];
    let counts = [8, 5, 5, 3, 3, 3, 1, 3];
    let constructs: Vec<(&str, &str, usize)> = (0..8).map(|i| (names[i], labels[i], counts[i])).collect();
    let mut paths = Vec::new();
    for cause in &names[..4] {
        paths.extend([(*cause, "COMP"), (*cause, "LIKE")]);
    }
    paths.extend([("COMP", "CUSA"), ("LIKE", "CUSA"), ("COMP", "CUSL"), ("LIKE", "CUSL"), ("CUSA", "CUSL")]);
    let mut diagram = build("Corporate reputation", &constructs, &paths);
    for node in &mut diagram.nodes[..4] {
        node.shape = Shape::Composite;
        node.arrows = ItemArrows::Formative;
    }
    diagram
}

/// An interaction, a second one on the same path, and a quadratic effect.
pub(crate) fn moderated(chinese: bool) -> Diagram {
    let labels = if chinese {
        ["使用态度", "主观规范", "感知风险", "使用意愿"]
    } else {
        ["Attitude", "Subjective norm", "Perceived risk", "Intention"]
    };
    let mut diagram = build(
        "Moderated",
        &[("ATT", labels[0], 3), ("SN", labels[1], 3), ("RISK", labels[2], 2), ("INT", labels[3], 3)],
        &[("ATT", "INT"), ("SN", "INT"), ("RISK", "INT")],
    );
    let moderation = |moderator, edge, value: f64| Moderation {
        moderator,
        edge,
        label: crate::table::apa(value, 2),
        value: Some(value),
        significant: Some(value.abs() > 0.1),
        details: String::new(),
    };
    diagram.moderations = vec![moderation(1, 0, 0.12), moderation(2, 0, -0.05), moderation(0, 0, 0.11)];
    diagram
}

/// Trust as a construct of constructs.
pub(crate) fn second_order(chinese: bool) -> Diagram {
    let labels = if chinese {
        ["感知有用性", "能力", "善意", "诚信", "初始信任", "购买意愿"]
    } else {
        ["Perceived usefulness", "Ability", "Benevolence", "Integrity", "Initial trust", "Purchase intention"]
    };
    let names = ["PU", "ABI", "BEN", "INTG", "TRUST", "INT"];
    let counts = [3, 3, 3, 3, 0, 3];
    let constructs: Vec<(&str, &str, usize)> = (0..6).map(|i| (names[i], labels[i], counts[i])).collect();
    let mut diagram = build(
        "Second order",
        &constructs,
        &[("PU", "TRUST"), ("TRUST", "INT"), ("TRUST", "ABI"), ("TRUST", "BEN"), ("TRUST", "INTG")],
    );
    diagram.nodes[4].higher_order = true;
    for edge in &mut diagram.edges[2..] {
        edge.kind = EdgeKind::Dimension;
        edge.significant = None;
    }
    diagram
}

/// Fifteen constructs with an intricate structure: two outcomes of nine causes, and paths that skip a layer.
pub(crate) fn fifteen(chinese: bool) -> Diagram {
    let constructs: [(&str, &str, &str, usize); 15] = [
        ("A1", "Ease of navigation", "导航便利性", 2),
        ("A2", "Clarity of menus", "菜单清晰度", 2),
        ("B1", "Reputation with friends", "朋友中的声誉", 2),
        ("B2", "Reputation in the media", "媒体中的声誉", 2),
        ("C1", "Size of the shop", "商店规模", 3),
        ("D1", "Completeness of information", "信息完整性", 2),
        ("D2", "Timeliness of information", "信息及时性", 2),
        ("E1", "Security of payment", "支付安全性", 2),
        ("E2", "Protection of personal data", "个人数据保护", 2),
        ("F1", "Perceived usefulness", "感知有用性", 4),
        ("G1", "Perceived ease of use", "感知易用性", 4),
        ("H1", "Attitude towards the shop", "对商店的态度", 4),
        ("I1", "Disposition to trust", "信任倾向", 4),
        ("J1", "Initial trust in the merchant", "对商家的初始信任", 4),
        ("K1", "Intention to buy for the first time", "首次购买意愿", 1),
    ];
    let constructs: Vec<(&str, &str, usize)> = constructs
        .into_iter()
        .map(|(name, english, zh, count)| (name, if chinese { zh } else { english }, count))
        .collect();
    let mut paths: Vec<(&str, &str)> = Vec::new();
    paths.extend(["A1", "A2", "B1", "C1"].map(|cause| (cause, "F1")));
    paths.extend(["B2", "D1", "D2", "E1", "E2"].map(|cause| (cause, "G1")));
    paths.extend([("F1", "H1"), ("G1", "H1"), ("H1", "J1"), ("I1", "J1"), ("J1", "K1"), ("H1", "K1")]);
    let mut diagram = build("Fifteen constructs", &constructs, &paths);
    diagram.language = if chinese { Language::Chinese } else { Language::English };
    diagram
}

/// What may stand on the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plates {
    Coefficients,
    Intervals,
    TwoGroups,
    FourGroups,
}

/// The same diagram with longer words on its paths.
pub(crate) fn with_plates(mut diagram: Diagram, plates: Plates) -> Diagram {
    let label = |label: &str| {
        let first = label.lines().next().unwrap_or_default().split(' ').next().unwrap_or_default().to_owned();
        match plates {
            _ if first.is_empty() => label.to_owned(),
            Plates::Coefficients => label.to_owned(),
            Plates::Intervals => format!("{first}\n[−.22, .40]"),
            Plates::TwoGroups => format!("{first} / {first}"),
            Plates::FourGroups => ["A", "B", "C", "D"].map(|group| format!("{group} {first}")).join("\n"),
        }
    };
    for edge in &mut diagram.edges {
        edge.label = label(&edge.label);
    }
    for moderation in &mut diagram.moderations {
        moderation.label = label(&moderation.label);
    }
    diagram
}

type Maker = fn(bool) -> Diagram;

/// Every sample in both languages.
pub(crate) fn all() -> Vec<(String, Diagram)> {
    let makers: [(&str, Maker); 9] = [
        ("two", two),
        ("initial-trust", initial_trust),
        ("mobi", mobi),
        ("corporate-reputation", corporate_reputation),
        ("moderated", moderated),
        ("second-order", second_order),
        ("chain", chain),
        ("fifteen", fifteen),
        ("fan", fan),
    ];
    makers
        .into_iter()
        .flat_map(|(name, make)| [(format!("{name}-en"), make(false)), (format!("{name}-zh"), make(true))])
        .collect()
}
