//! `slalom list datasets`: each set in a few figures, from its examples.

use serde_json::{Value, json};

use crate::cli::figures;
use crate::problem::dataset::{BuiltIn, Summary, TargetSummary};

/// The features in one line, and the target in another.
pub(super) fn lines(summary: &Summary) -> [String; 2] {
    let features = format!(
        "{}, {} from {}{}",
        figures::number_of(summary.examples, "example"),
        figures::number_of(summary.features, "feature"),
        figures::range(summary.range),
        figures::constant(summary),
    );
    [features, figures::target(summary)]
}

pub(super) fn object(set: &BuiltIn) -> Value {
    let examples = set.load();
    let summary = examples.summary();
    json!({
        "name": set.name,
        "about": set.about,
        "from": set.from,
        "examples": summary.examples,
        "features": examples.names,
        "range": summary.range,
        "constant": summary.constant,
        "target": target(&summary.target),
    })
}

fn target(target: &TargetSummary) -> Value {
    match target {
        TargetSummary::Numeric(range) => json!({ "kind": "number", "range": range }),
        TargetSummary::Classes(classes) => {
            let classes: Vec<Value> = classes
                .iter()
                .map(|(name, examples)| json!({ "name": name, "examples": examples }))
                .collect();
            json!({ "kind": "classes", "classes": classes })
        }
    }
}
