//! Examples on their way through a network, a chunk at a time: forward, and back with the loss's
//! derivatives. Chunks go side by side where there are idle cores; what each of them computes, and
//! the order in which their gradients and losses are summed, depends on nothing but the data.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, s};
use rayon::prelude::*;

use super::examples::{Chunk, Examples};
use super::layer::{self, Layer};
use super::output::Tally;
use super::{Activation, Mlp};
use crate::math::Real;
use crate::math::activation::Units;
use crate::math::vector::vectorized;

/// Examples that go through the network at once: their activations stay in the cache.
pub const CHUNK: usize = 256;

/// So many chunks go side by side at most.
pub const ABREAST: usize = 8;
/// And so many whose features are read from a file: those have to be kept, and the file is slower
/// than any number of cores.
pub const STREAMED: usize = 2;
/// So many bytes may be kept for them; one chunk always goes.
pub const KEPT: usize = 1 << 24;

/// A layer's gradient is not cut into fewer rows: the pieces would have too little to do.
const ROWS: usize = 128;

/// What is kept of one chunk.
#[derive(Clone, Debug)]
pub struct Passage<F> {
    /// Its features, where they had to be gathered or read, shape (examples, inputs).
    features: Array2<F>,
    /// Each layer's numbers, a row an example; after the last the loss's derivative by them.
    outputs: Vec<Vec<F>>,
    /// The derivative of each hidden layer's activations; in the end the loss's by its numbers.
    deltas: Vec<Vec<F>>,
    /// Room for one more hidden layer.
    back: Vec<F>,
    /// What its losses come to.
    tally: Tally,
}

impl<F: Real> Passage<F> {
    /// As many as may go side by side in a pass over `examples`; `streamed` from a file or not.
    pub(super) fn abreast(layers: &[Layer], examples: usize, streamed: bool) -> Vec<Self> {
        let rows = CHUNK.min(examples);
        let numbers = |layer: &Layer| rows * (layer.inputs + 2 * layer.outputs);
        let bytes = size_of::<F>() * layers.iter().map(numbers).sum::<usize>();
        let most = if streamed { STREAMED } else { ABREAST };
        let most = most.min(KEPT / bytes).max(1);
        vec![Self::new(layers, rows); examples.div_ceil(CHUNK).min(most)]
    }

    fn new(layers: &[Layer], rows: usize) -> Self {
        let numbers = |layer: &Layer| vec![F::zero(); rows * layer.outputs];
        let hidden = &layers[..layers.len() - 1];
        let widest = hidden.iter().map(|layer| layer.outputs).max();
        Self {
            features: Array2::zeros((rows, layers[0].inputs)),
            outputs: layers.iter().map(numbers).collect(),
            deltas: hidden.iter().map(numbers).collect(),
            back: vec![F::zero(); rows * widest.unwrap_or(0)],
            tally: Tally::default(),
        }
    }

    /// The loss's derivative by the numbers of layer `l`.
    fn delta(&self, l: usize) -> &[F] {
        self.deltas.get(l).unwrap_or(&self.outputs[l])
    }
}

/// The first `rows` rows of `flat`.
fn matrix<F>(flat: &[F], rows: usize, width: usize) -> ArrayView2<'_, F> {
    ArrayView2::from_shape((rows, width), &flat[..rows * width]).expect("as many as the shape says")
}

/// A pass over many examples in their chunks.
pub struct Pass<'a, F> {
    /// The network.
    pub network: &'a Mlp<F>,
    /// Its parameters.
    pub w: &'a [F],
    /// How many examples there are in all.
    pub count: usize,
}

impl<F: Real> Pass<'_, F> {
    /// Writes the gradient of the mean loss over the examples that `chunk(k)` hands out to `g`, and
    /// returns the sum of their losses.
    pub fn gradient<'c>(
        &self,
        chunk: impl Fn(usize) -> Chunk<'c> + Sync,
        passages: &mut [Passage<F>],
        g: &mut [F],
    ) -> f64 {
        let mut losses = 0.0;
        let abreast = passages.len();
        for first in (0..self.chunks()).step_by(abreast) {
            let passages = &mut passages[..abreast.min(self.chunks() - first)];
            let chunk = |i: usize| chunk(first + i);
            let each = passages.par_iter_mut().enumerate();
            each.for_each(|(i, passage)| self.differentiate(&chunk(i), passage));
            let layers = 0..self.network.layers.len();
            self.collect(layers, &chunk, passages, g, first == 0);
            losses += passages.iter().map(|own| own.tally.loss).sum::<f64>();
        }
        losses
    }

    /// Judges all `examples`.
    pub fn tally(&self, examples: &Examples<F>, passages: &mut [Passage<F>]) -> Tally {
        let mut sum = Tally::default();
        let abreast = passages.len();
        for first in (0..self.chunks()).step_by(abreast) {
            let passages = &mut passages[..abreast.min(self.chunks() - first)];
            let each = passages.par_iter_mut().enumerate();
            each.for_each(|(i, passage)| {
                self.judge(&Chunk::Stretch(self.stretch(first + i)), examples, passage);
            });
            for passage in passages {
                sum += passage.tally;
            }
        }
        sum
    }

    /// How many chunks there are.
    fn chunks(&self) -> usize {
        self.count.div_ceil(CHUNK)
    }

    /// The examples of the chunk `k`.
    pub fn stretch(&self, k: usize) -> Range<usize> {
        k * CHUNK..self.count.min((k + 1) * CHUNK)
    }

    /// Runs the network over `x`, shape (examples, inputs), and leaves each layer's numbers in
    /// `outputs`, and with `slopes` the derivatives of the hidden layers' activations there.
    fn forward(
        &self,
        x: ArrayView2<'_, F>,
        outputs: &mut [Vec<F>],
        mut slopes: Option<&mut [Vec<F>]>,
    ) {
        let rows = x.nrows();
        for (l, layer) in self.network.layers.iter().enumerate() {
            let (before, rest) = outputs.split_at_mut(l);
            let input = before.last().map_or(x, |a| matrix(a, rows, layer.inputs));
            let z = &mut rest[0][..rows * layer.outputs];
            layer.forward(self.w, input, z);
            let slopes = slopes.as_deref_mut().and_then(|slopes| slopes.get_mut(l));
            let units = Units {
                slopes: slopes.map(|slopes| &mut slopes[..z.len()]),
                z,
                width: layer.outputs,
                biases: layer.is_biased.then(|| &self.w[layer.biases()]),
            };
            if l + 1 == self.network.layers.len() {
                units.shift();
                continue;
            }
            match self.network.activation {
                Activation::Relu => units.relu(),
                Activation::Tanh => units.tanh(),
                Activation::Sigmoid => units.sigmoid(),
                Activation::Gelu => units.gelu(),
            }
        }
    }

    /// Tallies the losses of one chunk.
    fn judge(&self, chunk: &Chunk<'_>, examples: &Examples<F>, passage: &mut Passage<F>) {
        let x = examples.features(chunk, &mut passage.features);
        self.forward(x, &mut passage.outputs, None);
        passage.tally = self.tally_last(chunk, examples, &mut passage.outputs);
    }

    /// Puts the loss's derivatives in the place of the last layer's numbers.
    fn tally_last(
        &self,
        chunk: &Chunk<'_>,
        examples: &Examples<F>,
        outputs: &mut [Vec<F>],
    ) -> Tally {
        let Mlp { output, loss, .. } = *self.network;
        let (width, z) = (self.network.outputs(), outputs.last_mut().expect("a layer"));
        let z = &mut z[..chunk.len() * width];
        output.judge(loss, z, width, &examples.answers, |i| chunk.row(i))
    }

    /// Takes one chunk forward and back: afterwards `passage` holds the loss's derivatives by each
    /// layer's numbers, divided by how many examples there are in all.
    fn differentiate(&self, chunk: &Chunk<'_>, passage: &mut Passage<F>) {
        let Mlp { train, layers, .. } = self.network;
        let (rows, share) = (chunk.len(), F::one() / F::of(self.count as f64));
        let x = train.features(chunk, &mut passage.features);
        self.forward(x, &mut passage.outputs, Some(&mut passage.deltas));
        passage.tally = self.tally_last(chunk, train, &mut passage.outputs);
        let last = passage.outputs.last_mut().expect("a layer");
        vectorized(|| last.iter_mut().for_each(|delta| *delta *= share));
        for (l, layer) in layers.iter().enumerate().skip(1).rev() {
            let (before, after) = passage.deltas.split_at_mut(l);
            let delta = matrix(after.first().unwrap_or(last), rows, layer.outputs);
            let back = &mut passage.back[..rows * layer.inputs];
            layer.back(self.w, delta, back);
            let slopes = &mut before[l - 1];
            vectorized(|| {
                for (slope, back) in slopes.iter_mut().zip(back) {
                    *slope *= *back;
                }
            });
        }
    }

    /// Adds the gradients by the parameters of `layers`, which `g` is for, chunk after chunk; the
    /// first of all in the place of what is there.
    fn collect<'c>(
        &self,
        layers: Range<usize>,
        chunk: &(impl Fn(usize) -> Chunk<'c> + Sync),
        passages: &[Passage<F>],
        g: &mut [F],
        is_first: bool,
    ) {
        if layers.len() > 1 {
            let middle = layers.start.midpoint(layers.end);
            let [from, to] = [layers.start, middle].map(|l| self.network.layers[l].offset);
            let (low, high) = g.split_at_mut(to - from);
            fork(
                passages.len() > 1,
                || self.collect(layers.start..middle, chunk, passages, low, is_first),
                || self.collect(middle..layers.end, chunk, passages, high, is_first),
            );
            return;
        }
        let (l, layer) = (layers.start, self.network.layers[layers.start]);
        let (weights, biases) = g.split_at_mut(layer.weights().len());
        self.collect_weights(l, 0..layer.inputs, chunk, passages, weights, is_first);
        if is_first {
            biases.fill(F::zero());
        }
        for (i, passage) in passages.iter().enumerate() {
            let delta = &passage.delta(l)[..chunk(i).len() * layer.outputs];
            vectorized(|| {
                for row in delta.chunks_exact(layer.outputs) {
                    for (sum, delta) in biases.iter_mut().zip(row) {
                        *sum += *delta;
                    }
                }
            });
        }
    }

    /// The same for the weights of layer `l` that belong to the `inputs`.
    fn collect_weights<'c>(
        &self,
        l: usize,
        inputs: Range<usize>,
        chunk: &(impl Fn(usize) -> Chunk<'c> + Sync),
        passages: &[Passage<F>],
        g: &mut [F],
        is_first: bool,
    ) {
        let layer = self.network.layers[l];
        if passages.len() > 1 && inputs.len() >= 2 * ROWS {
            let middle = inputs.start.midpoint(inputs.end);
            let (low, high) = g.split_at_mut((middle - inputs.start) * layer.outputs);
            rayon::join(
                || self.collect_weights(l, inputs.start..middle, chunk, passages, low, is_first),
                || self.collect_weights(l, middle..inputs.end, chunk, passages, high, is_first),
            );
            return;
        }
        for (i, passage) in passages.iter().enumerate() {
            let chunk = chunk(i);
            let input = match l.checked_sub(1) {
                None => self.network.train.again(&chunk, &passage.features),
                Some(before) => matrix(&passage.outputs[before], chunk.len(), layer.inputs),
            };
            let delta = matrix(passage.delta(l), chunk.len(), layer.outputs);
            let input = input.slice_move(s![.., inputs.clone()]);
            layer::collect(input, delta, g, is_first && i == 0);
        }
    }
}

/// Both, on two cores if it is worth it and there is an idle one.
fn fork(is_worth_it: bool, a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    if is_worth_it {
        rayon::join(a, b);
    } else {
        a();
        b();
    }
}
