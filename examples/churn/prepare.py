"""Prepare: leave out users who have just come, and bring the columns to a common scale.

Usage: python prepare.py USERS.csv PREPARED.csv; parameters in params.yaml under `prepare`.
"""

import csv
import sys
from pathlib import Path

COLUMNS = {"tenure": 60, "calls": 9, "spend": 120}


def read_params(section: str) -> dict[str, float]:
    """Read one section of params.yaml, which holds nothing but numbers, two levels deep."""
    found, inside = {}, False
    for line in Path("params.yaml").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(" "):
            inside = line.rstrip(":") == section
        elif inside and ":" in line:
            name, _, value = line.partition(":")
            found[name.strip()] = float(value)
    return found


def main(source: Path, target: Path) -> None:
    """Write the prepared users."""
    shortest = read_params("prepare")["min_tenure"]
    with source.open(encoding="utf-8") as file:
        users = [user for user in csv.DictReader(file) if float(user["tenure"]) >= shortest]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, "left"])
        for user in users:
            writer.writerow([*(round(float(user[name]) / most, 4) for name, most in COLUMNS.items()), user["left"]])


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
