//! Each form of output parsed back into the cells of a table, and these compared with the table.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use trustpath::document::{Document, Exhibit};
use trustpath::table::{Cell, Table};

/// A cell as text without signs, blanks of alignment, and with a plain minus.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace('−', "-").replace(['\u{2007}', '\u{2008}'], "").replace('\u{a0}', " ");
    let text = text.trim();
    let text = text.strip_prefix("! ").or_else(|| text.strip_prefix("✗ ")).unwrap_or(text).trim();
    // A page shows the reason beside the verdict, not after a colon.
    text.replace("check: ", "check ").replace("fail: ", "fail ").replace("n/a: ", "n/a ")
}

/// The table of a document with this key.
pub(crate) fn exhibit<'a>(document: &'a Document, key: &str) -> &'a Exhibit {
    document.exhibits().find(|exhibit| exhibit.table.key == key).unwrap_or_else(|| panic!("no table {key}"))
}

/// The cells of a table as a reader sees them.
fn wanted(table: &Table) -> Vec<Vec<String>> {
    (0..table.rows.len())
        .map(|r| (0..table.columns.len()).map(|c| plain(&table.shown(r, c))).collect())
        .collect()
}

/// Compares cell by cell and names what differs.
fn compare(form: &str, exhibit: &Exhibit, found: &[Vec<String>]) {
    let key = &exhibit.table.key;
    let wanted = wanted(&exhibit.table);
    assert_eq!(found.len(), wanted.len(), "{form}: rows of {key}");
    for (r, (row, expected)) in found.iter().zip(&wanted).enumerate() {
        assert_eq!(row, expected, "{form}: row {r} of {key}");
    }
}

pub(crate) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// Text between tags.
pub(crate) fn stripped(markup: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    unescape(&out)
}

/// A file inside of a packed one.
pub(crate) fn unpacked(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// HTML has every cell of the tables with these keys.
pub(crate) fn in_html(html: &str, document: &Document, keys: &[&str]) {
    for key in keys {
        let start = format!("<div class=\"exhibit\" id=\"table-{key}\"");
        let (_, rest) = html.split_once(&start).unwrap_or_else(|| panic!("HTML: no table {key}"));
        let (_, rest) = rest.split_once("<tbody>").unwrap();
        let (body, _) = rest.split_once("</tbody>").unwrap();
        let found: Vec<Vec<String>> = body
            .split("<tr")
            .skip(1)
            .map(|row| {
                let row = row.replace("<td", "<th").replace("</td>", "</th>");
                row.split("<th ")
                    .skip(1)
                    .map(|cell| {
                        let cell = cell.split("</th>").next().unwrap_or_default();
                        let cell = format!("<th {cell}");
                        // Labels below and the words of signs are not the cell.
                        let cell = cell.split("<span class=\"below\">").next().unwrap_or_default().to_owned();
                        let cell = match cell.split_once("<span class=\"hidden\">") {
                            Some((before, after)) => {
                                let (_, after) = after.split_once("</span></span>").unwrap();
                                let before = before.split("<span class=\"sign\">").next().unwrap_or_default();
                                format!("{before}{after}")
                            }
                            None => cell,
                        };
                        plain(&stripped(&cell))
                    })
                    .collect()
            })
            .collect();
        compare("HTML", exhibit(document, key), &found);
    }
}

/// Markdown has every cell.
pub(crate) fn in_markdown(markdown: &str, document: &Document, keys: &[&str]) {
    for key in keys {
        let exhibit = exhibit(document, key);
        let title = format!(". {}**\n\n", exhibit.table.title.replace('|', "\\|"));
        let (_, rest) = markdown.split_once(&title).unwrap_or_else(|| panic!("Markdown: no table {key}"));
        let found: Vec<Vec<String>> = rest
            .lines()
            .take_while(|line| line.starts_with('|'))
            .skip(2)
            .enumerate()
            .map(|(r, line)| {
                let cells = line.trim_start_matches("| ").trim_end_matches('|').trim_end_matches(' ');
                // A blank cell at the end leaves its bar behind.
                let cells = format!("{cells} ");
                let cells = cells.split(" | ").map(str::trim).collect::<Vec<_>>();
                cells
                    .into_iter()
                    .enumerate()
                    .map(|(c, cell)| {
                        let below = exhibit.below.get(&(r, c));
                        let below = below.map_or_else(String::new, |words| format!(" ({words})"));
                        plain(
                            &unescape(cell.strip_suffix(below.as_str()).unwrap_or(cell)).replace("\\|", "|"),
                        )
                    })
                    .collect()
            })
            .collect();
        compare("Markdown", exhibit, &found);
    }
}

/// The text behind what our LaTeX writes.
fn from_latex(cell: &str) -> String {
    let mut text = cell.trim().to_owned();
    for command in ["\\phantom{", "\\llap{"] {
        while let Some(start) = text.find(command) {
            let end = start + text[start..].find('}').unwrap();
            text.replace_range(start..=end, "");
        }
    }
    for (from, to) in [
        ("$\\rightarrow$", "→"),
        ("$\\leftrightarrow$", "↔"),
        ("$\\checkmark$", "✓"),
        ("$\\otimes$", "✗"),
        ("$-$", "-"),
        ("$<$", "<"),
        ("$>$", ">"),
        ("$|$", "|"),
        ("$\\rho$", "ρ"),
        ("$\\chi$", "χ"),
        ("$\\pm$", "±"),
        ("--", "–"),
        ("\\textasciitilde{}", "~"),
        ("\\_", "_"),
        ("\\%", "%"),
        ("$^2$", "²"),
    ] {
        text = text.replace(from, to);
    }
    plain(text.strip_prefix("{}").unwrap_or(&text))
}

/// LaTeX has every cell.
pub(crate) fn in_latex(latex: &str, document: &Document, keys: &[&str]) {
    for key in keys {
        let label = format!("\\label{{tab:{}}}", key.replace('_', "-"));
        let (_, rest) = latex.split_once(&label).unwrap_or_else(|| panic!("LaTeX: no table {key}"));
        // A table too wide for the page stands in parts, each with the first column again.
        let region = rest.split("\\label{tab:").next().unwrap();
        let marker = if region.contains("\\endlastfoot") { "\\endlastfoot\n" } else { "\\midrule\n" };
        let mut found: Vec<Vec<String>> = Vec::new();
        for (at, part) in region.split(marker).skip(1).enumerate() {
            let end = part.find("\\bottomrule").unwrap_or(part.len()).min(part.find("\\end{").unwrap());
            let rows = part[..end].lines().filter(|line| {
                line.ends_with("\\\\") && !line.contains("\\scriptsize") && !line.contains("\\tiny")
            });
            for (r, line) in rows.enumerate() {
                let cells = line.trim_end_matches("\\\\").split(" & ").map(from_latex);
                if at == 0 {
                    found.push(cells.collect());
                } else {
                    found[r].extend(cells.skip(1));
                }
            }
        }
        compare("LaTeX", exhibit(document, key), &found);
    }
    assert_eq!(latex.matches("\\begin{").count(), latex.matches("\\end{").count());
}

/// Word has every cell, and repeats the row of headings on each page.
pub(crate) fn in_word(bytes: &[u8], document: &Document, keys: &[&str]) {
    let xml = unpacked(bytes, "word/document.xml");
    for key in keys {
        let exhibit = exhibit(document, key);
        let title = exhibit.table.title.replace('&', "&amp;").replace('<', "&lt;");
        let mut found: Vec<Vec<String>> = Vec::new();
        // A table too wide for the page stands in parts under the same title, each with the first column again.
        let title = format!(">{title}</w:t>");
        let places = xml.match_indices(&title).map(|(at, _)| xml.split_at(at));
        // A heading may say the same.
        let captions = places.filter(|(before, _)| {
            let paragraph = before.rsplit("<w:p ").next().unwrap_or_default();
            paragraph.contains("w:val=\"Caption\"")
        });
        for (at, (_, rest)) in captions.enumerate() {
            let (_, rest) = rest.split_once("<w:tbl>").unwrap();
            let (body, _) = rest.split_once("</w:tbl>").unwrap();
            let rows = body.split("<w:tr>").skip(2).map(|row| {
                row.split("<w:tc>").skip(1).map(|cell| {
                    let first = cell.split("</w:p>").next().unwrap_or_default();
                    let text: String = first
                        .split("<w:t ")
                        .skip(1)
                        .map(|run| {
                            let (_, text) = run.split_once('>').unwrap();
                            text.split("</w:t>").next().unwrap_or_default().to_owned()
                        })
                        .collect();
                    plain(&unescape(&text))
                })
            });
            for (r, cells) in rows.enumerate() {
                if at == 0 {
                    found.push(cells.collect());
                } else {
                    found[r].extend(cells.skip(1));
                }
            }
            assert!(body.split("<w:tr>").nth(1).unwrap().contains("<w:tblHeader />"), "{key}");
        }
        compare("Word", exhibit, &found);
    }
}

/// Excel has every number at full precision.
pub(crate) fn in_excel(bytes: Vec<u8>, document: &Document, keys: &[&str]) {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    for key in keys {
        let exhibit = exhibit(document, key);
        let table = &exhibit.table;
        let sheet = book.worksheet_range(key).unwrap_or_else(|_| panic!("Excel: no sheet {key}"));
        let headings: Vec<String> = (0..sheet.width())
            .map(|c| {
                sheet.get_value((1, u32::try_from(c).unwrap())).map(ToString::to_string).unwrap_or_default()
            })
            .collect();
        // Two columns may have one heading: the first that was not taken yet.
        let mut taken: Vec<bool> = vec![false; headings.len()];
        let mut column = |words: &str| {
            let found = headings.iter().enumerate().position(|(at, h)| h == words && !taken[at]);
            let at = found.unwrap_or_else(|| panic!("{key}: no column {words} in {headings:?}"));
            taken[at] = true;
            u32::try_from(at).unwrap()
        };
        let places: Vec<Vec<u32>> = (0..table.columns.len())
            .map(|c| {
                let heading = &table.columns[c].heading;
                if table.is_interval(c) {
                    vec![column(&format!("{heading}, low")), column(&format!("{heading}, high"))]
                } else {
                    vec![column(heading)]
                }
            })
            .collect();
        // The title and the headings stand above; what stands below numbers has a line of its own.
        let mut row = 2_u32;
        for r in 0..table.rows.len() {
            for (c, places) in places.iter().enumerate() {
                let at = |place: usize| sheet.get_value((row, places[place])).cloned().unwrap_or(Data::Empty);
                match &table.rows[r][c] {
                    Cell::Number { value, .. } | Cell::Probability(value) => {
                        assert_eq!(at(0), Data::Float(*value), "{key}, row {r}");
                    }
                    Cell::Integer(value) => {
                        assert_eq!(at(0).to_string(), value.to_string(), "{key}, row {r}");
                    }
                    Cell::Interval { low, high, .. } => {
                        assert_eq!((at(0), at(1)), (Data::Float(*low), Data::Float(*high)), "{key}, row {r}");
                    }
                    _ if table.is_interval(c) => {}
                    Cell::Blank => {}
                    other => assert_eq!(plain(&at(0).to_string()), plain(&other.show()), "{key}, row {r}"),
                }
            }
            let numeric = |c: usize| table.columns[c].align == trustpath::table::Align::Decimal;
            row += 1 + u32::from(exhibit.below.keys().any(|(at, c)| *at == r && numeric(*c)));
        }
    }
}

/// JSON has every number at full precision.
pub(crate) fn in_json(document: &Document, keys: &[&str]) {
    for key in keys {
        let table = &exhibit(document, key).table;
        let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(table).unwrap()).unwrap();
        for (r, row) in table.rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                if let Some(value) = cell.value() {
                    assert_eq!(json["rows"][r][c].as_f64(), Some(value), "{key}, row {r}, column {c}");
                }
            }
        }
    }
}

/// Every form of a document has every cell of these tables.
pub(crate) fn in_every_form(document: &Document, keys: &[&str]) {
    in_html(&document.to_html().unwrap(), document, keys);
    in_markdown(&document.to_markdown(), document, keys);
    in_latex(&document.to_latex(), document, keys);
    in_word(&document.to_docx().unwrap(), document, keys);
    in_excel(document.to_xlsx().unwrap(), document, keys);
    in_json(document, keys);
}
