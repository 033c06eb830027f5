"""The iterates of structured.json, in float64: L-BFGS by PyTorch, the others from their definitions.

Two kinds of problems: surfaces of two variables, which have no matrix, and least squares in two
matrices and a vector, which is in the block table as a network's two layers would be."""

import json

import numpy as np
import torch

STEPS = 25
MARKS = [1, 2, 3, 5, 10, 11, 12, 25]


def filled(rows, columns, seed):
    """Numbers without structure; the tests make the same ones."""
    i, j = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    return np.sin(7.0 * i + 3.0 * j + i * i + seed)


X, Y = filled(5, 4, 1), filled(5, 3, 2)
Z, V = filled(5, 3, 3), filled(5, 2, 4)
SHAPES = [(4, 3), (1, 3), (3, 2)]
HIDDEN = [True, False, False]


def matrices(w):
    a, b, c = split(w)
    first, second = X @ a + b - Y, Z @ c - V
    loss = (first**2).sum() / 10 + (second**2).sum() / 10
    g = [X.T @ first / 5, first.sum(0, keepdims=True) / 5, Z.T @ second / 5]
    return loss, np.concatenate([part.ravel() for part in g])


def split(w):
    parts, at = [], 0
    for shape in SHAPES:
        size = shape[0] * shape[1]
        parts.append(w[at : at + size].reshape(shape))
        at += size
    return parts


def rosenbrock(w):
    x, y = w
    loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    return loss, np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


def beale(w):
    x, y = w
    rests = [1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3]
    by_x = [y - 1, y**2 - 1, y**3 - 1]
    by_y = [x, 2 * x * y, 3 * x * y**2]
    loss = sum(r * r for r in rests)
    return loss, 2 * np.array([np.dot(rests, by_x), np.dot(rests, by_y)])


PROBLEMS = {
    "rosenbrock": (rosenbrock, np.array([-1.2, 1.0]), [(1, 2)], [False]),
    "beale": (beale, np.array([1.0, 1.0]), [(1, 2)], [False]),
    "matrices": (matrices, np.concatenate([filled(*s, 5.0).ravel() for s in SHAPES]), SHAPES, HIDDEN),
}


def run(problem, start, step):
    """Iterates of step(t, w, g) from `start`."""
    w, all = start.copy(), []
    for t in range(1, STEPS + 1):
        w = step(t, w, problem(w)[1])
        all.append(w.copy())
    return all


def slices(shapes):
    at = 0
    for shape in shapes:
        size = shape[0] * shape[1]
        yield slice(at, at + size), shape
        at += size


def orthogonal(g):
    """Newton-Schulz as in Jordan's Muon: out rows, in columns there, so the transpose here."""
    x = g.T
    if x.shape[0] > x.shape[1]:
        x = x.T
    x = x / (np.linalg.norm(x) + 1e-7)
    for _ in range(5):
        s = x @ x.T
        x = 3.4445 * x + (-4.7750 * s + 2.0315 * s @ s) @ x
    return x.T if g.T.shape[0] <= g.T.shape[1] else x


def muon(problem, start, shapes, hidden, lr, wd=0.0, nesterov=True, beta=0.95, share=0.015):
    m, first, second = np.zeros((3, start.size))

    def step(t, w, g):
        m[:] = beta * m + (1 - beta) * g
        first[:] = 0.9 * first + 0.1 * g
        second[:] = 0.95 * second + 0.05 * g * g
        new = w.copy()
        for (at, shape), is_hidden in zip(slices(shapes), hidden):
            if is_hidden:
                u = beta * m[at] + (1 - beta) * g[at] if nesterov else m[at]
                o = orthogonal(u.reshape(shape)) * max(1, shape[1] / shape[0]) ** 0.5
                new[at] = (1 - lr * wd) * w[at] - lr * o.ravel()
            else:
                root = np.sqrt(second[at] / (1 - 0.95**t)) + 1e-10
                own = lr * share
                new[at] = (1 - own * wd) * w[at] - own * first[at] / (1 - 0.9**t) / root
        return new

    return run(problem, start, step)


def soap(problem, start, shapes, lr, wd=0.01, frequency=10, b1=0.95, b2=0.95, eps=1e-8):
    m, v = np.zeros((2, start.size))
    grams, axes = {}, {}

    def learn(g):
        for k, (at, shape) in enumerate(slices(shapes)):
            if min(shape) > 1:
                x = g[at].reshape(shape)
                old = grams.get(k, (0.0, 0.0))
                grams[k] = tuple(b2 * o + (1 - b2) * n for o, n in zip(old, (x @ x.T, x.T @ x)))

    def step(t, w, g):
        if t == 1:
            learn(g)
            for k, pair in grams.items():
                axes[k] = [np.linalg.eigh(x)[1][:, ::-1] for x in pair]
            return w
        t -= 1
        new = w.copy()
        m[:] = b1 * m + (1 - b1) * g
        for k, (at, shape) in enumerate(slices(shapes)):
            if k in axes:
                left, right = axes[k]
                turn = lambda x: left.T @ x.reshape(shape) @ right
                v[at] = b2 * v[at] + (1 - b2) * turn(g[at]).ravel() ** 2
                n = turn(m[at]) / (np.sqrt(v[at].reshape(shape)) + eps)
                o = (left @ n @ right.T).ravel()
            else:
                v[at] = b2 * v[at] + (1 - b2) * g[at] ** 2
                o = m[at] / (np.sqrt(v[at]) + eps)
            new[at] = w[at] - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * o
            new[at] -= lr * wd * new[at]
        learn(g)
        if t % frequency == 0:
            for k, (at, shape) in enumerate(slices(shapes)):
                if k in axes:
                    x, orders = v[at].reshape(shape), []
                    for side in (0, 1):
                        image = grams[k][side] @ axes[k][side]
                        order = np.argsort(-(axes[k][side] * image).sum(0))
                        axes[k][side] = np.linalg.qr(image[:, order])[0]
                        orders.append(order)
                    v[at] = x[np.ix_(*orders)].ravel()
        return new

    return run(problem, start, step)


def schedule_free(problem, start, lr, adapts, wd=0.0, beta=0.9, b2=0.999, eps=1e-8):
    """Algorithm 1 of the paper: z plain steps, x their average, y where the gradient is."""
    z, x, v = start.copy(), start.copy(), np.zeros(start.size)
    weights, highest, all = 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        y = (1 - beta) * z + beta * x
        g = problem(y)[1]
        rate = lr
        if adapts:
            v = b2 * v + (1 - b2) * g * g
            g = g / (np.sqrt(v) + eps)
            rate = lr * np.sqrt(1 - b2**t)
        z = z - rate * (g + wd * y)
        highest = max(highest, rate)
        weights += highest**2
        x = x + highest**2 / weights * (z - x)
        all.append(x.copy())
    return all


def prodigy(problem, start, lr, wd=0.0, corrected=False, d0=1e-6, coef=1.0, b1=0.9, b2=0.999):
    m, v, s = np.zeros((3, start.size))
    state = {"d": d0, "r": 0.0}
    b3 = b2**0.5

    def step(t, w, g):
        d = state["d"]
        rate = d * lr * (np.sqrt(1 - b2**t) / (1 - b1**t) if corrected else 1)
        state["r"] = b3 * state["r"] + d / d0 * rate * np.dot(g, start - w)
        m[:] = b1 * m + (1 - b1) * d * g
        v[:] = b2 * v + (1 - b2) * d * d * g * g
        s[:] = b3 * s + d / d0 * rate * g
        state["d"] = max(d, coef * state["r"] / np.abs(s).sum())
        return w - rate * wd * w - rate * m / (np.sqrt(v) + state["d"] * 1e-8)

    return run(problem, start, step)


def lbfgs(name, start, lr):
    """One outer step a call; the gradient at its start, which PyTorch asks for anew, counts once."""
    problem = PROBLEMS[name][0]
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [w], lr=lr, max_iter=1, max_eval=1000, history_size=10, tolerance_grad=0, tolerance_change=0,
        line_search_fn="strong_wolfe",
    )
    calls = [0]

    def closure():
        loss, g = problem(w.detach().numpy())
        calls[0] += 1
        w.grad = torch.tensor(g)
        return torch.tensor(loss)

    all, counts = [], []
    for t in range(STEPS):
        optimizer.step(closure)
        all.append(w.detach().numpy().copy())
        counts.append(calls[0] - t)
    return all, counts


cases = []


def case(optimizer, problem, lr, settings, iterates, gradients=None, marks=MARKS):
    marked = [{"step": t, "w": [float(x) for x in iterates[t - 1]]} for t in marks]
    if gradients:
        for mark in marked:
            mark["gradients"] = gradients[mark["step"] - 1]
    cases.append({"optimizer": optimizer, "problem": problem, "learning_rate": lr, "settings": settings, "marks": marked})


for name, (problem, start, shapes, hidden) in PROBLEMS.items():
    rate = 0.2 if name == "matrices" else 1.0
    for nesterov, wd in [(True, 0.0), (False, 0.1)]:
        settings = {"nesterov": nesterov, "weight_decay": wd}
        case("muon", name, rate, settings, muon(problem, start, shapes, hidden, rate, wd, nesterov))
    everywhere = [min(shape) > 1 for shape in shapes]
    settings = {"matrices": "all", "adamw_factor": 0.5}
    case("muon", name, 0.1, settings, muon(problem, start, shapes, everywhere, 0.1, share=0.5))
    for frequency, wd in [(10, 0.01), (3, 0.0)]:
        # Along axes without gradients the default epsilon would make much of what rounding leaves.
        settings = {"precondition_frequency": frequency, "weight_decay": wd, "epsilon": 1e-3}
        iterates = soap(problem, start, shapes, 0.02, wd, frequency, eps=1e-3)
        case("soap", name, 0.02, settings, iterates)
    rate = 0.3 if name == "matrices" else 0.001
    for wd in [0.0, 0.1]:
        settings = {"weight_decay": wd}
        case("schedule-free-sgd", name, rate, settings, schedule_free(problem, start, rate, False, wd))
        case("schedule-free-adamw", name, 0.02, settings, schedule_free(problem, start, 0.02, True, wd))
    case("prodigy", name, 1.0, {}, prodigy(problem, start, 1.0))
    settings = {"bias_correction": True, "d0": 1e-3, "d_coef": 0.5, "weight_decay": 0.1}
    case("prodigy", name, 1.0, settings, prodigy(problem, start, 1.0, 0.1, True, 1e-3, 0.5))
    iterates, counts = lbfgs(name, start, 1.0)
    marks = [t for t in MARKS if t <= 10] if name != "rosenbrock" else MARKS
    case("lbfgs", name, 1.0, {}, iterates, counts, marks)
    iterates, counts = lbfgs(name, start, 0.05)
    case("lbfgs", name, 0.05, {}, iterates, counts, [t for t in MARKS if t <= 10])

text = json.dumps({"computed_by": f"PyTorch {torch.__version__}, NumPy {np.__version__}", "cases": cases}, indent=1)
open(__file__.removesuffix(".py") + ".json", "w").write(text + "\n")
