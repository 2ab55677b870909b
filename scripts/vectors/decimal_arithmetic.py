#!/usr/bin/env python3
"""Vectors for crates/kernel/src/decimal.rs:
python3 scripts/vectors/decimal_arithmetic.py > crates/kernel/tests/data/decimal_arithmetic.tsv

Python's decimal, where binary floats have no part. The rule (architecture, invariant 5): sums and
products are exact where they fit 38 digits and 60 places; else, and for quotients always, half-even
to 24 significant digits, or to 60 places where those are coarser. `div_rounded` rounds a second
time, to places, by a named rounding. Columns: function, arguments, result.
"""

import decimal
import random
from decimal import Decimal as D

EXACT = decimal.Context(prec=400, Emin=-10**6, Emax=10**6, traps=[decimal.Inexact])
RESULT = decimal.Context(prec=24, Emin=-37, Emax=37, rounding=decimal.ROUND_HALF_EVEN,
                         traps=[decimal.Overflow, decimal.DivisionByZero])
ROUNDINGS = {
    "half_up": decimal.ROUND_HALF_UP, "half_even": decimal.ROUND_HALF_EVEN,
    "half_down": decimal.ROUND_HALF_DOWN, "up": decimal.ROUND_UP, "down": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING, "floor": decimal.ROUND_FLOOR,
}
RANDOM = random.Random(20261122)


def show(value):
    if value == 0:
        return "0"
    return format(value.normalize(EXACT), "f")


def keep(exact):
    """Exact where it fits, else rounded."""
    if exact == 0:
        return "0"
    _, digits, exponent = exact.normalize(EXACT).as_tuple()
    if len(digits) + max(exponent, 0) <= 38 and exponent >= -60:
        return show(exact)
    return rounded(exact)


def rounded(exact):
    try:
        return show(RESULT.plus(exact))
    except decimal.Overflow:
        return "overflow"


def divide(a, b):
    """libmpdec rounds the true quotient once."""
    try:
        return RESULT.divide(a, b)
    except decimal.Overflow:
        return None


def number():
    """Everyday figures, long ones, and ones at the limits."""
    kind = RANDOM.random()
    if kind < 0.4:
        digits, scale = RANDOM.randint(1, 9), RANDOM.randint(0, 6)
    elif kind < 0.8:
        digits, scale = RANDOM.randint(1, 38), RANDOM.randint(0, 60)
    else:
        digits, scale = 38, RANDOM.choice([0, 1, 23, 24, 37, 38, 59, 60])
    text = "".join(RANDOM.choice(RANDOM.choice(["0123456789", "09", "05", "49"])) for _ in range(digits))
    value = D(int(text)).scaleb(-scale, context=EXACT)
    return -value if RANDOM.random() < 0.4 else value


def line(function, arguments, result):
    print(function, " ".join(arguments), result, sep="\t")


def check(a, b):
    both = [show(a), show(b)]
    line("add", both, keep(EXACT.add(a, b)))
    line("sub", both, keep(EXACT.subtract(a, b)))
    line("mul", both, keep(EXACT.multiply(a, b)))
    if b == 0:
        return
    quotient = divide(a, b)
    line("div", both, "overflow" if quotient is None else show(quotient))
    places = RANDOM.choice([0, 1, 2, 2, 3, 4, 6, 10, 30])
    name, mode = RANDOM.choice(list(ROUNDINGS.items()))
    if quotient is not None:
        line("div_rounded", both + [str(places), name], show(cut(quotient, places, mode)))


def cut(value, places, mode):
    if -value.as_tuple().exponent <= places:
        return value
    return value.quantize(D(1).scaleb(-places), rounding=mode, context=decimal.Context(prec=400))


def check_rounding(value, places):
    for name, mode in ROUNDINGS.items():
        line("round", [show(value), str(places), name], show(cut(value, places, mode)))


for _ in range(400):
    check(number(), number())
for _ in range(60):                                  # quotients that end, and whole ones
    b = D(RANDOM.choice([2, 4, 5, 8, 16, 25, 125, 3, 7, 1024, 100, "0.5", "0.03125"]))
    check(number(), b)
for numerator, denominator in [
    ("1", "3"), ("2", "3"), ("1", "8"), ("1", "7"), ("-1", "6"), ("0", "5"), ("1", "0.00000001"),
    ("99999999999999999999999999999999999999", "0.1"), ("1", "99999999999999999999999999999999999999"),
    ("123456789012345678901234.5", "1"), ("123456789012345678901235.5", "1"),
    ("123456789012345678901234.50000000000001", "1"), ("0.5", "1"),
    # The quotient is just below a tie of the named rounding; 24 digits make it the tie.
    ("0.12499999999999999999999999999", "1"), ("2.4999999999999999999999999999", "1"),
]:
    check(D(numerator), D(denominator))
for _ in range(120):
    value = number()
    check_rounding(value, RANDOM.randint(0, 60))
for text in ["0.5", "1.5", "2.5", "-0.5", "-1.5", "0.05", "0.049", "0.051", "9.5", "99.95", "-99.95", "0.995",
             "0.0000000000000000000000000000000000000000000000000000000001", "0", "7",
             "9999999999999999999999999999999999999.5", "0.99999999999999999999999999999999999999"]:
    for places in (0, 1, 2):
        check_rounding(D(text), places)
