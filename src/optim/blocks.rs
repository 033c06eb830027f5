//! What rules that see matrices make of the block table.

use std::ops::Range;

use crate::problem::Block;

/// Parameters that belong together: a matrix, or a stretch of the flat vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    from: usize,
    to: usize,
    /// Rows and columns of a matrix.
    pub shape: Option<[usize; 2]>,
}

impl Part {
    /// Its place in the flat vector.
    pub fn range(&self) -> Range<usize> {
        self.from..self.to
    }
}

/// The parts of a parameter vector, in order and without gaps. Matrices are what has more than one
/// row and column; that of the output layer, which is the last to have rows, only with
/// `with_output`. Neighbours that are no matrices are one part.
pub(super) fn parts(blocks: &[Block], with_output: bool) -> Vec<Part> {
    let output = blocks.iter().rposition(|block| block.rows > 1);
    let mut parts: Vec<Part> = Vec::new();
    for (i, block) in blocks.iter().enumerate() {
        let is_wanted = with_output || Some(i) != output;
        let is_matrix = is_wanted && block.rows > 1 && block.columns > 1;
        let part = Part {
            from: block.offset,
            to: block.offset + block.rows * block.columns,
            shape: is_matrix.then_some([block.rows, block.columns]),
        };
        match parts.last_mut() {
            Some(last) if last.shape.is_none() && !is_matrix => last.to = part.to,
            _ => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of these shapes, in order.
    fn blocks(shapes: &[[usize; 2]]) -> Vec<Block> {
        let mut offset = 0;
        let block = |&[rows, columns]: &[usize; 2]| {
            let name = String::new();
            let from = offset;
            offset += rows * columns;
            Block {
                name,
                offset: from,
                rows,
                columns,
            }
        };
        shapes.iter().map(block).collect()
    }

    #[test]
    fn matrices_are_found_and_the_rest_is_joined() {
        let network = blocks(&[[4, 3], [1, 3], [3, 2], [1, 2]]);
        let found = |with_output| -> Vec<_> {
            let parts = parts(&network, with_output).into_iter();
            parts.map(|part| (part.range(), part.shape)).collect()
        };
        let first = (0..12, Some([4, 3]));
        assert_eq!(found(false), [first.clone(), (12..23, None)]);
        let last = (15..21, Some([3, 2]));
        assert_eq!(found(true), [first, (12..15, None), last, (21..23, None)]);
    }

    #[test]
    fn a_surface_has_none_nor_has_a_single_output() {
        for with_output in [false, true] {
            assert_eq!(parts(&blocks(&[[1, 2]]), with_output)[0].shape, None);
            let line = parts(&blocks(&[[5, 1], [1, 1]]), with_output);
            assert_eq!((line.len(), line[0].range()), (1, 0..6));
        }
        // The last layer has a single output: the matrix before it is hidden all the same.
        let network = parts(&blocks(&[[4, 3], [1, 3], [3, 1], [1, 1]]), false);
        assert_eq!(network[0].shape, Some([4, 3]));
    }
}
