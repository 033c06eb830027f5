//! The canonical text of a scenario: everything that decides the numbers of its race, with all
//! defaults written out, and nothing else. Title, labels and the way it is shown are left out, as
//! is the name of a data file: its examples count.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Entrant, Finish, Metric, ModelTask, Precision, Scenario, SurfaceTask, Task};
use crate::optim::Setting;
use crate::problem::Part;
use crate::problem::dataset::{Dataset, Scale, Target};
use crate::problem::mlp::{Activation, Init, Loss, ModelKind};
use crate::problem::surface::Function;

impl Scenario {
    /// One line a fact, in a fixed order; floats in the shortest form that reads back as the same
    /// bits. Two scenarios with the same text race the same.
    pub fn resolved(&self) -> String {
        let mut text = Lines(String::new());
        text.line("format", "slalom.scenario/1");
        text.line("seed", self.seed);
        match &self.task {
            Task::Surface(task) => surface(task, &mut text),
            Task::Model(task) => model(task, &mut text),
        }
        finish(&self.finish, &mut text);
        for (number, racer) in (1..).zip(&self.racers) {
            entrant(number, racer, self.examples(), &mut text);
        }
        text.0
    }

    /// The SHA-256 of [`Scenario::resolved`], in hexadecimal.
    pub fn digest(&self) -> String {
        hexadecimal(Sha256::new_with_prefix(self.resolved()))
    }
}

/// The text, growing by `key = value`.
struct Lines(String);

impl Lines {
    fn line(&mut self, key: &str, value: impl std::fmt::Display) {
        writeln!(self.0, "{key} = {value}").expect("a string takes all that is written to it");
    }

    /// A number in full precision, or `none`.
    fn number(&mut self, key: &str, value: Option<f64>) {
        match value {
            Some(value) => self.line(key, format_args!("{value:?}")),
            None => self.line(key, "none"),
        }
    }

    fn count(&mut self, key: &str, value: Option<u64>, otherwise: &str) {
        match value {
            Some(value) => self.line(key, value),
            None => self.line(key, otherwise),
        }
    }
}

fn surface(task: &SurfaceTask, text: &mut Lines) {
    match &task.function {
        Function::Shipped(surface) => text.line("surface.function", surface.id),
        Function::Written(formula) => {
            text.line("surface.formula", format_args!("{:?}", formula.text()));
            text.line(
                "surface.variables",
                format_args!("{:?}", formula.variables()),
            );
        }
    }
    text.line("surface.start", format_args!("{:?}", task.start));
    text.number("surface.noise", Some(task.noise));
    text.line("surface.examples", task.examples);
}

fn model(task: &ModelTask, text: &mut Lines) {
    let model = &task.model;
    let kind = match model.kind {
        ModelKind::Linear => "linear",
        ModelKind::Logistic => "logistic",
        ModelKind::Softmax => "softmax",
        ModelKind::Mlp => "mlp",
    };
    text.line("model.kind", kind);
    text.line("model.hidden", format_args!("{:?}", model.hidden));
    if model.kind == ModelKind::Mlp {
        let activation = match model.activation {
            Activation::Relu => "relu",
            Activation::Tanh => "tanh",
            Activation::Sigmoid => "sigmoid",
            Activation::Gelu => "gelu",
        };
        text.line("model.activation", activation);
    }
    let loss = match model.loss {
        Loss::CrossEntropy => "cross-entropy",
        Loss::SquaredError => "squared-error",
    };
    text.line("model.loss", loss);
    match model.init {
        Init::He => text.line("model.init", "he"),
        Init::Xavier => text.line("model.init", "xavier"),
        Init::Zeros => text.line("model.init", "zeros"),
        Init::Normal(sd) => text.number("model.init.normal", Some(sd)),
    }
    text.line("model.bias", model.bias);
    text.number("model.l2", Some(model.l2));
    let precision = match task.precision {
        Precision::F32 => "f32",
        Precision::F64 => "f64",
    };
    text.line("model.precision", precision);
    text.line("data.examples", examples(&task.data));
    let scale = match task.scale {
        Scale::Standard => "standard",
        Scale::MinMax => "min-max",
        Scale::None => "none",
    };
    text.line("data.scale", scale);
    text.number("data.test", Some(task.test));
}

fn finish(finish: &Finish, text: &mut Lines) {
    let metric = match finish.target.metric {
        Metric::Loss => "finish.loss",
        Metric::Accuracy => "finish.accuracy",
    };
    text.number(metric, Some(finish.target.value));
    let on = match finish.target.on {
        Part::Train => "train",
        Part::Test => "test",
    };
    text.line("finish.on", on);
    text.line("finish.hold", finish.hold);
    text.count("finish.steps", finish.steps, "none");
    text.number("finish.epochs", finish.epochs);
    text.number("finish.seconds", finish.seconds);
    text.count("finish.evaluate_every", finish.evaluate_every, "default");
}

fn entrant(number: usize, racer: &Entrant, examples: usize, text: &mut Lines) {
    for leg in racer.legs() {
        let key = |name: &str| match leg.after {
            0 => format!("racer.{number}.{name}"),
            after => format!("racer.{number}.after.{after}.{name}"),
        };
        text.line(&key("optimizer"), leg.optimizer.id());
        if let Some(rule) = leg.optimizer.written() {
            text.line(&key("rule"), format_args!("{:?}", rule.lines()));
        }
        let [rate, around] = leg.regime.settings(leg.learning_rate);
        let own = leg.settings.0.iter().map(|(name, value)| (&**name, value));
        let around = around.iter().map(|(name, value)| (name.as_str(), value));
        let rate = rate.iter().map(|(name, value)| (name.as_str(), value));
        for (name, setting) in rate.chain(own).chain(around) {
            match setting {
                Setting::Number(value) => text.number(&key(name), Some(*value)),
                Setting::Switch(on) => text.line(&key(name), on),
                Setting::Word(word) => text.line(&key(name), word),
            }
        }
        // A batch of all examples is the full batch.
        let batch = leg.batch.filter(|&batch| batch < examples);
        text.count(&key("batch"), batch.map(|batch| batch as u64), "all");
    }
    if let Some(start) = &racer.start {
        text.line(&format!("racer.{number}.start"), format_args!("{start:?}"));
    }
}

/// The SHA-256 of all examples, whatever their names and wherever they came from.
fn examples(data: &Dataset) -> String {
    let mut hash = Sha256::new();
    let mut count = |n: usize| hash.update((n as u64).to_le_bytes());
    count(data.features.nrows());
    count(data.features.ncols());
    count(data.target.classes().unwrap_or(0));
    for x in &data.features {
        hash.update(x.to_le_bytes());
    }
    match &data.target {
        Target::Numeric(values) => {
            for y in values {
                hash.update(y.to_le_bytes());
            }
        }
        Target::Classes { labels, .. } => {
            for label in labels {
                hash.update(label.to_le_bytes());
            }
        }
    }
    hexadecimal(hash)
}

fn hexadecimal(hash: Sha256) -> String {
    let mut text = String::new();
    for byte in hash.finalize() {
        write!(text, "{byte:02x}").expect("a string takes all that is written to it");
    }
    text
}
