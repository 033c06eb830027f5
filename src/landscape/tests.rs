//! Maps of shipped and of made races: what lies where on them.

use std::path::PathBuf;

use super::*;
use crate::problem::surface::{SURFACES, Surface};
use crate::race::snapshot::Progress;
use crate::race::trail::Trail;
use crate::race::untimed;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::shipped;

static GO: AtomicBool = AtomicBool::new(false);

fn scenario(text: &str) -> Scenario {
    let source = Source {
        file: "test.toml".to_owned(),
        name: "test".to_owned(),
        text: text.to_owned(),
        folder: PathBuf::new(),
    };
    check(&source, &Options::default()).unwrap_or_else(|report| panic!("{report}"))
}

fn shipped(name: &str) -> Scenario {
    scenario(shipped::find(name).expect("it ships").text)
}

fn surface(function: &str, more: &str) -> Scenario {
    scenario(&format!(
        "title = \"test\"\n[surface]\nfunction = \"{function}\"\n{more}\n\
         [finish]\nloss = -1e9\nsteps = 50\n[[racer]]\noptimizer = \"gd\"\nlearning_rate = 1e-3"
    ))
}

/// A race with trails, run until every racer has taken `steps` steps or is done.
fn run(scenario: &Scenario, steps: u64) -> (Landscape, Snapshot) {
    let mut scenario = scenario.clone();
    scenario.finish.steps = Some(steps.max(1));
    let mut race = Race::new(&scenario, &untimed);
    let landscape = Landscape::of_race(&scenario, &mut race).expect("there is a map");
    while steps > 0 && !race.finished() {
        race.advance(10_000);
    }
    (landscape, race.snapshot())
}

fn map(scenario: &Scenario, steps: u64) -> (Map, Snapshot) {
    let (landscape, snapshot) = run(scenario, steps);
    let map = landscape.map(&snapshot, &GO).expect("there is a map");
    for [low, high] in map.bounds {
        assert!(low < high && low.is_finite() && high.is_finite());
    }
    (map, snapshot)
}

/// The loss at one place, as the map has it.
fn loss_at(map: &Map, [x, y]: [f64; 2]) -> f64 {
    let ground = map.ground([[x - 1e-9, x + 1e-9], [y - 1e-9, y + 1e-9]], [1, 1]);
    ground[[0, 0]]
}

fn holds(map: &Map, place: [f64; 2]) -> bool {
    let sides = map.bounds.iter().zip(place);
    sides
        .into_iter()
        .all(|([low, high], x)| (*low..=*high).contains(&x))
}

fn ends(racer: &Progress, map: &Map) -> [[f64; 2]; 2] {
    let way = map.way(racer);
    [way[0].1, way[way.len() - 1].1]
}

#[test]
fn every_surface_is_mapped_exactly_and_the_right_way_up() {
    for surface in SURFACES {
        let text = format!("start = {:?}", surface.start);
        let (map, snapshot) = map(&self::surface(surface.id, &text), 20);
        assert_eq!(map.basis, Basis::Parameters, "{}", surface.id);
        assert_eq!(map.examples, None);
        let line = surface.variables.len() == 1;
        assert_eq!(map.is_line(), line);
        for (axis, name) in surface.variables.iter().enumerate() {
            assert_eq!(map.axes[axis], *name);
        }
        for (minimum, at) in surface.minima.iter().zip(&map.minima) {
            assert!(holds(&map, *at), "{}: {minimum:?}", surface.id);
            let (lowest, start) = (loss_at(&map, *at), (surface.value)(surface.start));
            assert!(lowest < start, "{}", surface.id);
        }
        let ground = map.ground(map.bounds, [7, 5]);
        assert_eq!(ground.dim(), if line { (1, 7) } else { (5, 7) });
        let centre = |axis: usize, share: f64| {
            let [low, high] = map.bounds[axis];
            low + (high - low) * share
        };
        for (row, column) in [(0, 0), (0, 6), (4, 0), (3, 2)] {
            let x = centre(0, (f64::from(column) + 0.5) / 7.0);
            let y = centre(1, (f64::from(row) + 0.5) / 5.0);
            let want = (surface.value)(&[x, y][..surface.variables.len()]);
            let row = if line { 0 } else { row as usize };
            let got = ground[[row, column as usize]];
            assert!(
                (got - want).abs() <= 1e-9 * want.abs().max(1.0),
                "{}",
                surface.id
            );
        }
        assert!(holds(&map, ends(&snapshot.racers[0], &map)[0]));
    }
}

#[test]
fn the_view_is_the_scenarios_and_holds_every_start() {
    let view = "view = { x = [0, 4], y = [-1, 2] }";
    let at = |start: &str| {
        map(&surface("beale", &format!("start = {start}\n{view}")), 5)
            .0
            .bounds
    };
    assert_eq!(at("[1, 1]"), [[0.0, 4.0], [-1.0, 2.0]]);
    let larger = at("[-4, 1]");
    assert_eq!(larger, [[-4.4, 4.0], [-1.0, 2.0]]);
    let mut two = surface("beale", "start = [1, 1]");
    two.racers.push(two.racers[0].clone());
    two.racers[1].start = Some(vec![1.0, 9.5]);
    let (map, _) = map(&two, 5);
    assert_eq!(map.bounds[0], [-4.5, 4.5]);
    assert!(map.bounds[1][1] > 9.5);
}

#[test]
fn a_surface_without_a_usual_picture_is_mapped_around_its_trails() {
    static BARE: Surface = Surface {
        view: 0.0,
        ..copy(&SURFACES[0])
    };
    let mut scenario = surface("beale", "start = [1, 1]");
    let Task::Surface(task) = &mut scenario.task else {
        panic!("a surface was given")
    };
    task.function = (&BARE).into();
    let (landscape, snapshot) = run(&scenario, 40);
    assert!(!landscape.is_fixed());
    let map = landscape.map(&snapshot, &GO).expect("there is a map");
    let [start, end] = ends(&snapshot.racers[0], &map);
    assert!(holds(&map, start) && holds(&map, end));
    assert!(map.bounds[0][1] - map.bounds[0][0] < 2.0);
}

/// Three variables: steep in the first two, level in the third.
static THREE: Surface = Surface {
    id: "three",
    formula: "x^2 + 4*y^2 + 0*z",
    variables: &["x", "y", "z"],
    value: |w| w[0] * w[0] + 4.0 * w[1] * w[1],
    slope: |x, y, value| {
        *value = x * x + 4.0 * y * y;
        (2.0 * x, 8.0 * y)
    },
    minima: &[&[0.0, 0.0, 2.0]],
    ..copy(&SURFACES[0])
};

const fn copy(surface: &'static Surface) -> Surface {
    Surface {
        id: surface.id,
        formula: surface.formula,
        variables: surface.variables,
        value: surface.value,
        slope: surface.slope,
        view: surface.view,
        minima: surface.minima,
        start: surface.start,
        about: surface.about,
    }
}

#[test]
fn more_variables_are_mapped_along_their_principal_directions() {
    let mut scenario = surface("beale", "start = [1, 1]");
    let Task::Surface(task) = &mut scenario.task else {
        panic!("a surface was given")
    };
    (task.function, task.start) = ((&THREE).into(), vec![1.0, 1.0, 2.0]);
    scenario.racers[0].learning_rate = 0.1;
    let (map, snapshot) = map(&scenario, 50);
    let Basis::Principal { explained } = map.basis else {
        panic!("{:?}", map.basis)
    };
    assert!((explained - 1.0).abs() < 1e-9, "nobody moves along z");
    let [start, end] = ends(&snapshot.racers[0], &map);
    assert!(holds(&map, start) && holds(&map, end) && holds(&map, map.minima[0]));
    assert!(loss_at(&map, end) < 0.1 * loss_at(&map, start));
}

#[test]
fn models_of_two_parameters_are_mapped_along_these() {
    let table = [("line", ["W", "b"], 100), ("moons", ["w1", "w2"], 200)];
    for (name, axes, examples) in table {
        let (map, snapshot) = map(&shipped(name), 100);
        assert_eq!(map.basis, Basis::Parameters);
        assert_eq!(map.axes, axes);
        let all = Sample {
            used: examples,
            of: examples,
        };
        assert_eq!(map.examples, Some(all));
        for racer in &snapshot.racers {
            let [_, end] = ends(racer, &map);
            let (got, want) = (loss_at(&map, end), racer.latest.loss);
            assert!((got - want).abs() < 1e-4 * want, "{name}: {got}, {want}");
        }
        // A picture of many cells is interpolated from exact points.
        let [x, y] = map.bounds;
        let many = map.ground([x, y], [100, 90]);
        for (row, column) in [(0, 0), (45, 50), (89, 99)] {
            let centre = |[low, high]: [f64; 2], i: usize, n: usize| {
                low + (high - low) * (i as f64 + 0.5) / n as f64
            };
            let want = loss_at(&map, [centre(x, column, 100), centre(y, row, 90)]);
            let got = many[[row, column]];
            assert!((got - want).abs() < 0.02 * want, "{name}: {got}, {want}");
        }
    }
    let (start, _) = map(&shipped("line"), 0);
    assert_eq!(
        start.bounds,
        [[-0.5, 0.5]; 2],
        "something is seen of a single point"
    );
}

#[test]
fn a_model_of_one_weight_has_a_curve() {
    let text = shipped::find("line").expect("it ships").text;
    let one = scenario(&text.replace("kind = \"linear\"", "kind = \"linear\"\nbias = false"));
    let (map, snapshot) = map(&one, 50);
    assert_eq!(map.axes, ["w", ""]);
    assert!(map.is_line());
    let ground = map.ground(map.bounds, [40, 9]);
    assert_eq!(ground.dim(), (1, 40));
    let [start, end] = ends(&snapshot.racers[0], &map);
    assert_eq!(start[1], 0.0);
    assert!(loss_at(&map, end) < loss_at(&map, start));
}

#[test]
fn a_network_is_mapped_on_the_plane_of_its_trails() {
    let (map, snapshot) = map(&shipped("digits"), 120);
    let Basis::Principal { explained } = map.basis else {
        panic!("{:?}", map.basis)
    };
    assert!((0.3..1.0).contains(&explained), "{explained}");
    let sample = Sample {
        used: 256,
        of: 1437,
    };
    assert_eq!(map.examples, Some(sample));
    assert_eq!(map.steps, 120);
    let fell = snapshot
        .racers
        .iter()
        .filter(|racer| racer.latest.loss < 0.5);
    let fell: Vec<&Progress> = fell.collect();
    assert!(!fell.is_empty());
    for racer in fell {
        let [start, end] = ends(racer, &map);
        assert!(
            start[0] < 0.0 && start[1] <= 0.0,
            "the start lies at the lower left"
        );
        assert!(loss_at(&map, end) < loss_at(&map, start));
    }
    for racer in &snapshot.racers {
        assert!(map.way(racer).iter().all(|(_, place)| holds(&map, *place)));
    }
    let [[left, right], y] = map.bounds;
    let wider = map.ground([[left - 1.0, right], y], [2000, 3]);
    assert!(wider[[1, 0]].is_nan() && wider[[1, 1999]].is_finite());
}

#[test]
fn who_diverged_does_not_decide_what_is_seen() {
    let racer = |rate: &str| format!("\n[[racer]]\noptimizer = \"gd\"\nlearning_rate = {rate}");
    let race = |rates: &[&str]| {
        let racers: String = rates.iter().map(|rate| racer(rate)).collect();
        scenario(&format!(
            "title = \"test\"\n[model]\nkind = \"mlp\"\nhidden = [6]\nloss = \"squared-error\"\n\
             precision = \"f64\"\n[data]\nsource = \"line\"\n[finish]\nloss = 1e-9\nsteps = 60{racers}"
        ))
    };
    let (sound, _) = map(&race(&["0.01"]), 60);
    let [x, _] = sound.bounds;
    for lost in ["1e300", "1e30", "1e9", "1e3", "3"] {
        let (map, snapshot) = map(&race(&[lost, "0.01"]), 60);
        let [x_lost, _] = map.bounds;
        let ratio = (x_lost[1] - x_lost[0]) / (x[1] - x[0]);
        assert!(ratio < 10.0, "{lost}: {ratio} times as wide");
        let [start, end] = ends(&snapshot.racers[1], &map);
        assert!(holds(&map, start) && holds(&map, end), "{lost}");
        for (_, place) in map.way(&snapshot.racers[0]) {
            assert!(place.iter().all(|x| x.is_finite()), "{lost}");
        }
        let (landscape, snapshot) = run(&race(&[lost]), 60);
        if let Some(map) = landscape.map(&snapshot, &GO) {
            assert!(map.bounds.iter().flatten().all(|x| x.is_finite()), "{lost}");
        }
    }
}

#[test]
fn there_is_no_map_where_none_is_wanted_or_possible() {
    let reason = |scenario: &Scenario| {
        let mut race = Race::new(scenario, &untimed);
        Landscape::of_race(scenario, &mut race).err()
    };
    let mut unwanted = shipped("digits");
    unwanted.show.map = false;
    assert!(Landscape::new(&unwanted).is_none());
    assert_eq!(reason(&unwanted), Some(None));
    let text = shipped::find("digits").expect("it ships").text;
    let wide = scenario(&text.replace("[32, 32, 32]", "[3000, 200]"));
    let why = "no map: 5 trails of 797,210 parameters need more than 64 MiB";
    assert_eq!(reason(&wide), Some(Some(why.to_owned())));
    assert_eq!(reason(&shipped("digits")), None);
}

#[test]
fn there_is_no_map_of_nothing_of_something_else_or_when_stopped() {
    let (digits, start) = run(&shipped("digits"), 0);
    assert!(digits.map(&start, &GO).is_none(), "nobody has moved");
    let (_, two) = run(&shipped("line"), 10);
    assert!(digits.map(&two, &GO).is_none());
    let (_, moved) = run(&shipped("digits"), 5);
    assert!(digits.map(&moved, &AtomicBool::new(true)).is_none());
    assert!(digits.map(&moved, &GO).is_some());
    let mut untrailed = moved;
    for racer in &mut untrailed.racers {
        racer.trail = Trail::default();
    }
    assert!(digits.map(&untrailed, &GO).is_none());
}

#[test]
fn a_way_grows_with_its_racer_and_begins_anew_on_a_new_map() {
    for name in ["line", "beale"] {
        let scenario = shipped(name);
        let mut race = Race::new(&scenario, &untimed);
        let landscape = Landscape::of_race(&scenario, &mut race).expect("there is a map");
        let mut ways = vec![Way::default(); scenario.racers.len()];
        let mut map = landscape
            .map(&race.snapshot(), &GO)
            .expect("there is a map");
        let mut slices = 0;
        while !race.finished() {
            race.advance(3_000);
            let snapshot = race.snapshot();
            slices += 1;
            if slices % 4 == 0 {
                map = landscape.map(&snapshot, &GO).expect("there is a map");
            }
            for (racer, way) in snapshot.racers.iter().zip(&mut ways) {
                map.extend_way(racer, way);
                assert_eq!(way.points, map.way(racer), "{name}");
                let last = way.points[way.points.len() - 1];
                assert!(last.0.step <= racer.steps);
                let moments = way.points.iter().map(|(moment, _)| moment.step);
                assert!(moments.is_sorted_by(|a, b| a < b));
            }
        }
    }
}

#[test]
fn a_place_is_where_the_parameters_are() {
    let (map, snapshot) = map(&shipped("beale"), 10);
    let latest = &snapshot.racers[0].latest;
    let place = map.place_of(&latest.position);
    assert_eq!(place, Some([latest.position[0], latest.position[1]]));
    assert_eq!(map.place_of(&[f64::NAN, 0.0]), None);
    assert_eq!(map.place_of(&[1.0_f32]), None);
}
