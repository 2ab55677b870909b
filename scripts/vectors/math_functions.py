#!/usr/bin/env python3
"""Vectors for crates/kernel/src/math.rs: python3 scripts/vectors/math_functions.py > crates/kernel/tests/data/math_functions.tsv

Python's decimal (libmpdec) at 160 digits, then the rule of architecture invariant 5: half-even to
24 significant digits, or to 60 places where those are coarser; 38 digits before the point at most.
Columns: function, arguments (a list is separated by blanks, value:weight by a colon), result.
"""

import decimal
import random
from decimal import Decimal as D

WORK = decimal.Context(prec=160, Emin=-10**6, Emax=10**6, rounding=decimal.ROUND_HALF_EVEN)
# A true value that is exact has at most 50 digits here; one that is not differs from every number
# of 50 digits long before the 110th. So this step turns approximations of exact values into them.
EXACT = decimal.Context(prec=110, Emin=-10**6, Emax=10**6, rounding=decimal.ROUND_HALF_EVEN)
RESULT = decimal.Context(prec=24, Emin=-37, Emax=37, rounding=decimal.ROUND_HALF_EVEN,
                         traps=[decimal.Overflow])
RANDOM = random.Random(20261122)


def settle(value, exact_digits=24):
    """The result as the product must give it; `exact_digits`: how many an exact result may keep."""
    value = EXACT.plus(value)
    if exact_digits > 24:
        stripped = value.normalize(EXACT)
        sign, digits, exponent = stripped.as_tuple()
        if len(digits) + max(exponent, 0) <= exact_digits and exponent >= -60:
            return show(stripped)
    try:
        return show(RESULT.plus(value))
    except decimal.Overflow:
        return "overflow"


def show(value):
    if value == 0:
        return "0"
    text = format(value.normalize(decimal.Context(prec=200)), "f")
    return text


def positive(max_digits=38, low=-60, high=38):
    """A positive number of random length and size, within the product's range."""
    digits = RANDOM.randint(1, max_digits)
    coefficient = RANDOM.randint(10 ** (digits - 1), 10 ** digits - 1)
    scale = RANDOM.randint(max(0, digits - high), max(digits, -low)) if RANDOM.random() < 0.5 else RANDOM.randint(0, digits)
    return WORK.scaleb(D(coefficient), -scale)


def plain(value):
    return show(value)


def line(function, arguments, result):
    print(f"{function}\t{arguments}\t{result}")


def short(value, digits=38):
    """The nearest number the product can hold."""
    context = decimal.Context(prec=digits, Emin=-10**6, Emax=10**6, rounding=decimal.ROUND_HALF_EVEN)
    value = context.plus(value)
    if value.as_tuple().exponent < -60:
        value = value.quantize(D(1).scaleb(-60), context=WORK)
    return value


def tie():
    """A number half-way between two numbers of 24 digits."""
    return D(RANDOM.randint(10 ** 23, 10 ** 24 - 1) * 10 + 5)


def neighbours(value):
    """The number itself and its two neighbours of 38 digits."""
    step = D(1).scaleb(value.adjusted() - 37)
    return [short(v) for v in (value, WORK.add(value, step), WORK.subtract(value, step))]


def logarithms():
    line("ln", "1", "0")
    cases = [positive() for _ in range(150)]
    for digits in range(1, 38):                      # next to 1, on both sides
        cases += [D(1) + D(1).scaleb(-digits), D(1) - D(1).scaleb(-digits)]
        cases.append(short(WORK.add(D(1), D(RANDOM.randint(1, 10 ** 6)).scaleb(-digits - 5), )))
    cases += [D(2), D(10), D("0.5"), D(10) ** 37, D(10) ** 38 - 1, D(1).scaleb(-60), D("0." + "9" * 38)]
    for _ in range(40):                              # results next to a tie
        near = tie().scaleb(RANDOM.randint(-28, -23))
        if near < 80:
            cases += neighbours(short(WORK.exp(near)))
    for x in cases:
        if x != 1 and x.adjusted() < 38:
            line("ln", plain(x), settle(WORK.ln(x)))


def exponentials():
    line("exp", "0", "1")
    cases = []
    for _ in range(150):
        x = positive(38, -60, 1)
        cases.append(-x if RANDOM.random() < 0.5 else x)
    cases = [x for x in cases if -150 < x < 95]
    cases += [D(n) for n in range(-145, 90, 7)]
    for digits in range(1, 61, 3):                   # next to 0
        cases += [D(1).scaleb(-digits), -D(1).scaleb(-digits)]
    cases += [D("87.4"), D("87.498"), D("87.49823353377373540"), D("87.49823353377373541"), D("87.5"), D(1000),
              D("-138.84"), D("-138.85"), D("-138.8570"), D(-1000), D("-99999999999999999999")]
    for _ in range(40):                              # results next to a tie
        near = tie().scaleb(RANDOM.randint(-50, 10))
        cases += neighbours(short(WORK.ln(near)))
    cases += [short(WORK.ln(WORK.add(D(1), D("5E-24")))), D("5E-24"), D("1.5E-23")]
    for x in cases:
        line("exp", plain(x), "overflow" if x > 100 else settle(WORK.exp(x)))


def real_root(x, degree):
    return WORK.exp(WORK.divide(WORK.ln(x), degree))


def roots():
    cases = []
    for _ in range(120):
        degree = RANDOM.choice([1, 2, 2, 3, 3, 4, 5, 7, 11, 20, 31, 32, 33, 34, 37, 100, 1000, 65537, 4294967295])
        cases.append((positive(), degree))
    for _ in range(60):                              # exact ones
        degree = RANDOM.choice([2, 3, 4, 5, 6, 12, 18, 35, 37])
        base = D(RANDOM.randint(2, max(2, int(10 ** (37 / degree))))).scaleb(-RANDOM.randint(0, max(0, 60 // degree - 1)))
        power = EXACT.power(base, degree)
        if power.adjusted() < 38 and len(power.normalize(EXACT).as_tuple().digits) <= 38 and power.as_tuple().exponent >= -60:
            cases.append((power, degree))
            cases += [(x, degree) for x in neighbours(short(power))[1:]]
    cases += [(D(2), 2), (D(27), 3), (D("0.001"), 3), (D(1).scaleb(-60), 2), (D(1).scaleb(-60), 60), (D(10) ** 37, 37)]
    for x, degree in cases:
        if x.adjusted() >= 38 or x <= 0:
            continue
        result = settle(real_root(x, degree))
        line("root", f"{plain(x)} {degree}", result)
        if degree % 2 == 1 and RANDOM.random() < 0.3:
            line("root", f"{plain(-x)} {degree}", "-" + result if result != "0" else "0")


def mean(pairs):
    total, weights = D(0), D(0)
    for value, weight in pairs:
        total = WORK.add(total, WORK.multiply(weight, WORK.ln(value)))
        weights = WORK.add(weights, weight)
    return WORK.exp(WORK.divide(total, weights))


def on_a_tie(size):
    """Numbers whose geometric mean is half-way between two numbers of 24 digits."""
    while True:
        u, v = RANDOM.randint(10 ** 11, 10 ** 12), RANDOM.randint(10 ** 12, 10 ** 13) | 1
        if (u * v) % 10 == 5 and len(str(u * v)) == 25:
            scale = RANDOM.randint(0, 20)
            pair = [D(u * u).scaleb(-scale), D(v * v).scaleb(-scale)]
            return pair + [D(u * v).scaleb(-scale)] * (size - 2)


def means():
    for _ in range(130):
        values = [positive() for _ in range(RANDOM.choice([1, 2, 3, 3, 4, 5, 8, 12, 25, 32, 33, 50]))]
        line("geometric_mean", " ".join(map(plain, values)), settle(mean([(v, D(1)) for v in values])))
    for size in [2, 2, 2, 3, 5, 12, 30, 32, 33, 34, 60]:
        for _ in range(4):
            values = on_a_tie(size)
            RANDOM.shuffle(values)
            line("geometric_mean", " ".join(map(plain, values)), settle(mean([(v, D(1)) for v in values])))
            values[0] = neighbours(values[0])[RANDOM.randint(1, 2)]
            line("geometric_mean", " ".join(map(plain, values)), settle(mean([(v, D(1)) for v in values])))


def weighted_means():
    def pairs_text(pairs):
        return " ".join(f"{plain(v)}:{plain(w)}" for v, w in pairs)
    for _ in range(130):
        pairs = [(positive(), positive(RANDOM.choice([1, 2, 4, 10]), -10, 5)) for _ in range(RANDOM.randint(1, 7))]
        line("weighted_geometric_mean", pairs_text(pairs), settle(mean(pairs)))
    for _ in range(30):                              # ties by weights that are not whole
        u, v, exact = *on_a_tie(3)[:2], None
        weight = D(RANDOM.randint(1, 999)).scaleb(-RANDOM.randint(0, 6))
        pairs = [(u, weight), (v, weight)]
        line("weighted_geometric_mean", pairs_text(pairs), settle(mean(pairs)))
        pairs[1] = (neighbours(v)[1], weight)
        line("weighted_geometric_mean", pairs_text(pairs), settle(mean(pairs)))
    for _ in range(30):                              # exact: a^(1/4) of a fourth power and so on
        a, b = RANDOM.randint(2, 10 ** 6), RANDOM.randint(2, 10 ** 3)
        pairs = [(D(a) ** 4, D("0.25")), (D(b) ** 8, D("0.75"))]
        line("weighted_geometric_mean", pairs_text(pairs), settle(mean(pairs)))


def powers():
    def check(base, exponent):
        if base.adjusted() >= 38:
            return
        size = WORK.multiply(D(exponent), WORK.ln(base))
        if size > 100:
            result = "overflow"
        elif size < -150:
            result = "0"
        elif abs(exponent) * max(len(base.as_tuple().digits), -base.as_tuple().exponent) < 5000 and exponent > 0:
            exact = decimal.Context(prec=6000, Emin=-10**6, Emax=10**6).power(base, exponent)
            result = settle_power(exact)
        else:
            result = settle(WORK.exp(size)) if exponent < 0 else settle(WORK.exp(size), 38)
        line("power", f"{plain(base)} {exponent}", result)

    def settle_power(exact):
        stripped = exact.normalize(decimal.Context(prec=6000, Emin=-10**6, Emax=10**6))
        _, digits, exponent = stripped.as_tuple()
        if len(digits) + max(exponent, 0) <= 38 and exponent >= -60:
            return show(stripped)
        try:
            return show(RESULT.plus(exact))
        except decimal.Overflow:
            return "overflow"

    for _ in range(120):
        check(positive(RANDOM.choice([1, 2, 3, 10, 38]), -20, 3), RANDOM.choice([1, 2, 3, 4, 5, 10, 20, -1, -2, -3, -7, -20]))
    for _ in range(30):
        base = short(WORK.add(D(1), D(RANDOM.randint(-999, 999)).scaleb(-RANDOM.randint(4, 12))))
        if base != 1:
            check(base, RANDOM.choice([1000, -1000, 1234567, -1234567, 2147483647, -2147483648]))
    for base, exponent in [(D(2), 126), (D(2), 127), (D(2), -60), (D(2), -61), (D(10), 37), (D(10), 38), (D(10), -60),
                           (D(10), -61), (D("0.5"), 60), (D("0.1"), 60), (D("0.1"), 61), (D("0.1"), -37)]:
        check(base, exponent)


logarithms()
exponentials()
roots()
means()
weighted_means()
powers()
