//! The README against the code: what it lists is what there is.

use slalom::optim::{REGISTRY, Settings};
use slalom::problem::dataset::MADE;
use slalom::scenario::shipped::SHIPPED;
use slalom::tui::keys::KEYS;

const README: &str = include_str!("../../README.md");

#[test]
fn the_table_of_optimizers_is_the_registry() {
    for entry in REGISTRY {
        let lines = (entry.rule)(&Settings::defaults(entry)).lines;
        let rule: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
        let (id, idea, paper, rule) = (entry.id, entry.idea, entry.paper, rule.join("<br>"));
        let row = format!("| `{id}` | {idea} ({paper}) | {rule} |");
        assert!(README.contains(&row), "README.md lacks the line\n{row}");
    }
}

#[test]
fn the_table_of_keys_is_the_key_table() {
    for key in KEYS {
        let row = format!("| `{}` | {} |", key.name, key.help);
        assert!(README.contains(&row), "README.md lacks the line\n{row}");
    }
}

#[test]
fn every_scenario_and_made_set_it_names_is_there() {
    for name in MADE.iter().map(|set| set.name) {
        assert!(README.contains(&format!("`{name}`")), "{name}");
    }
    let named = README
        .split("slalom ")
        .skip(1)
        .filter_map(|rest| rest.split_whitespace().next());
    let found = named
        .filter(|word| SHIPPED.iter().any(|shipped| shipped.name == *word))
        .count();
    assert!(found >= 3, "its examples race shipped scenarios");
}
