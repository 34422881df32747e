//! Differences of two effects: `A -> B - C -> B` is the path from A to B less the path from C to B, and a longer chain
//! stands for the indirect effect along it.

use super::ResampleError;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::Model;
use crate::stats::real::Real;

/// A difference of two effects, in positions of the model's paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contrast {
    /// As it is shown: `A → B − C → B`.
    pub(super) name: String,
    left: Vec<usize>,
    right: Vec<usize>,
}

impl Contrast {
    /// Reads a contrast.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if it is no difference of two chains of the model's paths.
    pub(super) fn parse(text: &str, model: &Model) -> Result<Self, ResampleError> {
        let plain = text.replace('→', "->").replace('−', "-");
        // The minus between the chains stands free, the one of an arrow does not.
        let sides: Vec<&str> = plain.split(" - ").map(str::trim).collect();
        let [left, right] = sides.as_slice() else {
            return Err(Diagnostic::error("TP0608", format!("`{text}` is no difference of two effects"))
                .hint("write it as `A -> B - C -> B`, with blanks around the minus")
                .into());
        };
        let (left, shown_left) = chain(left, text, model)?;
        let (right, shown_right) = chain(right, text, model)?;
        if left == right {
            let message = format!("`{text}` compares an effect with itself");
            return Err(Diagnostic::error("TP0608", message).into());
        }
        Ok(Self { name: format!("{shown_left} − {shown_right}"), left, right })
    }

    /// Its value from the path coefficients of one estimate, or of sixteen side by side.
    pub(super) fn value<R: Real>(&self, paths: &[R]) -> R {
        let effect = |chain: &[usize]| chain.iter().fold(R::one(), |product, &path| product * paths[path]);
        effect(&self.left) - effect(&self.right)
    }
}

/// The paths along `A -> B -> C`, and the chain as it is shown.
fn chain(side: &str, text: &str, model: &Model) -> Result<(Vec<usize>, String), ResampleError> {
    let names: Vec<&str> = side.split("->").map(str::trim).collect();
    if names.len() < 2 || names.iter().any(|name| name.is_empty()) {
        return Err(Diagnostic::error("TP0608", format!("`{side}` in `{text}` is no effect"))
            .hint("write an effect as `A -> B`, or along a chain as `A -> M -> B`")
            .into());
    }
    for name in &names {
        if model.find(name).is_none() {
            let problem = Diagnostic::error("TP0608", format!("`{name}` in `{text}` is no construct"));
            let known = model.construct_names();
            return Err(match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem,
            }
            .into());
        }
    }
    let mut paths = Vec::new();
    for step in names.windows(2) {
        let at = model.paths().iter().position(|path| {
            model.construct(path.from).name == step[0] && model.construct(path.to).name == step[1]
        });
        let Some(at) = at else {
            let message = format!("the model has no path `{} -> {}`, which `{text}` names", step[0], step[1]);
            return Err(Diagnostic::error("TP0608", message)
                .hint("total effects cannot be compared here, only paths and chains of paths")
                .into());
        };
        paths.push(at);
    }
    Ok((paths, names.join(" → ")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn model() -> Model {
        Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nB ~ A\nC ~ A + B").unwrap()
    }

    #[test]
    fn paths_and_chains_are_compared() {
        let contrast = Contrast::parse("A -> C - B -> C", &model()).unwrap();
        assert_eq!(contrast.name, "A → C − B → C");
        let paths = [0.5, 0.3, 0.2];
        assert!((contrast.value(&paths) - 0.1).abs() < 1e-15);
        let chain = Contrast::parse("A→B→C − A→C", &model()).unwrap();
        assert!((chain.value(&paths) - (0.1 - 0.3)).abs() < 1e-15);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let message = |text: &str| Contrast::parse(text, &model()).unwrap_err().to_string();
        assert!(message("A -> C").contains("no difference"));
        assert!(message("A -> C - AA -> C").contains("`AA`"));
        assert!(message("A -> C - C -> A").contains("no path `C -> A`"));
        assert!(message("A -> C - A -> C").contains("itself"));
        assert!(message("A - B").contains("no effect"));
    }
}
