//! What a page needs so that everyone can read it: order of headings, names of tables, figures and controls, targets of
//! links, contrast of every colour on every ground. The page is read as text, so this runs everywhere; each rule is shown
//! to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use trustpath::document::{Block, Document, Figure, Part};
use trustpath::plot::Theme;
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::table::{Cell, Column, Language, Table};

/// An element with its attributes and all text inside.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    /// Positions of what it stands in, from the outside.
    inside: Vec<usize>,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "br", "hr", "img", "input", "link"];

/// The elements of a page in order; scripts and styles have no text.
fn read(page: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let text = super::cells::unescape(&rest[..at]);
        for &outer in &open {
            elements[outer].text.push_str(&text);
        }
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = tag_end(rest);
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let name = name.trim();
            if let Some(place) = open.iter().rposition(|&at| elements[at].name == name) {
                open.truncate(place);
            }
            continue;
        }
        if tag.starts_with(['!', '?']) {
            continue;
        }
        let (name, attributes) = parts(tag);
        let closed = tag.ends_with('/') || VOID.contains(&name.as_str());
        if matches!(name.as_str(), "script" | "style") {
            rest = rest.split_once(&format!("</{name}>")).map_or("", |(_, after)| after);
            continue;
        }
        elements.push(Element { name, attributes, text: String::new(), inside: open.clone() });
        if !closed {
            open.push(elements.len() - 1);
        }
    }
    elements
}

/// Where a tag ends: at the first `>` outside of quotation marks.
fn tag_end(tag: &str) -> usize {
    let mut quoted = None;
    for (at, c) in tag.char_indices() {
        match (c, quoted) {
            ('"' | '\'', None) => quoted = Some(c),
            (c, Some(mark)) if c == mark => quoted = None,
            ('>', None) => return at,
            _ => {}
        }
    }
    tag.len() - 1
}

/// Name and attributes of a tag.
fn parts(tag: &str) -> (String, BTreeMap<String, String>) {
    let tag = tag.trim_end_matches('/');
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (name.to_owned(), attributes);
        }
        let stop = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..stop].to_owned();
        rest = rest[stop..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            attributes.insert(key, String::new());
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(value) => value.split_once('"').unwrap_or((value, "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        attributes.insert(key, super::cells::unescape(value));
        rest = after;
    }
}

/// Everything that keeps somebody from reading the page.
fn faults(page: &str, language: &str) -> Vec<String> {
    let elements = read(page);
    let mut faults = Vec::new();
    let all = |name: &str| elements.iter().filter(move |element| element.name == name).collect::<Vec<_>>();
    let inner = |outer: usize| elements.iter().filter(move |element| element.inside.contains(&outer));

    // The language, the title, the places.
    for (name, attribute, wanted) in [("html", "lang", language)] {
        if all(name).iter().any(|element| element.get(attribute) != wanted) {
            faults.push(format!("the page does not say that it is in {wanted}"));
        }
    }
    if all("title").first().is_none_or(|title| title.text.trim().is_empty()) {
        faults.push("the page has no title".to_owned());
    }
    for (name, count) in [("main", 1), ("h1", 1), ("header", 1), ("footer", 1)] {
        if all(name).len() != count {
            faults.push(format!("{} elements <{name}>", all(name).len()));
        }
    }
    if all("nav").iter().any(|nav| nav.get("aria-label").is_empty()) {
        faults.push("a list of contents without a name".to_owned());
    }
    if !page.contains("name=\"viewport\"")
        || page.contains("user-scalable=no")
        || page.contains("maximum-scale")
    {
        faults.push("the page cannot be enlarged".to_owned());
    }

    // Headings go down one step at a time.
    let mut level = 0;
    for heading in elements.iter().filter(|e| ["h1", "h2", "h3", "h4"].contains(&e.name.as_str())) {
        let found = heading.name[1..].parse().unwrap_or(0);
        if found > level + 1 {
            faults.push(format!("heading <{}> `{}` after level {level}", heading.name, heading.text));
        }
        if heading.text.trim().is_empty() {
            faults.push(format!("an empty <{}>", heading.name));
        }
        level = found;
    }

    // Names are unique, and what is pointed at exists.
    let mut ids = BTreeSet::new();
    for element in &elements {
        let id = element.get("id");
        if !id.is_empty() && !ids.insert(id.to_owned()) {
            faults.push(format!("two elements are called `{id}`"));
        }
        if id.contains(char::is_whitespace) {
            faults.push(format!("the name `{id}` has a blank"));
        }
    }
    for element in &elements {
        for attribute in ["aria-labelledby", "aria-describedby", "aria-controls"] {
            for id in element.get(attribute).split_whitespace().filter(|id| !ids.contains(*id)) {
                faults.push(format!("<{}> is named by `{id}`, which is not there", element.name));
            }
        }
        if let Some(id) = element.get("href").strip_prefix('#')
            && !ids.contains(id)
        {
            faults.push(format!("a link leads to `{id}`, which is not there"));
        }
    }

    // Whatever can be reached by the keyboard has a name.
    for element in &elements {
        let named = !element.get("aria-label").is_empty()
            || !element.get("aria-labelledby").is_empty()
            || !element.text.trim().is_empty();
        let reached = ["a", "button", "summary", "input", "select"].contains(&element.name.as_str())
            || element.attributes.contains_key("tabindex");
        if reached && !named {
            faults.push(format!("<{}> can be reached and has no name", element.name));
        }
        if element.attributes.contains_key("tabindex") {
            if element.get("tabindex").parse::<i32>().is_ok_and(|at| at > 0) {
                faults.push(format!("<{}> jumps the order of the page", element.name));
            }
            if element.get("role").is_empty() {
                faults.push(format!("<{}> can be reached and is nothing", element.name));
            }
        }
        if element.get("role") == "region"
            && element.get("aria-label").is_empty()
            && element.get("aria-labelledby").is_empty()
        {
            faults.push("a region without a name".to_owned());
        }
    }

    // Tables have a caption, and every cell a heading.
    for (at, _) in elements.iter().enumerate().filter(|(_, element)| element.name == "table") {
        let caption = inner(at).find(|element| element.name == "caption");
        let title = caption.map_or("", |caption| caption.text.trim());
        if title.is_empty() {
            faults.push("a table without a caption".to_owned());
        }
        if !inner(at).any(|element| element.name == "th" && element.get("scope") == "col") {
            faults.push(format!("no column of `{title}` has a heading"));
        }
        for heading in inner(at).filter(|element| element.name == "th") {
            if !["col", "row", "colgroup", "rowgroup"].contains(&heading.get("scope")) {
                faults.push(format!("`{}` in `{title}` heads nothing", heading.text));
            }
            if heading.text.trim().is_empty() {
                faults.push(format!("an empty heading in `{title}`"));
            }
        }
    }

    // A picture says what it shows.
    for (at, picture) in elements.iter().enumerate().filter(|(_, element)| element.name == "svg") {
        let told = inner(at).any(|element| {
            element.name == "title" && element.inside.last() == Some(&at) && !element.text.trim().is_empty()
        });
        let described = inner(at).any(|element| element.name == "desc" && !element.text.trim().is_empty());
        let outer = picture.inside.iter().all(|&outer| elements[outer].name != "svg");
        if picture.get("role") != "img" && outer {
            faults.push("a drawing that is not said to be a picture".to_owned());
        }
        if !told {
            faults.push("a picture without a title".to_owned());
        }
        if !described && outer {
            faults.push("a picture without a description".to_owned());
        }
    }
    for image in all("img") {
        if image.get("alt").is_empty() {
            faults.push("an image without words".to_owned());
        }
    }

    // A judgement is a word or a sign, never colour alone.
    for (at, element) in elements.iter().enumerate() {
        let class: Vec<&str> = element.get("class").split_whitespace().collect();
        let judged = class.contains(&"check") || class.contains(&"fail");
        if element.name == "td" && judged {
            let pill = inner(at).any(|inner| inner.get("class").split_whitespace().any(|c| c == "pill"));
            let sign = inner(at).any(|inner| inner.get("class") == "hidden" && !inner.text.trim().is_empty());
            if !pill && !sign {
                faults.push(format!("`{}` is judged by its colour alone", element.text));
            }
        }
        if class.contains(&"pill") && element.text.trim().is_empty() {
            faults.push("an empty pill".to_owned());
        }
    }
    faults.extend(contrast_faults(page));
    faults.sort();
    faults.dedup();
    faults
}

/// Colours of the page by name, for light, dark and paper.
fn palettes(page: &str) -> [BTreeMap<String, String>; 3] {
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let style = style.map_or("", |(style, _)| style);
    let block = |after: &str| -> BTreeMap<String, String> {
        let found = style.split_once(after).and_then(|(_, rest)| rest.split_once(":root {"));
        let found = found.and_then(|(_, rest)| rest.split_once('}')).map_or("", |(block, _)| block);
        let pairs = found.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
        pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
    };
    let light = block("");
    let over = |other: BTreeMap<String, String>| light.clone().into_iter().chain(other).collect();
    [light.clone(), over(block("prefers-color-scheme: dark")), over(block("@media print {"))]
}

/// Relative luminance (WCAG 2.2).
fn luminance(hex: &str) -> f64 {
    let digits = hex.trim_start_matches('#');
    let digits: String =
        if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

/// Contrast of two colours, from 1 to 21.
fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Text on its grounds below 4.5 to 1, borders of controls and signs below 3 to 1.
fn contrast_faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (colours, where_) in palettes(page).into_iter().zip(["light", "dark", "paper"]) {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for text in ["ink", "muted", "faint", "accent", "ok", "check", "fail", "info", "na"] {
            // Rows under the pointer are raised.
            pairs.extend(["paper", "raised"].map(|ground| (text.to_owned(), ground.to_owned())));
        }
        for tone in ["ok", "check", "fail", "info", "na"] {
            pairs.push((tone.to_owned(), format!("{tone}-bg")));
        }
        pairs.push(("ink".to_owned(), "check-bg".to_owned()));
        pairs.push(("ink".to_owned(), "fail-bg".to_owned()));
        // The part of the contents that is being read.
        pairs.push(("accent".to_owned(), "info-bg".to_owned()));
        for (text, ground) in pairs {
            let (Some(a), Some(b)) = (colours.get(&text), colours.get(&ground)) else {
                faults.push(format!("no colour `{text}` or `{ground}` ({where_})"));
                continue;
            };
            let found = contrast(a, b);
            if found < 4.5 {
                faults.push(format!("{text} {a} on {ground} {b} ({where_}): {found:.2} to 1"));
            }
        }
    }
    faults
}

/// The report with a diagram that moves and the charts.
fn page(language: Language) -> String {
    let (fit, boot) = super::estimated();
    let theme = Theme::screen();
    let options = DiagramOptions { language, ..DiagramOptions::default() };
    let mut document = super::report(language).document(&[]);
    let figure = |id: &str, svg: trustpath::plot::Svg| {
        Block::Figure(Figure {
            id: id.to_owned(),
            title: id.to_owned(),
            caption: String::new(),
            svg: svg.as_str().to_owned(),
            paper: None,
            file: None,
        })
    };
    let assessment = trustpath::assess::Assessment::of(&fit, trustpath::assess::Conventions::default());
    let blocks = vec![
        figure("a-diagram", results::diagram(&fit, Some(&boot), options).svg(&theme).unwrap()),
        figure("a-forest", results::forest(&fit, Some(&boot), language).svg(&theme).unwrap()),
        figure("a-loadings", results::loadings(&fit, Some(&boot), language).svg(&theme).unwrap()),
        figure("a-htmt", results::htmt(&fit, &assessment, Some(&boot), language).svg(&theme).unwrap()),
        figure("a-heat", results::correlations(&fit, language).svg(&theme).unwrap()),
        figure("a-bootstrap", results::distributions(&fit, &boot, language).svg(&theme).unwrap()),
    ];
    document.parts.push(Part { anchor: "figures".to_owned(), heading: "Figures".to_owned(), blocks });
    document.to_html().unwrap()
}

#[test]
fn everyone_can_read_the_report() {
    for language in [Language::English, Language::Chinese] {
        let found = faults(&page(language), language.tag());
        assert!(found.is_empty(), "{language}:\n{}", found.join("\n"));
    }
}

#[test]
fn everyone_can_read_any_verbs_page() {
    let mut table = Table::new("one", "One & only", vec![Column::words("a", "A"), Column::numbers("b", "B")]);
    table.push(vec![Cell::Blank, Cell::bounded(0.3)]);
    table.push(vec![Cell::text("x"), Cell::NotApplicable("single item".to_owned())]);
    let document = Document::of_tables("A \"page\" <of> one table", [table]);
    let found = faults(&document.to_html().unwrap(), "en");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What figures write stands out from what it is written on.
#[test]
fn figures_can_be_read() {
    for theme in [Theme::screen(), Theme::journal()] {
        let palette = &theme.palette;
        let grounds = [&palette.paper, &palette.factor[1], &palette.composite[1], &palette.single[1]];
        let mut low = String::new();
        for ground in grounds {
            let found = contrast(&palette.ink, ground);
            if found < 7.0 {
                let _ = writeln!(low, "ink on {ground}: {found:.2}");
            }
        }
        // Coefficients that are not significant or negative, on their plates.
        for text in [&palette.muted, &palette.negative] {
            let found = contrast(text, &palette.paper);
            if found < 4.5 {
                let _ = writeln!(low, "{text} on paper: {found:.2}");
            }
        }
        for line in [&palette.accent, &palette.factor[0], &palette.composite[0], &palette.single[0]] {
            let found = contrast(line, &palette.paper);
            if found < 3.0 {
                let _ = writeln!(low, "the line {line} on paper: {found:.2}");
            }
        }
        assert!(low.is_empty(), "{low}");
    }
}

#[test]
fn every_rule_can_fail() {
    let good = page(Language::English);
    let once = |from: &str, to: &str| {
        assert!(good.contains(from), "the page has no {from}");
        good.replacen(from, to, 1)
    };
    for (broken, said) in [
        (once("<html lang=\"en\">", "<html>"), "does not say that it is in en"),
        (once("<h2 ", "<h4 ").replacen("</h2>", "</h4>", 1), "after level 1"),
        (once("<main id=\"main\">", "<div id=\"main\">"), "0 elements <main>"),
        (once("<main id=\"main\">", "<main id=\"hauptteil\">"), "a link leads to `main`"),
        (once("<main id=\"main\">", "<main id=\"main\"><p id=\"words\"></p><p id=\"words\"></p>"), "`words`"),
        (once("<th scope=\"row\"", "<th"), "heads nothing"),
        (once("role=\"img\"", "role=\"group\""), "not said to be a picture"),
        (once("tabindex=\"0\" role=\"region\"", "tabindex=\"2\" role=\"region\""), "jumps the order"),
        (once("<nav class=\"toc\" aria-label=", "<nav class=\"toc\" data-label="), "contents without a name"),
        (once("<footer", "<img src=\"data:,\"><footer"), "image without words"),
        (once("<footer", "<button></button><footer"), "<button> can be reached and has no name"),
        (once("--muted: #5a6577", "--muted: #9aa5b7"), "muted #9aa5b7 on paper #ffffff (light)"),
        (once("--muted: #a3adbc", "--muted: #5a6577"), "(dark)"),
        (once("<span class=\"hidden\">check: </span>", ""), "by its colour alone"),
        (once("width=device-width", "user-scalable=no"), "cannot be enlarged"),
        (good.replace("<caption", "<b").replace("</caption>", "</b>"), "without a caption"),
    ] {
        let found = faults(&broken, "en");
        assert!(found.iter().any(|fault| fault.contains(said)), "{said}: {found:?}");
    }
}

#[test]
fn contrast_is_that_of_the_guidelines() {
    assert!((contrast("#000000", "#fff") - 21.0).abs() < 1e-9);
    // The example of the guidelines' tools: the lightest grey that passes on white.
    assert!(contrast("#767676", "#ffffff") >= 4.5 && contrast("#777777", "#ffffff") < 4.5);
}
