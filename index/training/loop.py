"""One training loop for the transformers: seeded, logged, and taken up again where it stopped."""

import logging
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from index.training.data import TrainingError

logger = logging.getLogger(__name__)

_STATE = "state.pt"
_CLIP = 1.0


@dataclass(frozen=True)
class LoopSettings:
    """How to train: learning rates, share of steps to warm up in, how often to log and save."""

    rate: float = 2e-4
    embedding_rate: float = 1.5e-3
    warmup: float = 0.05
    log_every: int = 50
    save_every: int = 200


def run(
    model: torch.nn.Module,
    batches: Sequence[Any],
    loss_of: Callable[[Any], torch.Tensor],
    settings: LoopSettings,
    work: Path,
) -> list[float]:
    """Train ``model`` on each batch once, in order, and give the mean loss of each logged stretch.

    The state is saved in ``work`` every so often; a run that finds one goes on from it. Parameters
    whose name has ``embeddings`` learn at their own rate; both rates fall as a cosine does.

    :raises TrainingError: If the saved state cannot be read or belongs to another run.
    """
    optimizer = _optimizer(model, settings)
    steps = len(batches)
    done, losses = _resume(work / _STATE, model, optimizer, steps)
    model.train()
    begun, sums = time.perf_counter(), []
    for step in range(done, steps):
        share = _schedule(step, steps, settings.warmup)
        for group in optimizer.param_groups:
            group["lr"] = group["full"] * share
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(batches[step])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), _CLIP)
        optimizer.step()
        sums.append(float(loss.detach()))
        last = step + 1 == steps
        if (step + 1) % settings.log_every == 0 or last:
            losses.append(sum(sums) / len(sums))
            sums = []
            speed = (step + 1 - done) / (time.perf_counter() - begun)
            logger.info(
                "step %d of %d, loss %.4f, %.2f steps/s, %.0f s to go",
                step + 1,
                steps,
                losses[-1],
                speed,
                (steps - step - 1) / speed,
            )
        if (step + 1) % settings.save_every == 0 and not last:
            _save(work / _STATE, model, optimizer, step + 1, steps, losses)
    (work / _STATE).unlink(missing_ok=True)
    model.eval()
    return losses


def _optimizer(model: torch.nn.Module, settings: LoopSettings) -> torch.optim.Optimizer:
    groups: dict[float, list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        rate = settings.embedding_rate if "word_embeddings" in name else settings.rate
        groups.setdefault(rate, []).append(parameter)
    return torch.optim.AdamW(
        [{"params": found, "lr": rate, "full": rate} for rate, found in groups.items()],
        weight_decay=0.01,
    )


def _schedule(step: int, steps: int, warmup: float) -> float:
    begin = max(1, int(steps * warmup))
    if step < begin:
        return (step + 1) / begin
    return 0.5 * (1 + math.cos(math.pi * (step - begin) / max(1, steps - begin)))


def _save(
    path: Path,
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    done: int,
    steps: int,
    losses: list[float],
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "done": done,
        "steps": steps,
        "losses": losses,
        "random": torch.get_rng_state(),
    }
    torch.save(state, new)
    os.replace(new, path)


def _resume(
    path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, steps: int
) -> tuple[int, list[float]]:
    if not path.exists():
        return 0, []
    try:
        state = torch.load(path, weights_only=True)
        if state["steps"] != steps:
            raise ValueError(f"it has {state['steps']} steps, this run {steps}")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
    except Exception as error:  # torch raises many kinds
        raise TrainingError(
            f"cannot go on from {path}: {error}; remove it to begin anew"
        ) from error
    logger.info("going on from step %d", state["done"])
    return int(state["done"]), list(state["losses"])
