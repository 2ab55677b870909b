#!/usr/bin/env python3
"""Vectors for crates/kernel/src/calendar.rs:
python3 scripts/vectors/working_days.py > crates/kernel/tests/data/working_days.tsv

Needs the package chinesecalendar 1.11.0 (MIT), which keeps its own table of the yearly notices.
Rows: `day DAY work|off` for each day of three years, `term RECEIPT WORKING_DAYS LAST_DAY` with the
day of receipt as day 0, within those years.
"""

import datetime
import random

import chinese_calendar

FIRST, LAST = datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)
STEP = datetime.timedelta(days=1)
RANDOM = random.Random(20261122)


def days():
    day = FIRST
    while day <= LAST:
        yield day
        day += STEP


def last_day(receipt, working_days):
    day = receipt
    while working_days > 0:
        day += STEP
        working_days -= chinese_calendar.is_workday(day)
    return day


DAYS = list(days())
for day in DAYS:
    print("day", day, "work" if chinese_calendar.is_workday(day) else "off", sep="\t")
for receipt in DAYS[:-60]:
    length = RANDOM.choice([1, 2, 3, 5, 7, 10, 15, 20, 30])
    print("term", receipt, length, last_day(receipt, length), sep="\t")
for _ in range(100):
    receipt = RANDOM.choice(DAYS[:400])
    length = RANDOM.randint(31, 400)
    print("term", receipt, length, last_day(receipt, length), sep="\t")
