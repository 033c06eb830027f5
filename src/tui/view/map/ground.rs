//! The ground of the map: which band of losses each dot lies in, computed once for a size.

use ndarray::Array2;

/// How many bands of losses are told apart.
pub const BANDS: usize = 12;

/// How finely heights are told apart near the lowest of them.
#[derive(Clone, Copy, Debug)]
pub struct Detail {
    /// Losses are told apart down to this part of the middling height above the lowest.
    fine: f64,
    /// About a pass of height zero they are even within this part of the greatest height.
    even: f64,
}

impl Detail {
    /// For lines on a plan.
    pub const FINE: Self = Self {
        fine: 1e-4,
        even: 1e-2,
    };
    /// For heights in relief, where a narrow hole would hide what it leads to.
    pub const COARSE: Self = Self {
        fine: 2e-2,
        even: 0.5,
    };
}

/// The band of each dot, 0 for the lowest; none where the loss is not a number. Shape (rows,
/// columns), row 0 at the top.
pub fn bands(losses: &Array2<f64>) -> Array2<Option<u8>> {
    let heights = heights(losses, Detail::FINE);
    let finite = heights.iter().copied().filter(|height| height.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), height| {
        (low.min(height), high.max(height))
    });
    let (rows, columns) = losses.dim();
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        let height = heights[(rows - 1 - row, column)];
        let part = (height - low) / (high - low).max(f64::MIN_POSITIVE);
        let band = (part * BANDS as f64).floor().clamp(0.0, BANDS as f64 - 1.0);
        height.is_finite().then_some(band as u8)
    })
}

/// The logarithms of the losses above the lowest; where losses lie on both sides of zero as about a
/// pass, their inverse hyperbolic sines.
pub fn heights(losses: &Array2<f64>, detail: Detail) -> Array2<f64> {
    let Detail { fine, even } = detail;
    let mut sorted: Vec<f64> = losses
        .iter()
        .copied()
        .filter(|loss| loss.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (sorted.first(), sorted.last()) else {
        return losses.clone();
    };
    let middle = sorted[sorted.len() / 2];
    if low < 0.0 && high > 0.0 && -low > 1e-2 * high && high > 1e-2 * -low {
        let unit = even * high.max(-low);
        return losses.mapv(|loss| (loss / unit).asinh());
    }
    let least = (fine * (middle - low))
        .max(1e-12 * (high - low))
        .max(f64::MIN_POSITIVE);
    losses.mapv(|loss| (loss - low + least).ln())
}

/// Whether a contour goes through a dot: the one right of it or below it lies in another band. Where
/// the ground ends there is none. Of the contours one in `every` is drawn.
pub fn is_contour(bands: &Array2<Option<u8>>, [column, row]: [usize; 2], every: u8) -> bool {
    let of = |place| Some((*bands.get(place)?)? / every);
    let here = of((row, column));
    let differs = |place| of(place).is_some_and(|there| Some(there) != here);
    differs((row, column + 1)) || differs((row + 1, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(loss: impl Fn(f64, f64) -> f64) -> Array2<Option<u8>> {
        let at = |i: usize| (i as f64 - 20.0) / 10.0;
        bands(&Array2::from_shape_fn((41, 41), |(row, column)| {
            loss(at(column), at(row))
        }))
    }

    #[test]
    fn bands_of_a_bowl_are_rings_by_their_logarithms() {
        let bands = over(|x, y| x * x + y * y);
        assert_eq!(bands[(20, 20)], Some(0));
        assert_eq!(bands[(0, 0)], Some(BANDS as u8 - 1));
        let row: Vec<u8> = bands
            .row(20)
            .iter()
            .skip(20)
            .map(|band| band.unwrap())
            .collect();
        assert!(row.is_sorted());
        assert!(
            row[1] > 3 && row[3] > row[1],
            "fine near the bottom: {row:?}"
        );
        assert!(is_contour(&bands, [20, 20], 1) && !is_contour(&bands, [40, 20], 1));
    }

    #[test]
    fn a_pass_has_bands_on_both_sides() {
        let bands = over(|x, y| x * x - y * y);
        let [middle, side, end] = [(20, 20), (20, 30), (10, 20)].map(|at| bands[at].unwrap());
        assert!(end < middle && middle < side);
        let flat = over(|_, _| 3.0);
        assert!(flat.iter().all(|band| *band == Some(0)));
    }

    #[test]
    fn row_0_is_the_top_and_what_is_no_number_has_no_band() {
        let bands = over(|x, y| if x > 1.95 { f64::NAN } else { y + 2.0 });
        assert!(bands[(0, 0)] > bands[(40, 0)]);
        assert_eq!(bands[(0, 40)], None);
        // Beside its end lie the contours that cross there, and no other.
        let crossed = |column| {
            let rows = (0..40).filter(|&row| is_contour(&bands, [column, row], 1));
            rows.collect::<Vec<usize>>()
        };
        assert_eq!(crossed(39), crossed(20));
        assert!(crossed(39).len() > 3);
        assert!(over(|_, _| f64::NAN).iter().all(Option::is_none));
    }
}
