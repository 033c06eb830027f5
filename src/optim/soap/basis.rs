//! The axes of one matrix of parameters: eigenvectors of the averages of G G^T and G^T G, found once
//! and then kept up to date by one round of power iteration at a time.

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2};

use crate::math::Real;
use crate::math::orthogonal::{dot, orthonormalize, sandwich};
use crate::math::product::product;
use crate::math::symmetric::eigenvectors;

/// The axes of both sides.
#[derive(Clone, Debug)]
pub(super) struct Basis<F> {
    left: Side<F>,
    right: Side<F>,
}

/// One side of a matrix: its rows, or its columns.
#[derive(Clone, Debug)]
struct Side<F> {
    size: usize,
    /// The average of G G^T (or G^T G), shape (size, size).
    gram: Vec<F>,
    /// The axes as rows, shape (size, size).
    axes: Vec<F>,
    /// How much the gradients vary along each axis.
    strengths: Vec<F>,
    /// The axes by strength, strongest first, as they were before they were sorted.
    order: Vec<usize>,
}

const SHAPE: &str = "as many as the shape says";

fn square<F>(flat: &[F], size: usize) -> ArrayView2<'_, F> {
    ArrayView2::from_shape((size, size), flat).expect(SHAPE)
}

impl<F: Real> Basis<F> {
    /// Of a matrix with so many rows and columns.
    pub fn new([rows, columns]: [usize; 2]) -> Self {
        Self {
            left: Side::new(rows),
            right: Side::new(columns),
        }
    }

    /// How much room its methods need.
    pub fn room(&self) -> usize {
        let most = self.left.size.max(self.right.size);
        most * most
    }

    fn shape(&self) -> (usize, usize) {
        (self.left.size, self.right.size)
    }

    /// Finds the axes by the first gradient.
    pub fn begin(&mut self, g: ArrayView1<'_, F>, beta: F, room: &mut [F]) {
        self.learn(g, beta, room);
        self.left.begin();
        self.right.begin();
    }

    /// Takes a gradient into the averages.
    pub fn learn(&mut self, g: ArrayView1<'_, F>, beta: F, room: &mut [F]) {
        let g = g.into_shape_with_order(self.shape()).expect(SHAPE);
        self.left.learn(g, beta, room);
        self.right.learn(g.reversed_axes(), beta, room);
    }

    /// Writes `x` as it is along the axes to `image`.
    pub fn project(&self, x: ArrayView1<'_, F>, image: &mut [F], room: &mut [F]) {
        let x = x.into_shape_with_order(self.shape()).expect(SHAPE);
        let image = ArrayViewMut2::from_shape(self.shape(), image).expect(SHAPE);
        let (left, right) = (&self.left, &self.right);
        let (left, right) = (
            square(&left.axes, left.size),
            square(&right.axes, right.size),
        );
        sandwich(left, x, right, room, image);
    }

    /// Turns `x` back from along the axes.
    pub fn unproject(&self, x: &mut [F], room: &mut [F]) {
        let mut x = ArrayViewMut2::from_shape(self.shape(), x).expect(SHAPE);
        let (left, right) = (&self.left, &self.right);
        let (left, right) = (
            square(&left.axes, left.size),
            square(&right.axes, right.size),
        );
        let mut middle = ArrayViewMut2::from_shape(x.raw_dim(), &mut room[..x.len()]);
        let middle = middle.as_mut().expect("the room is larger");
        product(left.reversed_axes(), x.view(), false, middle.view_mut());
        product(middle.view(), right, false, x.view_mut());
    }

    /// Turns the axes towards the eigenvectors, strongest first, and sorts `v`, which is along them,
    /// alike.
    pub fn refresh(&mut self, v: &mut [F], room: &mut [F]) {
        self.left.refresh(room);
        self.right.refresh(room);
        let (rows, columns) = self.shape();
        let old = &mut room[..rows * columns];
        old.copy_from_slice(v);
        for (row, &from) in v.chunks_exact_mut(columns).zip(&self.left.order) {
            for (v, &column) in row.iter_mut().zip(&self.right.order) {
                *v = old[from * columns + column];
            }
        }
    }
}

impl<F: Real> Side<F> {
    fn new(size: usize) -> Self {
        Self {
            size,
            gram: vec![F::zero(); size * size],
            axes: vec![F::zero(); size * size],
            strengths: vec![F::zero(); size],
            order: (0..size).collect(),
        }
    }

    /// Takes `g` into the average of `g` `g`^T.
    fn learn(&mut self, g: ArrayView2<'_, F>, beta: F, room: &mut [F]) {
        let room = &mut room[..self.size * self.size];
        let image = ArrayViewMut2::from_shape((self.size, self.size), &mut *room);
        product(g, g.t(), false, image.expect(SHAPE));
        for (gram, new) in self.gram.iter_mut().zip(room) {
            *gram = beta * *gram + (F::one() - beta) * *new;
        }
    }

    /// All eigenvectors.
    fn begin(&mut self) {
        let mut axes: Vec<f64> = self.gram.iter().map(|x| x.get()).collect();
        eigenvectors(&mut axes, self.size);
        for (axis, x) in self.axes.iter_mut().zip(axes) {
            *axis = F::of(x);
        }
    }

    /// One round of power iteration, made orthogonal.
    fn refresh(&mut self, room: &mut [F]) {
        let n = self.size;
        let images = &mut room[..n * n];
        let shaped = ArrayViewMut2::from_shape((n, n), &mut *images).expect(SHAPE);
        product(square(&self.axes, n), square(&self.gram, n), false, shaped);
        let axes = self.axes.chunks_exact(n).zip(images.chunks_exact(n));
        for (strength, (axis, image)) in self.strengths.iter_mut().zip(axes) {
            *strength = dot(axis, image);
        }
        let strengths = &self.strengths;
        self.order.iter_mut().enumerate().for_each(|(i, o)| *o = i);
        self.order.sort_unstable_by(|&a, &b| {
            let by_strength = strengths[b].get().total_cmp(&strengths[a].get());
            by_strength.then(a.cmp(&b))
        });
        for (axis, &from) in self.axes.chunks_exact_mut(n).zip(&self.order) {
            axis.copy_from_slice(&images[from * n..(from + 1) * n]);
        }
        orthonormalize(&mut self.axes, images, n);
    }
}
