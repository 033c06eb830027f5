//! Scenarios and data files with random damage never bring the reader down, and reports never hold
//! control characters.

use proptest::prelude::*;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::shipped::{SHIPPED, template};

/// Pieces that are near to what a reader expects, and what it does not expect at all.
const PIECES: &[&str] = &[
    "=",
    "[",
    "]",
    "[[racer]]",
    "\n",
    "\"",
    "\"\"\"",
    "{",
    "}",
    ",",
    ".",
    "-1",
    "nan",
    "1e999",
    "0",
    "true",
    "é",
    "\u{1b}",
    "\u{202e}",
    "\0",
    "9999999999999999999",
    "[1, 2]",
    "all",
    "batch = 0\n",
    "label = \"GD\"\n",
    "# ",
];

/// A place in a text, as a share of its length; how many bytes to cut there; and what to put in.
type Damage = (f64, usize, usize);

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec((0.0..1.0, 0_usize..12, 0..PIECES.len()), 1..5)
}

fn damage(text: &str, damages: &[Damage]) -> String {
    let mut text = text.to_owned();
    for &(at, cut, piece) in damages {
        let from = text.floor_char_boundary((at * text.len() as f64) as usize);
        let to = text.ceil_char_boundary((from + cut).min(text.len()));
        text.replace_range(from..to, PIECES[piece]);
    }
    text
}

/// Reads `text` beside the files in `folder`; that it returns is what is tested.
fn survives(text: String, [set, add]: [Vec<String>; 2], folder: &std::path::Path) {
    let source = Source {
        file: "damaged.toml".to_owned(),
        name: "damaged".to_owned(),
        text,
        folder: folder.into(),
    };
    let options = Options {
        only: vec!["2".to_owned()],
        set,
        add,
        seed: None,
        max_memory: 1 << 30,
        ..Options::default()
    };
    if let Err(report) = check(&source, &options) {
        let shown = report.to_string();
        assert!(!report.mistakes().is_empty());
        assert!(
            !shown
                .chars()
                .any(|c| c != '\n' && slalom::text::is_unsafe(c)),
            "{shown:?}"
        );
    }
}

proptest! {
    #[test]
    fn damaged_scenarios_are_read_or_refused(
        which in 0..=SHIPPED.len(),
        damages in damages(),
        set in damages(),
        add in prop::option::of(damages()),
    ) {
        let shipped = SHIPPED.get(which).map(|shipped| shipped.text.to_owned());
        let text = shipped.unwrap_or_else(|| template("x"));
        let set = damage("racer.1.learning_rate=0.1", &set);
        let racer = "adamw:learning_rate=0.1,start=[1, 2],label=a b";
        let add = add.map(|add| damage(racer, &add)).into_iter().collect();
        survives(damage(&text, &damages), [vec![set], add], "nowhere".as_ref());
    }

    #[test]
    fn damaged_data_are_read_or_refused(damages in damages(), named in any::<bool>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "a,b,class\n1,2,x\n-3.5,4e1,\"y, z\"\n5,6,x\n7,8,x\n";
        std::fs::write(folder.path().join("data.csv"), damage(rows, &damages)).expect("written");
        let target = if named { "target = \"class\"" } else { "" };
        let text = format!(
            "title = \"Damaged\"\n[model]\nkind = \"mlp\"\nhidden = [2]\n[data]\n\
             source = \"data.csv\"\n{target}\n[finish]\nloss = 0.1\nsteps = 9\n[[racer]]\noptimizer = \"gd\"\nlearning_rate = 1\n\
             [[racer]]\noptimizer = \"sgd\"\nlearning_rate = 1\nbatch = 1\n"
        );
        survives(text, [vec![], vec![]], folder.path());
    }
}
