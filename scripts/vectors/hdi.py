#!/usr/bin/env python3
"""Expectations for crates/engines/score/tests/hdi.rs, from Python's decimal alone:

    python3 scripts/vectors/hdi.py > crates/engines/score/tests/data/hdi-perturbed.txt

1,000 perturbed copies of the Human Development Index 2022. Copy k (1 to 1000) is drawn with the
generator

    state = 20221122 + k;  draw: state = (state * 6364136223846793005 + 1442695040888963407) mod 2^64,
                                 value = state >> 33

Countries in the order of the file, columns in the order le, eys, mys, gnipc; for each cell two
draws a and b: the value is multiplied by (100000 + (a mod 20001) - 10000) / 100000; then, if
b mod 2000 is 0 the cell is missing, and if it is 1 the cell is 0.

Rule: every division, logarithm and root is rounded half-even to 24 significant digits; products
and sums are exact; the index is rounded half up to 3 places; rank 1, 2, 2, 4 and band are those of
the rounded index. Who lacks a value has no index, no rank and no band.

Output: one line `copy<TAB>sha256` per copy over its text, which has a line
`iso3,index,rank,band` per country in file order (a dash where there is none); for the copies
1, 250, 500, 750 and 1000 the lines themselves follow.
"""

import csv
import decimal
import hashlib
import pathlib
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXACT = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN, Emin=-9999, Emax=9999)
RULE = decimal.Context(prec=24, rounding=decimal.ROUND_HALF_EVEN, Emin=-9999, Emax=9999)
BANDS = [("very_high", Decimal("0.800")), ("high", Decimal("0.700")), ("medium", Decimal("0.550"))]
SHOWN = {1, 250, 500, 750, 1000}


class Generator:
    def __init__(self, copy):
        self.state = 20221122 + copy

    def draw(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 33


def perturbed(value, generator):
    a, b = generator.draw(), generator.draw()
    value = EXACT.multiply(value, Decimal(100000 + a % 20001 - 10000))
    value = EXACT.scaleb(value, -5)
    if b % 2000 == 0:
        return None
    return Decimal(0) if b % 2000 == 1 else value


def between(value, low, high):
    value = min(max(value, low), high)
    return RULE.divide(EXACT.subtract(value, low), EXACT.subtract(high, low))


def index(le, eys, mys, gnipc):
    if None in (le, eys, mys, gnipc):
        return None
    health = between(le, Decimal(20), Decimal(85))
    schooling = [between(eys, Decimal(0), Decimal(18)), between(mys, Decimal(0), Decimal(15))]
    education = RULE.divide(EXACT.add(*schooling), Decimal(2))
    low, high = Decimal(100), Decimal(75000)
    gnipc = min(max(gnipc, low), high)
    done = EXACT.subtract(RULE.ln(gnipc), RULE.ln(low))
    income = RULE.divide(done, EXACT.subtract(RULE.ln(high), RULE.ln(low)))
    product = EXACT.multiply(EXACT.multiply(health, education), income)
    if product == 0:
        return Decimal("0.000")
    mean = RULE.plus(EXACT.exp(EXACT.divide(EXACT.ln(product), Decimal(3))))
    return mean.quantize(Decimal("0.001"), rounding=decimal.ROUND_HALF_UP)


def lines(rows):
    indices = [index(*row[1:]) for row in rows]
    for row, value in zip(rows, indices):
        if value is None:
            yield f"{row[0]},-,-,-"
            continue
        rank = 1 + sum(1 for other in indices if other is not None and other > value)
        band = next((band for band, least in BANDS if value >= least), "low")
        text = format(value, "f").rstrip("0").rstrip(".")
        yield f"{row[0]},{text},{rank},{band}"


def main():
    with open(ROOT / "packs/conformance/hdi-2022/hdi-2022.csv", newline="") as file:
        rows = [
            (row["iso3"], *(Decimal(row[key]) for key in ("le", "eys", "mys", "gnipc")))
            for row in csv.DictReader(file)
        ]
    for copy in range(1, 1001):
        generator = Generator(copy)
        changed = [(row[0], *(perturbed(value, generator) for value in row[1:])) for row in rows]
        text = "".join(f"{line}\n" for line in lines(changed))
        print(f"{copy}\t{hashlib.sha256(text.encode()).hexdigest()}")
        if copy in SHOWN:
            print(text, end="")


main()
