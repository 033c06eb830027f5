//! What was measured: printed as Markdown tables, or as a JSON object a line.

use serde_json::json;

/// One figure.
struct Row {
    work: &'static str,
    case: String,
    metric: &'static str,
    value: f64,
}

/// Prints figures as they come.
pub struct Table {
    json: bool,
    rows: Vec<Row>,
}

impl Table {
    /// Prints JSON lines, or else Markdown.
    pub fn new(json: bool) -> Self {
        Self { json, rows: vec![] }
    }

    /// Adds a figure of `case`; the metrics of a work come in the same order for each of its cases.
    pub fn add(&mut self, work: &'static str, case: &str, metric: &'static str, value: f64) {
        if self.json {
            let line = json!({"work": work, "case": case, "metric": metric, "value": value});
            println!("{line}");
        } else {
            if self.rows.last().is_some_and(|last| last.work != work) {
                self.flush();
            }
            self.rows.push(Row {
                work,
                case: case.to_owned(),
                metric,
                value,
            });
        }
    }

    /// Prints the table of the work that was measured last.
    pub fn flush(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let Some(first) = rows.first() else { return };
        let mut metrics: Vec<&str> = vec![];
        let mut cases: Vec<&str> = vec![];
        for row in &rows {
            if !metrics.contains(&row.metric) {
                metrics.push(row.metric);
            }
            if !cases.contains(&&*row.case) {
                cases.push(&row.case);
            }
        }
        println!("| {} | {} |", first.work, metrics.join(" | "));
        println!("| --- |{}", " ---: |".repeat(metrics.len()));
        for case in cases {
            let cell = |metric: &&str| {
                let same = |row: &&Row| row.case == case && row.metric == *metric;
                rows.iter()
                    .find(same)
                    .map_or(String::new(), |row| digits(row.value))
            };
            let cells: Vec<String> = metrics.iter().map(cell).collect();
            println!("| {case} | {} |", cells.join(" | "));
        }
        println!();
    }
}

/// Three digits that count.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size >= 1e6 {
        format!("{value:.2e}")
    } else if size >= 100.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else if size >= 0.01 || size == 0.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1e}")
    }
}
