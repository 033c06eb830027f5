"""Makes signed_rank.json: p-values of SciPy's signed-rank test, to hold ours against.

    python signed_rank.py > signed_rank.json

Counts are iterations-to-converge on seed after seed; null is never, which differs from every number by
more than any two numbers do.
"""

import json

import numpy as np
from scipy.stats import PermutationMethod, wilcoxon

rng = np.random.default_rng(6)
FAR = 1e12


def difference(a, b):
    if a is None or b is None:
        return FAR * ((a is None) - (b is None))
    return a - b


def case(first, second):
    d = np.array([difference(a, b) for a, b in zip(first, second)], dtype=float)
    d = d[d != 0]
    sizes = np.abs(d)
    tied = len(np.unique(sizes)) < len(sizes)
    if len(d) > 50:
        method, how = "asymptotic", "normal, corrected for ties and continuity"
    elif tied:
        method, how = PermutationMethod(n_resamples=np.inf, batch=1 << 16), "all signs"
    else:
        method, how = "exact", "exact"
    p = wilcoxon(d, correction=True, method=method).pvalue if len(d) else 1.0
    return {"first": first, "second": second, "differ": len(d), "p": float(p), "how": how}


def racer(n, mean, spread, never=0.0):
    counts = np.maximum(1, np.rint(rng.normal(mean, spread, n))).astype(int)
    return [None if gone else int(count) for count, gone in zip(counts, rng.random(n) < never)]


cases = [
    case([3, 5, 8], [3, 5, 8]),
    case([None, None], [None, None]),
    case([7], [9]),
    case([125, 115, 130, 140, 140, 115, 140, 125, 140, 135], [110, 122, 125, 120, 140, 124, 123, 137, 135, 145]),
    case([10, None, 12, 13, None, 15, 16, 17], [20, 25, 28, None, None, 18, 14, None]),
    case(racer(6, 100, 3), racer(6, 300, 3)),
    case(racer(12, 1000, 300), racer(12, 1200, 300)),
    case(racer(16, 20, 3), racer(16, 22, 3)),
    case(racer(18, 20, 4, 0.3), racer(18, 22, 4, 0.3)),
    case(racer(20, 10_000, 3_000), racer(20, 11_000, 3_000)),
    case(racer(45, 1_000_000, 300_000), racer(45, 1_100_000, 300_000)),
    case(racer(50, 100_000_000, 3_000_000), racer(50, 100_100_000, 3_000_000)),
    case(racer(60, 100, 20), racer(60, 108, 20)),
    case(racer(200, 100, 20, 0.1), racer(200, 103, 20, 0.1)),
    case(racer(300, 10, 2), racer(300, 10, 2)),
]
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
