//! Who is ahead: the lowest loss among those still racing, and the first half of the way.

use crate::race::trace::Moment;
use crate::tui::captions::scene::{Run, Scene, convergence};
use crate::tui::captions::words::{caption, names, value};
use crate::tui::captions::{Caption, Kind};

/// A lead must last for so many evaluations of the new leader, and of the old one.
const EVALUATIONS: u64 = 4;

/// And for this share of the race so far, so that noise does not change it all the time.
const SHARE: f64 = 0.125;

/// Ahead is who is ahead by this share of the loss.
const AHEAD: f64 = 0.02;

/// Changes of the lead.
pub(super) fn leads(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    if scene.runs.len() < 2 {
        return;
    }
    let mut race = Lead::new(scene);
    let mut seen = vec![0; scene.runs.len()];
    let mut next: Vec<u64> = scene.runs.iter().map(|run| run.steps[0]).collect();
    while let Some(step) = next.iter().copied().min().filter(|&step| step < u64::MAX) {
        // All evaluations of a step count at once.
        for (r, run) in scene.runs.iter().enumerate() {
            if next[r] == step {
                race.take(r, seen[r]);
                seen[r] += 1;
                next[r] = run.steps.get(seen[r]).copied().unwrap_or(u64::MAX);
            }
        }
        // Nothing changes with an evaluation of somebody else.
        let concerned = |r: &usize| race.concerns(*r) && scene.runs[*r].steps[seen[*r] - 1] == step;
        let concerned = (0..scene.runs.len())
            .filter(|&r| seen[r] > 0)
            .rfind(concerned);
        let at = concerned.map(|r| scene.runs[r].moment(seen[r] - 1));
        captions.extend(at.and_then(|at| race.judge(at)));
    }
}

/// The state of the lead while the race goes by.
struct Lead<'a> {
    runs: &'a [Run<'a>],
    /// The loss last seen of each racer; infinite before and after its race.
    now: Vec<f64>,
    /// Who has the lowest.
    best: usize,
    leader: Option<usize>,
    /// Who is ahead of the leader, and since which step.
    ahead: Option<(usize, u64)>,
}

impl<'a> Lead<'a> {
    fn new(scene: &'a Scene<'a>) -> Self {
        Self {
            runs: &scene.runs,
            now: vec![f64::INFINITY; scene.runs.len()],
            best: 0,
            leader: None,
            ahead: None,
        }
    }

    fn take(&mut self, r: usize, i: usize) {
        let run = &self.runs[r];
        let racing = run.losses[i].is_finite() && run.runs_at(run.steps[i]);
        let loss = if racing { run.losses[i] } else { f64::INFINITY };
        let before = std::mem::replace(&mut self.now[r], loss);
        if loss < self.now[self.best] {
            self.best = r;
        } else if r == self.best && loss > before {
            let all = 0..self.now.len();
            let lowest = all.min_by(|&a, &b| self.now[a].total_cmp(&self.now[b]));
            self.best = lowest.unwrap_or(r);
        }
    }

    /// Whether `r` is the best or the leader.
    fn concerns(&self, r: usize) -> bool {
        r == self.best || Some(r) == self.leader
    }

    fn loss(&self, r: usize) -> Option<f64> {
        Some(self.now[r]).filter(|loss| loss.is_finite())
    }

    /// Who leads at `at`, the moment of an evaluation of the best or of the leader.
    fn judge(&mut self, at: Moment) -> Option<Caption> {
        let step = at.step;
        let best = self.best;
        let lowest = self.loss(best)?;
        let led = self.leader.map(|leader| (leader, self.loss(leader)));
        let behind = match led {
            // With the leader at its goal, or out, the next one leads without having passed it.
            Some((_, None)) => {
                (self.leader, self.ahead) = (Some(best), None);
                return None;
            }
            Some((leader, _)) if leader == best => {
                self.ahead = None;
                return None;
            }
            Some((leader, Some(loss))) => Some((leader, loss)),
            None => None,
        };
        let loss = behind.map(|(_, loss)| loss).or_else(|| self.second(best))?;
        if loss - lowest <= AHEAD * loss.abs() {
            self.ahead = None;
            return None;
        }
        let since = match self.ahead {
            Some((racer, since)) if racer == best => since,
            _ => step,
        };
        self.ahead = Some((best, since));
        let every = |r: usize| self.runs[r].entered.evaluate_every;
        let slowest = every(best).max(behind.map_or(0, |(leader, _)| every(leader)));
        let long = (EVALUATIONS * slowest).max((SHARE * step as f64) as u64);
        if step - since < long {
            return None;
        }
        (self.leader, self.ahead) = (Some(best), None);
        let ways = self.ways(best, behind.map(|(leader, _)| leader), lowest, loss, step);
        Some(caption(at, Some(self.runs[best].racer), Kind::Lead, &ways))
    }

    /// The lowest loss but for that of `best`.
    fn second(&self, best: usize) -> Option<f64> {
        let others = (0..self.runs.len()).filter(|&r| r != best);
        others.filter_map(|r| self.loss(r)).min_by(f64::total_cmp)
    }

    fn ways(
        &self,
        best: usize,
        passed: Option<usize>,
        lowest: f64,
        loss: f64,
        step: u64,
    ) -> [String; 2] {
        let (who, lowest, loss) = (self.runs[best].label(), value(lowest), value(loss));
        let is_over = |run: &Run<'_>| convergence(run.progress).is_some_and(|end| end.step <= step);
        let rest = self.runs.iter().any(is_over);
        match passed.map(|leader| self.runs[leader].label()) {
            Some(other) if rest => [
                format!(
                    "{who} passes {other}, the best still racing: loss {lowest} against {loss}"
                ),
                format!("{who} passes {other}: loss {lowest}"),
            ],
            Some(other) => [
                format!("{who} takes the lead from {other}: loss {lowest} against {loss}"),
                format!("{who} takes the lead: loss {lowest}"),
            ],
            None => [
                format!("{who} leads: loss {lowest}, the next at {loss}"),
                format!("{who} leads: loss {lowest}"),
            ],
        }
    }
}

/// The first to be half of the way down, on the logarithmic scale of the chart; nobody where the loss
/// has to fall to no less than its half.
pub(super) fn halfway(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(target) = scene.target().filter(|&target| target > 0.0) else {
        return;
    };
    let half = |run: &Run<'_>| {
        let start = run.losses[0];
        let middle = (start > 2.0 * target).then(|| (start * target).sqrt())?;
        run.losses.iter().position(|&loss| loss <= middle)
    };
    let halves = scene.runs.iter().filter_map(|run| Some((run, half(run)?)));
    let halves: Vec<_> = halves.collect();
    let Some(step) = halves.iter().map(|(run, i)| run.steps[*i]).min() else {
        return;
    };
    let firsts: Vec<_> = halves
        .iter()
        .filter(|(run, i)| run.steps[*i] == step)
        .collect();
    let labels: Vec<&str> = firsts.iter().map(|(run, _)| run.label()).collect();
    let &&(run, i) = &firsts[0];
    let highest = firsts
        .iter()
        .map(|(run, i)| run.losses[*i])
        .fold(f64::NAN, f64::max);
    let (who, loss) = (names(&labels), value(highest));
    let loss = if labels.len() == 1 {
        loss
    } else {
        format!("{loss} or less")
    };
    let comes = if labels.len() == 1 { "is" } else { "are" };
    let ways = [
        format!("{who} {comes} first halfway to the target (on a log scale): loss {loss}"),
        format!("{who} {comes} first halfway: loss {loss}"),
        format!("{who} {comes} first halfway"),
        format!("{} racers are halfway", labels.len()),
    ];
    captions.push(caption(
        run.moment(i),
        Some(run.racer),
        Kind::Halfway,
        &ways,
    ));
}
