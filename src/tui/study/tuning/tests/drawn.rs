//! Whole screens of a search.

use super::*;

const FIVE: [&str; 5] = ["gd", "sgd", "momentum", "rmsprop", "adam"];

#[test]
fn a_search_under_way_and_at_its_end_at_four_sizes() {
    let search = beale(&FIVE, &[], &[150]);
    for (name, look) in [("tune-under-way", 0), ("tune-end", 1)] {
        let study = search.study(look);
        keep_each(name, |width, height| {
            drawn(&study, &mut desk(), width, height)
        });
    }
}

#[test]
fn each_pane_alone_at_four_sizes() {
    let search = beale(&["momentum", "adam"], &["beta1=0.5,0.9"], &[]);
    let study = search.end();
    for (pane, name) in ["rates", "iterations", "protocol"].into_iter().enumerate() {
        let mut desk = desk();
        (desk.focus, desk.zoomed) = (pane, true);
        let name = format!("tune-{name}");
        keep_each(&name, |width, height| {
            drawn(&study, &mut desk, width, height)
        });
    }
}

#[test]
fn no_size_is_too_small() {
    let many = ["gd", "sgd", "momentum", "rmsprop", "adam"];
    for search in [beale(&many, &[], &[1, 7]), flat(2, "-1")] {
        for look in 0..search.known.len() {
            let study = search.study(look);
            for pane in 0..3 {
                let mut desk = desk();
                desk.focus = pane;
                desk.zoomed = pane == 1;
                for (width, height) in (0..=10).flat_map(|w| (0..=10).map(move |h| (w, h))) {
                    let buffer = drawn(&study, &mut desk, width, height);
                    let blank = buffer.content.iter().all(|cell| cell.symbol() == " ");
                    assert_eq!(blank, buffer.area.is_empty(), "{width}x{height}");
                }
                for (width, height) in [(20, 5), (21, 6), (33, 7), (60, 18), (61, 21), (300, 9)] {
                    drawn(&study, &mut desk, width, height);
                }
            }
        }
    }
}

#[test]
fn every_key_leaves_a_screen_and_only_quit_leaves_it() {
    let search = beale(&["gd", "adam"], &[], &[30]);
    let study = search.study(0);
    for size in [(120, 35), (80, 24), (40, 12)] {
        let mut desk = desk();
        let mut quits = 0;
        for _ in 0..3 {
            for key in KEYS {
                let message = key.message;
                let flow = desk.update(message, study.panes().len(), study.racers());
                quits += usize::from(flow == Flow::Quit);
                let buffer = drawn(&study, &mut desk, size.0, size.1);
                let first = &rows(&buffer)[0];
                assert!(
                    desk.help.is_some() || first.starts_with("Beale"),
                    "{message:?}"
                );
            }
        }
        assert_eq!(quits, 3);
    }
}

/// A story: the racers are gone through, one is hidden, and the panes are looked at one by one.
#[test]
fn a_selected_racer_is_marked_and_a_hidden_one_loses_its_curve() {
    let search = beale(&["gd", "adam"], &[], &[]);
    let study = search.end();
    let mut desk = desk();
    let letters = |desk: &mut Desk| {
        let buffer = drawn(&study, desk, 120, 35);
        let all = buffer.content.iter();
        all.filter(|cell| cell.symbol() == "A").count()
    };
    let before = letters(&mut desk);
    press(&study, &mut desk, KeyCode::Char('j'));
    press(&study, &mut desk, KeyCode::Char('j'));
    assert_eq!(desk.selected, Some(1));
    assert_eq!(letters(&mut desk), before);
    press(&study, &mut desk, KeyCode::Char('v'));
    assert_eq!(
        letters(&mut desk),
        before - 1,
        "its head is gone from the chart"
    );
    press(&study, &mut desk, KeyCode::Char('3'));
    let small = rows(&drawn(&study, &mut desk, 80, 24));
    assert!(small[1].contains("3 protocol"), "{}", small[1]);
    assert!(small.iter().any(|row| row.contains("lowest median")));
    press(&study, &mut desk, KeyCode::Char('1'));
    let small = rows(&drawn(&study, &mut desk, 80, 24));
    assert!(small[1].contains("1 rates") && small.iter().any(|row| row.contains("2 iterations")));
    assert_eq!(press(&study, &mut desk, KeyCode::Char('q')), Flow::Quit);
}

#[test]
fn of_too_many_racers_the_selected_one_is_seen() {
    let mut text = "title = \"Many\"\n[surface]\nfunction = \"booth\"\nstart = [0, 0]\n[finish]\n\
                    loss = 0.02\nsteps = 20\n"
        .to_owned();
    for i in 1..=30 {
        text +=
            &format!("[[racer]]\noptimizer = \"gd\"\nlabel = \"gd {i}\"\nlearning_rate = 0.1\n");
    }
    let scenario = written(&text);
    let field = |racer: &crate::scenario::Entrant| entries::Field {
        entries: vec![entries::Entry {
            over: vec![],
            racer: racer.clone(),
        }],
        parts: 1,
    };
    let fields = scenario.racers.iter().map(field).collect();
    let plan = Plan::new(&scenario, fields, 1, false).expect("it is small");
    let search = search(scenario, plan, &[]);
    let study = search.end();
    let mut desk = desk();
    let shows = |desk: &mut Desk, label: &str| {
        let rows = rows(&drawn(&study, desk, 80, 24));
        rows.iter().any(|row| row.contains(label))
    };
    assert!(shows(&mut desk, "gd 1 ") && !shows(&mut desk, "gd 30"));
    press(&study, &mut desk, KeyCode::Up);
    assert!(shows(&mut desk, "gd 30") && !shows(&mut desk, "gd 1 "));
}

#[test]
fn nothing_changes_while_there_is_no_news() {
    let search = beale(&["gd", "adam"], &[], &[30]);
    let mut study = search.study(0);
    let before = drawn(&study, &mut desk(), 120, 35);
    study.follow();
    study.now.seconds += 0.9;
    assert_eq!(drawn(&study, &mut desk(), 120, 35), before);
    let mut end = search.end();
    let done = drawn(&end, &mut desk(), 120, 35);
    end.follow();
    assert_eq!(drawn(&end, &mut desk(), 120, 35), done);
    assert_ne!(done, before);
}
