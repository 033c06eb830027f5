//! Changes of shipped scenarios, and of one made for it.

use super::*;
use crate::optim::schedule::SCHEDULES;
use crate::scenario::shipped;

fn edit(name: &str) -> Edit {
    edit_of(&shipped::find(name).expect("it ships").source())
}

fn edit_of(source: &Source) -> Edit {
    let options = Options::default();
    let scenario = check(source, &options).expect("it is valid");
    Edit::new(source, &options, &scenario).expect("it can be changed")
}

fn field(edit: &Edit, key: Key) -> Field {
    let fields = edit.fields();
    let field = fields.into_iter().find(|field| field.key == key);
    field.unwrap_or_else(|| panic!("there is no {key:?}"))
}

const RATE: Key = Key::Racer(0, Part::LearningRate);

#[test]
fn every_field_of_every_scenario_goes_up_and_down_and_stays_valid() {
    for shipped in shipped::SHIPPED {
        let first = edit(shipped.name);
        assert!(!first.is_changed());
        assert!(first.fields().len() >= 4, "{}", shipped.name);
        for up in [true, false] {
            for field in first.fields() {
                let mut edit = first.clone();
                edit.step(field.key, up).expect("the next value is valid");
                let now = edit.fields().into_iter().find(|now| now.key == field.key);
                let now = now.unwrap_or_else(|| panic!("{} has lost {field:?}", shipped.name));
                let changed = now.value != field.value;
                assert_eq!(now.was, changed.then_some(field.value), "{}", shipped.name);
                assert_eq!(edit.is_changed(), changed);
                // What is written is what was checked.
                let source = Source {
                    text: edit.file(&edit.scenario()).expect("it can be written"),
                    ..shipped.source()
                };
                let read = check(&source, &Options::default()).expect("it is valid");
                assert_eq!(read.digest(), edit.scenario().digest());
            }
        }
    }
}

#[test]
fn comments_stay() {
    let mut edit = edit("beale");
    edit.set(RATE, "0.1").expect("it is valid");
    edit.set(Key::Target, "1e-3").expect("it is valid");
    let text = edit.file(&edit.scenario()).expect("it can be written");
    let want = shipped::find("beale").expect("it ships").text;
    let want = want.replace("learning_rate = 0.0464", "learning_rate = 0.1");
    assert_eq!(text, want.replace("loss = 1e-4", "loss = 1e-3"));
    assert_eq!(field(&edit, RATE).was.as_deref(), Some("0.0464"));
}

#[test]
fn what_is_refused_says_why_and_changes_nothing() {
    let batch = Key::Racer(1, Part::Batch);
    let beta = Key::Racer(4, Part::Hyperparameter(0));
    for (key, text, says) in [
        (RATE, "-0.1", "expected a number above 0"),
        (RATE, "0", "cannot be 0"),
        (RATE, "1e999", "cannot be"),
        (RATE, "nan", "cannot be"),
        (RATE, "1e-60", "single precision"),
        (RATE, "abc", "cannot be \"abc\""),
        (RATE, "", "cannot be"),
        (RATE, "\u{1b}[2J", "cannot be"),
        (RATE, "[1, 2]", "schedule"),
        (RATE, "1\nseed = 2", "cannot be"),
        (batch, "1438", "from 1 to 1437 (all examples), or \"all\""),
        (batch, "0", "from 1 to 1437"),
        (batch, "99999999999999999999", "from 1 to 1437"),
        (beta, "1", "from 0 to below 1"),
        (Key::Seed, "-1", "an integer from 0"),
        (Key::Racer(0, Part::Optimizer), "adamq", "did you mean"),
    ] {
        let mut edit = edit("digits");
        let before = edit.clone();
        let why = edit.set(key, text).expect_err(text);
        let nearest = text == "adamq" && why.contains("expected one of gd");
        assert!(why.contains(says) || nearest, "{text}: {why}");
        assert_eq!(edit, before, "{text}");
        assert!(!edit.is_changed());
    }
    let mut edit = edit("digits");
    for (text, value) in [("all", "all"), ("1e2", "1"), ("128", "128")] {
        let set = edit.set(batch, text);
        assert_eq!(set.is_ok(), text != "1e2");
        if set.is_ok() {
            assert_eq!(field(&edit, batch).value, value);
        }
    }
    edit.set(RATE, ".5").expect("it is a number elsewhere");
    assert_eq!(field(&edit, RATE).value, "0.5");
}

#[test]
fn what_is_around_a_rule_comes_and_goes() {
    let [schedule, clip, decay] =
        [Part::Schedule, Part::ClipNorm, Part::WeightDecay].map(|part| Key::Racer(1, part));
    let mut edit = edit("digits");
    let first = edit.scenario().digest();
    let value = |edit: &Edit, key| field(edit, key).value;
    let now = [schedule, clip, decay].map(|key| value(&edit, key));
    assert_eq!(now, ["constant", "off", "0"]);
    edit.step(clip, true).expect("nothing is above off");
    assert_eq!(value(&edit, clip), "off");
    edit.step(clip, false).expect("it is valid");
    assert_eq!(edit.racers()[1].regime.clip_norm, Some(100.0));
    edit.step(clip, true).expect("it is valid");
    assert_eq!(value(&edit, clip), "off");
    edit.set(clip, "0.5").expect("it is valid");
    edit.set(clip, "off").expect("it is valid");
    assert!(edit.set(clip, "-1").is_err());
    edit.step(decay, true).expect("it is valid");
    assert_eq!(value(&edit, decay), "1e-5");
    edit.step(decay, false).expect("it is valid");
    assert_eq!(value(&edit, decay), "0");
    let rate = edit.racers()[1].learning_rate;
    for row in SCHEDULES {
        edit.set(schedule, row.id).expect(row.id);
        assert_eq!(value(&edit, schedule), row.id);
        assert_eq!(edit.racers()[1].learning_rate, rate, "the peak stays");
    }
    let why = edit.set(schedule, "cosinus").expect_err("there is none");
    assert!(why.contains("expected one of constant"), "{why}");
    edit.set(schedule, "constant").expect("it is valid");
    edit.set(decay, "0").expect("it is valid");
    assert_eq!(edit.scenario().digest(), first);
    assert!(!edit.is_changed());
}

#[test]
fn a_schedule_comes_back_as_it_was() {
    let mut edit = edit("schedules");
    let schedules = |edit: &Edit| -> Vec<_> {
        let racers = edit.racers().iter();
        racers.map(|racer| racer.regime.schedule).collect()
    };
    let before = schedules(&edit);
    for racer in 0..before.len() {
        let key = Key::Racer(racer, Part::Schedule);
        let was = field(&edit, key).value;
        edit.set(key, "step").expect("it is valid");
        edit.set(key, "inverse-sqrt").expect("it is valid");
        edit.set(key, &was).expect("it is valid");
    }
    assert_eq!(schedules(&edit), before);
}

#[test]
fn another_optimizer_takes_what_it_knows_and_gives_it_back() {
    let optimizer = Key::Racer(1, Part::Optimizer);
    let mut edit = edit("digits");
    let before = edit.clone();
    edit.set(optimizer, "gd").expect("it is valid");
    let parts = |edit: &Edit| -> Vec<Key> {
        let keys = edit.fields().into_iter().map(|field| field.key);
        keys.filter(|key| key.racer() == Some(1)).collect()
    };
    let all = [
        Part::Optimizer,
        Part::LearningRate,
        Part::Schedule,
        Part::ClipNorm,
    ];
    let all = all.into_iter().chain([Part::WeightDecay]);
    let all: Vec<Key> = all.map(|part| Key::Racer(1, part)).collect();
    assert_eq!(parts(&edit), all);
    edit.set(optimizer, "adam").expect("it is valid");
    edit.set(Key::Racer(1, Part::Hyperparameter(0)), "0.5")
        .expect("it is valid");
    edit.set(optimizer, "rmsprop").expect("it is valid");
    assert_eq!(field(&edit, Key::Racer(1, Part::Batch)).value, "64");
    edit.set(optimizer, "sgd").expect("it is valid");
    assert!(!edit.is_changed());
    assert_eq!(edit.scenario().resolved(), before.scenario().resolved());
    // Who never had a batch gets that of the others.
    let mut edit = before;
    edit.set(Key::Racer(0, Part::Optimizer), "adam")
        .expect("it is valid");
    assert_eq!(field(&edit, Key::Racer(0, Part::Batch)).value, "64");
    assert_eq!(edit.scenario().racers[0].label, "Adam");
    assert_eq!(edit.scenario().racers[4].label, "Adam 2");
}

#[test]
fn a_racer_gets_a_start_of_its_own() {
    let mut edit = edit("beale");
    edit.set(Key::Racer(2, Part::Start(1)), "-2")
        .expect("it is valid");
    assert_eq!(edit.scenario().racers[2].start, Some(vec![1.0, -2.0]));
    edit.place(Key::Start(0), &[0.25, 0.5])
        .expect("it is valid");
    assert_eq!(edit.start(Key::Start(1)), Some(&[0.25, 0.5][..]));
    assert_eq!(
        edit.start(Key::Racer(2, Part::Start(0))),
        Some(&[1.0, -2.0][..])
    );
    assert_eq!(edit.start(RATE), None);
    let before = edit.clone();
    assert!(edit.place(Key::Start(0), &[0.5, f64::NAN]).is_err());
    assert_eq!(edit, before);
}

#[test]
fn forks_go_on_from_where_each_racer_is() {
    let race = edit("beale").scenario();
    let mut edit = edit("beale");
    let after = [Some(40), Some(40), Some(40), None, Some(40)];
    let nothing = edit.forked(&race, &after).expect_err("nothing is changed");
    assert!(nothing.starts_with("nothing is changed"), "{nothing}");
    edit.set(Key::Racer(3, Part::LearningRate), "0.1")
        .expect("it is valid");
    let done = edit.forked(&race, &after).expect_err("it is done");
    assert!(done.starts_with("RMSProp is done by then"), "{done}");
    edit.set(Key::Racer(4, Part::LearningRate), "0.1")
        .expect("it is valid");
    let one = edit.forked(&race, &after).expect("it can be forked");
    assert!(one.edited);
    let forks = |scenario: &Scenario| -> Vec<Vec<u64>> {
        let racers = scenario.racers.iter();
        racers
            .map(|r| r.forks.iter().map(|fork| fork.after).collect())
            .collect()
    };
    assert_eq!(forks(&one), [vec![], vec![], vec![], vec![], vec![40]]);
    assert!(
        edit.forked(&one, &[Some(50); 5])
            .is_ok_and(|two| forks(&two)[3] == [50])
    );
    // Forked again, and then earlier.
    edit.set(Key::Racer(4, Part::LearningRate), "0.2")
        .expect("it is valid");
    let two = edit.forked(&one, &[Some(60); 5]).expect("it can be forked");
    assert_eq!(forks(&two)[4], [40, 60]);
    let three = edit.forked(&two, &[Some(50); 5]).expect("it can be forked");
    assert_eq!(forks(&three)[4], [40, 50]);
    let text = edit.file(&three).expect("it can be written");
    let says = "# After step 50 Adam went on with learning_rate 0.2 (was 0.1).\n";
    assert!(text.contains(says), "{text}");
    assert!(text.starts_with("# Written from a race"), "{text}");
    for (key, text) in [(Key::Seed, "8"), (Key::Start(0), "2"), (Key::Target, "0.1")] {
        let mut edit = edit.clone();
        edit.set(key, text).expect("it is valid");
        let why = edit.forked(&race, &after).expect_err("a fork keeps it");
        assert!(why.contains("enter races from the start"), "{why}");
    }
}

#[test]
fn of_a_schedule_the_peak_is_changed() {
    let mut edit = edit("schedules");
    let cosine = Key::Racer(5, Part::LearningRate);
    edit.step(cosine, true).expect("the next rate is valid");
    let text = edit.file(&edit.scenario()).expect("it can be written");
    let want = "learning_rate = { peak = 0.0464, schedule = \"cosine\" }";
    assert_eq!(text.matches(want).count(), 1, "{text}");
    assert_eq!(field(&edit, cosine).was.as_deref(), Some("0.03"));
    // A fork goes on with the schedule where the race is.
    let race = self::edit("schedules").scenario();
    let forked = edit.forked(&race, &[Some(100); 7]).expect("it goes on");
    let fork = &forked.racers[5].forks[0];
    assert_eq!(fork.regime, race.racers[5].regime);
    assert_eq!((fork.after, fork.learning_rate), (100, 0.0464));
    let remarks = edit.file(&forked).expect("it can be written");
    let says = "# After step 100 cosine went on with learning_rate 0.0464 (was 0.03).\n";
    assert!(remarks.contains(says), "{remarks}");
}
