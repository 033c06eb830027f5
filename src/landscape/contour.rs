//! Lines of one height through a grid of values (marching squares). No colour and no picture is
//! known here.

use ndarray::Array2;

/// A place on a grid: column and row, between its points too.
pub type Place = [f64; 2];

/// The lines along which `values` (shape rows and columns) are `level`, from edge to edge of the grid
/// or closed (the first place again at the end), what is higher always at the same side. Values must
/// be finite.
pub fn contours(values: &Array2<f64>, level: f64) -> Vec<Vec<Place>> {
    let (rows, columns) = values.dim();
    // Where the line goes on from each side of a cell; every side is left at most once.
    let mut next: Vec<Option<usize>> = vec![None; 2 * rows * columns];
    let mut entered = vec![false; next.len()];
    for row in 0..rows.saturating_sub(1) {
        for column in 0..columns.saturating_sub(1) {
            for [from, to] in steps(values, level, [column, row]) {
                next[from] = Some(to);
                entered[to] = true;
            }
        }
    }
    let place = |side: usize| crossing(values, level, side);
    let mut follow = |first: usize| {
        let mut side = next[first].take()?;
        let mut line = vec![place(first), place(side)];
        while let Some(to) = next[side].take() {
            line.push(place(to));
            side = to;
        }
        Some(line)
    };
    let open: Vec<_> = (0..entered.len())
        .filter(|side| !entered[*side])
        .filter_map(&mut follow)
        .collect();
    let closed: Vec<_> = (0..entered.len()).filter_map(&mut follow).collect();
    open.into_iter().chain(closed).collect()
}

/// Outlines of where `values` are `level` or higher, closed along the grid's edges: what an odd
/// number of them goes around is as high.
pub fn outlines(values: &Array2<f64>, level: f64) -> Vec<Vec<Place>> {
    let (rows, columns) = values.dim();
    let span = values
        .iter()
        .fold(1.0_f64, |most, value| most.max((value - level).abs()));
    // Around the grid a moat so deep that its banks are steep.
    let mut moat = Array2::from_elem((rows + 2, columns + 2), level - 1e6 * span);
    moat.slice_mut(ndarray::s![1..=rows, 1..=columns])
        .assign(values);
    let back = |line: Vec<Place>| {
        line.into_iter()
            .map(|at| at.map(|part| part - 1.0))
            .collect()
    };
    contours(&moat, level).into_iter().map(back).collect()
}

/// The sides of the cell right of and above a point at which a line enters and leaves it, at most
/// twice.
fn steps(values: &Array2<f64>, level: f64, [column, row]: [usize; 2]) -> Vec<[usize; 2]> {
    // Around the cell from its first corner, and the sides that follow each corner.
    let corners = [
        (row, column),
        (row, column + 1),
        (row + 1, column + 1),
        (row + 1, column),
    ];
    let columns = values.ncols();
    let sides = [
        2 * (row * columns + column),
        2 * (row * columns + column + 1) + 1,
        2 * ((row + 1) * columns + column),
        2 * (row * columns + column) + 1,
    ];
    let corners = corners.map(|at| values[at]);
    let high = corners.map(|value| value >= level);
    let middle = corners.iter().sum::<f64>() / 4.0 >= level;
    let leaves = |side: usize| high[side] && !high[(side + 1) % 4];
    let enters = |side: usize| !high[side] && high[(side + 1) % 4];
    let ends: Vec<usize> = (0..4).filter(|side| enters(*side)).collect();
    let pair = |from: usize| {
        let to = match ends[..] {
            [only] => only,
            // A pass: the line goes around the low corner, or around the high one.
            _ if middle => (from + 1) % 4,
            _ => (from + 3) % 4,
        };
        [sides[from], sides[to]]
    };
    (0..4).filter(|side| leaves(*side)).map(pair).collect()
}

/// Where the line crosses a side: an even number is that from a point to the right, an odd one that
/// upwards.
fn crossing(values: &Array2<f64>, level: f64, side: usize) -> Place {
    let (row, column) = (side / 2 / values.ncols(), side / 2 % values.ncols());
    let upwards = side % 2;
    let from = values[(row, column)];
    let to = values[(row + upwards, column + 1 - upwards)];
    let part = ((level - from) / (to - from)).clamp(0.0, 1.0);
    let mut place = [column as f64, row as f64];
    place[upwards] += part;
    place
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn over(side: usize, value: impl Fn(f64, f64) -> f64) -> Array2<f64> {
        let at = |i: usize| 2.0 * i as f64 / (side - 1) as f64 - 1.0;
        Array2::from_shape_fn((side, side), |(row, column)| value(at(column), at(row)))
    }

    #[test]
    fn a_bowl_has_closed_rings_of_its_radius() {
        let bowl = over(41, |x, y| (x * x + y * y).sqrt());
        let lines = contours(&bowl, 0.5);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].len() > 60);
        for [x, y] in &lines[0] {
            let radius = (x - 20.0).hypot(y - 20.0) / 20.0;
            assert!((radius - 0.5).abs() < 2e-3, "{radius}");
        }
    }

    #[test]
    fn lines_that_leave_the_grid_end_at_its_edges() {
        let slope = over(11, |x, _| x);
        let lines = contours(&slope, 0.1);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].len(), 11);
        for [x, _] in &lines[0] {
            assert!((x - 5.5).abs() < 1e-12);
        }
        assert_eq!(contours(&slope, 2.0), Vec::<Vec<Place>>::new());
    }

    #[test]
    fn a_pass_is_crossed_by_two_lines_that_do_not_meet() {
        let pass = array![[1.0, 0.0], [0.0, 1.0]];
        for (level, around) in [(0.4, [1.0, 0.0]), (0.6, [0.0, 0.0])] {
            let lines = contours(&pass, level);
            assert_eq!(lines.len(), 2, "{level}");
            let near = |line: &Vec<Place>| {
                line.iter()
                    .all(|at| (at[0] - around[0]).abs() + (at[1] - around[1]).abs() < 0.5)
            };
            assert!(lines.iter().any(near), "{level}: {lines:?}");
        }
    }

    #[test]
    fn outlines_are_closed_and_hold_what_is_high() {
        let slope = over(11, |x, _| x);
        let lines = outlines(&slope, 0.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        let doubled: f64 = lines[0]
            .windows(2)
            .map(|p| p[0][0] * p[1][1] - p[1][0] * p[0][1])
            .sum();
        assert!((doubled.abs() / 2.0 - 50.0).abs() < 1e-3, "{doubled}");
        assert_eq!(outlines(&slope, -2.0).len(), 1, "all of it");
        assert_eq!(outlines(&slope, 2.0).len(), 0);
    }
}
