//! Models on one flat parameter vector: linear, logistic and softmax regression, and the multi-layer perceptron,
//! which has hidden layers between.

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
