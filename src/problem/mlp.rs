//! Models on one flat parameter vector: linear, logistic and softmax regression, and the
//! multi-layer perceptron, which has hidden layers between. Examples pass through in chunks of
//! fixed length, in order, so that sums come out the same whoever computes them.

use ndarray::{Array1, ArrayView1, ArrayViewMut1, s};

use crate::math::{self, Real};
use crate::problem::dataset::{Split, Target};
use crate::problem::{Batch, Block, Part, Problem, Score, Work};
use crate::random::{self, Purpose};

mod examples;
mod layer;
mod output;
mod passage;
use examples::{Chunk, Examples};
use layer::Layer;
use output::{Answers, Output};
use passage::Pass;
pub use passage::{ABREAST, CHUNK, KEPT, Passage, STREAMED};

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

    /// How many numbers the last layer has.
    fn outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.outputs)
    }

    /// The l2 term of the loss.
    fn penalty(&self, w: ArrayView1<'_, F>) -> f64 {
        if self.l2 == F::zero() {
            return 0.0;
        }
        let squares = |layer: &Layer| math::norm(w.slice(s![layer.weights()])).powi(2);
        self.l2.get() / 2.0 * self.layers.iter().map(squares).sum::<f64>()
    }

    /// Writes the gradient at `w` to `g`, and returns the sum of the batch's losses.
    fn differentiate(
        &self,
        w: ArrayView1<'_, F>,
        batch: Batch<'_>,
        mut g: ArrayViewMut1<'_, F>,
        work: &mut Work<F>,
    ) -> f64 {
        let g = g.as_slice_mut().expect("a gradient lies in one piece");
        let losses = match batch {
            Batch::All => {
                let pass = self.pass(&w, self.examples());
                let chunk = |k| Chunk::Stretch(pass.stretch(k));
                pass.gradient(chunk, &mut work.passages, g)
            }
            Batch::Mini { rows, .. } => {
                let pass = self.pass(&w, rows.len());
                let chunk = |k| Chunk::Rows(&rows[pass.stretch(k)]);
                pass.gradient(chunk, &mut work.passages, g)
            }
        };
        if self.l2 > F::zero() {
            for layer in &self.layers {
                let weights = layer.weights();
                let pairs = g[weights.clone()].iter_mut().zip(w.slice(s![weights]));
                pairs.for_each(|(g, &w)| *g += self.l2 * w);
            }
        }
        losses
    }

    fn pass<'a>(&'a self, w: &'a ArrayView1<'_, F>, count: usize) -> Pass<'a, F> {
        let w = w.as_slice().expect("parameters lie in one piece");
        Pass {
            network: self,
            w,
            count,
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

    fn work(&self) -> Work<F> {
        let test = self.test.as_ref().map_or(0, Examples::len);
        let (most, streamed) = (self.examples().max(test), self.train.is_streamed());
        Work {
            passages: Passage::abreast(&self.layers, most, streamed),
            ..Work::default()
        }
    }

    fn gradient(
        &self,
        w: ArrayView1<'_, F>,
        batch: Batch<'_>,
        g: ArrayViewMut1<'_, F>,
        work: &mut Work<F>,
    ) {
        self.differentiate(w, batch, g, work);
    }

    fn gradient_and_loss(
        &self,
        w: ArrayView1<'_, F>,
        batch: Batch<'_>,
        g: ArrayViewMut1<'_, F>,
        work: &mut Work<F>,
    ) -> f64 {
        let count = match batch {
            Batch::All => self.examples(),
            Batch::Mini { rows, .. } => rows.len(),
        };
        self.differentiate(w, batch, g, work) / count as f64 + self.penalty(w)
    }

    fn evaluate(&self, w: ArrayView1<'_, F>, part: Part, work: &mut Work<F>) -> Option<Score> {
        let examples = match part {
            Part::Train => &self.train,
            Part::Test => self.test.as_ref()?,
        };
        let pass = self.pass(&w, examples.len());
        let sum = pass.tally(examples, &mut work.passages);
        let count = examples.len() as f64;
        let mut loss = sum.loss / count;
        if part == Part::Train && self.l2 > F::zero() {
            loss += self.penalty(w);
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
        let from = place("weights", inputs);
        if architecture.bias {
            place("biases", 1);
        }
        layers.push(Layer {
            inputs,
            outputs,
            offset: from,
            is_biased: architecture.bias,
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
        w.extend(layer.biases().map(|_| F::zero()));
    }
    w.into()
}
