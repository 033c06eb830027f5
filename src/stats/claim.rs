//! Whether a mean over several seeds is below a target: the rule by which speed-runs of training are
//! accepted, and the same question asked of the runs' own spread.

/// The margin that the rule asks for: 0.1 % chance, for a standard deviation known to be 0.0013.
pub const MARGIN: f64 = 0.004;

/// By how much the mean of `losses` is below `target`, times the square root of their number. At
/// least [`MARGIN`] is a claim by the rule.
pub fn margin(target: f64, losses: &[f64]) -> f64 {
    let n = losses.len() as f64;
    (target - mean(losses)) * libm::sqrt(n)
}

/// How often runs whose true mean is `target` have a mean as far below it, by their own spread: the
/// one-sided test of Student (1908). `None` below two runs, or where they do not differ.
pub fn p_below(target: f64, losses: &[f64]) -> Option<f64> {
    let centre = mean(losses);
    let squares: f64 = losses.iter().map(|loss| (loss - centre).powi(2)).sum();
    let freedom = losses.len().checked_sub(1).filter(|&n| n > 0)?;
    let spread = libm::sqrt(squares / freedom as f64);
    (spread > 0.0).then(|| student(margin(target, losses) / spread, freedom))
}

fn mean(losses: &[f64]) -> f64 {
    losses.iter().sum::<f64>() / losses.len() as f64
}

/// The probability that Student's t with so many degrees of freedom is above `t`. As the tangent of an
/// angle, whose density is a power of its cosine, it has a closed form (Abramowitz and Stegun, 26.7.3
/// and 26.7.4).
fn student(t: f64, freedom: usize) -> f64 {
    let angle = libm::atan(t / libm::sqrt(freedom as f64));
    let (sin, cos) = libm::sincos(angle);
    let is_odd = freedom % 2 == 1;
    let (mut term, first) = if is_odd { (cos, 3) } else { (1.0, 2) };
    let mut sum = if freedom == 1 { 0.0 } else { term };
    for k in (first..freedom.saturating_sub(1)).step_by(2) {
        term *= cos * cos * (k - 1) as f64 / k as f64;
        sum += term;
    }
    let within = if is_odd {
        std::f64::consts::FRAC_2_PI * (angle + sin * sum)
    } else {
        sin * sum
    };
    0.5 * (1.0 - within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_asks_for_a_margin_that_shrinks_with_the_runs() {
        // Ten runs with a mean of 3.278659 against 3.28.
        let losses: Vec<f64> = (0..10)
            .map(|i| 3.278_659 + 1e-4 * (f64::from(i) - 4.5))
            .collect();
        let got = margin(3.28, &losses);
        assert!((got - 0.004_241).abs() < 5e-7, "{got}");
        assert!(got >= MARGIN);
        assert!(margin(3.28, &losses[..5]) > margin(3.28, &losses[5..]));
        assert!(margin(3.28, &[3.278_659]) < MARGIN, "one run is not enough");
    }

    /// Values of `scipy.stats.ttest_1samp(losses, target, alternative="less").pvalue`.
    #[test]
    fn the_runs_own_spread_is_students_test() {
        let ten = [
            3.2780, 3.2795, 3.2781, 3.2788, 3.2779, 3.2790, 3.2786, 3.2792, 3.2784, 3.2791,
        ];
        let cases: [(&[f64], f64, f64); 5] = [
            (&[3.27, 3.28, 3.275], 3.28, 0.112_701_665_379_258_33),
            (&[3.27, 3.29], 3.28, 0.5),
            (&ten, 3.28, 1.496_393_628_984_616_5e-5),
            (&[3.29, 3.30, 3.27, 3.31], 3.28, 0.880_278_700_682_001_2),
            (&[1.0, 2.0, 3.0, 4.0, 6.0], 5.0, 0.052_269_999_889_187_72),
        ];
        for (losses, target, want) in cases {
            let got = p_below(target, losses).expect("they differ");
            assert!((got - want).abs() < 1e-11, "{losses:?}: {got}, not {want}");
        }
        assert_eq!(p_below(3.28, &[3.2]), None);
        assert_eq!(p_below(3.28, &[3.2, 3.2]), None, "no spread to judge by");
    }
}
