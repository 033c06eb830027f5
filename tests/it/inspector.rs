//! What the inspector shows of an optimizer is what its rule says, evaluated here by hand.

use slalom::optim::{Entry, Kind, REGISTRY, Setting, Settings, decayed};
use slalom::race::retrace::{Glance, Look, Retrace};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};
use std::path::PathBuf;

use crate::rules::STRUCTURED;

/// How far apart may be what is summed in another order.
const ROUNDING: f64 = 1e-12;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(1e-3)
}

/// All settings of an optimizer: each of its words and switches with each other.
pub fn all_settings(entry: &Entry) -> Vec<Settings> {
    let mut all = vec![Settings::defaults(entry)];
    for row in entry.hyperparameters {
        let values: Vec<Setting> = match &row.kind {
            Kind::Number { .. } => continue,
            Kind::Switch { .. } => [true, false].map(Setting::Switch).to_vec(),
            Kind::Choice { words } => {
                let word = |word: &&str| Setting::Word((*word).to_owned());
                words.iter().map(word).collect()
            }
        };
        let with = |settings: &Settings| -> Vec<Settings> {
            let values = values.iter().cloned();
            values.map(|v| settings.clone().with(row.name, v)).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

/// A race of one racer on a steep valley, with noise where it takes batches; `around` its rule are
/// keys of its own.
fn race(entry: &Entry, settings: &Settings, around: &[&str]) -> Scenario {
    let mut text = format!(
        "title = \"x\"\nseed = 3\n[surface]\nfunction = \"beale\"\nstart = [1.0, 1.5]\nnoise = 0.1\n\
         [finish]\nloss = 1e-30\nsteps = 50\n[[racer]]\noptimizer = \"{}\"\nlearning_rate = 0.001\n",
        entry.id
    );
    for (name, value) in &settings.0 {
        text += &match value {
            Setting::Number(number) => format!("{name} = {number:?}\n"),
            Setting::Switch(on) => format!("{name} = {on}\n"),
            Setting::Word(word) => format!("{name} = \"{word}\"\n"),
        };
    }
    let source = Source {
        file: "race.toml".to_owned(),
        name: "race".to_owned(),
        text,
        folder: PathBuf::new(),
    };
    let options = Options {
        set: around.iter().map(|set| format!("racer.1.{set}")).collect(),
        ..Options::default()
    };
    check(&source, &options).unwrap_or_else(|report| panic!("{report}"))
}

/// A learning rate that changes, gradients that are clipped, weights that decay.
const AROUND: [&str; 4] = [
    "learning_rate.schedule=cosine",
    "learning_rate.warmup=5",
    "clip_norm=3",
    "weight_decay=7",
];

fn looks(entry: &Entry, settings: &Settings, around: &[&str]) -> Vec<Look> {
    let mut retrace = Retrace::new(&race(entry, settings, around));
    let look = |step| {
        let glance = Glance {
            racer: 0,
            step,
            coordinate: Some(1),
            window: 100,
        };
        retrace.look(glance, &mut |_| true).expect("it goes on")
    };
    (1..=12).chain([40, 7]).map(look).collect()
}

/// Evaluates a formula with `+ - * / ^`, `sqrt`, `abs`, `sign`, `max` and names.
struct Formula<'a> {
    rest: &'a str,
    value: &'a dyn Fn(&str) -> f64,
}

impl Formula<'_> {
    fn of(text: &str, value: &dyn Fn(&str) -> f64) -> f64 {
        let mut formula = Formula { rest: text, value };
        let result = formula.sum();
        assert_eq!(formula.rest.trim(), "", "in `{text}`");
        result
    }

    fn takes(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> f64 {
        let mut sum = self.product();
        loop {
            if self.takes('+') {
                sum += self.product();
            } else if self.takes('-') {
                sum -= self.product();
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut product = self.power();
        loop {
            if self.takes('*') {
                product *= self.power();
            } else if self.takes('/') {
                product /= self.power();
            } else {
                return product;
            }
        }
    }

    fn power(&mut self) -> f64 {
        let base = self.atom();
        if self.takes('^') {
            base.powf(self.power())
        } else {
            base
        }
    }

    fn atom(&mut self) -> f64 {
        if self.takes('(') {
            let mut inner = self.sum();
            // In brackets commas are only in those of `max`.
            while self.takes(',') {
                inner = inner.max(self.sum());
            }
            assert!(self.takes(')'), "at `{}`", self.rest);
            return inner;
        }
        let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let (name, rest) = self
            .rest
            .split_at(self.rest.find(word).unwrap_or(self.rest.len()));
        self.rest = rest;
        match name {
            "sqrt" => self.atom().sqrt(),
            "abs" => self.atom().abs(),
            "sign" => self.atom().signum(),
            "max" => self.atom(),
            name => name.parse().unwrap_or_else(|_| (self.value)(name)),
        }
    }
}

/// Whether weight decay is a part of its rule.
fn has_decay(entry: &Entry) -> bool {
    let mut rows = entry.hyperparameters.iter();
    rows.any(|row| row.name == "weight_decay")
}

/// Whether a line of a rule is of whole vectors or matrices, which have capitals: no one parameter's
/// numbers come to it.
fn is_of_all(line: &str) -> bool {
    line.contains(|c: char| c.is_ascii_uppercase())
}

/// The step as the rule counts it.
fn count(look: &Look) -> f64 {
    let own = look.numbers.iter().find(|number| number.0 == "t");
    own.map_or(look.step as f64, |number| number.1)
}

/// Whatever the optimizer, in every form: each line of its rule, evaluated from what was before the
/// step, gives what the inspector shows after it.
#[test]
fn every_rule_comes_to_what_is_shown() {
    for entry in REGISTRY {
        for settings in all_settings(entry) {
            let plain = looks(entry, &settings, &[]);
            for look in plain.into_iter().chain(looks(entry, &settings, &AROUND)) {
                let case = format!("{} {settings:?} at step {}", entry.id, look.step);
                let rule = &look.rule;
                for coordinate in &look.coordinates {
                    let mut assigned: Vec<String> = Vec::new();
                    let number = |name: &str| {
                        let known = look.numbers.iter().find(|(known, _)| known == name);
                        known.unwrap_or_else(|| panic!("{case}: no {name}")).1
                    };
                    let value = |name: &str, assigned: &[String]| match name {
                        "g" => coordinate.g,
                        "w" => coordinate.w[0],
                        "t" => count(&look),
                        name => {
                            let vector = coordinate.vectors.iter().find(|v| v.0 == name);
                            let after = usize::from(assigned.iter().any(|own| own == name));
                            vector.map_or_else(|| number(name), |vector| vector.1[after])
                        }
                    };
                    for line in &rule.lines {
                        if is_of_all(line) {
                            let (left, _) = line.split_once(" = ").expect("it is an assignment");
                            assigned.push(left.to_owned());
                            continue;
                        }
                        let line = &if look.decays {
                            decayed(line)
                        } else {
                            line.to_string()
                        };
                        let (left, right) = line.split_once(" = ").expect("it is an assignment");
                        let got = Formula::of(right, &|name| value(name, &assigned));
                        let shown = match left {
                            "w" => coordinate.w[1],
                            name => value(name, &[name.to_owned()]),
                        };
                        // What is left of a difference of numbers is measured against them.
                        let is_vector = |v: &(String, [f64; 2])| v.0 == left;
                        let is_number = left != "w" && !coordinate.vectors.iter().any(is_vector);
                        let sizes = look.numbers.iter().filter(|_| is_number).map(|n| n.1);
                        let slack = ROUNDING * sizes.fold(0.0, f64::max);
                        let fits = close(got, shown) || (got - shown).abs() <= slack;
                        assert!(fits, "{case}: {line}: {got} and not {shown}");
                        assigned.push(left.to_owned());
                    }
                    let after = |text| Formula::of(text, &|name| value(name, &assigned));
                    let Some(rate) = rule.rate.map(after) else {
                        assert!(STRUCTURED.contains(&entry.id), "{case}: no rate");
                        continue;
                    };
                    let shown = coordinate.rate.expect("it is shown");
                    assert!(close(rate, shown), "{case}: rate {rate}");
                    let Some(direction) = rule.direction.map(after) else {
                        continue;
                    };
                    let step = coordinate.w[1] - coordinate.w[0];
                    let decay = if look.decays || has_decay(entry) {
                        number("learning_rate") * number("weight_decay") * coordinate.w[0]
                    } else {
                        0.0
                    };
                    let moved = -rate * direction - decay;
                    assert!(close(moved, step), "{case}: step {step}");
                }
                for average in &rule.averages {
                    let share = Formula::of(&average.correction, &|name| match name {
                        "t" => count(&look),
                        name => look.numbers.iter().find(|n| n.0 == name).expect("a beta").1,
                    });
                    let shown = look.numbers.iter().find(|n| n.0 == average.correction);
                    let shown = shown.expect("it is shown").1;
                    assert!(close(share, shown), "{case}: {share} and not {shown}");
                    let text = rule.lines.concat();
                    let corrected = text.contains(&*average.correction);
                    assert_eq!(corrected, average.is_corrected, "{case}");
                    assert!(text.contains(&*average.beta), "{case}");
                }
            }
        }
    }
}

/// What the rule sees is no longer than the clip, what is told is how long it was, and the rate is
/// that of the step.
#[test]
fn what_is_around_a_rule_is_shown() {
    for entry in REGISTRY {
        let looks = looks(entry, &Settings::defaults(entry), &AROUND);
        for look in &looks {
            let clipping = look.clipping.expect("it clips");
            let want = clipping.norm.min(3.0);
            assert!(
                close(look.spreads[0].norm, want),
                "{}: {clipping:?}",
                entry.id
            );
            // Points on trial are clipped, too.
            let most = if entry.id == "lbfgs" { 27 } else { 1 } * look.step;
            assert!((1..=most).contains(&clipping.clipped));
            assert_ne!(look.decays, has_decay(entry), "{}", entry.id);
            let decays = look.numbers.iter().filter(|n| n.0 == "weight_decay");
            assert_eq!(decays.map(|n| n.1).collect::<Vec<_>>(), [7.0]);
        }
        let warm: Vec<f64> = looks[..5].iter().map(|look| look.numbers[0].1).collect();
        let want = [0.0002, 0.0004, 0.0006, 0.0008, 0.001];
        assert!(warm.iter().zip(want).all(|(a, b)| close(*a, b)), "{warm:?}");
        assert!(looks[12].numbers[0].1 < 0.0002, "at step 40 of 50");
    }
}

/// The five as they are written in the papers, with nothing taken from the program but gradients.
#[test]
fn the_five_are_what_the_papers_say() {
    let (rate, epsilon) = (0.001, 1e-8);
    for entry in REGISTRY {
        for settings in all_settings(entry) {
            let switched = settings.0.iter().any(|s| s.1 == Setting::Switch(true));
            let heavy = settings
                .0
                .iter()
                .any(|s| s.1 == Setting::Word("heavy-ball".to_owned()));
            let all = looks(entry, &settings, &[]);
            let start = [1.0, 1.5];
            for i in [0, 1] {
                let (mut w, mut first, mut second) = (start[i], 0.0_f64, 0.0_f64);
                for (t, look) in (1..=12).zip(&all) {
                    let seen = &look.coordinates[i];
                    assert_eq!((seen.index, look.step), (i, t as u64));
                    let g = seen.g;
                    let fix = |beta: f64| if switched { 1.0 - beta.powi(t) } else { 1.0 };
                    let weight = if heavy { 1.0 } else { 1.0 - 0.9 };
                    let (step, shown) = match entry.id {
                        "gd" | "sgd" => (rate * g, vec![]),
                        "momentum" => {
                            first = 0.9 * first + weight * g;
                            (rate * first / fix(0.9), vec![first])
                        }
                        "rmsprop" => {
                            second = 0.9 * second + (1.0 - 0.9) * g * g;
                            let root = (second / fix(0.9)).sqrt();
                            (rate * g / (root + epsilon), vec![second])
                        }
                        "adam" => {
                            first = 0.9 * first + (1.0 - 0.9) * g;
                            second = 0.999 * second + (1.0 - 0.999) * g * g;
                            let root = (second / fix(0.999)).sqrt();
                            (
                                rate * (first / fix(0.9)) / (root + epsilon),
                                vec![first, second],
                            )
                        }
                        _ => continue,
                    };
                    w -= step;
                    let case = format!("{} {settings:?} at step {t}", entry.id);
                    assert!(close(seen.w[1], w), "{case}: w");
                    assert_eq!(seen.vectors.len(), shown.len(), "{case}");
                    for ((name, values), want) in seen.vectors.iter().zip(shown) {
                        assert!(close(values[1], want), "{case}: {name}");
                    }
                }
            }
        }
    }
}

/// Lengths and angles, from the coordinates themselves.
#[test]
fn norms_and_angles_are_those_of_the_vectors() {
    for entry in REGISTRY {
        for look in looks(entry, &Settings::defaults(entry), &[]) {
            let [a, b] = &look.coordinates[..] else {
                panic!("there are two")
            };
            let [x, y] = [a, b].map(|c| c.w[1] - c.w[0]);
            let turn = y.atan2(x) - (-b.g).atan2(-a.g);
            let turn = turn.sin().atan2(turn.cos()).abs().to_degrees();
            if entry.id == "soap" && look.step == 1 {
                assert_eq!((x, y, look.angle), (0.0, 0.0, None));
                continue;
            }
            let angle = look.angle.expect("both are there");
            assert!((angle - turn).abs() < 1e-5, "{} {angle} {turn}", entry.id);
            let norm = |name: &str| look.spreads.iter().find(|s| s.name == name).map(|s| s.norm);
            assert!(close(norm("g").unwrap(), a.g.hypot(b.g)));
            assert!(close(norm("step").unwrap(), x.hypot(y)));
        }
    }
}
