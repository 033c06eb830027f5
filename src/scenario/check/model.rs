//! `[model]` and `[data]`: what is learned, from what, and whether the two fit each other.

use std::path::Path;
use std::sync::Arc;

use super::section::{Given, Section, integer, number, one_of};
use super::{Options, narrow};
use crate::problem::dataset::{
    self, About, Column, Dataset, Missing, Request, Scale, Target, Wanted,
};
use crate::problem::mlp::{Activation, Architecture, Init, Loss, ModelKind};
use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{Node, Value};
use crate::scenario::{ModelTask, Precision};

const MODEL_KEYS: &[&str] = &[
    "kind",
    "hidden",
    "activation",
    "loss",
    "init",
    "bias",
    "l2",
    "precision",
];

const DATA_KEYS: &[&str] = &[
    "source",
    "target",
    "labels",
    "columns",
    "categories",
    "missing",
    "header",
    "scale",
    "test",
    "rows",
];

/// What names a column.
const COLUMN: &str = "the name of a column, or its number from 1";

/// The most columns that can be listed.
const MOST_COLUMNS: usize = 65_536;

const KINDS: &[(&str, ModelKind)] = &[
    ("linear", ModelKind::Linear),
    ("logistic", ModelKind::Logistic),
    ("softmax", ModelKind::Softmax),
    ("mlp", ModelKind::Mlp),
];

const ACTIVATIONS: &[(&str, Activation)] = &[
    ("relu", Activation::Relu),
    ("tanh", Activation::Tanh),
    ("sigmoid", Activation::Sigmoid),
    ("gelu", Activation::Gelu),
];

const LOSSES: &[(&str, Loss)] = &[
    ("cross-entropy", Loss::CrossEntropy),
    ("squared-error", Loss::SquaredError),
];

const SCALES: &[(&str, Scale)] = &[
    ("standard", Scale::Standard),
    ("min-max", Scale::MinMax),
    ("none", Scale::None),
];

/// `[model]` as far as it can be read without the data.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub kind: Option<Given<ModelKind>>,
    hidden: Option<Vec<usize>>,
    activation: Option<Activation>,
    loss: Option<Given<Loss>>,
    init: Option<Init>,
    bias: bool,
    l2: f64,
    pub precision: Option<Precision>,
}

/// `[data]`, with the examples.
#[derive(Debug)]
pub(super) struct Data {
    pub set: Arc<Dataset>,
    pub source: Place,
    pub test: f64,
    pub scale: Scale,
}

pub(super) fn model(node: &Node, mistakes: &mut Vec<Mistake>) -> Model {
    let Some(mut section) = Section::open("[model]", node, MODEL_KEYS, mistakes) else {
        return Model::default();
    };
    section.require("kind", "one of linear, logistic, softmax, mlp");
    let kind = section.word("kind", KINDS);
    let precisions = [("f32", Precision::F32), ("f64", Precision::F64)];
    let precision = match section.get("precision") {
        Some(_) => section.word("precision", &precisions).map(|x| x.value),
        None => Some(Precision::F32),
    };
    let single = precision == Some(Precision::F32);
    let hidden = hidden(&mut section, kind);
    let activation = section.word("activation", ACTIVATIONS);
    let loss = section.word("loss", LOSSES);
    let init = init(&mut section, single);
    let bias = section.switch("bias");
    let l2 = section.number("l2", "a number, 0 or more", |x| {
        x >= 0.0 && narrow(x, single).is_finite()
    });
    Model {
        kind,
        hidden,
        activation: activation.map(|activation| activation.value),
        loss,
        init,
        bias: bias.is_none_or(|bias| bias.value),
        l2: l2.map_or(0.0, |l2| l2.value),
        precision,
    }
}

fn hidden(section: &mut Section<'_>, kind: Option<Given<ModelKind>>) -> Option<Vec<usize>> {
    const WIDEST: u64 = 65_536;
    let kind = kind?.value;
    if kind != ModelKind::Mlp {
        for key in ["hidden", "activation"] {
            let message = format!("`{key}` is for hidden layers, which only an mlp has");
            section.forbid(key, &message, "expected kind = \"mlp\", or no such key");
        }
        return Some(vec![]);
    }
    section.require("hidden", "a list of the units of each hidden layer");
    let node = &section.get("hidden")?.node;
    let layers = match &node.value {
        Value::List(layers) if (1..=16).contains(&layers.len()) => layers,
        _ => {
            section.refuse("hidden", node, "a list of 1 to 16 integers");
            return None;
        }
    };
    let expected = format!("an integer from 1 to {WIDEST}");
    section.items("hidden", layers, &expected, |value| {
        integer(value, 1, WIDEST).map(|units| units as usize)
    })
}

fn init(section: &mut Section<'_>, single: bool) -> Option<Init> {
    let entry = section.get("init")?;
    if let Value::Text(_) = entry.node.value {
        let words = [
            ("he", Init::He),
            ("xavier", Init::Xavier),
            ("zeros", Init::Zeros),
        ];
        return section.word("init", &words).map(|init| init.value);
    }
    let expected = "he, xavier, zeros, or { normal = sd } with sd 0 or more";
    let init = section.read("init", expected, |value| match value {
        Value::Table(table) if table.entries.len() == 1 => number(&table.get("normal")?.node.value)
            .filter(|&sd| sd >= 0.0 && narrow(sd, single).is_finite())
            .map(Init::Normal),
        _ => None,
    });
    init.map(|init| init.value)
}

pub(super) fn data(
    node: &Node,
    model: &Model,
    folder: &Path,
    options: &Options,
    mistakes: &mut Vec<Mistake>,
) -> Option<Data> {
    let mut section = Section::open("[data]", node, DATA_KEYS, mistakes)?;
    section.require(
        "source",
        "a bundled set, or the path of a table or an array",
    );
    let labels = section.read("labels", "the path of a file", path);
    let header = section.switch("header").map(|header| header.value);
    let target = target_column(&mut section);
    let chosen = columns(&mut section, "columns");
    let categories = columns(&mut section, "categories");
    let missing = [("refuse", Missing::Refuse), ("drop", Missing::Drop)];
    let missing = section.word("missing", &missing);
    let scale = section.word("scale", SCALES);
    let test = section.number("test", "a number from 0 to below 1", |x| {
        (0.0..1.0).contains(&x)
    });
    let rows = section.integer("rows", 1, (1 << 31) - 1);
    let source = section.read("source", "a bundled set, or a path", path)?;
    if dataset::is_built_in(&source.value) {
        for key in ["target", "labels", "categories", "missing", "header"] {
            let message = format!("`{key}` is for files: `{}` has its own", source.value);
            section.forbid(key, &message, "expected no such key");
        }
    }
    let read = [
        ("columns", chosen.is_some()),
        ("categories", categories.is_some()),
        ("missing", missing.is_some()),
    ];
    // What a file lacks depends on these.
    if read
        .iter()
        .any(|&(key, read)| !read && section.get(key).is_some())
    {
        return None;
    }
    let request = Request {
        source: &source.value,
        folder,
        target,
        columns: chosen,
        categories: categories.unwrap_or_default(),
        missing: missing.map_or(Missing::Refuse, |missing| missing.value),
        labels: labels.as_ref().map(|labels| &*labels.value),
        header,
        rows: rows.map(|rows| rows.value as usize),
        wanted: wanted(model),
        max_memory: options.max_memory,
    };
    let set = match &options.data {
        Some(known) => Arc::clone(known),
        None => Arc::new(load(&mut section, &request)?),
    };
    let test = test.map_or(0.2, |test| test.value);
    if set.train_rows(test) == 0 {
        let (share, rows) = (section.place("test"), set.rows());
        let message = format!("no training example is left: {test} of {rows} is held out");
        section.report(Mistake::new(share, message, "expected a smaller `test`"));
        return None;
    }
    Some(Data {
        set,
        source: source.place,
        test,
        scale: scale.map_or(Scale::Standard, |scale| scale.value),
    })
}

fn path(value: &Value) -> Option<String> {
    match value {
        Value::Text(path) if !path.is_empty() => Some(path.clone()),
        _ => None,
    }
}

fn target_column(section: &mut Section<'_>) -> Option<Column> {
    let column = section.read("target", COLUMN, column);
    column.map(|column| column.value)
}

fn columns(section: &mut Section<'_>, key: &str) -> Option<Vec<Column>> {
    let node = &section.get(key)?.node;
    match &node.value {
        Value::List(columns) if (1..=MOST_COLUMNS).contains(&columns.len()) => {
            section.items(key, columns, COLUMN, column)
        }
        _ => {
            let expected =
                format!("a list of 1 to {MOST_COLUMNS} columns, by name or number from 1");
            section.refuse(key, node, &expected);
            None
        }
    }
}

fn column(value: &Value) -> Option<Column> {
    match value {
        Value::Text(name) if !name.is_empty() => Some(Column::Name(name.clone())),
        _ => integer(value, 1, u64::MAX).map(Column::Index),
    }
}

/// What a model makes of a column that could be numbers or classes.
fn wanted(model: &Model) -> Wanted {
    let loss = model.loss.map(|loss| loss.value);
    match (model.kind.map(|kind| kind.value), loss) {
        (Some(ModelKind::Linear), _) => Wanted::Numeric,
        (Some(ModelKind::Logistic | ModelKind::Softmax), _)
        | (Some(ModelKind::Mlp), Some(Loss::CrossEntropy)) => Wanted::Classes,
        (Some(ModelKind::Mlp), Some(Loss::SquaredError)) => Wanted::Either,
        (Some(ModelKind::Mlp), None) | (None, _) => Wanted::Guess,
    }
}

fn load(section: &mut Section<'_>, request: &Request<'_>) -> Option<Dataset> {
    let refusal = match dataset::load(request) {
        Ok(set) => return Some(set),
        Err(refusal) => refusal,
    };
    let place = match refusal.about {
        About::Target if section.get("target").is_some() => section.place("target"),
        About::Target | About::Source => section.place("source"),
        About::Header => section.place("header"),
        About::Missing => section.place("missing"),
        About::Labels => section.place("labels"),
        About::Columns(i) => item(section, "columns", i),
        About::Categories(i) => item(section, "categories", i),
    };
    section.report(Mistake {
        nearest: refusal.nearest,
        ..Mistake::new(place, refusal.message, refusal.expected)
    });
    None
}

/// Where an item of the list `key` stands.
fn item(section: &Section<'_>, key: &str, i: usize) -> Place {
    match section.get(key).map(|entry| &entry.node.value) {
        Some(Value::List(items)) if i < items.len() => items[i].place,
        _ => section.place(key),
    }
}

/// The model's task, if model and data fit each other.
pub(super) fn task(model: Model, data: &Data, mistakes: &mut Vec<Mistake>) -> Option<ModelTask> {
    let kind = model.kind?;
    let faults = mistakes.len();
    if let Some(mistake) = unfit(kind, &data.set) {
        mistakes.push(mistake);
    }
    let numeric = data.set.target.classes().is_none();
    let squared = kind.value == ModelKind::Linear || (kind.value == ModelKind::Mlp && numeric);
    if let Some(loss) = model.loss
        && squared
        && loss.value == Loss::CrossEntropy
    {
        mistakes.push(Mistake::new(
            loss.place,
            "a numeric target has no cross-entropy",
            "expected \"squared-error\"",
        ));
    }
    let activation = model.activation.unwrap_or(Activation::Relu);
    let architecture = Architecture {
        kind: kind.value,
        hidden: model.hidden?,
        activation,
        loss: match model.loss {
            Some(loss) => loss.value,
            None if squared => Loss::SquaredError,
            None => Loss::CrossEntropy,
        },
        init: match (model.init, kind.value) {
            (Some(init), _) => init,
            (None, ModelKind::Mlp) => usual_init(activation),
            (None, _) => Init::Zeros,
        },
        bias: model.bias,
        l2: model.l2,
    };
    let task = ModelTask {
        model: architecture,
        data: Arc::clone(&data.set),
        test: data.test,
        scale: data.scale,
        precision: model.precision?,
    };
    (mistakes.len() == faults).then_some(task)
}

fn usual_init(activation: Activation) -> Init {
    match activation {
        Activation::Relu | Activation::Gelu => Init::He,
        Activation::Tanh | Activation::Sigmoid => Init::Xavier,
    }
}

/// What a kind of model cannot learn.
fn unfit(kind: Given<ModelKind>, set: &Dataset) -> Option<Mistake> {
    let has = match &set.target {
        Target::Numeric(_) => "a numeric target".to_owned(),
        Target::Classes { names, .. } => format!("{} classes", names.len()),
    };
    let (name, needs) = match (kind.value, set.target.classes()) {
        (ModelKind::Linear, Some(_)) => ("linear", "a numeric target"),
        (ModelKind::Logistic, classes) if classes != Some(2) => ("logistic", "exactly two classes"),
        (ModelKind::Softmax, None) => ("softmax", "classes"),
        _ => return None,
    };
    let message = format!("`{name}` needs {needs}; `{}` has {has}", set.source);
    let fitting: Vec<&str> = match set.target.classes() {
        None => vec!["linear", "mlp"],
        Some(2) => vec!["logistic", "softmax", "mlp"],
        Some(_) => vec!["softmax", "mlp"],
    };
    let expected = format!("expected {}", one_of(&fitting));
    Some(Mistake::new(kind.place, message, expected))
}
