//! Models on one flat parameter vector: linear, logistic and softmax regression, and the
//! multi-layer perceptron, which has hidden layers between. Examples pass through in chunks of
//! fixed length, in order, so that sums come out the same whoever computes them.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, s};

use crate::math::{self, Real, activation};
use crate::problem::dataset::{Split, Target};
use crate::problem::{Batch, Block, Part, Problem, Score, Work};
use crate::random::{self, Purpose};

mod examples;
mod output;
use examples::Examples;
use output::{Answers, Output, Tally};

/// Examples that go through the network at once: their activations stay in the cache.
const CHUNK: usize = 256;

/// What a model looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// Which of the four it was declared as.
    pub kind: ModelKind,
    /// Units of each hidden layer; empty for the regressions.
    pub hidden: Vec<usize>,
    /// The activation of the hidden layers.
    pub activation: Activation,
    /// What is minimised.
    pub loss: Loss,
    /// How weights are drawn; biases start at 0.
    pub init: Init,
    /// Whether layers have biases.
    pub bias: bool,
    /// Adds (l2 / 2) times the sum of squared weights (not biases) to the loss.
    pub l2: f64,
}

/// The four kinds of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// One linear output for a numeric target.
    Linear,
    /// One sigmoid output for two classes.
    Logistic,
    /// One softmax output a class.
    Softmax,
    /// Hidden layers, then one softmax output a class, or one linear output for a numeric target.
    Mlp,
}

/// The nonlinearity of hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// max(0, z).
    Relu,
    /// The hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-z).
    Sigmoid,
    /// z times the normal distribution function of z, with erf (not its tanh approximation).
    Gelu,
}

/// What is minimised, as a mean over examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The negative log-likelihood of the class.
    CrossEntropy,
    /// The sum over outputs of (prediction - y)^2.
    SquaredError,
}

/// How weights are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Normal with standard deviation sqrt(2 / inputs): He et al. (2015).
    He,
    /// Normal with standard deviation sqrt(2 / (inputs + outputs)): Glorot and Bengio (2010).
    Xavier,
    /// All 0.
    Zeros,
    /// Normal with this standard deviation.
    Normal(f64),
}

/// A model on the training and test part of a dataset, as racers meet it.
pub struct Mlp<F> {
    activation: Activation,
    output: Output,
    loss: Loss,
    l2: F,
    layers: Vec<Layer>,
    blocks: Vec<Block>,
    start: Array1<F>,
    train: Examples<F>,
    test: Option<Examples<F>>,
}

/// Where a layer's weights, shape (inputs, outputs), and biases lie in the flat vector.
#[derive(Clone, Copy, Debug)]
struct Layer {
    inputs: usize,
    outputs: usize,
    weights: usize,
    biases: Option<usize>,
}

impl Layer {
    fn weights<'a, F>(&self, w: ArrayView1<'a, F>) -> ArrayView2<'a, F> {
        let flat = w.slice_move(s![self.weights..self.weights + self.inputs * self.outputs]);
        flat.into_shape_with_order((self.inputs, self.outputs))
            .expect("layers lie without gaps")
    }

    fn weights_mut<'a, F>(&self, w: ArrayViewMut1<'a, F>) -> ArrayViewMut2<'a, F> {
        let flat = w.slice_move(s![self.weights..self.weights + self.inputs * self.outputs]);
        flat.into_shape_with_order((self.inputs, self.outputs))
            .expect("layers lie without gaps")
    }

    fn biases(&self) -> Option<std::ops::Range<usize>> {
        self.biases.map(|from| from..from + self.outputs)
    }
}

impl Architecture {
    /// The size of each layer's output, given what the data ask for.
    pub fn widths(&self, answers: &Target) -> Vec<usize> {
        let last = match (self.kind, answers) {
            (ModelKind::Softmax | ModelKind::Mlp, Target::Classes { names, .. }) => names.len(),
            _ => 1,
        };
        self.hidden.iter().copied().chain([last]).collect()
    }

    /// The number of parameters for `inputs` features and these answers.
    pub fn parameters(&self, inputs: usize, answers: &Target) -> usize {
        let mut from = inputs;
        let size = |to: usize| {
            let size = from * to + if self.bias { to } else { 0 };
            from = to;
            size
        };
        self.widths(answers).into_iter().map(size).sum()
    }

    fn output(&self, answers: &Target) -> Output {
        match (self.kind, answers) {
            (ModelKind::Logistic, _) => Output::Logistic,
            (_, Target::Numeric(_)) => Output::Linear,
            (_, Target::Classes { .. }) => Output::Softmax,
        }
    }
}

impl<F: Real> Mlp<F> {
    /// `architecture` on `split`, with initial weights drawn from `seed`.
    pub fn new(architecture: &Architecture, split: &Split, seed: u64) -> Self {
        let answers = &split.train.target;
        let (layers, blocks) = lay_out(architecture, split.train.x.ncols(), answers);
        Self {
            activation: architecture.activation,
            output: architecture.output(answers),
            loss: architecture.loss,
            l2: F::of(architecture.l2),
            start: draw(architecture.init, &layers, seed),
            layers,
            blocks,
            train: Examples::new(&split.train),
            test: split.test.as_ref().map(Examples::new),
        }
    }

    /// Runs the network over `x`, shape (examples, inputs), and leaves the last layer's numbers in
    /// the last layer's buffer. With `slopes` the derivatives of the activations are kept too.
    fn forward(
        &self,
        w: ArrayView1<'_, F>,
        x: ArrayView2<'_, F>,
        buffers: &mut [Array2<F>],
        slopes: bool,
    ) {
        let rows = x.nrows();
        for (l, layer) in self.layers.iter().enumerate() {
            let (before, rest) = buffers.split_at_mut(2 * l);
            let input = if l == 0 {
                x
            } else {
                before[2 * l - 2].slice(s![..rows, ..])
            };
            let (z, slope) = rest.split_at_mut(1);
            let mut z = z[0].slice_mut(s![..rows, ..]);
            general_mat_mul(F::one(), &input, &layer.weights(w), F::zero(), &mut z);
            if let Some(biases) = layer.biases() {
                z += &w.slice(s![biases]);
            }
            if l + 1 < self.layers.len() {
                let z = z.as_slice_mut().expect("leading rows are contiguous");
                let slope =
                    slopes.then(|| &mut slope[0].as_slice_mut().expect("contiguous")[..z.len()]);
                match self.activation {
                    Activation::Relu => activation::relu(z, slope),
                    Activation::Tanh => activation::tanh(z, slope),
                    Activation::Sigmoid => activation::sigmoid(z, slope),
                    Activation::Gelu => activation::gelu(z, slope),
                }
            }
        }
    }

    /// Adds the gradient of the sum of losses over `x`, divided by `count`, to `g`.
    fn add_gradient(
        &self,
        w: ArrayView1<'_, F>,
        x: ArrayView2<'_, F>,
        row: impl Fn(usize) -> usize,
        count: usize,
        mut g: ArrayViewMut1<'_, F>,
        buffers: &mut [Array2<F>],
    ) {
        self.forward(w, x, buffers, true);
        let rows = x.nrows();
        let share = F::one() / F::of(count as f64);
        let last = 2 * (self.layers.len() - 1);
        let mut delta = buffers[last].slice_mut(s![..rows, ..]);
        self.output
            .judge(self.loss, delta.view_mut(), &self.train.answers, row);
        delta *= share;
        for (l, layer) in self.layers.iter().enumerate().rev() {
            let (before, rest) = buffers.split_at_mut(2 * l);
            let delta = rest[0].slice(s![..rows, ..]);
            let input = if l == 0 {
                x
            } else {
                before[2 * l - 2].slice(s![..rows, ..])
            };
            let mut weights = layer.weights_mut(g.view_mut());
            general_mat_mul(F::one(), &input.t(), &delta, F::one(), &mut weights);
            if let Some(biases) = layer.biases() {
                let mut sums = g.slice_mut(s![biases]);
                delta.rows().into_iter().for_each(|row| sums += &row);
            }
            if let [.., activations, slopes] = before {
                // The activations are not needed any more: their buffer takes the layer's delta.
                let mut back = activations.slice_mut(s![..rows, ..]);
                general_mat_mul(
                    F::one(),
                    &delta,
                    &layer.weights(w).t(),
                    F::zero(),
                    &mut back,
                );
                back *= &slopes.slice(s![..rows, ..]);
            }
        }
    }
}

impl<F: Real> Problem<F> for Mlp<F> {
    fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    fn examples(&self) -> usize {
        self.train.len()
    }

    fn rows(&self) -> usize {
        self.train.len()
    }

    fn start(&self) -> Array1<F> {
        self.start.clone()
    }

    /// For each layer its activations and their derivatives, then the gathered batch.
    fn work(&self) -> Work<F> {
        let rows = CHUNK.min(
            self.examples()
                .max(self.test.as_ref().map_or(0, Examples::len)),
        );
        let mut matrices = vec![];
        for layer in &self.layers {
            matrices.push(Array2::zeros((rows, layer.outputs)));
            matrices.push(Array2::zeros((rows, layer.outputs)));
        }
        matrices.push(Array2::zeros((rows, self.train.inputs())));
        Work {
            matrices,
            ..Work::default()
        }
    }

    fn gradient(
        &self,
        w: ArrayView1<'_, F>,
        batch: Batch<'_>,
        mut g: ArrayViewMut1<'_, F>,
        work: &mut Work<F>,
    ) {
        g.fill(F::zero());
        let (gathered, buffers) = work
            .matrices
            .split_last_mut()
            .expect("work() made the buffers");
        match batch {
            Batch::All => {
                let count = self.examples();
                for from in (0..count).step_by(CHUNK) {
                    let x = self.train.stretch(from..count.min(from + CHUNK), gathered);
                    self.add_gradient(w, x, |i| from + i, count, g.view_mut(), buffers);
                }
            }
            Batch::Mini { rows, .. } => {
                for chunk in rows.chunks(CHUNK) {
                    let x = self.train.gather(chunk, gathered);
                    let row = |i: usize| chunk[i] as usize;
                    self.add_gradient(w, x, row, rows.len(), g.view_mut(), buffers);
                }
            }
        }
        if self.l2 > F::zero() {
            for layer in &self.layers {
                layer
                    .weights_mut(g.view_mut())
                    .scaled_add(self.l2, &layer.weights(w));
            }
        }
    }

    fn evaluate(&self, w: ArrayView1<'_, F>, part: Part, work: &mut Work<F>) -> Option<Score> {
        let examples = match part {
            Part::Train => &self.train,
            Part::Test => self.test.as_ref()?,
        };
        let (gathered, buffers) = work
            .matrices
            .split_last_mut()
            .expect("work() made the buffers");
        let mut sum = Tally::default();
        for from in (0..examples.len()).step_by(CHUNK) {
            let x = examples.stretch(from..examples.len().min(from + CHUNK), gathered);
            self.forward(w, x, buffers, false);
            let z = buffers[2 * (self.layers.len() - 1)].slice_mut(s![..x.nrows(), ..]);
            let tally = self
                .output
                .judge(self.loss, z, &examples.answers, |i| from + i);
            sum.loss += tally.loss;
            sum.right += tally.right;
        }
        let count = examples.len() as f64;
        let mut loss = sum.loss / count;
        if part == Part::Train && self.l2 > F::zero() {
            let squares = |layer: &Layer| math::norm(layer.weights(w).flatten().view()).powi(2);
            loss += self.l2.get() / 2.0 * self.layers.iter().map(squares).sum::<f64>();
        }
        let classes = matches!(examples.answers, Answers::Classes(_));
        Some(Score {
            loss,
            accuracy: classes.then(|| sum.right as f64 / count),
        })
    }
}

/// The layers of a network, one after the other in the flat vector: weights, then biases.
fn lay_out(
    architecture: &Architecture,
    inputs: usize,
    answers: &Target,
) -> (Vec<Layer>, Vec<Block>) {
    let (mut layers, mut blocks) = (vec![], vec![]);
    let (mut inputs, mut offset) = (inputs, 0);
    for (l, outputs) in architecture.widths(answers).into_iter().enumerate() {
        let mut place = |what: &str, rows| {
            let name = format!("layer {} {what}", l + 1);
            blocks.push(Block {
                name,
                offset,
                rows,
                columns: outputs,
            });
            let from = offset;
            offset += rows * outputs;
            from
        };
        let weights = place("weights", inputs);
        let biases = architecture.bias.then(|| place("biases", 1));
        layers.push(Layer {
            inputs,
            outputs,
            weights,
            biases,
        });
        inputs = outputs;
    }
    (layers, blocks)
}

/// Initial parameters: weights as `init` says, in order; biases 0.
fn draw<F: Real>(init: Init, layers: &[Layer], seed: u64) -> Array1<F> {
    let mut rng = random::stream(seed, Purpose::Initial, 0);
    let mut w = vec![];
    for layer in layers {
        let (inputs, outputs) = (layer.inputs as f64, layer.outputs as f64);
        let deviation = match init {
            Init::He => (2.0 / inputs).sqrt(),
            Init::Xavier => (2.0 / (inputs + outputs)).sqrt(),
            Init::Normal(deviation) => deviation,
            Init::Zeros => 0.0,
        };
        let weights = layer.inputs * layer.outputs;
        w.extend((0..weights).map(|_| F::of(deviation * random::normal(&mut rng))));
        w.extend(layer.biases().into_iter().flatten().map(|_| F::zero()));
    }
    w.into()
}
