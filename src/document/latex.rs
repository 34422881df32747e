//! Documents as LaTeX: whole ones that compile by themselves, or tables to be taken into a manuscript.

use super::tex::table;
use super::{Block, Document, Exhibit, checks};
use crate::table::tex::escape;
use crate::table::{Language, Table};

/// What the tables need.
const PACKAGES: &str = "\\usepackage{amssymb,array,booktabs,caption,float,longtable,graphicx}";

/// Everything before the text. `pdfTeX` reads UTF-8 by itself; Chinese needs `XeTeX` or `LuaTeX`.
const PREAMBLE: &str = "\\usepackage{iftex}
\\usepackage[a4paper,margin=22mm]{geometry}
\\ifpdftex\\usepackage[T1]{fontenc}\\usepackage{textcomp}\\fi
\\captionsetup[table]{labelfont=bf,textfont=it,labelsep=newline,justification=raggedright,singlelinecheck=false}
\\captionsetup[figure]{labelfont=bf,justification=raggedright,singlelinecheck=false}
\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{6pt}\\emergencystretch=3em
";

impl Table {
    /// A LaTeX table: `booktabs` rules, numbers aligned on the point, notes below.
    pub fn to_latex(&self) -> String {
        table(&Exhibit::new(self.clone()).never_bare(), true)
    }
}

impl Document {
    /// The document as LaTeX that compiles by itself. A figure is included from its file if it has one.
    pub fn to_latex(&self) -> String {
        let chinese = self.has_chinese();
        let class = match (self.language, chinese) {
            (Language::Chinese, _) => {
                "% Compile with xelatex or lualatex.\n\\documentclass[11pt,fontset=fandol]{ctexart}\n"
            }
            (_, true) => {
                "% Compile with xelatex or lualatex.\n\\documentclass[11pt,fontset=fandol,scheme=plain]{ctexart}\n"
            }
            _ => "\\documentclass[11pt]{article}\n",
        };
        let mut out = format!("{class}{PACKAGES}\n{PREAMBLE}\\title{{{}}}\n", escape(&self.title));
        out.push_str("\\author{}\\date{}\n\\begin{document}\n\\maketitle\n");
        for line in self.other_title.iter().map(|(title, _)| title).chain(&self.subtitle) {
            out.push_str(&format!("{}\n\n", escape(line)));
        }
        if !self.strip.is_empty() {
            let strip: Vec<String> = self
                .strip
                .iter()
                .map(|(name, value)| format!("{}: {}", escape(name), escape(value)))
                .collect();
            out.push_str(&format!("{{\\small {}}}\n\n", strip.join("; ")));
        }
        out.push_str(&self.body());
        out.push_str("\\end{document}\n");
        out
    }

    /// The tables alone, to be taken into a manuscript.
    pub fn to_latex_tables(&self) -> String {
        let mut out = format!("% {PACKAGES}\n");
        for block in self.parts.iter().flat_map(|part| &part.blocks) {
            match block {
                Block::Exhibit(exhibit) => out.push_str(&format!("\n{}", table(exhibit, true))),
                // What must be read first stays visible to whoever takes the tables over.
                Block::Alarm(_, heading, lines) => {
                    for line in std::iter::once(heading).chain(lines) {
                        out.push_str(&format!("% {}\n", line.replace(['\n', '\r'], " ")));
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn has_chinese(&self) -> bool {
        self.to_markdown().chars().any(|c| ('\u{3000}'..='\u{9fff}').contains(&c) || c > '\u{ff00}')
    }

    fn body(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            if !part.heading.is_empty() {
                out.push_str(&format!("\\section{{{}}}\n", escape(&part.heading)));
            }
            for block in &part.blocks {
                out.push_str(&self.block(block));
                out.push('\n');
            }
        }
        out
    }

    fn block(&self, block: &Block) -> String {
        match block {
            Block::Paragraph(words) => format!("{}\n", escape(words)),
            Block::Lead(words) => format!("\\textbf{{{}}}\n", escape(words)),
            Block::Note(words) => format!("{{\\small {}}}\n", escape(words)),
            Block::Paste(words) => format!("\\begin{{quote}}\n{}\n\\end{{quote}}\n", escape(words)),
            Block::Alarm(verdict, heading, lines) => format!(
                "\\begin{{quote}}\\textbf{{{} {}}}\n{}\\end{{quote}}\n",
                escape(verdict.symbol()),
                escape(heading),
                items(lines)
            ),
            Block::Checks(lights) => {
                // The list of checks has no number.
                table(&checks(lights, self.language), false)
            }
            Block::Exhibit(exhibit) => {
                let reading = if exhibit.reading.is_empty() {
                    String::new()
                } else {
                    format!("\n{}\n", escape(&exhibit.reading))
                };
                format!("{}{reading}", table(exhibit, true))
            }
            Block::Figure(figure) => {
                let picture = figure.file.as_ref().map_or(String::new(), |file| {
                    format!(
                        "\\includegraphics[width=\\linewidth,height=.8\\textheight,keepaspectratio]{{\\detokenize{{{}}}}}\n",
                        file.replace(['{', '}', '\\'], "_")
                    )
                });
                format!(
                    "\\begin{{figure}}[H]\n{picture}\\caption{{{}. {}}}\n\\end{{figure}}\n",
                    escape(figure.title.trim_end_matches('.')),
                    escape(&figure.caption)
                )
            }
            Block::References(heading, works) => {
                let works: Vec<String> = works
                    .iter()
                    .map(|work| format!("\\noindent\\hangindent=1.5em {}\\par\n", escape(work)))
                    .collect();
                let works = works.concat();
                format!("\\subsection*{{{}}}\n{works}", escape(heading))
            }
        }
    }
}

fn items(lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("\\item {}\n", escape(line))).collect();
    format!("\\begin{{itemize}}\n{}\\end{{itemize}}\n", lines.concat())
}
