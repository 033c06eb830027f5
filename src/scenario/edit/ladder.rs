//! The values one goes through with a key: next to any value the nearest of a ladder.

/// Decay rates: the moving averages cover 1, 2, 5, 10, ... 10,000 gradients.
const DECAYS: [f64; 9] = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999];

/// Above the first and below the last of so many digits two values are the same.
const SAME: f64 = 1e-9;

/// The next number of 10^(k/3) to three digits, k whole: the learning rates of the protocol. Below
/// zero the same in the mirror; next to zero there is none.
pub fn thirds(value: f64, up: bool) -> Option<f64> {
    if value < 0.0 {
        return thirds(-value, !up).map(|value| -value);
    }
    let power = value.log10().floor();
    if !power.is_finite() {
        return None;
    }
    let power = power as i32;
    let numbers = (power - 1..=power + 1).flat_map(|power| {
        let number = move |digits: &str| format!("{digits}e{power}").parse::<f64>().ok();
        ["1", "2.15", "4.64"].into_iter().filter_map(number)
    });
    next(value, up, numbers).filter(|next| next.is_finite() && *next != 0.0)
}

/// The next decay rate.
pub fn decay(value: f64, up: bool) -> Option<f64> {
    next(value, up, DECAYS.into_iter())
}

/// The next power of ten from 1e-16 to 1, or zero below.
pub fn tiny(value: f64, up: bool) -> Option<f64> {
    let powers = (-16..=0).filter_map(|power| format!("1e{power}").parse().ok());
    next(value, up, [0.0].into_iter().chain(powers))
}

/// The next number of a hyperparameter of which nothing is known: from 0.5 to 1 it is taken for a decay
/// rate.
pub fn any(value: f64, up: bool) -> Option<f64> {
    if value == 0.0 || (0.5..1.0).contains(&value) {
        decay(value, up)
    } else {
        thirds(value, up)
    }
}

/// The next power of two below `examples`, or all of them.
pub fn batch(size: usize, examples: usize, up: bool) -> Option<usize> {
    let powers = (0..usize::BITS - 1).map(|power| 1 << power);
    let mut sizes = powers
        .take_while(|power| *power < examples)
        .chain([examples]);
    if up {
        sizes.find(|next| *next > size)
    } else {
        sizes.take_while(|next| *next < size).last()
    }
}

/// A fiftieth of `span` further, rounded to what can be told apart there.
pub fn place(value: f64, span: f64, up: bool) -> f64 {
    let step = span / 50.0;
    let next = if up { value + step } else { value - step };
    if next.abs() < SAME * span {
        return 0.0;
    }
    format!("{next:.5e}").parse().unwrap_or(next)
}

/// Of numbers in their order the one next to `value`.
fn next(value: f64, up: bool, numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let gap = SAME * value.abs();
    let mut numbers = numbers;
    if up {
        numbers.find(|number| *number > value + gap)
    } else {
        numbers.take_while(|number| *number < value - gap).last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_the_protocol() {
        let mut rate = 1e-5;
        let mut seen = vec![rate];
        while rate < 10.0 {
            rate = thirds(rate, true).expect("there is a next");
            seen.push(rate);
        }
        assert_eq!(seen.len(), 19);
        assert_eq!(seen[..4], [1e-5, 2.15e-5, 4.64e-5, 1e-4]);
        assert_eq!(seen[18], 10.0);
        for pair in seen.windows(2) {
            assert_eq!(thirds(pair[1], false), Some(pair[0]));
        }
        assert_eq!(thirds(0.3, true), Some(0.464));
        assert_eq!(thirds(0.3, false), Some(0.215));
        assert_eq!(thirds(-0.1, true), Some(-0.0464));
        for value in [0.0, f64::NAN, f64::INFINITY] {
            assert_eq!(thirds(value, true), None);
        }
        assert_eq!(thirds(f64::MAX, true), None);
        assert_eq!(thirds(f64::from_bits(1), false), None);
    }

    #[test]
    fn ladders_end() {
        assert_eq!(decay(0.9, true), Some(0.95));
        assert_eq!(decay(0.93, false), Some(0.9));
        assert_eq!((decay(0.0, false), decay(0.9999, true)), (None, None));
        assert_eq!(tiny(1e-8, false), Some(1e-9));
        assert_eq!(tiny(1e-16, false), Some(0.0));
        assert_eq!((tiny(0.0, true), tiny(0.0, false)), (Some(1e-16), None));
    }

    #[test]
    fn what_looks_like_a_decay_rate_is_taken_for_one() {
        let up = [0.0, 0.9, 0.1, 1.0, 1e-8].map(|value| any(value, true));
        assert_eq!(up, [0.5, 0.95, 0.215, 2.15, 2.15e-8].map(Some));
        let down = [0.5, 0.9, 0.1].map(|value| any(value, false));
        assert_eq!(down, [0.0, 0.8, 0.0464].map(Some));
        assert_eq!(any(0.0, false), None);
    }

    #[test]
    fn batches_are_powers_of_two_and_all() {
        let up = [1, 100, 1024, 1437].map(|size| batch(size, 1437, true));
        assert_eq!(up, [Some(2), Some(128), Some(1437), None]);
        let down = [1437, 1024, 100, 1].map(|size| batch(size, 1437, false));
        assert_eq!(down, [Some(1024), Some(512), Some(64), None]);
        assert_eq!(batch(256, 256, false), Some(128));
        assert_eq!(batch(1, 1, false), None);
    }

    #[test]
    fn places_have_no_dust() {
        let mut place = 1.0;
        let mut seen = vec![];
        for _ in 0..6 {
            place = super::place(place, 9.0, false);
            seen.push(place);
        }
        assert_eq!(seen, [0.82, 0.64, 0.46, 0.28, 0.1, -0.08]);
        assert_eq!(super::place(-0.18, 9.0, true), 0.0);
    }
}
