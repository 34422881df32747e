//! Codes for missing answers that were taken for answers.

use serde::Serialize;

use super::Sample;

/// Numbers that surveys use for missing answers.
const CODES: [f64; 12] =
    [-9.0, -99.0, -999.0, -9999.0, -8.0, -88.0, -7.0, -77.0, 99.0, 999.0, 9999.0, 99999.0];

/// A number among the answers that is most likely a code for a missing one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuspectCode {
    /// The number.
    pub code: f64,
    /// How often it stands there.
    pub answers: usize,
    /// The items that hold it.
    pub items: Vec<String>,
}

impl Sample {
    /// Numbers that surveys use for missing answers, where the other answers to the item are those of a rating scale.
    pub fn suspect_codes(&self) -> Vec<SuspectCode> {
        let mut found = Vec::new();
        for code in CODES {
            let (mut answers, mut items) = (0, Vec::new());
            for (item, column) in self.items.iter().zip(&self.columns) {
                let count = column.iter().filter(|x| **x == code).count();
                let mut rest = column.iter().filter(|x| !x.is_nan() && !CODES.contains(x)).peekable();
                if count > 0 && rest.peek().is_some() && rest.all(|x| (0.0..=11.0).contains(x)) {
                    answers += count;
                    items.push(item.clone());
                }
            }
            if !items.is_empty() {
                found.push(SuspectCode { code, answers, items });
            }
        }
        found
    }
}
