//! The learning rates that are tried: 10^(k/3), evenly spaced in the logarithm, the same for every
//! racer.
//!
//! A racer with fewer other hyperparameters to try than the rest gets rates between these instead
//! (see [`super::entries`]): each third of a decade is then cut into equal parts.

/// Rates from 10^(low/3) to 10^(high/3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The lowest k.
    pub low: i32,
    /// The highest k.
    pub high: i32,
}

/// An end of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// At its lowest rate.
    Low,
    /// At its highest rate.
    High,
}

/// By so many thirds a grid grows at a time: a decade.
const DECADE: i32 = 3;

impl Grid {
    /// What is tried first: 19 rates from 1e-5 to 10.
    pub const FIRST: Self = Self { low: -15, high: 3 };

    /// No grid grows beyond 1e-8 to 1e4.
    pub const WIDEST: Self = Self { low: -24, high: 12 };

    /// How many thirds there are.
    pub fn thirds(self) -> usize {
        (self.high - self.low + 1) as usize
    }

    /// The numbers of its rates where thirds are cut into `parts`; see [`rate`].
    pub fn ticks(self, parts: u16) -> impl Iterator<Item = i32> {
        let parts = i32::from(parts);
        self.low * parts..(self.high + 1) * parts
    }

    /// The grid with a decade more at these ends, as far as it may grow.
    pub fn grown(self, edges: &[Edge]) -> Self {
        let by = |edge| {
            if edges.contains(&edge) { DECADE } else { 0 }
        };
        Self {
            low: (self.low - by(Edge::Low)).max(Self::WIDEST.low),
            high: (self.high + by(Edge::High)).min(Self::WIDEST.high),
        }
    }

    /// The grid with as few decades more as make it hold this third, as far as it may grow.
    pub fn reaching(self, third: i32) -> Self {
        let decades = |thirds: i32| (thirds.max(0) + DECADE - 1) / DECADE * DECADE;
        Self {
            low: (self.low - decades(self.low - third)).max(Self::WIDEST.low),
            high: (self.high + decades(third - self.high)).min(Self::WIDEST.high),
        }
    }
}

/// The rate 10^(tick / (3 parts)). Its digits are the same in every decade.
pub fn rate(tick: i32, parts: u16) -> f64 {
    let decade = 3 * i32::from(parts);
    let power = tick.div_euclid(decade);
    let share = f64::from(tick.rem_euclid(decade)) / f64::from(decade);
    shifted(libm::pow(10.0, share), power)
}

/// `digits` times this power of ten, rounded but once.
fn shifted(digits: f64, power: i32) -> f64 {
    let text = format!("{digits}e{power}");
    text.parse().expect("these are the digits of a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rates_are_those_of_the_protocol() {
        let rates: Vec<f64> = Grid::FIRST.ticks(1).map(|tick| rate(tick, 1)).collect();
        assert_eq!((rates.len(), Grid::FIRST.thirds()), (19, 19));
        assert_eq!((rates[0], rates[15], rates[18]), (1e-5, 1.0, 10.0));
        for (k, rate) in (-15..=3).zip(rates) {
            let want = 10_f64.powf(f64::from(k) / 3.0);
            assert!((rate - want).abs() <= 1e-15 * want, "{rate} {want}");
        }
        assert_eq!(rate(-4, 1).to_string(), "0.04641588833612778");
    }

    #[test]
    fn finer_grids_hold_the_coarse_one_and_have_as_many_times_the_rates() {
        let fine: Vec<f64> = Grid::FIRST.ticks(6).map(|tick| rate(tick, 6)).collect();
        assert_eq!(fine.len(), 6 * 19);
        for tick in Grid::FIRST.ticks(1) {
            assert!(fine.contains(&rate(tick, 1)), "{tick}");
        }
        assert!(fine.is_sorted());
    }

    #[test]
    fn a_grid_grows_by_decades_to_its_limits() {
        let mut grid = Grid::FIRST.grown(&[Edge::High]);
        assert_eq!((grid.low, grid.high), (-15, 6));
        for _ in 0..9 {
            grid = grid.grown(&[Edge::Low, Edge::High]);
        }
        assert_eq!(grid, Grid::WIDEST);
        assert_eq!((rate(grid.low, 1), rate(grid.high, 1)), (1e-8, 1e4));
        assert_eq!(grid.grown(&[]), grid);
    }

    #[test]
    fn a_grid_reaches_a_third_by_whole_decades() {
        for (third, low, high) in [(0, -15, 3), (4, -15, 6), (6, -15, 6), (-16, -18, 3)] {
            assert_eq!(Grid::FIRST.reaching(third), Grid { low, high }, "{third}");
        }
        assert_eq!(Grid::FIRST.reaching(99).high, Grid::WIDEST.high);
    }
}
