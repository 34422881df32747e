//! Where the constructs of a model in stages are measured.

use super::fit::PlsFit;

impl PlsFit {
    /// The fit in which answers are items: the first stage, with every construct that items measure.
    pub fn first_stage(&self) -> &PlsFit {
        self.earlier().first().unwrap_or(self)
    }

    /// Whether a construct is corrected for attenuation, in any stage.
    pub fn is_corrected(&self) -> bool {
        let stages = self.earlier().iter().chain([self]);
        stages.flat_map(|stage| &stage.plan.blocks).any(|block| block.corrected)
    }

    /// Stages before the last, by position, and the constructs there whose measurement the last does not show: components,
    /// and constructs that it knows by their scores only. Each stands once, in the last stage that weighs its items.
    pub fn measured_before(&self) -> Vec<(usize, Vec<usize>)> {
        let written = self.written();
        let items = |of: &PlsFit, name: &str| {
            of.model.find(name).map(|id| of.model.construct(id).indicators.len()).unwrap_or_default()
        };
        let mut seen: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for (at, stage) in self.earlier().iter().enumerate().rev() {
            let hidden = |name: &str| {
                let Some(id) = written.find(name) else { return false };
                let here = self.model.find(name).map(|id| self.model.construct(id));
                // A whole is assessed where its components are its items.
                let whole = written.construct(id).components().is_some();
                match here {
                    None => written.whole_of(id).is_some(),
                    Some(here) => {
                        !whole && here.factors().is_none() && items(self, name) < items(stage, name)
                    }
                }
            };
            let names = stage.constructs();
            let own: Vec<usize> =
                (0..names.len()).filter(|&j| hidden(&names[j]) && !seen.contains(&names[j])).collect();
            seen.extend(own.iter().map(|&j| names[j].clone()));
            if !own.is_empty() {
                found.push((at, own));
            }
        }
        found
    }

    /// Whether two constructs are to be told apart: a product is made of others, and a construct of constructs holds its
    /// components and theirs.
    pub fn comparable(&self, i: usize, j: usize) -> bool {
        let constructs = self.model.constructs();
        let (Some(one), Some(other)) = (constructs.get(i), constructs.get(j)) else { return false };
        let written = self.written();
        let holds = |whole: &str, part: &str| {
            let mut at = written.find(part);
            while let Some(up) = at.and_then(|id| written.whole_of(id)) {
                if written.construct(up).name == whole {
                    return true;
                }
                at = Some(up);
            }
            false
        };
        one.factors().is_none()
            && other.factors().is_none()
            && !holds(&one.name, &other.name)
            && !holds(&other.name, &one.name)
    }
}
