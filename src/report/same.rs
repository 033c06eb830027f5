//! Whether two results, as JSON, say the same: all but seconds, and by what and from which file they
//! were made. What only one of them has is said by name: it was not compared.

use serde_json::{Map, Value};

use crate::text::shorten;

/// Members that may differ, wherever they stand.
const MAY_DIFFER: [&str; 2] = ["seconds", "version"];

/// Members of the whole that say what was raced: whoever races it again has them from there.
const GIVEN: [&str; 3] = ["format", "scenario", "seed"];

/// The most letters of a value that are shown.
const SHOWN: usize = 60;

/// A kept result beside that of the same race run again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sameness {
    /// How many numbers are the same, a null in the place of one among them.
    pub numbers: u64,
    /// The first place where the two differ; behind it nothing is compared.
    pub difference: Option<Difference>,
    /// The members that only the new one has, by their places.
    pub lacking: Vec<String>,
    /// Racers that only the new one has, or of whom the kept one has no number.
    pub absent: Vec<String>,
}

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

/// The result `kept` beside `now`, both as JSON; what is no JSON has nothing to compare. Racers are
/// known by their labels.
pub fn compare(kept: &str, now: &str) -> Sameness {
    let mut same = Sameness::default();
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    if let (Some(mut kept), Some(mut now)) = (read(kept), read(now)) {
        for result in [&mut kept, &mut now] {
            result.retain(|name, _| !GIVEN.contains(&name.as_str()));
        }
        let racers = [&mut kept, &mut now].map(|result| result.remove("racers"));
        if let [Some(Value::Array(kept)), Some(Value::Array(now))] = racers {
            same.racers(&kept, &now);
        }
        if same.difference.is_none() {
            same.members("", &kept, &now);
        }
        // What the whole lacks comes before what its parts do.
        same.lacking.sort_by_key(|place| place.matches('.').count());
    }
    same
}

impl Sameness {
    /// Whether each racer is in both, with numbers.
    pub fn has_all_racers(&self) -> bool {
        self.numbers > 0 && self.absent.is_empty()
    }

    fn racers(&mut self, kept: &[Value], now: &[Value]) {
        for racer in kept {
            let (name, before) = (shorten(label(racer), SHOWN), self.numbers);
            let again = now.iter().find(|now| label(now) == label(racer));
            self.value(&format!("racers.{name}"), racer, again);
            if self.difference.is_some() {
                return;
            }
            if self.numbers == before {
                self.absent.push(name);
            }
        }
        let is_kept = |now: &&Value| kept.iter().any(|racer| label(racer) == label(now));
        let absent = now.iter().filter(|racer| !is_kept(racer));
        let absent = absent.map(|racer| shorten(label(racer), SHOWN));
        self.absent.extend(absent);
    }

    fn members(&mut self, place: &str, kept: &Map<String, Value>, now: &Map<String, Value>) {
        let at = |name: &String| match place {
            "" => name.clone(),
            place => format!("{place}.{name}"),
        };
        let counts = |name: &&String| !MAY_DIFFER.contains(&name.as_str());
        for name in kept.keys().filter(counts) {
            self.value(&at(name), &kept[name], now.get(name));
            if self.difference.is_some() {
                return;
            }
        }
        let only_now = now.keys().filter(counts);
        let only_now = only_now.filter(|name| !kept.contains_key(*name));
        self.lacking.extend(only_now.map(at));
    }

    fn value(&mut self, place: &str, kept: &Value, now: Option<&Value>) {
        match (kept, now) {
            (Value::Object(kept), Some(Value::Object(now))) => self.members(place, kept, now),
            (Value::Array(items), Some(Value::Array(others))) if items.len() == others.len() => {
                for (i, (kept, now)) in items.iter().zip(others).enumerate() {
                    self.value(&format!("{place}.{}", name(i, kept)), kept, Some(now));
                    if self.difference.is_some() {
                        return;
                    }
                }
            }
            // Other programs write 7 as 7.0, which is the same number.
            (Value::Number(a), Some(Value::Number(b))) if a.as_f64() == b.as_f64() => {
                self.numbers += 1;
            }
            (Value::Null, Some(Value::Null)) => self.numbers += 1,
            (kept, Some(now)) if kept == now => {}
            (kept, now) => {
                let shown = |value: &Value| shorten(&value.to_string(), SHOWN);
                self.difference = Some(Difference {
                    place: place.to_owned(),
                    kept: shown(kept),
                    now: now.map_or("not there".to_owned(), shown),
                });
            }
        }
    }
}

/// A racer's label, empty where it has none.
fn label(racer: &Value) -> &str {
    let label = racer.get("label").and_then(Value::as_str);
    label.unwrap_or_default()
}

/// How an item is called: by its label, or its number from 1.
fn name(i: usize, item: &Value) -> String {
    match label(item) {
        "" => (i + 1).to_string(),
        label => shorten(label, SHOWN),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept() -> Value {
        json!({
            "version": "0.1.0",
            "scenario": { "name": "a" },
            "seed": 7,
            "examples": 7,
            "racers": [
                { "label": "A", "seconds": 1.5, "loss": 0.25, "cause": null },
                { "label": "B", "seconds": 2.5, "loss": 0.5, "seeds": { "iterations": [1, null, 3] } },
            ],
        })
    }

    fn beside(kept: &Value, now: &Value) -> Sameness {
        compare(&kept.to_string(), &now.to_string())
    }

    fn remove(from: &mut Value, name: &str) {
        let members = from.as_object_mut().expect("it is an object");
        assert!(members.remove(name).is_some(), "{name}");
    }

    #[test]
    fn the_first_number_that_differs_is_found() {
        let kept = kept();
        let difference = |now: &Value| beside(&kept, now).difference;
        let mut now = kept.clone();
        assert_eq!(difference(&now), None);
        now["version"] = json!("0.2.0");
        now["scenario"]["name"] = json!("b");
        now["racers"][1]["seconds"] = json!(9.0);
        now["examples"] = json!(7.0);
        assert_eq!(difference(&now), None);
        for (pointer, value, place, was) in [
            ("/examples", json!(8), "examples", "7"),
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
        ] {
            let mut other = now.clone();
            *other.pointer_mut(pointer).expect("it is there") = value.clone();
            let found = difference(&other).expect("it differs");
            assert_eq!((found.place.as_str(), found.kept.as_str()), (place, was));
            assert_eq!(found.now, value.to_string());
        }
        let mut other = now.clone();
        other["racers"][1]["label"] = json!("C");
        let found = difference(&other).expect("nobody is called B");
        assert_eq!(
            (found.place.as_str(), found.now.as_str()),
            ("racers.B", "not there")
        );
        remove(&mut now["racers"][0], "loss");
        assert_eq!(difference(&now).expect("it lacks").now, "not there");
    }

    #[test]
    fn what_the_kept_one_lacks_is_named_and_not_counted() {
        let now = kept();
        let whole = beside(&now, &now);
        assert_eq!(
            whole.numbers, 7,
            "two losses, a cause, three seeds, the examples"
        );
        assert!(whole.lacking.is_empty() && whole.has_all_racers());
        let mut few = kept();
        remove(&mut few, "examples");
        remove(&mut few["racers"][1]["seeds"], "iterations");
        remove(&mut few["racers"][1], "seconds");
        let same = beside(&few, &now);
        assert_eq!((same.numbers, &same.difference), (3, &None));
        assert_eq!(same.lacking, ["examples", "racers.B.seeds.iterations"]);
        assert!(same.has_all_racers());
        remove(&mut few["racers"][1], "loss");
        let same = beside(&few, &now);
        assert_eq!(same.absent, ["B"], "it has no number left");
        few["racers"].as_array_mut().expect("two").remove(1);
        let same = beside(&few, &now);
        assert_eq!(
            (same.numbers, same.absent.as_slice()),
            (2, &["B".to_owned()][..])
        );
        assert!(!same.has_all_racers());
        for nothing in ["{}", "{\"racers\":[]}", "[1]", "no JSON"] {
            let same = compare(nothing, &now.to_string());
            assert!(same.numbers == 0 && !same.has_all_racers(), "{nothing}");
        }
    }
}
