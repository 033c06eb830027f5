//! What must be true of all schedules. Against PyTorch's and optax's they are tested with the races.

use super::*;

/// One of each, with a warm-up where there can be one.
fn all(warmup: u64) -> Vec<Schedule> {
    let (factor, every) = (0.25, 40);
    let cosine = |end_factor| Shape::Cosine {
        steps: 500,
        end_factor,
    };
    let one_cycle = |pct_start| Shape::OneCycle {
        steps: 500,
        pct_start,
        div_factor: 25.0,
        final_div_factor: 1e4,
    };
    let shapes = [
        Shape::Constant,
        Shape::Step { factor, every },
        Shape::Exponential { factor, every },
        cosine(0.0),
        cosine(0.1),
        Shape::InverseSqrt,
        one_cycle(0.3),
        one_cycle(1.0),
    ];
    let schedule = |shape| {
        let is_cycle = matches!(shape, Shape::OneCycle { .. });
        let warmup = if is_cycle { 0 } else { warmup };
        Schedule { warmup, shape }
    };
    shapes.map(schedule).to_vec()
}

#[test]
fn rates_are_above_zero_and_at_most_the_peak_which_they_reach() {
    for schedule in [0, 1, 2, 37].into_iter().flat_map(all) {
        let rates: Vec<f64> = (1..=500).map(|t| schedule.rate(0.5, t)).collect();
        let fits = |rate: &f64| *rate > 0.0 && *rate <= 0.5;
        assert!(rates.iter().all(fits), "{schedule:?}");
        let most = rates.iter().copied().fold(0.0, f64::max);
        assert!(most > 0.499, "{schedule:?}: {most}");
        if !matches!(schedule.shape, Shape::OneCycle { .. }) {
            let top = schedule.warmup.max(1) as usize;
            assert_eq!(rates[top - 1], 0.5, "{schedule:?}");
            assert!(rates[top - 1..].is_sorted_by(|a, b| a >= b), "{schedule:?}");
            assert!(rates[..top].is_sorted_by(|a, b| a < b), "{schedule:?}");
        }
    }
}

/// From step to step a rate changes by little, but for what falls in steps.
#[test]
fn rates_have_no_jumps() {
    for schedule in all(50) {
        let gap = |t| (schedule.rate(1.0, t + 1) - schedule.rate(1.0, t)).abs();
        let widest = (1..1000).map(gap).fold(0.0, f64::max);
        let falls = matches!(schedule.shape, Shape::Step { .. });
        assert_eq!(widest > 0.04, falls, "{schedule:?}: {widest}");
    }
}

#[test]
fn rates_end_where_they_should_and_stay_there() {
    let ends = [1.0, 0.0, 0.0, 0.0, 0.1, 0.0, 1.0 / 25e4, 1.0];
    for (schedule, want) in all(20).into_iter().zip(ends) {
        let [next, later, far] = [501, 700, u64::MAX].map(|t| schedule.rate(1.0, t));
        assert!((far - want).abs() < 1e-8, "{schedule:?}: {far}");
        if matches!(
            schedule.shape,
            Shape::Cosine { .. } | Shape::OneCycle { .. }
        ) {
            assert_eq!([next, later], [far, far], "{schedule:?}");
        }
    }
    let cycle = &all(0)[6];
    assert!((cycle.rate(1.0, 1) - 0.04).abs() < 1e-15);
    assert!(
        (cycle.rate(1.0, 150) - 1.0).abs() < 1e-15,
        "0.3 of 500 steps"
    );
    assert!((cycle.rate(1.0, 500) - 4e-6).abs() < 1e-15);
}

#[test]
fn half_the_peak_is_half_the_rate_everywhere() {
    for schedule in all(10) {
        for t in [1, 5, 10, 11, 77, 499, 600] {
            let halved = schedule.rate(0.25, t);
            assert_eq!(2.0 * halved, schedule.rate(0.5, t), "{schedule:?} at {t}");
        }
    }
}

#[test]
fn extreme_schedules_have_finite_rates() {
    let shapes = |steps, every| {
        let one_cycle = |pct_start| Shape::OneCycle {
            steps,
            pct_start,
            div_factor: 1.0,
            final_div_factor: 1.0,
        };
        let end_factor = 1.0;
        [
            Shape::Cosine { steps, end_factor },
            Shape::Step {
                factor: 1e-9,
                every,
            },
            one_cycle(0.0),
            one_cycle(1.0),
            one_cycle(0.5),
        ]
    };
    for n in [0, 1, 2, u64::MAX] {
        for shape in shapes(n, n) {
            for warmup in [0, 1, u64::MAX] {
                for t in [0, 1, 2, 3, u64::MAX] {
                    let rate = Schedule { warmup, shape }.rate(1.0, t);
                    assert!(
                        (0.0..=1.0).contains(&rate),
                        "{shape:?} {warmup} {t}: {rate}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_a_schedule_is_can_be_read_back() {
    for schedule in all(3) {
        let settings = schedule.settings();
        assert_eq!(Schedule::among(&settings), schedule);
        let keys = schedule.row().keys.len();
        let want = if schedule.is_constant() { 0 } else { keys + 1 };
        assert_eq!(settings.len(), want, "{settings:?}");
    }
    assert_eq!(Schedule::default().settings(), vec![]);
}
