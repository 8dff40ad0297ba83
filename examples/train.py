"""Train a real, if small, model: the braking distance of a car from its speed, by least squares.

Usage: python train.py DEGREE DATA.csv MODEL.json METRICS.json

The data are the 50 measurements that M. Ezekiel published in 1930 (speed in mph, distance in feet).
"""

import csv
import json
import sys
from pathlib import Path


def fit(xs: list[float], ys: list[float], degree: int) -> list[float]:
    """Solve the normal equations of a polynomial by elimination; coefficients from the constant term on."""
    size = degree + 1
    points = list(zip(xs, ys, strict=True))
    rows = [[sum(x ** (i + j) for x in xs) for j in range(size)] + [sum(y * x**i for x, y in points)] for i in range(size)]
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda row: abs(rows[row][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        for row in range(size):
            if row != pivot:
                factor = rows[row][pivot] / rows[pivot][pivot]
                rows[row] = [value - factor * other for value, other in zip(rows[row], rows[pivot], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def main(degree: int, data: Path, model: Path, metrics: Path) -> None:
    """Train, and write the model and its error."""
    with data.open(encoding="utf-8") as file:
        table = [(float(row["speed"]), float(row["distance"])) for row in csv.DictReader(file)]
    xs, ys = [x for x, _ in table], [y for _, y in table]
    coefficients = fit(xs, ys, degree)
    errors = [sum(c * x**i for i, c in enumerate(coefficients)) - y for x, y in table]
    rmse = (sum(error**2 for error in errors) / len(errors)) ** 0.5
    model.write_text(json.dumps({"coefficients": [round(c, 6) for c in coefficients]}) + "\n", encoding="utf-8")
    metrics.write_text(json.dumps({"rmse": round(rmse, 3)}) + "\n", encoding="utf-8")
    print(f"degree {degree}: rmse {rmse:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), *(Path(argument) for argument in sys.argv[2:5]))
