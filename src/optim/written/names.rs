//! What the names in a rule stand for: what its lines assign is memory, what is given has a meaning in
//! every rule, and all else is a hyperparameter. And which names a rule must have.

use super::line::{Assignment, fault};
use super::{GIVEN, LINES, Mention, Misfit, place};
use crate::problem::formula::{CONSTANTS, FUNCTIONS, is_name};
use crate::text;

/// The names that lines assign, but for `w`; a name that cannot be assigned, or is assigned twice, is
/// a misfit.
pub fn memory(assignments: &[Assignment<'_>], misfits: &mut Vec<Misfit>) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for assignment in assignments {
        let name = assignment.name;
        let wrong = if names.contains(&name) {
            Some((
                format!("`{name}` is assigned twice"),
                "expected each name once",
            ))
        } else if name != GIVEN[place::W] && has_meaning(name) {
            let message = format!("`{name}` has a meaning of its own in rules");
            Some((message, "expected another name"))
        } else {
            unfit(name)
        };
        names.push(name);
        if let Some((message, expected)) = wrong {
            misfits.push(Misfit {
                line: Some(assignment.line),
                fault: fault(assignment.span.clone(), &message, expected),
            });
        }
    }
    let mut memory: Vec<String> = Vec::new();
    for name in names {
        if name != GIVEN[place::W] && !has_meaning(name) && memory.iter().all(|own| own != name) {
            memory.push(name.to_owned());
        }
    }
    memory
}

/// The names that are read and neither assigned nor known, each where it stands first.
pub fn hyperparameters(
    assignments: &[Assignment<'_>],
    memory: &[String],
    misfits: &mut Vec<Misfit>,
) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    for (line, name, span) in assignments.iter().flat_map(Assignment::names) {
        let is_known = has_meaning(name) || memory.iter().any(|own| own == name);
        if is_known || mentions.iter().any(|mention| mention.name == name) {
            continue;
        }
        if let Some((message, expected)) = unfit(name) {
            misfits.push(Misfit {
                line: Some(line),
                fault: fault(span.clone(), &message, expected),
            });
        }
        mentions.push(Mention {
            name: name.to_owned(),
            line,
            span,
        });
    }
    mentions
}

/// What a rule as a whole must have and this one has not, or has too much of.
pub fn lacking(lines: usize, assignments: &[Assignment<'_>], is_whole: bool) -> Option<Misfit> {
    let misfit = |message: &str, expected: &str| Misfit {
        line: None,
        fault: fault(0..0, message, expected),
    };
    if lines > LINES {
        let message = format!("the rule has {lines} lines");
        return Some(misfit(&message, &format!("expected at most {LINES}")));
    }
    let assigns = |line: &Assignment<'_>| line.name == GIVEN[place::W];
    let expected = "expected a line such as `w = w - learning_rate*g`";
    let lacks = is_whole && !assignments.iter().any(assigns);
    lacks.then(|| misfit("no line assigns `w`", expected))
}

/// What every rule must read and this one does not, reported where it assigns `w`.
pub fn unread(assignments: &[Assignment<'_>]) -> Vec<Misfit> {
    let [w, g, _, learning_rate] = GIVEN;
    let Some(step) = assignments.iter().find(|line| line.name == w) else {
        return vec![];
    };
    let wanted = [
        (g, "expected `g`, the gradient, in one of its lines"),
        (
            learning_rate,
            "expected it as a factor of the step, as in `w - learning_rate*g`",
        ),
    ];
    let mut misfits = Vec::new();
    for (wanted, expected) in wanted {
        let mut names = assignments.iter().flat_map(Assignment::names);
        if !names.any(|(_, name, _)| name == wanted) {
            let message = format!("the rule does not read `{wanted}`");
            misfits.push(Misfit {
                line: Some(step.line),
                fault: fault(step.span.clone(), &message, expected),
            });
        }
    }
    misfits
}

/// Whether a name means something in every rule.
fn has_meaning(name: &str) -> bool {
    GIVEN.contains(&name)
        || FUNCTIONS.iter().any(|(function, _)| *function == name)
        || CONSTANTS.iter().any(|(constant, _)| *constant == name)
}

/// Why a name is none, and what would be right.
fn unfit(name: &str) -> Option<(String, &'static str)> {
    const LIKE: &str = "expected at most 24 letters, digits and underscores, a letter first";
    let fits = is_name(name) && text::clean(name) == name && name.chars().count() <= 24;
    (!fits).then(|| {
        (
            format!("`{}` cannot be a name", text::shorten(name, 40)),
            LIKE,
        )
    })
}
