//! From a scenario's text to a [`Scenario`], or to all its mistakes at once.
//!
//! The sections are read in the order in which they depend on each other: the surface, or the model
//! and its data, then the racers, then the finish line. No step stops at a mistake; what depends on
//! something faulty is not checked.

use std::path::PathBuf;
use std::sync::Arc;

use crate::problem::dataset::Dataset;
use crate::scenario::mistake::{Mistake, Place, Report};
use crate::scenario::raw::{self, Node, Table, Value};
use crate::scenario::{Entrant, Precision, Scenario, Task};
use crate::text;

mod added;
mod entrants;
mod finish;
pub mod fold;
mod formula;
pub mod memory;
mod model;
mod overrides;
mod racers;
mod rates;
mod rule;
mod section;
mod surface;
mod syntax;

use section::Section;

/// The most bytes of a scenario's text.
pub const LARGEST: u64 = 1 << 20;

/// The most steps, and of whatever else is counted in them.
const MANY: u64 = 1_000_000_000;

const KEYS: &[&str] = &[
    "title", "about", "seed", "surface", "model", "data", "finish", "racer", "show",
];

/// A scenario's text and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How messages call the file: the path as given, `<stdin>`, or a shipped scenario's
    /// `digits.toml`.
    pub file: String,
    /// The scenario's short name.
    pub name: String,
    /// The TOML text.
    pub text: String,
    /// What relative data paths are relative to.
    pub folder: PathBuf,
}

/// What the command line adds to a scenario's text.
#[derive(Clone, Debug)]
pub struct Options {
    /// `--set PATH=VALUE`, as given.
    pub set: Vec<String>,
    /// `--only a,b`: names of racers, one an element; empty for all.
    pub only: Vec<String>,
    /// `--add OPTIMIZER:KEY=VALUE,...`, as given: racers beside those of the text, whom `only` does
    /// not leave out.
    pub add: Vec<String>,
    /// `--seed N`.
    pub seed: Option<u64>,
    /// `--max-memory`, in bytes.
    pub max_memory: u64,
    /// The examples, where they have been read before: then no file is opened.
    pub data: Option<Arc<Dataset>>,
}

impl Default for Options {
    /// The text as it is, in at most 4 GiB.
    fn default() -> Self {
        Self {
            set: vec![],
            only: vec![],
            add: vec![],
            seed: None,
            max_memory: 4 << 30,
            data: None,
        }
    }
}

/// Reads a scenario.
///
/// # Errors
/// Every mistake of the text, the flags, and the data file it names.
pub fn check(source: &Source, options: &Options) -> Result<Scenario, Report> {
    if source.text.len() as u64 > LARGEST {
        return Err(Report::too_large(&source.file));
    }
    let flags = flags(options);
    let report = |mistakes| Report::new(&source.file, &source.text, flags.clone(), mistakes);
    if source.text.trim().is_empty() {
        let place = Place::default();
        let expected = "expected a scenario: `slalom new` prints one";
        return Err(report(vec![Mistake::new(
            place,
            "the scenario is empty",
            expected,
        )]));
    }
    let (mut root, broken) = raw::parse(&source.text);
    let broken = syntax::tidy(&source.text, &root, broken);
    let mut mistakes = vec![];
    change(&mut root, options, &flags, &mut mistakes);
    let scenario = scenario(&root, source, options, &mut mistakes);
    syntax::forgive(&source.text, &broken, &mut mistakes);
    mistakes.extend(broken);
    debug_assert!(
        scenario.is_some() || !mistakes.is_empty(),
        "what is refused has a mistake"
    );
    let mut scenario = scenario
        .filter(|_| mistakes.is_empty())
        .ok_or_else(|| report(mistakes))?;
    if !options.add.is_empty() {
        scenario.text = added::written(&source.text, &options.add).into();
    }
    Ok(scenario)
}

/// The flags as places refer to them and messages show them: the sets, then the seed, then the
/// names of `--only`, then the added racers.
fn flags(options: &Options) -> Vec<String> {
    let set = options.set.iter().map(|set| format!("--set {set}"));
    let seed = options.seed.iter().map(|seed| format!("--seed {seed}"));
    let only = options.only.iter().map(|name| format!("--only {name}"));
    let add = options.add.iter().map(|add| format!("--add {add}"));
    set.chain(seed).chain(only).chain(add).collect()
}

/// Applies `--add`, `--set` and `--seed`.
fn change(root: &mut Table, options: &Options, flags: &[String], mistakes: &mut Vec<Mistake>) {
    let first = flags.len() - options.add.len();
    for (number, text) in (first + 1..).zip(&flags[first..]) {
        if options
            .set
            .iter()
            .any(|set| overrides::is_of_all_racers(set))
        {
            mistakes.push(added::refuse(text, number));
        } else {
            added::enter(root, text, number, mistakes);
        }
    }
    for (number, text) in (1..).zip(&flags[..options.set.len()]) {
        if let Err(mistake) = overrides::set(root, text, number) {
            mistakes.push(mistake);
        }
    }
    if let Some(seed) = options.seed {
        let at = options.set.len();
        overrides::seed(root, seed, &flags[at], at + 1);
    }
}

fn scenario(
    root: &Table,
    source: &Source,
    options: &Options,
    mistakes: &mut Vec<Mistake>,
) -> Option<Scenario> {
    let head = head(root, mistakes);
    let mut ground = ground(root, source, options, mistakes);
    ground.racers.limits = finish::limits(root);
    let racers = racers(root, &ground, source, options, mistakes);
    let smallest = racers
        .iter()
        .flatten()
        .filter_map(|racer| racer.batch)
        .min();
    let finish = if let Some(entry) = root.get("finish") {
        finish::check(&entry.node, &ground.finish(smallest), mistakes)
    } else {
        absent("[finish]", "`loss` or `accuracy`, and `steps`", mistakes);
        None
    };
    let show = finish::show(root.get("show").map(|entry| &entry.node), mistakes);
    let racers = racers.into_iter().collect::<Option<Vec<Entrant>>>();
    check_memory(&mut ground, racers.as_deref(), options, mistakes);
    Some(Scenario {
        name: text::shorten(&source.name, 80),
        title: head.title?,
        about: head.about,
        seed: head.seed,
        task: ground.task?,
        finish: finish?,
        racers: racers?,
        show,
        text: source.text.as_str().into(),
        set: options.set.clone(),
        add: options.add.clone(),
        edited: false,
    })
}

/// Reports a section that is not there, at the beginning of the file.
fn absent(section: &str, keys: &str, mistakes: &mut Vec<Mistake>) {
    mistakes.push(Mistake::missing(
        Place::default(),
        format!("there is no {section}"),
        format!("expected a section {section} with {keys}"),
    ));
}

/// What stands above the sections.
struct Head {
    title: Option<String>,
    about: String,
    seed: u64,
}

fn head(root: &Table, mistakes: &mut Vec<Mistake>) -> Head {
    let place = Place::default();
    let mut section = Section::over("the scenario", root, place, KEYS, mistakes);
    section.require("title", "a text of 1 to 80 characters");
    let title = section.text("title", 1, 80);
    let about = section.text("about", 0, usize::MAX);
    let seed = section.integer("seed", 0, i64::MAX as u64);
    Head {
        title: title.map(|title| title.value),
        about: about.map_or(String::new(), |about| about.value),
        seed: seed.map_or(0, |seed| seed.value),
    }
}

/// What is raced on, as far as it could be made out.
#[derive(Default)]
struct Ground {
    racers: racers::Ground,
    classes: Option<bool>,
    test: Option<bool>,
    /// Where too much memory is reported.
    size: Place,
    task: Option<Task>,
}

impl Ground {
    fn finish(&self, smallest_batch: Option<usize>) -> finish::Ground {
        let examples = self.racers.examples;
        finish::Ground {
            surface: self.racers.surface == Some(true),
            classes: self.classes,
            test: self.test,
            steps_an_epoch: examples
                .map(|examples| examples.div_ceil(smallest_batch.unwrap_or(examples)) as u64),
        }
    }
}

fn ground(root: &Table, source: &Source, options: &Options, mistakes: &mut Vec<Mistake>) -> Ground {
    let [surface, model, data] = ["surface", "model", "data"].map(|key| root.get(key));
    if let (Some(_), Some(model)) = (surface, model) {
        mistakes.push(Mistake::new(
            model.place,
            "there are [surface] and [model]",
            "expected one of them",
        ));
    }
    if let (Some(_), None, Some(data)) = (surface, model, data) {
        mistakes.push(Mistake::new(
            data.place,
            "[data] has no [model]",
            "expected no [data] beside [surface]",
        ));
    }
    if surface.is_none() && model.is_none() {
        mistakes.push(Mistake::missing(
            Place::default(),
            "there is nothing to minimise",
            "expected a section [surface] or [model]",
        ));
    }
    let slope = surface.map(|entry| surface::check(&entry.node, &source.text, mistakes));
    let learned = (model.is_some() || data.is_some() && surface.is_none()).then(|| {
        model_ground(
            model.map(|entry| &entry.node),
            data.map(|entry| &entry.node),
            source,
            options,
            mistakes,
        )
    });
    match (slope, learned) {
        (Some(slope), None) => Ground {
            racers: racers::Ground {
                surface: Some(true),
                examples: slope.examples,
                variables: slope.variables,
                function: slope.task.as_ref().map(|task| task.function.clone()),
                single: false,
                ..racers::Ground::default()
            },
            task: slope.task.map(Task::Surface),
            ..Ground::default()
        },
        (None, Some(ground)) => ground,
        _ => Ground::default(),
    }
}

fn model_ground(
    model: Option<&Node>,
    data: Option<&Node>,
    source: &Source,
    options: &Options,
    mistakes: &mut Vec<Mistake>,
) -> Ground {
    let checked = model
        .map(|node| model::model(node, mistakes))
        .unwrap_or_default();
    let single = checked.precision == Some(Precision::F32);
    if data.is_none() {
        absent("[data]", "`source`: a model learns from it", mistakes);
    }
    let data = data.and_then(|node| model::data(node, &checked, &source.folder, options, mistakes));
    let hidden = model.and_then(|node| match &node.value {
        Value::Table(table) => table.get("hidden").map(|entry| entry.node.place),
        _ => None,
    });
    let data = data.as_ref();
    Ground {
        racers: racers::Ground {
            surface: Some(false),
            examples: data.map(|data| data.set.train_rows(data.test)),
            variables: None,
            single,
            ..racers::Ground::default()
        },
        classes: data.map(|data| data.set.target.classes().is_some()),
        test: data.map(|data| data.test > 0.0),
        size: hidden.or(data.map(|data| data.source)).unwrap_or_default(),
        task: data
            .and_then(|data| model::task(checked, data, mistakes))
            .map(Task::Model),
    }
}

/// The racers that `--only` chooses; `None` in the place of those with mistakes.
fn racers(
    root: &Table,
    ground: &Ground,
    source: &Source,
    options: &Options,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Option<Entrant>> {
    let Some(entry) = root.get("racer") else {
        absent("[[racer]]", "`optimizer` and `learning_rate`", mistakes);
        return vec![None];
    };
    let nodes = match &entry.node.value {
        Value::List(nodes) if !nodes.is_empty() => nodes,
        other => {
            let message = format!("`racer` cannot be {}", other.shown());
            let expected = "expected sections [[racer]], in double brackets";
            mistakes.push(Mistake::new(entry.place, message, expected));
            return vec![None];
        }
    };
    let mut entrants = racers::check(nodes, &ground.racers, &source.text, mistakes);
    let flag = 1 + options.set.len() + usize::from(options.seed.is_some());
    let mut chosen = overrides::only(&options.only, (nodes, options.add.len()), flag, mistakes);
    // Who is added races, whoever else does.
    chosen.extend(nodes.len().saturating_sub(options.add.len())..nodes.len());
    chosen.sort_unstable();
    chosen.dedup();
    // Beyond the most racers there are no entrants.
    chosen
        .into_iter()
        .filter_map(|racer| entrants.get_mut(racer).map(Option::take))
        .collect()
}

/// Refuses what takes too much memory. Features that would, and that can stay in their file, do.
fn check_memory(
    ground: &mut Ground,
    racers: Option<&[Entrant]>,
    options: &Options,
    mistakes: &mut Vec<Mistake>,
) {
    let (Some(Task::Model(task)), Some(racers)) = (&mut ground.task, racers) else {
        return;
    };
    let limit = u128::from(options.max_memory);
    let mut need = memory::estimate(task, racers, false);
    let streamed = need > limit && task.data.features.can_stream();
    if streamed {
        need = memory::estimate(task, racers, true);
    }
    if streamed != task.data.features.is_streamed() {
        Arc::make_mut(&mut task.data).features.stream(streamed);
    }
    if need > limit {
        let (need, limit) = (memory::shown(need), memory::shown(limit));
        let message = format!("the race would take about {need} of memory; the limit is {limit}");
        mistakes.push(Mistake::new(
            ground.size,
            message,
            "expected a smaller race, or a higher --max-memory",
        ));
    }
}

/// `x` as a model in single precision sees it.
fn narrow(x: f64, single: bool) -> f64 {
    if single { f64::from(x as f32) } else { x }
}
