"""The iterates of lion.json, by algorithm 2 of Chen et al. (2023), arXiv:2302.06675."""

import json
import math

# Signs that change, a gradient of zero, one that is only outweighed with time.
GRADIENTS = [
    [(-1) ** (t // 3) * (0.5 + 0.1 * t), 3.0 * math.cos(0.7 * t) if t % 5 else 0.0]
    for t in range(1, 41)
]


def interpolated(beta, a, b):
    return beta * a + (1 - beta) * b


def sign(x):
    return (x > 0) - (x < 0)


def iterates(learning_rate, beta1, beta2, weight_decay):
    w, m, all_w = [1.0, 1.0], [0.0, 0.0], []
    for gradient in GRADIENTS:
        for i, g in enumerate(gradient):
            update = sign(interpolated(beta1, m[i], g)) + weight_decay * w[i]
            m[i] = interpolated(beta2, m[i], g)
            w[i] -= learning_rate * update
        all_w.append(list(w))
    return all_w


cases = []
for learning_rate, beta1, beta2, weight_decay in [
    (0.01, 0.9, 0.99, 0.0),
    (0.01, 0.9, 0.99, 0.3),
    (0.003, 0.95, 0.98, 1.0),
    (0.1, 0.5, 0.0, 0.0),
]:
    settings = dict(
        learning_rate=learning_rate, beta1=beta1, beta2=beta2, weight_decay=weight_decay
    )
    cases.append(dict(settings=settings, w=iterates(**settings)))

lines = [json.dumps(case) for case in cases]
print('{"computed_by": "lion.py, float64", "gradients": %s,' % json.dumps(GRADIENTS))
print('"cases": [\n%s\n]}' % ",\n".join(lines))
