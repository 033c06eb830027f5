//! Maps of shipped races, and of those that are hard to map.

use super::*;
use crate::problem::surface::Surface;
use crate::race::Stopwatch;
use crate::race::snapshot::{Outcome, Progress};
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;

static GO: AtomicBool = AtomicBool::new(false);

struct Stopped;

impl Stopwatch for Stopped {
    fn start(&mut self) {}
    fn stop(&mut self) {}
    fn seconds(&self) -> f64 {
        0.0
    }
}

fn scenario(name: &str, set: &[&str]) -> Scenario {
    let source = shipped::find(name).expect("it ships").source();
    let options = Options {
        set: set.iter().map(|&set| set.to_owned()).collect(),
        ..Options::default()
    };
    check(&source, &options).unwrap_or_else(|report| panic!("{report}"))
}

/// A race that has not begun, and its landscape.
fn before(scenario: &Scenario) -> (Race, Landscape) {
    let mut race = Race::new(scenario, &|| Box::new(Stopped));
    let landscape = Landscape::of_race(scenario, &mut race);
    (race, landscape.unwrap_or_else(|why| panic!("{why:?}")))
}

/// A race that is over, and its map.
fn after(scenario: &Scenario) -> (Snapshot, Map) {
    let (mut race, landscape) = before(scenario);
    while !race.finished() {
        race.advance(100_000);
    }
    let snapshot = race.snapshot();
    let map = landscape.map(&snapshot, &GO);
    (snapshot, map.expect("there is something to map"))
}

/// The loss on the map at a place.
fn loss_at(map: &Map, [x, y]: [f64; 2]) -> f64 {
    let small = |at: f64| {
        let half = 1e-9 * at.abs().max(1.0);
        [at - half, at + half]
    };
    map.ground([small(x), small(y)], [1, 1])[(0, 0)]
}

fn holds(bounds: [[f64; 2]; 2], place: [f64; 2]) -> bool {
    let sides = bounds.iter().zip(place);
    sides
        .into_iter()
        .all(|([low, high], x)| (*low..=*high).contains(&x))
}

#[test]
fn shipped_races_have_the_maps_one_expects() {
    // Scenario, axes, whether it is the same to the end of the race, known minima, examples.
    let principal = ["1st principal direction", "2nd principal direction"];
    let table = [
        ("beale", ["x", "y"], true, 1, None),
        ("saddle", ["x", "y"], true, 0, None),
        ("one-weight", ["w", ""], true, 1, None),
        ("line", ["W", "b"], false, 0, Some((100, 100))),
        ("moons", ["w1", "w2"], false, 0, Some((200, 200))),
        ("digits", principal, false, 0, Some((256, 1437))),
    ];
    for (name, axes, fixed, minima, examples) in table {
        let scenario = scenario(name, &[]);
        assert_eq!(before(&scenario).1.is_fixed(), fixed, "{name}");
        let (snapshot, map) = after(&scenario);
        assert_eq!(map.axes, axes, "{name}");
        assert_eq!(map.minima.len(), minima, "{name}");
        assert!(map.minima.iter().all(|at| holds(map.bounds, *at)), "{name}");
        let examples = examples.map(|(used, of)| Sample { used, of });
        assert_eq!(map.examples, examples, "{name}");
        let line = axes[1].is_empty();
        assert_eq!(map.is_line(), line, "{name}");
        let rows = if line { 1 } else { 7 };
        let ground = map.ground(map.bounds, [11, 7]);
        assert_eq!(ground.dim(), (rows, 11), "{name}");
        assert!(ground.iter().all(|loss| loss.is_finite()), "{name}");
        match map.basis {
            Basis::Parameters => assert_ne!(name, "digits"),
            Basis::Principal { explained } => {
                assert!(name == "digits" && explained > 0.5 && explained <= 1.0);
            }
        }
        assert_eq!(
            Some(map.steps),
            snapshot.racers.iter().map(|racer| racer.steps).max(),
            "{name}"
        );
        for racer in &snapshot.racers {
            let way = map.way(racer);
            let [(start, from), .., (end, to)] = way[..] else {
                panic!("{name}: a racer has been in two places at least")
            };
            assert_eq!((start.step, end.step), (0, racer.steps), "{name}");
            assert!(holds(map.bounds, from), "{name}: {from:?} is a start");
            if racer.outcome == Some(Outcome::Converged) {
                // Off a saddle there is no end: the usual picture is of the pass.
                let held = name == "saddle" || holds(map.bounds, to);
                assert!(held, "{name}: {to:?} is an end");
                let losses = [from, to].map(|at| loss_at(&map, at));
                assert!(losses[1] < 0.8 * losses[0], "{name}: {losses:?}");
            }
        }
    }
}

#[test]
fn the_ground_of_a_surface_is_its_value_with_row_0_low() {
    let (_, map) = after(&scenario("beale", &[]));
    let surface = crate::problem::surface::find("beale").expect("it ships");
    let bounds = [[-2.0, 4.0], [-1.0, 2.0]];
    let ground = map.ground(bounds, [12, 6]);
    for ((row, column), loss) in ground.indexed_iter() {
        let at = [-1.75 + 0.5 * column as f64, -0.75 + 0.5 * row as f64];
        assert_eq!(*loss, (surface.value)(&at), "{at:?}");
    }
    assert!(loss_at(&map, map.minima[0]) < 1e-12);
}

#[test]
fn a_model_of_two_parameters_is_mapped_exactly_and_around_its_racers() {
    let (snapshot, map) = after(&scenario("line", &[]));
    for racer in &snapshot.racers {
        let (_, end) = map.way(racer)[map.way(racer).len() - 1];
        let (on_map, told) = (loss_at(&map, end), racer.latest.loss);
        assert!(
            (on_map - told).abs() < 1e-3 * told,
            "{on_map} on the map, {told} on the board"
        );
    }
    let outside = map.bounds.map(|[low, high]| [high, high + (high - low)]);
    assert!(
        map.ground(outside, [3, 3])
            .iter()
            .all(|loss| loss.is_finite())
    );
}

#[test]
fn the_map_of_a_network_ends_at_its_bounds() {
    let (_, map) = after(&scenario("digits", &["finish.steps=40"]));
    let outside = map
        .bounds
        .map(|[low, high]| [high + (high - low), high + 2.0 * (high - low)]);
    assert!(map.ground(outside, [3, 3]).iter().all(|loss| loss.is_nan()));
    assert_eq!(map.place_of(&[0.0_f32; 3]), None, "of another problem");
}

#[test]
fn a_scenario_without_a_map_has_no_landscape() {
    for name in ["beale", "digits"] {
        let scenario = scenario(name, &["show.map=false"]);
        let mut race = Race::new(&scenario, &|| Box::new(Stopped));
        assert!(Landscape::new(&scenario).is_none());
        let why = Landscape::of_race(&scenario, &mut race).err();
        assert_eq!(why, Some(None), "{name}");
        race.advance(1);
        assert!(race.snapshot().racers[0].trail.points().is_empty());
    }
}

#[test]
fn a_model_too_large_for_its_trails_has_a_reason() {
    let scenario = scenario("digits", &["model.hidden=[1000, 500]"]);
    let mut race = Race::new(&scenario, &|| Box::new(Stopped));
    let why = Landscape::of_race(&scenario, &mut race).err();
    let want = "no map: 5 trails of 570,510 parameters need more than 64 MiB";
    assert_eq!(why, Some(Some(want.to_owned())));
}

#[test]
fn who_diverges_leaves_the_map_of_the_others_alone() {
    let all = |rate: &str| {
        (1..=5)
            .map(|i| format!("racer.{i}.learning_rate={rate}"))
            .collect()
    };
    let first = |rate: &str| vec![format!("racer.1.learning_rate={rate}")];
    // Scenario, changes, whether all are lost.
    let table: [(&str, Vec<String>, bool); 7] = [
        ("line", first("3"), false),
        ("line", first("1e30"), false),
        ("line", all("1e30"), true),
        ("digits", first("1e30"), false),
        ("digits", all("1e38"), true),
        ("beale", first("1e6"), false),
        ("one-weight", first("1e200"), false),
    ];
    for (name, set, lost) in table {
        let case = format!("{name} {set:?}");
        let mut set: Vec<&str> = set.iter().map(String::as_str).collect();
        set.push("finish.steps=200");
        let (mut race, landscape) = before(&scenario(name, &set));
        while !race.finished() {
            race.advance(1_000);
        }
        let snapshot = race.snapshot();
        let Some(map) = landscape.map(&snapshot, &GO) else {
            assert!(lost, "{case}: the others are there");
            continue;
        };
        for [low, high] in map.bounds {
            assert!(
                low < high && (high - low).is_finite(),
                "{case}: {:?}",
                map.bounds
            );
        }
        assert!(
            map.bounds
                .iter()
                .flatten()
                .all(|end| end.abs() < 1e4 || lost),
            "{case}: {:?}",
            map.bounds
        );
        let ground = map.ground(map.bounds, [16, 8]);
        assert!(ground.iter().any(|loss| loss.is_finite()), "{case}");
        let is_sound = |racer: &&Progress| racer.latest.loss <= racer.trace.points()[0].loss;
        let mut count = 0;
        for racer in snapshot.racers.iter().filter(is_sound) {
            count += 1;
            let (_, end) = map.way(racer)[map.way(racer).len() - 1];
            assert!(
                holds(map.bounds, end),
                "{case}: {end:?} in {:?}",
                map.bounds
            );
        }
        assert!(count > 0 || lost, "{case}");
    }
}

#[test]
fn a_way_that_grows_is_the_same_as_a_new_one() {
    // Scenario, and the work between two looks.
    for (name, work) in [
        ("line", 200),
        ("digits", 700),
        ("beale", 1),
        ("one-weight", 1),
    ] {
        let (mut race, landscape) = before(&scenario(name, &["finish.steps=400"]));
        let fresh = race.snapshot();
        let mut ways = vec![Way::default(); fresh.racers.len()];
        let mut map = None;
        let mut grew = 0;
        for turn in 0.. {
            if race.finished() {
                break;
            }
            race.advance(work);
            let snapshot = race.snapshot();
            // Now and then it is laid anew.
            if turn % 7 == 0 {
                map = landscape.map(&snapshot, &GO).or(map);
            }
            let Some(map) = &map else { continue };
            for (racer, way) in snapshot.racers.iter().zip(&mut ways) {
                let before = way.points.len();
                map.extend_way(racer, way);
                assert_eq!(way.points, map.way(racer), "{name}, turn {turn}");
                grew += usize::from(before > 0 && way.points.len() > before);
            }
        }
        assert!(grew > 10, "{name}: {grew}");
        // A race that begins anew on the same map.
        let map = map.expect("the race went somewhere");
        for (racer, way) in fresh.racers.iter().zip(&mut ways) {
            map.extend_way(racer, way);
            assert_eq!(way.points, map.way(racer), "{name} anew");
            assert_eq!(way.points.len(), 1, "{name} anew");
        }
    }
}

#[test]
fn a_map_is_not_finished_once_it_is_stopped() {
    let (mut race, landscape) = before(&scenario("digits", &["finish.steps=20"]));
    while !race.finished() {
        race.advance(100_000);
    }
    let snapshot = race.snapshot();
    assert!(landscape.map(&snapshot, &AtomicBool::new(true)).is_none());
    assert!(landscape.map(&snapshot, &GO).is_some());
}

/// A bowl of three parameters.
static BOWL: Surface = Surface {
    id: "bowl of three",
    formula: "x^2 + y^2 + z^2",
    variables: &["x", "y", "z"],
    value: |w| w.iter().map(|x| x * x).sum(),
    gradient: |w, g| w.iter().zip(g).for_each(|(x, g)| *g = 2.0 * x),
    view: 3.0,
    minima: &[&[0.0, 0.0, 0.0]],
    start: &[3.0, 2.0, 1.0],
    about: "",
};

#[test]
fn a_surface_of_three_parameters_is_mapped_along_its_trails() {
    let mut scenario = scenario("beale", &[]);
    let Task::Surface(task) = &mut scenario.task else {
        panic!("it is one")
    };
    (task.surface, task.start) = (&BOWL, vec![3.0, 2.0, 1.0]);
    let (snapshot, map) = after(&scenario);
    let Basis::Principal { explained } = map.basis else {
        panic!("three are too many")
    };
    assert!(explained > 0.5);
    let least = loss_at(&map, map.minima[0]);
    for racer in &snapshot.racers {
        let (_, start) = map.way(racer)[0];
        assert!(holds(map.bounds, start));
        assert!(loss_at(&map, start) > least, "{least}");
    }
}
