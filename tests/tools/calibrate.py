#!/usr/bin/env python3
"""Find the learning rates of shipped scenarios: every racer runs the same grid on the same seeds.

    cargo build --release
    python3 tests/tools/calibrate.py digits beale ...          # prints a table
    python3 tests/tools/calibrate.py --write digits beale ...  # and puts the winners into scenarios/

The grid is 10^(k/3) from 1e-5 to 10, to three digits: 19 rates. Each rate runs on the seeds 1 to 5 with
the scenario's own budget. The best rate has the lowest median of iterations-to-converge, a run that
did not finish counting as never; among equals the lowest sum of iterations, then the lowest sum of best
losses, then the smaller rate. A winner on the edge of the grid is named.
"""
import argparse
import json
import math
import pathlib
import re
import statistics
import subprocess
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
RATES = [float(f"{10 ** (k / 3):.3g}") for k in range(-15, 4)]
SEEDS = range(1, 6)


def race(scenario, rate, seed, count):
    """All racers of a scenario at one rate and one seed: (iterations or infinity, best loss) each."""
    command = [ROOT / "target/release/slalom", "race", ROOT / f"scenarios/{scenario}.toml", "--format",
               "json", "--seed", str(seed), "--threads", "1"]
    for racer in range(1, count + 1):
        command += ["--set", f"racer.{racer}.learning_rate={rate}"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    by_label = {racer["label"]: racer for racer in result["racers"]}

    def figures(racer):
        steps, loss = racer["iterations_to_converge"], racer["best_loss"]
        return (math.inf if steps is None else steps, math.inf if loss is None else loss)

    return {label: figures(racer) for label, racer in by_label.items()}


def show(steps):
    return "never" if steps == math.inf else f"{steps:g}"


def calibrate(scenario, write):
    path = ROOT / f"scenarios/{scenario}.toml"
    text = path.read_text()
    count = len(re.findall(r"^\[\[racer\]\]", text, re.M))
    jobs = [(rate, seed) for rate in RATES for seed in SEEDS]
    with ThreadPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(lambda job: race(scenario, *job, count), jobs)))
    winners = {}
    for label in results[jobs[0]]:
        def cost(rate):
            runs = [results[rate, seed][label] for seed in SEEDS]
            steps = [run[0] for run in runs]
            return (statistics.median(steps), sum(steps), sum(run[1] for run in runs), rate)
        best = min(RATES, key=cost)
        steps = [results[best, seed][label][0] for seed in SEEDS]
        band = sum(cost(rate)[0] < math.inf for rate in RATES)
        edge = "  EDGE OF THE GRID" if best in (RATES[0], RATES[-1]) else ""
        runs = ", ".join(map(show, steps))
        print(f"{scenario:15} {label:24} {best:<9g} median {show(cost(best)[0]):>6} of {runs}; {band} of 19 rates finish{edge}",
              flush=True)
        winners[label] = best
    if write:
        labels = iter(entry_labels(text, winners))
        path.write_text(re.sub(r"^learning_rate = .*$", lambda _: f"learning_rate = {winners[next(labels)]:g}", text, flags=re.M))


def entry_labels(text, winners):
    """The labels in the order of the file."""
    names = {"gd": "GD", "sgd": "Mini-batch GD", "momentum": "Momentum", "rmsprop": "RMSProp", "adam": "Adam"}
    seen, labels = {}, []
    for block in text.split("[[racer]]")[1:]:
        given = re.search(r'^label = "(.*)"', block, re.M)
        name = given.group(1) if given else names[re.search(r'^optimizer = "(.*)"', block, re.M).group(1)]
        seen[name] = seen.get(name, 0) + 1
        labels.append(name if seen[name] == 1 or given else f"{name} {seen[name]}")
    assert sorted(labels) == sorted(winners), (labels, list(winners))
    return labels


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("scenarios", nargs="+")
    given = arguments.parse_args()
    for scenario in given.scenarios:
        calibrate(scenario, given.write)


if __name__ == "__main__":
    main()
