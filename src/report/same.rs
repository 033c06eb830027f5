//! Whether two results, as JSON, say the same: all but seconds, and by what and from which file they
//! were made.

use serde_json::{Map, Value};

use crate::text::shorten;

/// Members that may differ, wherever they stand.
const MAY_DIFFER: [&str; 2] = ["seconds", "version"];

/// The most letters of a value that are shown.
const SHOWN: usize = 60;

/// The first place where two results differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The members down to it: `racers.Adam.final_loss`.
    pub place: String,
    /// What was kept, as JSON.
    pub kept: String,
    /// What it is now, as JSON, or `not there`.
    pub now: String,
}

/// The first place in the result `kept` where `now` differs, both as JSON; none in what is no JSON. What
/// only `now` has is no difference: results gain members with later versions. The member `scenario` is
/// skipped, since its digest says whether it is the same.
pub fn difference(kept: &str, now: &str) -> Option<Difference> {
    let members: Map<String, Value> = serde_json::from_str(kept).ok()?;
    let now: Value = serde_json::from_str(now).ok()?;
    let mut compared = members.iter().filter(|(name, _)| *name != "scenario");
    compared.find_map(|(name, value)| member(name, value, now.get(name)))
}

fn member(place: &str, kept: &Value, now: Option<&Value>) -> Option<Difference> {
    let last = place.rsplit('.').next();
    if MAY_DIFFER.iter().any(|&name| last == Some(name)) {
        return None;
    }
    let differ = || {
        Some(Difference {
            place: place.to_owned(),
            kept: shorten(&kept.to_string(), SHOWN),
            now: now.map_or("not there".to_owned(), |now| {
                shorten(&now.to_string(), SHOWN)
            }),
        })
    };
    match (kept, now) {
        (Value::Object(members), Some(Value::Object(_))) => {
            members.iter().find_map(|(name, kept)| {
                let now = now.and_then(|now| now.get(name));
                member(&format!("{place}.{name}"), kept, now)
            })
        }
        (Value::Array(items), Some(Value::Array(others))) if items.len() == others.len() => {
            let pairs = items.iter().zip(others).enumerate();
            let mut pairs = pairs.map(|(i, (kept, now))| (name(i, kept), kept, now));
            pairs.find_map(|(name, kept, now)| member(&format!("{place}.{name}"), kept, Some(now)))
        }
        // Other programs write 7 as 7.0, which is the same number.
        (Value::Number(a), Some(Value::Number(b))) if a.as_f64() == b.as_f64() => None,
        (kept, Some(now)) if kept == now => None,
        _ => differ(),
    }
}

/// How an item is called: by its label, or its number from 1.
fn name(i: usize, item: &Value) -> String {
    match item.get("label").and_then(Value::as_str) {
        Some(label) => shorten(label, SHOWN),
        None => (i + 1).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_number_that_differs_is_found() {
        let kept = json!({
            "version": "0.1.0",
            "scenario": { "name": "a" },
            "seed": 7,
            "racers": [
                { "label": "A", "seconds": 1.5, "loss": 0.25, "cause": null },
                { "label": "B", "seconds": 2.5, "loss": 0.5, "seeds": { "iterations": [1, null, 3] } },
            ],
        });
        let difference = |now: &Value| difference(&kept.to_string(), &now.to_string());
        let mut now = kept.clone();
        assert_eq!(difference(&now), None);
        now["version"] = json!("0.2.0");
        now["scenario"]["name"] = json!("b");
        now["racers"][1]["seconds"] = json!(9.0);
        now["new"] = json!(1);
        now["seed"] = json!(7.0);
        assert_eq!(difference(&now), None);
        for (pointer, value, place, was) in [
            ("/seed", json!(8), "seed", "7"),
            (
                "/racers/1/loss",
                json!(0.5 + f64::EPSILON),
                "racers.B.loss",
                "0.5",
            ),
            ("/racers/0/cause", json!("x"), "racers.A.cause", "null"),
            (
                "/racers/1/seeds/iterations/1",
                json!(2),
                "racers.B.seeds.iterations.2",
                "null",
            ),
            (
                "/racers/1/seeds/iterations",
                json!([1, null]),
                "racers.B.seeds.iterations",
                "[1,null,3]",
            ),
            ("/racers/1/label", json!("C"), "racers.B.label", "\"B\""),
        ] {
            let mut other = now.clone();
            *other.pointer_mut(pointer).expect("it is there") = value.clone();
            let found = difference(&other).expect("it differs");
            assert_eq!((found.place.as_str(), found.kept.as_str()), (place, was));
            assert_eq!(found.now, value.to_string());
        }
        now["racers"][0]
            .as_object_mut()
            .expect("it is one")
            .remove("loss");
        assert_eq!(difference(&now).expect("it lacks").now, "not there");
    }
}
