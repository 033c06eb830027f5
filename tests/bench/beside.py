"""What PyTorch and JAX take for the same work, measured in turn with ours.

Started by `cargo bench --bench figures -- --python PYTHON`. Reads the name of a case a line, runs it
for about half a second and answers with the seconds that one step of it took. An argument is the
number of cores to stay on. Needs torch, jax and optax.
"""

import os
import sys
import time

CORES = int(sys.argv[1])
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402
import torch  # noqa: E402

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(CORES)

ROWS, INPUTS, HIDDEN, CLASSES = 60_000, 784, 128, 10
CHUNK = 50  # steps in one compiled loop of JAX


def images():
    """As many made examples as MNIST has, and their classes."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((ROWS, INPUTS), dtype=np.float32)
    return x, (np.arange(ROWS) % CLASSES).astype(np.int64)


X, Y = images()
TX, TY = torch.from_numpy(X), torch.from_numpy(Y)
JX, JY = jnp.asarray(X), jnp.asarray(Y)
ORDER = np.random.default_rng(2)


def torch_model(kind):
    if kind == "softmax":
        return torch.nn.Linear(INPUTS, CLASSES)
    activation = torch.nn.ReLU() if kind == "relu" else torch.nn.Tanh()
    return torch.nn.Sequential(
        torch.nn.Linear(INPUTS, HIDDEN), activation, torch.nn.Linear(HIDDEN, CLASSES)
    )


def torch_network(kind, batch, rule):
    """One training step of a network, the batch gathered; `batch` "all" is all rows in one piece."""
    model = torch_model(kind)
    optimizers = {
        "adam": lambda p: torch.optim.Adam(p, lr=1e-3, fused=True),
        "gd": lambda p: torch.optim.SGD(p, lr=1e-3, fused=True),
        "momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, fused=True),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=1e-4, alpha=0.9, foreach=True),
    }
    optimizer = optimizers[rule](model.parameters())
    order, at = torch.from_numpy(ORDER.permutation(ROWS)), 0

    def step():
        nonlocal at
        if batch == "all":
            x, y = TX, TY
        else:
            rows = order[at : at + int(batch)]
            at = (at + int(batch)) % (ROWS - int(batch))
            x, y = TX[rows], TY[rows]
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step, 1


def jax_network(kind, batch, rule):
    """The same with everything compiled: a scan of 50 steps, or one step over all rows."""
    optimizer = {"adam": optax.adam(1e-3), "gd": optax.sgd(1e-3)}[rule]
    key = jax.random.PRNGKey(0)

    def layer(key, inputs, outputs):
        w = jax.random.normal(key, (inputs, outputs), jnp.float32) * (1 / inputs) ** 0.5
        return w.astype(jnp.float32), jnp.zeros(outputs, jnp.float32)

    if kind == "softmax":
        parameters = [layer(key, INPUTS, CLASSES)]
    else:
        parameters = [layer(key, INPUTS, HIDDEN), layer(key, HIDDEN, CLASSES)]
    activation = jax.nn.relu if kind == "relu" else jnp.tanh

    def loss(parameters, x, y):
        for w, b in parameters[:-1]:
            x = activation(x @ w + b)
        w, b = parameters[-1]
        return optax.softmax_cross_entropy_with_integer_labels(x @ w + b, y).mean()

    def update(state, x, y):
        parameters, memory = state
        gradient = jax.grad(loss)(parameters, x, y)
        updates, memory = optimizer.update(gradient, memory, parameters)
        return optax.apply_updates(parameters, updates), memory

    state = (parameters, optimizer.init(parameters))
    if batch == "all":
        full = jax.jit(lambda state, x, y: update(state, x, y))

        def run():
            nonlocal state
            state = jax.block_until_ready(full(state, JX, JY))

        return run, 1

    @jax.jit
    def many(state, rows, x, y):
        return jax.lax.scan(lambda state, row: (update(state, x[row], y[row]), None), state, rows)[0]

    def run():
        nonlocal state
        rows = ORDER.integers(0, ROWS, (CHUNK, int(batch)))
        state = jax.block_until_ready(many(state, jnp.asarray(rows), JX, JY))

    return run, CHUNK


def jax_surface(rule):
    """Steps on Rosenbrock in float64, the loss of each kept."""
    optimizer = {
        "gd": optax.sgd(1e-3),
        "momentum": optax.sgd(1e-4, momentum=0.9),
        "rmsprop": optax.rmsprop(1e-3, decay=0.9),
        "adam": optax.adam(1e-3),
    }[rule]

    def rosenbrock(w):
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    def step(state, _):
        w, memory = state
        value, gradient = jax.value_and_grad(rosenbrock)(w)
        updates, memory = optimizer.update(gradient, memory, w)
        return (optax.apply_updates(w, updates), memory), value

    steps = 200_000
    many = jax.jit(lambda state: jax.lax.scan(step, state, None, length=steps))
    w = jnp.array([-1.2, 1.0])
    start = (w, optimizer.init(w))
    return lambda: jax.block_until_ready(many(start)), steps


def torch_update(parameters, kind):
    """Adam's update alone, the gradient as it is."""
    w = torch.nn.Parameter(torch.randn(int(parameters)))
    w.grad = torch.randn(int(parameters))
    optimizer = torch.optim.Adam([w], lr=1e-6, **{kind: True})
    return optimizer.step, 1


def torch_five(batch):
    """A step of each of five optimizers, one after the other."""
    rules = ["gd", "gd", "momentum", "rmsprop", "adam"]
    steps = [torch_network("tanh", batch, rule)[0] for rule in rules]
    return lambda: [step() for step in steps], 5


MAKERS = {
    "torch-network": torch_network,
    "jax-network": jax_network,
    "jax-surface": jax_surface,
    "torch-update": torch_update,
    "torch-five": torch_five,
}


def main():
    made = {}
    for line in sys.stdin:
        name, *arguments = line.split()
        if line not in made:
            made.clear()  # the data of the case before
            made[line] = MAKERS[name](*arguments)
            made[line][0]()
        run, steps = made[line]
        runs, begin = 0, time.perf_counter()
        while True:
            run()
            runs += 1
            spent = time.perf_counter() - begin
            if spent > 0.5:
                break
        print(spent / (runs * steps), flush=True)


main()
