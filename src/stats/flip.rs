//! Where the order of two racers flips: one is ahead under some conditions (workloads, ways to choose
//! learning rates), the other under others.

use std::cmp::Ordering;

/// Two racers whose order is not the same under all conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Their indices; the first is the one that is ahead under the first condition that tells.
    pub racers: [usize; 2],
    /// The conditions under which the first is ahead, and those under which the second is, in order.
    pub ahead: [Vec<usize>; 2],
}

/// All flips among so many racers under so many conditions. `order` says how the first racer stands to
/// the second under a condition: `Less` where it is ahead, `Equal` where neither is, or where one of
/// them was not there.
pub fn flips(
    racers: usize,
    conditions: usize,
    order: &dyn Fn(usize, [usize; 2]) -> Ordering,
) -> Vec<Flip> {
    let pairs = (0..racers).flat_map(|a| (a + 1..racers).map(move |b| [a, b]));
    let flip = |pair: [usize; 2]| {
        let ahead = [Ordering::Less, Ordering::Greater].map(|side| -> Vec<usize> {
            let under = |&condition: &usize| order(condition, pair) == side;
            (0..conditions).filter(under).collect()
        });
        let [first, second] = [ahead[0].first()?, ahead[1].first()?];
        Some(if first < second {
            Flip {
                racers: pair,
                ahead,
            }
        } else {
            let ([a, b], [before, behind]) = (pair, ahead);
            Flip {
                racers: [b, a],
                ahead: [behind, before],
            }
        })
    };
    pairs.filter_map(flip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_flips_if_each_is_ahead_somewhere() {
        // Rows are conditions, columns racers; 0 is absent.
        let times = [[10, 20, 0, 5], [30, 20, 9, 5], [20, 20, 9, 10]];
        let order = |condition: usize, pair: [usize; 2]| {
            let [a, b] = pair.map(|racer: usize| times[condition][racer]);
            if a == 0 || b == 0 {
                Ordering::Equal
            } else {
                a.cmp(&b)
            }
        };
        let flip = |racers, first: &[usize], second: &[usize]| Flip {
            racers,
            ahead: [first.to_vec(), second.to_vec()],
        };
        let want = [flip([0, 1], &[0], &[1]), flip([3, 2], &[1], &[2])];
        assert_eq!(flips(4, 3, &order), want);
        assert_eq!(flips(4, 1, &order), [], "one condition has one order");
        assert_eq!(flips(0, 3, &order), []);
    }
}
