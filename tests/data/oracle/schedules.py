"""The rates of schedules.json, by PyTorch's schedulers and optax's schedules, step by step."""

import json
import warnings

import optax
import torch
from torch.optim import lr_scheduler as lr

warnings.simplefilter("ignore")
STEPS = 60


def torch_rates(peak, make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak)
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def warmed(n, after):
    def make(optimizer):
        up = lr.LinearLR(optimizer, start_factor=1 / n, total_iters=n - 1)
        return lr.SequentialLR(optimizer, [up, after(optimizer)], milestones=[n - 1])

    return make


def vaswani(warmup):
    return lambda o: lr.LambdaLR(o, lambda k: min((k + 1) / warmup, (warmup / (k + 1)) ** 0.5))


def case(by, peak, keys, rates):
    return {"by": by, "peak": peak, "keys": keys, "rates": [float(rate) for rate in rates]}


def one_cycle(peak, steps, **more):
    return lambda o: lr.OneCycleLR(o, max_lr=peak, total_steps=steps, cycle_momentum=False, **more)


step = lambda o: lr.StepLR(o, step_size=7, gamma=0.3)
decay = lambda o: lr.ExponentialLR(o, gamma=0.25 ** (1 / 10))
cosine = lambda o: lr.CosineAnnealingLR(o, T_max=STEPS)
late = lambda o: lr.CosineAnnealingLR(o, T_max=STEPS - 9, eta_min=0.02 * 0.1)
jax = optax.warmup_cosine_decay_schedule(0.5 / 12, 0.5, 11, 45, 0.5 * 0.25)
fast = optax.exponential_decay(2.0, transition_steps=13, decay_rate=0.6)
cases = [
    case("torch", 0.1, {"schedule": "step", "factor": 0.3, "every": 7}, torch_rates(0.1, step)),
    case(
        "torch",
        0.1,
        {"schedule": "step", "factor": 0.3, "every": 7, "warmup": 5},
        torch_rates(0.1, warmed(5, step)),
    ),
    case(
        "torch",
        3.0,
        {"schedule": "exponential", "factor": 0.25, "every": 10},
        torch_rates(3.0, decay),
    ),
    case(
        "optax",
        2.0,
        {"schedule": "exponential", "factor": 0.6, "every": 13},
        [fast(k) for k in range(STEPS)],
    ),
    case(
        "torch", 0.1, {"schedule": "cosine", "steps": STEPS, "end_factor": 0}, torch_rates(0.1, cosine)
    ),
    case(
        "torch",
        0.02,
        {"schedule": "cosine", "steps": STEPS, "end_factor": 0.1, "warmup": 10},
        torch_rates(0.02, warmed(10, late)),
    ),
    case(
        "optax",
        0.5,
        {"schedule": "cosine", "steps": 45, "end_factor": 0.25, "warmup": 12},
        [jax(k) for k in range(STEPS)],
    ),
    case("torch", 1.5, {"schedule": "inverse-sqrt", "warmup": 16}, torch_rates(1.5, vaswani(16))),
    case(
        "torch",
        0.1,
        {
            "schedule": "one-cycle",
            "steps": STEPS + 1,
            "pct_start": 0.3,
            "div_factor": 25,
            "final_div_factor": 1e4,
        },
        torch_rates(0.1, one_cycle(0.1, STEPS + 1)),
    ),
    case(
        "torch",
        2.0,
        {
            "schedule": "one-cycle",
            "steps": STEPS + 20,
            "pct_start": 0.55,
            "div_factor": 4,
            "final_div_factor": 100,
        },
        torch_rates(
            2.0, one_cycle(2.0, STEPS + 20, pct_start=0.55, div_factor=4, final_div_factor=100)
        ),
    ),
]
versions = f"PyTorch {torch.__version__.split('+')[0]}, optax {optax.__version__}"
lines = ",\n".join(json.dumps(case) for case in cases)
print(f'{{"computed_by": "{versions}", "cases": [\n{lines}\n]}}')
