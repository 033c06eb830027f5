//! What an average makes of the gradients, in a word or two that come from the numbers.

use crate::race::retrace::{BETAS, Past};

/// A gradient that changes its sign in more than this part of the steps zig-zags ...
const ZIGZAG: f64 = 0.5;

/// ... one whose changes change their sign in more than this is rough ...
const ROUGH: f64 = 0.3;

/// ... and an average that keeps more than this of such changes is noisy.
const NOISY: f64 = 0.2;

/// An average that has come to less than this part of its size, since it began at zero, is cold.
const COLD: f64 = 0.9;

/// An average that is off by more than this part of the way that the gradient has gone lags.
const LAGS: f64 = 0.1;

/// Weights of gradients around one, whose sum is where the gradient is without its noise: what
/// changes its sign in every step cancels to nothing.
const AROUND: [f64; 5] = [0.0625, 0.25, 0.375, 0.25, 0.0625];

/// A gradient that has gone no farther than this part of its size has not gone anywhere.
const STANDS: f64 = 1e-3;

/// Of the gradients of `past` and their average with the beta of this number.
pub fn words(past: &[Past], number: usize) -> String {
    let beta = BETAS[number];
    let g: Vec<f64> = past.iter().map(|past| past.g).collect();
    let share = |step: u64| 1.0 - beta.powf(step as f64);
    let corrected = |past: &Past| past.averages[number] / share(past.step);
    let average: Vec<f64> = past.iter().map(corrected).collect();
    let is_cold = past.last().is_some_and(|last| share(last.step) < COLD);
    let lags = lag(&g, &average).is_some_and(|lag| lag > LAGS);
    let size = mean_size(&average) / mean_size(&g);
    let jitter = mean_size(&changes(&average)) / mean_size(&changes(&g));
    let shape = if turns(&g) > ZIGZAG && size < 1.0 {
        Some(format!("cancels {:.0} %", 100.0 * (1.0 - size)))
    } else if turns(&changes(&g)) > ROUGH {
        Some(if jitter > NOISY { "noisy" } else { "smooth" }.to_owned())
    } else {
        None
    };
    let timing = if is_cold {
        Some("cold")
    } else if lags {
        Some("lags")
    } else if shape.is_none() {
        Some("follows")
    } else {
        None
    };
    let words = shape.into_iter().chain(timing.map(str::to_owned));
    words.collect::<Vec<_>>().join(", ")
}

fn changes(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// In what part of the steps the sign changes.
fn turns(values: &[f64]) -> f64 {
    let pairs = values.windows(2);
    let turned = pairs.clone().filter(|pair| pair[0] * pair[1] < 0.0).count();
    turned as f64 / pairs.len().max(1) as f64
}

fn mean_size(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).sum::<f64>() / values.len().max(1) as f64
}

/// How far the average is from where the gradient is without its noise, in parts of the way that the
/// latter has gone; none where that is hardly known.
fn lag(g: &[f64], average: &[f64]) -> Option<f64> {
    let middle = |window: &[f64]| {
        window
            .iter()
            .zip(AROUND)
            .map(|(g, weight)| g * weight)
            .sum()
    };
    let middles: Vec<f64> = g.windows(AROUND.len()).map(middle).collect();
    let averages = average.iter().skip(AROUND.len() / 2);
    let gaps = middles
        .iter()
        .zip(averages)
        .map(|(middle, average)| average - middle);
    let low = middles.iter().copied().fold(f64::INFINITY, f64::min);
    let high = middles.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let way = high - low;
    (way > STANDS * mean_size(g)).then(|| mean_size(&gaps.collect::<Vec<_>>()) / way)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The gradients `g` of the steps from `first` on, averaged from the first of them on.
    fn past(first: u64, g: impl Fn(f64) -> f64) -> Vec<Past> {
        let mut averages = [0.0; BETAS.len()];
        let steps = 1..first + 120;
        let all = steps.map(|step| {
            let g = g(step as f64);
            for (average, beta) in averages.iter_mut().zip(BETAS) {
                *average = beta * *average + (1.0 - beta) * g;
            }
            Past {
                step,
                g,
                vectors: Vec::new(),
                numbers: Vec::new(),
                averages,
            }
        });
        all.skip(first as usize - 1).collect()
    }

    #[test]
    fn words_come_from_the_numbers() {
        let all = |past: &[Past]| [0, 1, 2].map(|number| words(past, number));
        let waves = |t: f64| (t * 0.05).sin();
        assert_eq!(all(&past(200, waves)), ["follows", "lags", "lags"]);
        let zigzag = |t: f64| (t * std::f64::consts::PI).cos();
        let want = ["cancels 67 %", "cancels 95 %", "cancels 99 %"];
        assert_eq!(all(&past(900, zigzag)), want);
        // Noise of a fixed kind: the digits of a quadratic residue.
        let noise = |t: f64| 1.0 + (t * t * 0.754_877).fract() - 0.5;
        let got = all(&past(400, noise));
        assert!(got[0].starts_with("noisy"), "{got:?}");
        assert!(got[2].starts_with("smooth"), "{got:?}");
        let start = all(&past(1, |t| 1.0 + 0.001 * t)[..20]);
        assert_eq!(start[2], "cold");
        assert_eq!(all(&[]), ["follows", "follows", "follows"]);
        assert_eq!(all(&past(1, |_| f64::NAN)).len(), 3);
    }
}
