//! From a moderation analysis to its charts.

use super::super::{JohnsonNeyman, Language, PlotError, SlopeBand, SlopeLine, Slopes, Surface, Svg, Theme};
use super::{interval_words, label};
use crate::effects::{At, Moderation, Prediction};
use crate::model::words;
use crate::pls::PlsFit;

/// Fields along each side of a surface, and one more.
const STEPS: usize = 41;

words! {
    /// What is drawn of interactions.
    InteractionChart: "chart of interactions" {
        /// The outcome over the predictor at values of the moderator.
        Slopes = "slopes",
        /// The slope over the range of the moderator.
        JohnsonNeyman = "johnson-neyman",
        /// The outcome over predictor and moderator.
        Surface = "surface",
    }
}

impl InteractionChart {
    fn title(self) -> &'static str {
        match self {
            Self::Slopes => "Simple slopes",
            Self::JohnsonNeyman => "Regions of significance (Johnson-Neyman)",
            Self::Surface => "Response surface",
        }
    }

    /// What a model lacks that has none.
    pub fn why_not(self) -> &'static str {
        match self {
            Self::Slopes => "the predictor does not vary",
            Self::JohnsonNeyman => "a binary moderator has two slopes and no region",
            Self::Surface => {
                "a surface needs a moderator of more than two values that is not the predictor itself"
            }
        }
    }

    /// All charts of the kind under each other.
    ///
    /// # Errors
    /// [`PlotError::Empty`] if no interaction has one ([`Self::why_not`]), or why a chart cannot be drawn.
    pub fn svg(
        self,
        fit: &PlsFit,
        analysis: &Moderation,
        language: Language,
        theme: &Theme,
    ) -> Result<Svg, PlotError> {
        let all: Result<Vec<Svg>, PlotError> = match self {
            Self::Slopes => slopes(fit, analysis, language).iter().map(|chart| chart.svg(theme)).collect(),
            Self::JohnsonNeyman => {
                johnson_neyman(fit, analysis, language).iter().map(|chart| chart.svg(theme)).collect()
            }
            Self::Surface => surfaces(fit, analysis, language).iter().map(|chart| chart.svg(theme)).collect(),
        };
        Svg::stacked(theme, &language.say(self.title()), &all?)
            .ok_or_else(|| PlotError::Empty(self.word().to_owned()))
    }
}

/// What charts say about constructs.
struct Names<'a> {
    fit: &'a PlsFit,
    language: Language,
}

impl Names<'_> {
    fn of(&self, name: &str) -> String {
        let model = &self.fit.model;
        model
            .find(name)
            .map_or_else(|| name.to_owned(), |id| label(model, model.construct(id), self.language))
    }

    /// `Trust +1 SD`, or `Gender = 2` of two values.
    fn at(&self, at: &At) -> String {
        let name = self.of(&at.moderator);
        match at.label.split_once(" = ") {
            Some((_, value)) => format!("{name} = {value}"),
            None => format!("{name} {}", self.language.say(&at.label)),
        }
    }

    fn title(&self, factors: &[&str], outcome: &str, at: &[At]) -> String {
        let mut names: Vec<String> = factors.iter().map(|name| self.of(name)).collect();
        names.dedup();
        let mut title = format!("{} → {}", names.join(" × "), self.of(outcome));
        if !at.is_empty() {
            let words: Vec<String> = at.iter().map(|at| self.at(at)).collect();
            title.push_str(&format!(" ({})", words.join(", ")));
        }
        title
    }
}

/// Simple slopes: one chart per product and value of its further moderators, one line per value of its first.
pub fn slopes(fit: &PlsFit, analysis: &Moderation, language: Language) -> Vec<Slopes> {
    let names = Names { fit, language };
    let same = |a: &Prediction, b: &Prediction| {
        let named = |p: &Prediction| p.at.iter().map(|at| at.moderator.clone()).collect::<Vec<_>>();
        let further = |p: &Prediction| p.at.iter().skip(1).map(|at| at.label.clone()).collect::<Vec<_>>();
        (&a.focal, &a.outcome, named(a), further(a)) == (&b.focal, &b.outcome, named(b), further(b))
    };
    let mut groups: Vec<Vec<&Prediction>> = Vec::new();
    for one in &analysis.predictions {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| same(first, one))) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups.iter().filter_map(|group| chart(&names, analysis, group)).collect()
}

fn chart(names: &Names<'_>, analysis: &Moderation, group: &[&Prediction]) -> Option<Slopes> {
    let first = group.first()?;
    let mut lines: Vec<(&[At], SlopeLine)> = Vec::new();
    for one in group {
        let point = (one.value, one.predicted);
        if let Some((_, line)) = lines.iter_mut().find(|(at, _)| *at == one.at.as_slice()) {
            line.points.push(point);
            continue;
        }
        let slope = analysis
            .simple_slopes
            .iter()
            .find(|slope| slope.from == one.focal && slope.to == one.outcome && slope.at == one.at);
        let line = SlopeLine {
            name: one.at.first().map_or_else(String::new, |at| names.at(at)),
            slope: slope.map(|slope| slope.effect.original),
            interval: slope.map(|slope| (slope.effect.low, slope.effect.high)),
            points: vec![point],
        };
        lines.push((&one.at, line));
    }
    // The slope of a curve is another one at every point.
    let mut lines: Vec<SlopeLine> = lines.into_iter().map(|(_, line)| line).collect();
    for line in lines.iter_mut().filter(|line| line.points.len() > 2) {
        (line.slope, line.interval) = (None, None);
    }
    let mut factors = vec![first.focal.as_str()];
    factors.extend(first.at.first().map(|at| at.moderator.as_str()));
    Some(Slopes {
        title: names.title(&factors, &first.outcome, first.at.get(1..).unwrap_or_default()),
        axes: [names.of(&first.focal), names.of(&first.outcome)],
        interval: interval_words(analysis.interval, analysis.level, names.language),
        lines,
    })
}

/// Slopes over the range of the moderator: one chart per probe.
pub fn johnson_neyman(fit: &PlsFit, analysis: &Moderation, language: Language) -> Vec<JohnsonNeyman> {
    let names = Names { fit, language };
    analysis
        .johnson_neyman
        .iter()
        .map(|probe| JohnsonNeyman {
            title: names.title(&[&probe.focal, &probe.moderator], &probe.outcome, &probe.at),
            names: [&probe.focal, &probe.moderator, &probe.outcome].map(|name| names.of(name)),
            bands: probe
                .bands
                .iter()
                .map(|band| SlopeBand { at: band.at, slope: band.effect, low: band.low, high: band.high })
                .collect(),
            borders: probe.points.clone(),
            interval: interval_words(analysis.interval, analysis.level, language),
            language,
        })
        .collect()
}

/// Outcomes over predictor and moderator, further moderators at their means; where the moderator is binary or the
/// predictor itself there is no surface.
pub fn surfaces(fit: &PlsFit, analysis: &Moderation, language: Language) -> Vec<Surface> {
    let names = Names { fit, language };
    let mut done: Vec<[&str; 3]> = Vec::new();
    let mut surfaces = Vec::new();
    for probe in &analysis.johnson_neyman {
        let which = [probe.focal.as_str(), probe.moderator.as_str(), probe.outcome.as_str()];
        if which[0] == which[1] || done.contains(&which) {
            continue;
        }
        done.push(which);
        let Some(found) = Moderation::surface(fit, which[0], which[1], which[2], STEPS) else { continue };
        surfaces.push(Surface {
            title: names.title(&which[..2], which[2], &[]),
            names: which.map(|name| names.of(name)),
            predictor: found.focal,
            moderator: found.moderator,
            outcome: found.predicted,
            language,
        });
    }
    surfaces
}
