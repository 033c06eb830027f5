//! What racers are called: their labels, and who is meant by a name in `--set` and `--only`.

use super::racers::MOST;
use crate::optim::{self, Method};
use crate::scenario::mistake::Place;
use crate::scenario::raw::{Node, Value};
use crate::text;

/// The label that a racer is given in the text, cleaned, and its place.
pub(super) fn explicit_label(node: &Node) -> Option<(String, Place)> {
    let Value::Table(table) = &node.value else {
        return None;
    };
    let label = &table.get("label")?.node;
    match &label.value {
        Value::Text(text) => Some((text::clean(text), label.place)),
        _ => None,
    }
}

/// Each racer's optimizer, whether there is such a one or not, or that it has a rule instead.
fn optimizer(node: &Node) -> Option<&str> {
    let Value::Table(table) = &node.value else {
        return None;
    };
    match table.get("optimizer").map(|entry| &entry.node.value) {
        Some(Value::Text(id)) => Some(id),
        Some(_) => None,
        None => table.get("rule").map(|_| Method::WRITTEN),
    }
}

/// What racers with this optimizer are called.
fn called(id: &str) -> Option<&'static str> {
    let rule = (id == Method::WRITTEN).then_some("Rule");
    rule.or_else(|| Some(optim::find(id)?.name))
}

/// Each racer's label: the given one, or else the optimizer's name, from the second one on with a
/// number. `None` where neither is known.
pub(super) fn labels(nodes: &[Node]) -> Vec<Option<String>> {
    let given: Vec<Option<String>> = nodes
        .iter()
        .map(|node| explicit_label(node).map(|(label, _)| label))
        .collect();
    let mut taken: Vec<String> = given.iter().flatten().cloned().collect();
    let mut label = |node| {
        let name = called(optimizer(node)?)?;
        let numbered = (2..).map(|n| format!("{name} {n}"));
        let free = std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|label| !taken.contains(label))?;
        taken.push(free.clone());
        Some(free)
    };
    nodes
        .iter()
        .zip(given)
        .map(|(node, given)| given.or_else(|| label(node)))
        .collect()
}

/// Which racer `name` means: the one with that label in the text; or else the one whose default
/// label is just that, or the only one with that default label or that optimizer, all without regard
/// to case; or else the one with that number, from 1.
///
/// # Errors
/// What is wrong, and who can be named.
pub(super) fn find(name: &str, nodes: &[Node]) -> Result<usize, (String, String)> {
    // To number the labels of tens of thousands would take minutes, and so many are refused anyway.
    let nodes = &nodes[..nodes.len().min(MOST)];
    let labels = labels(nodes);
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let shown = text::shorten(name, 40);
    let given = matching(nodes, |i| {
        explicit_label(&nodes[i]).is_some_and(|(label, _)| same(&label))
    });
    let named = matching(nodes, |i| {
        labels[i].as_deref().is_some_and(same) || optimizer(&nodes[i]).is_some_and(same)
    });
    let exact = matching(nodes, |i| labels[i].as_deref() == Some(name));
    let found = match (given.is_empty(), exact.is_empty()) {
        (false, _) => given,
        (true, false) => exact,
        (true, true) => named,
    };
    match found[..] {
        [only] => Ok(only),
        [] => match name.parse::<usize>() {
            Ok(number) if (1..=nodes.len()).contains(&number) => Ok(number - 1),
            _ => Err((
                format!("there is no racer `{shown}`"),
                format!("expected {}", candidates(&labels, 0..nodes.len())),
            )),
        },
        _ => Err((
            format!("`{shown}` can mean {} racers", found.len()),
            format!("expected {}", candidates(&labels, found)),
        )),
    }
}

/// The same among the racers but for the last `added`, who race anyway; or else among all.
///
/// # Errors
/// What is wrong, and who can be named.
pub(super) fn find_own(
    name: &str,
    nodes: &[Node],
    added: usize,
) -> Result<usize, (String, String)> {
    let own = &nodes[..nodes.len().saturating_sub(added)];
    find(name, own).or_else(|_| find(name, nodes))
}

fn matching(nodes: &[Node], holds: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..nodes.len()).filter(|&i| holds(i)).collect()
}

/// `one of 1 (GD), 2 (Adam)`.
fn candidates(labels: &[Option<String>], racers: impl IntoIterator<Item = usize>) -> String {
    let names: Vec<String> = racers
        .into_iter()
        .map(|i| {
            let label = labels[i].as_deref().unwrap_or("?");
            format!("{} ({})", i + 1, text::shorten(label, 24))
        })
        .collect();
    if names.is_empty() {
        return "no racer: there is none".to_owned();
    }
    format!("one of {}", names.join(", "))
}
