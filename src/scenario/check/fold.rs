//! The flags written into the text: the scenario as it is raced, with the comments of its file.

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::{Options, Source, added, check, entrants, overrides};
use crate::scenario::Scenario;
use crate::scenario::edit::document;
use crate::scenario::raw;

/// The text of `source` with the flags of `options` in it: it alone is then `scenario`, which was
/// made of both.
///
/// # Errors
/// Why it cannot be done, for texts of a shape that is not known here.
pub fn folded(source: &Source, options: &Options, scenario: &Scenario) -> Result<String, String> {
    let refused = || "this scenario's text and flags cannot be joined".to_owned();
    let mut document: DocumentMut = source.text.parse().map_err(|_| refused())?;
    for add in &options.add {
        added::write(&mut document, add).ok_or_else(refused)?;
    }
    for set in &options.set {
        apply(&mut document, set).ok_or_else(refused)?;
    }
    if let Some(seed) = options.seed {
        let seed = i64::try_from(seed).map_err(|_| refused())?;
        document::put(document.as_table_mut(), "seed", seed.into());
    }
    if !options.only.is_empty() {
        keep(&mut document, options).ok_or_else(refused)?;
    }
    let alone = |document: &DocumentMut| {
        let source = Source {
            text: document.to_string(),
            ..source.clone()
        };
        let options = Options {
            max_memory: options.max_memory,
            data: scenario.data().cloned(),
            ..Options::default()
        };
        check(&source, &options).map_err(|_| refused())
    };
    // Who is left may be called otherwise without the others.
    let unnamed = alone(&document)?;
    for (racer, (is, was)) in unnamed.racers.iter().zip(&scenario.racers).enumerate() {
        if is.label != was.label {
            let table = document::racer(&mut document, racer).ok_or_else(refused)?;
            document::put(table, "label", was.label.as_str().into());
        }
    }
    let named = alone(&document)?;
    let labels = |scenario: &Scenario| -> Vec<String> {
        let racers = scenario.racers.iter();
        racers.map(|racer| racer.label.clone()).collect()
    };
    let same = named.resolved() == scenario.resolved() && labels(&named) == labels(scenario);
    same.then(|| document.to_string()).ok_or_else(refused)
}

/// `PATH=VALUE`, as `--set` takes it.
fn apply(document: &mut DocumentMut, set: &str) -> Option<()> {
    let (path, value) = set.split_once('=')?;
    let value = document::value(value.trim());
    if let Some(rest) = path.trim().strip_prefix("racer.") {
        let (name, schedule, key) = overrides::parts(rest)?;
        let racer = racers(document, name, 0)?;
        let racer = document::racer(document, racer)?;
        match schedule {
            Some(rate) => document::put_inside(racer, rate, overrides::PEAK, key, value),
            None => document::put(racer, key, value),
        }
        return Some(());
    }
    let steps: Vec<&str> = path.split('.').map(str::trim).collect();
    let (key, sections) = steps.split_last()?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for section in sections {
        if !table.get(section).is_some_and(Item::is_table_like) {
            table.insert(section, Item::Table(Table::new()));
        }
        table = table.get_mut(section)?.as_table_like_mut()?;
    }
    document::put(table, key, value);
    Some(())
}

/// Which racer is meant by a name in the text as it now is, whose last racers were `added`.
fn racers(document: &DocumentMut, name: &str, added: usize) -> Option<usize> {
    let (root, _) = raw::parse(&document.to_string());
    match &root.get("racer")?.node.value {
        raw::Value::List(nodes) => entrants::find_own(name.trim(), nodes, added).ok(),
        _ => None,
    }
}

/// Takes out all racers but those that are named or added.
fn keep(document: &mut DocumentMut, options: &Options) -> Option<()> {
    let added = options.add.len();
    let kept = options
        .only
        .iter()
        .map(|name| racers(document, name, added));
    let mut kept: Vec<usize> = kept.collect::<Option<_>>()?;
    let all = (0..).take_while(|i| document::racer(document, *i).is_some());
    let all = all.count();
    kept.extend(all - added..all);
    match document.get_mut("racer")? {
        Item::ArrayOfTables(tables) => {
            for racer in (0..tables.len())
                .rev()
                .filter(|racer| !kept.contains(racer))
            {
                tables.remove(racer);
            }
        }
        Item::Value(Value::Array(racers)) => {
            for racer in (0..racers.len())
                .rev()
                .filter(|racer| !kept.contains(racer))
            {
                racers.remove(racer);
            }
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::shipped;

    fn fold(source: &Source, set: &[&str], only: &[&str], seed: Option<u64>) -> String {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let options = Options {
            set: owned(set),
            only: owned(only),
            seed,
            ..Options::default()
        };
        let scenario = check(source, &options).expect("it is valid");
        folded(source, &options, &scenario).expect("it is folded")
    }

    #[test]
    fn without_flags_the_text_stays_as_it_is() {
        for shipped in shipped::SHIPPED {
            assert_eq!(fold(&shipped.source(), &[], &[], None), shipped.text);
        }
    }

    #[test]
    fn a_rate_becomes_a_schedule_and_keeps_its_peak() {
        let schedules = shipped::find("schedules").expect("it ships").source();
        let set = [
            "racer.constant.learning_rate.schedule=cosine",
            "racer.a tenth.learning_rate=0.1",
            "racer.step.learning_rate.peak=0.2",
            "racer.cosine.learning_rate.warmup=9",
            "racer.one-cycle.learning_rate=0.4",
        ];
        let text = fold(&schedules, &set, &[], None);
        for says in [
            "learning_rate = { peak = 0.03, schedule = \"cosine\" }\n",
            "learning_rate = 0.1\n",
            "learning_rate = { peak = 0.2, schedule = \"step\", factor = 0.1, every = 350 }\n",
            "learning_rate = { peak = 0.03, schedule = \"cosine\" , warmup = 9 }\n",
            "learning_rate = 0.4\n",
        ] {
            assert!(text.contains(says), "{says}: {text}");
        }
    }

    #[test]
    fn flags_come_into_the_text_and_its_comments_stay() {
        let beale = shipped::find("beale").expect("it ships").source();
        let text = fold(
            &beale,
            &[
                "finish.loss=1e-3",
                "racer.adam.beta1=0.8",
                "show.seconds=5",
                "surface.start=[2, 2]",
                "title=a = b",
            ],
            &["adam", "GD"],
            Some(9),
        );
        for says in [
            "# Watch the corner.",
            "title = \"a = b\"",
            "seed = 9\n",
            "start = [2, 2]\n",
            "loss = 1e-3\n",
            "[show]\nseconds = 5\n",
            "beta1 = 0.8\n",
        ] {
            assert!(text.contains(says), "{says}: {text}");
        }
        assert_eq!(text.matches("[[racer]]").count(), 2, "{text}");
    }

    #[test]
    fn who_is_left_keeps_its_name() {
        let racer = "[[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1 # fast\n";
        let mut source = shipped::find("ravine").expect("it ships").source();
        let head = source.text.split("[[racer]]").next();
        let head = head.expect("it has a head").to_owned();
        source.text = format!("{head}{racer}{racer}");
        let text = fold(&source, &["racer.gd 2.learning_rate=0.2"], &["GD 2"], None);
        assert!(text.contains("label = \"GD 2\""), "{text}");
        assert!(text.contains("learning_rate = 0.2 # fast"), "{text}");
        // The same as a list of tables in braces.
        let racer = "{ optimizer = \"gd\", learning_rate = 0.1 }";
        source.text = head.replacen('[', &format!("racer = [{racer}, {racer}]\n["), 1);
        let text = fold(&source, &["racer.2.learning_rate=0.2"], &["GD 2"], None);
        assert!(
            text.contains("learning_rate = 0.2 , label = \"GD 2\" }]"),
            "{text}"
        );
    }
}
