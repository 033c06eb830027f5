//! Every gradient against central differences in `f64`: each surface, and each model with each
//! activation, loss, bias and l2.

use ndarray::{Array1, Array2};
use slalom::problem::dataset::{Examples, Split, Target};
use slalom::problem::mlp::{Activation, Architecture, Init, Loss, Mlp, ModelKind};
use slalom::problem::surface::{SURFACES, Slope};
use slalom::problem::{Batch, Part, Problem};
use slalom::random::{self, Purpose};

/// Compares the full gradient at `w` with central differences of the loss.
fn check(what: &str, problem: &dyn Problem<f64>, w: &Array1<f64>, tolerance: f64) {
    let mut work = problem.work();
    let mut g = Array1::zeros(w.len());
    let loss = problem.gradient_and_loss(w.view(), Batch::All, g.view_mut(), &mut work);
    let score = problem.evaluate(w.view(), Part::Train, &mut work).unwrap();
    let near = (loss - score.loss).abs() <= 1e-12 * score.loss.abs().max(1.0);
    assert!(near, "{what}: loss {loss}, and not {}", score.loss);
    let mut alone = Array1::zeros(w.len());
    problem.gradient(w.view(), Batch::All, alone.view_mut(), &mut work);
    assert_eq!(g, alone, "{what}");
    let scale = g.iter().fold(1e-3_f64, |most, g| most.max(g.abs()));
    let h = 1e-6;
    for i in 0..w.len() {
        let mut at = |shift: f64| {
            let mut moved = w.clone();
            moved[i] += shift;
            problem
                .evaluate(moved.view(), Part::Train, &mut work)
                .unwrap()
                .loss
        };
        let want = (at(h) - at(-h)) / (2.0 * h);
        assert!(
            (g[i] - want).abs() <= tolerance * want.abs().max(scale),
            "{what}: parameter {i} at {w}: gradient {}, differences {want}",
            g[i]
        );
    }
}

#[test]
fn surfaces() {
    let mut rng = random::stream(1, Purpose::Noise, 0);
    for surface in SURFACES {
        let problem = Slope::new(surface, surface.start.to_vec(), 0.0, 256, 0);
        check(surface.id, &problem, &problem.start(), 1e-7);
        for _ in 0..50 {
            let at = |_| surface.view * (2.0 * random::uniform(&mut rng) - 1.0) * 0.9;
            let w = Array1::from_shape_fn(surface.start.len(), at);
            check(surface.id, &problem, &w, 1e-7);
        }
    }
}

#[test]
fn values_and_gradients_at_the_usual_starts() {
    let cases: [(&str, &[f64], f64, &[f64]); 12] = [
        ("beale", &[1.0, 1.0], 14.203_125, &[0.0, 27.75]),
        ("beale", &[1.0, 1.5], 41.25, &[34.5, 92.5]),
        ("beale", &[3.0, 4.0], 39062.95312, &[25625.25, 57519.0]),
        ("rosenbrock", &[-1.2, 1.0], 24.2, &[-215.6, -88.0]),
        ("booth", &[-8.0, 8.0], 170.0, &[-50.0, -22.0]),
        ("himmelblau", &[0.0, 0.0], 170.0, &[-14.0, -22.0]),
        ("three-hump", &[-2.0, 1.0], 0.866_667, &[-5.4, 0.0]),
        ("rastrigin", &[-2.0, 3.5], 36.25, &[-4.0, 7.0]),
        ("ackley", &[2.5, 1.5], 9.108_030, &[1.605_874, 0.963_524]),
        ("rotated-bowl", &[1.2, 0.3], 20.8125, &[45.75, -44.25]),
        ("styblinski-tang", &[0.5, 0.5], -1.4375, &[-5.25, -5.25]),
        ("one-weight", &[-3.0], 25.0, &[-10.0]),
    ];
    for (id, at, value, gradient) in cases {
        let surface = slalom::problem::surface::find(id).unwrap();
        let mut g = vec![0.0; at.len()];
        assert_eq!(surface.gradient(at, &mut g), (surface.value)(at), "{id}");
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs().max(1.0);
        assert!(
            close((surface.value)(at), value),
            "{id}: {}",
            (surface.value)(at)
        );
        assert!(
            g.iter().zip(gradient).all(|(a, b)| close(*a, *b)),
            "{id}: {g:?}"
        );
    }
}

#[test]
fn surfaces_are_lowest_where_they_say() {
    let values = [
        ("two-wells", -2.063_090),
        ("styblinski-tang", -78.332_331),
        ("bounded-saddle", -0.25),
    ];
    for surface in SURFACES {
        let want = values
            .iter()
            .find(|(id, _)| *id == surface.id)
            .map_or(0.0, |(_, value)| *value);
        for minimum in surface.minima {
            let value = (surface.value)(minimum);
            assert!(
                (value - want).abs() < 1e-5,
                "{}: {value} at {minimum:?}",
                surface.id
            );
            let mut g = vec![0.0; minimum.len()];
            assert_eq!(surface.gradient(minimum, &mut g), value);
            assert!(g.iter().all(|g| g.abs() < 1e-3), "{}: {g:?}", surface.id);
        }
    }
}

/// 300 examples (more than one chunk) of four features, with numbers or classes to predict.
fn split(classes: Option<u32>) -> Split {
    let mut rng = random::stream(2, Purpose::Made, 0);
    let x = Array2::from_shape_simple_fn((300, 4), || random::normal(&mut rng));
    let target = match classes {
        None => Target::Numeric((0..300).map(|_| random::normal(&mut rng)).collect()),
        Some(k) => Target::Classes {
            labels: (0..300).map(|i| (i * i + i / 7) % k).collect(),
            names: (0..k).map(|k| k.to_string()).collect(),
        },
    };
    Split {
        train: Examples {
            x: x.into(),
            target,
        },
        test: None,
    }
}

fn model(kind: ModelKind, loss: Loss, hidden: &[usize], activation: Activation) -> Architecture {
    let (hidden, init) = (hidden.to_vec(), Init::Normal(0.5));
    Architecture {
        kind,
        hidden,
        activation,
        loss,
        init,
        bias: true,
        l2: 0.0,
    }
}

#[test]
fn models() {
    use Activation::{Gelu, Relu, Sigmoid, Tanh};
    use Loss::{CrossEntropy, SquaredError};
    let (numbers, two, three) = (split(None), split(Some(2)), split(Some(3)));
    let mut cases = vec![
        (&numbers, model(ModelKind::Linear, SquaredError, &[], Relu)),
        (&two, model(ModelKind::Logistic, CrossEntropy, &[], Relu)),
        (&two, model(ModelKind::Logistic, SquaredError, &[], Relu)),
        (&three, model(ModelKind::Softmax, CrossEntropy, &[], Relu)),
        (&three, model(ModelKind::Softmax, SquaredError, &[], Relu)),
    ];
    for activation in [Relu, Tanh, Sigmoid, Gelu] {
        cases.push((
            &numbers,
            model(ModelKind::Mlp, SquaredError, &[5, 3], activation),
        ));
        cases.push((
            &three,
            model(ModelKind::Mlp, CrossEntropy, &[5, 3], activation),
        ));
        cases.push((
            &three,
            model(ModelKind::Mlp, SquaredError, &[6], activation),
        ));
    }
    for (split, architecture) in cases {
        for (bias, l2) in [(true, 0.0), (true, 0.1), (false, 0.0), (false, 0.1)] {
            let architecture = Architecture {
                bias,
                l2,
                ..architecture.clone()
            };
            let problem = Mlp::<f64>::new(&architecture, split, 5);
            assert_eq!(
                problem.dim(),
                architecture.parameters(4, &split.train.target)
            );
            // Not at the drawn start alone: biases are 0 there.
            let mut rng = random::stream(3, Purpose::Noise, 0);
            let w = problem.start().mapv(|w| w + 0.3 * random::normal(&mut rng));
            check(&format!("{architecture:?}"), &problem, &w, 1e-6);
        }
    }
}

#[test]
fn a_batch_is_the_mean_over_its_rows_in_both_precisions() {
    let split = split(Some(3));
    let architecture = model(ModelKind::Mlp, Loss::CrossEntropy, &[5], Activation::Tanh);
    let (double, single) = (
        Mlp::<f64>::new(&architecture, &split, 5),
        Mlp::<f32>::new(&architecture, &split, 5),
    );
    let gradient = |rows: &[u32]| {
        let mut g = Array1::zeros(double.dim());
        let batch = Batch::Mini {
            step: 1,
            size: rows.len(),
            rows,
        };
        let w = Problem::<f64>::start(&double);
        double.gradient(w.view(), batch, g.view_mut(), &mut double.work());
        g
    };
    let rows: Vec<u32> = (0..290).map(|i| (i * 7) % 300).collect();
    let mut want = Array1::zeros(double.dim());
    for row in &rows {
        want += &(gradient(&[*row]) / rows.len() as f64);
    }
    let got = gradient(&rows);
    assert!(
        (&got - &want).iter().all(|d| d.abs() < 1e-12),
        "{got} {want}"
    );
    let mut coarse = Array1::zeros(single.dim());
    let batch = Batch::Mini {
        step: 1,
        size: rows.len(),
        rows: &rows,
    };
    let w = Problem::<f32>::start(&single);
    single.gradient(w.view(), batch, coarse.view_mut(), &mut single.work());
    assert!(
        coarse
            .iter()
            .zip(&got)
            .all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5)
    );
}

#[test]
fn stationary_points_are_named() {
    let name = |id: &str, at: &[f64]| {
        let surface = slalom::problem::surface::find(id).unwrap();
        let problem = Slope::new(surface, at.to_vec(), 0.0, 256, 0);
        problem.stationary_point(problem.start().view()).unwrap()
    };
    assert_eq!(name("saddle", &[0.0, 0.0]), "saddle");
    assert_eq!(name("bounded-saddle", &[0.0, 0.0]), "saddle");
    assert_eq!(name("two-wells", &[0.905_318, 0.0]), "local minimum");
    assert_eq!(name("one-weight", &[2.0]), "local minimum");
    assert_eq!(
        name("himmelblau", &[-0.270_845, -0.923_039]),
        "local maximum"
    );
}
