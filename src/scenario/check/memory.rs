//! How much memory a race will take, estimated before it starts.

use crate::problem::dataset::Features;
use crate::problem::mlp::{ABREAST, Architecture, CHUNK, KEPT, ModelKind, STREAMED};
use crate::scenario::{Entrant, ModelTask, Precision};

/// Vectors as long as the parameters that an optimizer of the registry remembers, about: axes of
/// matrices are counted as two more.
fn moments(id: &str) -> u128 {
    match id {
        "muon" | "schedule-free-sgd" | "schedule-free-adamw" | "prodigy" => 4,
        "soap" => 6,
        "lbfgs" => 29,
        _ => 2,
    }
}

/// Bytes that each example takes whatever it is read from: its answer, read and split, and its row
/// in the part it belongs to.
const ANSWER: u128 = 32;

/// About how many bytes the `racers` of `task` take; `streamed` says that features stay in their
/// file. In 128 bits nothing that passed the checks overflows.
pub fn estimate(task: &ModelTask, racers: &[Entrant], streamed: bool) -> u128 {
    let each = racers.iter().map(|racer| of_racer(task, racer, streamed));
    let [read, ready] = of_data(task, streamed);
    each.sum::<u128>() + read + ready
}

/// About how many bytes a racer of `task` takes while it computes.
pub fn of_racer(task: &ModelTask, racer: &Entrant, streamed: bool) -> u128 {
    let float = float(task);
    let widths = widths(&task.model, task);
    let parameters: u128 = widths
        .windows(2)
        .map(|layer| (layer[0] + u128::from(task.model.bias)) * layer[1])
        .sum();
    // Every layer's output and its gradient, of a chunk and of as many more as there are and may be
    // kept.
    let rows = task.data.rows();
    let chunk = float * 2 * rows.min(CHUNK) as u128 * widths.iter().sum::<u128>();
    let abreast = if streamed { STREAMED } else { ABREAST };
    let abreast = abreast.min(rows.div_ceil(CHUNK));
    let chunks = chunk.max((KEPT as u128).min(abreast as u128 * chunk));
    let rule = racer.optimizer.written();
    let memory = rule.map_or_else(
        || moments(racer.optimizer.id()),
        |rule| rule.memory().len() as u128,
    );
    // Every racer has an order of the rows of a file.
    let order = match &task.data.features {
        Features::Kept(_) => 0,
        Features::Filed(_) => 4 * rows as u128,
    };
    // Parameters, gradient and memory, and a checkpoint of these.
    float * 2 * (2 + memory) * parameters + chunks + order
}

/// About how many bytes the data of `task` take: as they were read, and made ready for a seed.
pub fn of_data(task: &ModelTask, streamed: bool) -> [u128; 2] {
    let rows = task.data.rows() as u128;
    let numbers = rows * task.data.features.ncols() as u128;
    match &task.data.features {
        // As read, split and scaled, and in the model's precision.
        Features::Kept(_) => [numbers * 8, numbers * (8 + float(task))],
        Features::Filed(filed) => {
            let kept = if streamed { 0 } else { numbers * float(task) };
            [filed.held() as u128 + rows * ANSWER, kept]
        }
    }
}

/// The bytes of a number in the model's precision.
fn float(task: &ModelTask) -> u128 {
    match task.precision {
        Precision::F32 => 4,
        Precision::F64 => 8,
    }
}

/// The units of each layer, from the features to the outputs.
fn widths(model: &Architecture, task: &ModelTask) -> Vec<u128> {
    let outputs = match (model.kind, task.data.target.classes()) {
        (ModelKind::Linear | ModelKind::Logistic, _) | (_, None) => 1,
        (_, Some(classes)) => classes,
    };
    let features = task.data.features.ncols();
    let hidden = model.hidden.iter().copied();
    std::iter::once(features)
        .chain(hidden)
        .chain([outputs])
        .map(|units| units as u128)
        .collect()
}

/// `bytes` in the largest unit that leaves a number of at least 1: `1.5 GiB`.
pub fn shown(bytes: u128) -> String {
    let mut amount = bytes as f64;
    let mut units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if amount < 1024.0 {
            break;
        }
        amount /= 1024.0;
        unit = larger;
    }
    if unit == "bytes" {
        format!("{amount} {unit}")
    } else {
        format!("{amount:.1} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_their_unit() {
        assert_eq!(shown(17), "17 bytes");
        assert_eq!(shown(1536), "1.5 KiB");
        assert_eq!(shown(5 << 40), "5.0 TiB");
    }
}
