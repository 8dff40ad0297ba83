"""Train: who will leave? A logistic regression by gradient descent, written as safetensors.

Usage: python train.py PREPARED.csv HOLDOUT.csv MODEL.safetensors METRICS.json; parameters in params.yaml under `train`.
"""

import csv
import json
import math
import struct
import sys
from pathlib import Path

from prepare import COLUMNS, read_params

EVEN = 0.5  # as likely to leave as to stay


def predict(weights: list[float], row: list[float]) -> float:
    """Say how likely it is that a user leaves."""
    return 1 / (1 + math.exp(-weights[-1] - sum(weight * value for weight, value in zip(weights, row, strict=False))))


def fit(rows: list[tuple[list[float], int]], rate: float, epochs: int) -> list[float]:
    """Go downhill; the weights, and the constant behind them."""
    weights = [0.0] * (len(COLUMNS) + 1)
    for _ in range(epochs):
        slopes = [0.0] * len(weights)
        for row, left in rows:
            error = predict(weights, row) - left
            for place, value in enumerate((*row, 1.0)):
                slopes[place] += error * value / len(rows)
        weights = [weight - rate * slope for weight, slope in zip(weights, slopes, strict=True)]
    return weights


def measure(weights: list[float], rows: list[tuple[list[float], int]]) -> dict[str, float]:
    """Compare predictions with what happened."""
    scores = [(predict(weights, row), left) for row, left in rows]
    gone, stayed = [s for s, left in scores if left], [s for s, left in scores if not left]
    pairs = [(a > b) + (a == b) / 2 for a in gone for b in stayed]
    loss = -sum(math.log(s if left else 1 - s) for s, left in scores) / len(scores)
    right = sum((s > EVEN) == bool(left) for s, left in scores) / len(scores)
    return {"auc": round(sum(pairs) / len(pairs), 4), "accuracy": round(right, 4), "loss": round(loss, 4)}


def write_safetensors(path: Path, weights: list[float]) -> None:
    """Write the weights in the format of https://github.com/huggingface/safetensors."""
    header, data = {"__metadata__": {"format": "pt", "task": "classification"}}, b""
    for name, values in (("linear.weight", weights[:-1]), ("linear.bias", weights[-1:])):
        packed = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": [1, len(values)], "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_rows(path: Path, *, scale: bool) -> list[tuple[list[float], int]]:
    """Read users; those that were prepared are on a common scale already."""
    with path.open(encoding="utf-8") as file:
        return [
            ([float(user[name]) / (most if scale else 1) for name, most in COLUMNS.items()], int(user["left"]))
            for user in csv.DictReader(file)
        ]


def main(prepared: Path, holdout: Path, model: Path, metrics: Path) -> None:
    """Train, measure on users that the training has not seen, and write both."""
    params = read_params("train")
    weights = fit(read_rows(prepared, scale=False), params["rate"], int(params["epochs"]))
    write_safetensors(model, weights)
    metrics.write_text(json.dumps(measure(weights, read_rows(holdout, scale=True)), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:5]))
