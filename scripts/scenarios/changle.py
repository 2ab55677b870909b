#!/usr/bin/env python3
"""The scenario of the pack `changle`: thirty invented villages and what their quarter is worth.

    changle.py figures >packs/changle/scenarios/strength-quarter.csv
    changle.py expected <packs/changle/scenarios/strength-quarter.csv >packs/changle/scenarios/strength-quarter.expected.csv

It shares nothing with the program: the rules are written out here once more, with exact fractions.
"""

import csv
import random
import sys
from fractions import Fraction as F

SEED = 20261122
TOWNS = ["东亭镇", "白浪镇", "石门街道"]

# ---------------------------------------------------------------- arithmetic


def half_up(value, places=2):
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= F(1, 2):
        whole += 1
    return F(whole if value >= 0 else -whole, 10**places)


def shown(value):
    if value is None:
        return "missing"
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{'-' if value < 0 else ''}{abs(value.numerator) // value.denominator}."
    rest = abs(value) % 1
    while rest:
        rest *= 10
        text += str(rest.numerator // rest.denominator)
        rest %= 1
    return text


def clamp(value, low, high):
    return max(low, min(high, value))


# ---------------------------------------------------------------- rules


def ratio(full, top, bottom, empty):
    """Share of the full mark, by a percentage of two places; `empty` where there is nothing to do."""
    if top is None or bottom is None:
        return None
    if bottom == 0:
        return empty
    percent = min(half_up(100 * top / bottom), F(100))
    return half_up(full * percent / 100)


def towards(full, value, target):
    if value is None:
        return None
    return half_up(clamp(full * value / target, F(0), F(full)))


def between(full, value, low, high):
    if value is None:
        return None
    return half_up(full * (clamp(value, F(low), F(high)) - low) / (high - low))


def ticks(full, values, weights=None, must=(), at_most=F(0)):
    weights = weights or [1] * len(values)
    mark = F(full) * sum(w for w, v in zip(weights, values) if v == 1) / sum(weights)
    if any(values[index] != 1 for index in must):
        mark = min(mark, at_most)
    return half_up(mark)


def per_step(value, step, mark, cap):
    if value is None:
        return None
    return min(half_up((value // step) * mark), F(cap))


def off(start, count, per):
    return None if count is None else max(half_up(start - count * per), F(0))


def table(value, rows):
    """Marks by lower ends that belong to the band."""
    if value is None:
        return None
    mark = F(0)
    for low, of_band in rows:
        if value >= low:
            mark = F(of_band)
    return half_up(mark)


LEAVES = """staffing unity four_deliberations reserve_cadres
organisation_life admission_study vanguard floating_members
place systems funds records
study tasks pledges_ratio democratic_rating
resident_contact special_care clean_conduct requests_handled
income_level income_growth coop three_assets demonstration_area contracts_debt
income_channels jobs skills low_income_help
disclosure mediation grid_service safety
proxy_service old_young_care policy_delivery
environment customs upkeep""".split("\n")

GROUPS = dict(
    zip(
        """village_team member_work place_support performance style
        collective_growth farmers_income orderly service clean""".split(),
        [line.split() for line in LEAVES],
    )
)
INDICES = {
    "fortress": ["village_team", "member_work", "place_support"],
    "leader": ["performance", "style"],
    "prosperity": ["collective_growth", "farmers_income"],
    "well_being": ["orderly", "service", "clean"],
}
BONUS = {
    "award_county": 1,
    "award_city": 2,
    "award_province": 3,
    "project_landed": 2,
    "experience": 2,
    "urgent_task": 1,
    "pilot": 1,
    "talent_back": 1,
}
PENALTY = {"criticism": 2, "petition": 2, "accident": 3, "discipline": 3, "false_data": 5}
ONE_HONOUR = ["award_county", "award_city"]  # of which one also counted higher is left out


def growth(v):
    value, base = v("collective_income"), v("collective_income@same_last_year")
    if v("collective_income@restated") is not None:
        base = v("collective_income@restated")
    if value is None or base is None or base < 0:
        return None
    if base == 0:
        by_growth = F(3)
    else:
        percent = half_up(100 * (value - base) / base)
        by_growth = clamp(3 * percent / 10, F(0), F(3))
    return half_up(max(by_growth, F(3) if value >= 1_000_000 else F(0)))


def care(v):
    kinds = ["care_canteen", "care_children"]
    there = [kind for kind in kinds if v(kind + "@applies") != 0]
    if not there:
        return F(2)
    return half_up(F(2) * sum(v(kind) == 1 for kind in there) / len(there))


def records(v):
    count = v("records_late@occurred")
    if count is None:
        return None
    # From the fourth one on each costs twice as much.
    return max(half_up(3 - (count + max(count - 3, 0)) * F(1, 2)), F(0))


def events(v, marks, leave_out):
    total = F(0)
    for item, mark in marks.items():
        count = v(item + "@occurred")
        again = v(item + "@repeated") if item in leave_out else F(0)
        if count is None or again is None:
            return None
        total += (count - again) * mark
    return half_up(total)


def leaves(v):
    full = F
    return {
        "staffing": ratio(3, v("posts_filled"), v("posts_due"), None),
        "unity": ticks(2, [v("unity_meeting"), v("unity_minutes"), v("unity_division")]),
        "four_deliberations": ratio(3, v("matters_deliberated"), v("matters_major"), full(3)),
        "reserve_cadres": towards(2, v("reserves"), 2),
        "organisation_life": towards(3, v("meetings_held"), 6),
        "admission_study": ratio(3, v("members_trained"), v("members"), None),
        "vanguard": per_step(v("vanguard_deeds"), 5, F(1, 2), 2),
        "floating_members": ratio(2, v("floating_contacted"), v("floating"), full(2)),
        "place": ticks(
            3, [v("place_hall"), v("place_board"), v("place_archive")], [2, 1, 1], [0], F(1)
        ),
        "systems": ticks(2, [v("rule_duty"), v("rule_finance")]),
        "funds": towards(2, v("funds_used"), 90),
        "records": records(v),
        "study": towards(2, v("study_days"), 3),
        "tasks": towards(3, v("tasks_on_time"), 100),
        "pledges_ratio": ratio(3, v("pledges_kept"), v("pledges"), None),
        "democratic_rating": between(2, v("rating"), 60, 95),
        "resident_contact": ratio(3, v("households_visited"), v("households"), None),
        "special_care": ratio(3, v("care_visits"), v("care_visits_due"), full(3)),
        "clean_conduct": off(2, v("conduct_faults@occurred"), 1),
        "requests_handled": ratio(2, v("requests_closed"), v("requests"), full(2)),
        "income_level": table(
            v("collective_income"),
            [(50_000, "2.4"), (100_000, "3.6"), (200_000, "4.8"), (500_000, "5.4"), (1_000_000, 6)],
        ),
        "income_growth": growth(v),
        "coop": table(v("coop_share"), [(10, 1), (30, 2), (50, 3)]),
        "three_assets": ticks(
            3,
            [v("assets_counted"), v("assets_contracts"), v("assets_accounts")],
            None,
            [2],
            F(3, 2),
        ),
        "demonstration_area": ticks(2, [v("area_joined")]),
        "contracts_debt": ratio(1, v("contracts_filed"), v("contracts"), full(1)),
        "income_channels": per_step(v("channels"), 1, 1, 4),
        "jobs": per_step(v("jobs_made"), 10, F(1, 2), 3),
        "skills": towards(2, v("skills_trained"), 40),
        "low_income_help": ratio(3, v("low_income_helped"), v("low_income"), full(3)),
        "disclosure": ratio(2, v("disclosed"), v("disclosure_due"), None),
        "mediation": ratio(2, v("disputes_settled"), v("disputes"), full(2)),
        "grid_service": ratio(2, v("grid_closed"), v("grid_matters"), full(2)),
        "safety": off(1, v("hazards_left@occurred"), F(1, 4)),
        "proxy_service": ratio(2, v("proxy_done"), v("proxy"), full(2)),
        "old_young_care": care(v),
        "policy_delivery": ratio(3, v("policy_paid"), v("policy_due"), full(3)),
        "environment": between(3, v("environment_check"), 60, 90),
        "customs": ticks(2, [v("customs_rules"), v("customs_council")]),
        "upkeep": ratio(1, v("facilities_working"), v("facilities"), full(1)),
    }


def marks(v):
    node = leaves(v)
    counted = lambda code: node[code] or F(0)
    for group, members in GROUPS.items():
        node[group] = sum(map(counted, members), F(0))
    for index, members in INDICES.items():
        node[index] = sum(map(counted, members), F(0))
    bonus = events(v, BONUS, ONE_HONOUR)
    node["bonus"] = None if bonus is None else min(bonus, F(5))
    penalty = events(v, PENALTY, [])
    node["penalty"] = None if penalty is None else -penalty
    whole = sum(map(counted, [*INDICES, "bonus", "penalty"]), F(0))
    node["total"] = max(whole, F(0))
    node["income_large"] = table(v("collective_income"), [(1_000_000, 3)])
    return node


def grade(score):
    return next(
        word for word, low in [("good", 90), ("fairly_good", 80), ("ordinary", 60), ("poor", None)]
        if low is None or score >= low
    )


# ---------------------------------------------------------------- files


def expected(out):
    rows = list(csv.DictReader(sys.stdin))
    villages = []
    for row in rows:
        value = lambda name, row=row: F(row[name]) if row[name] else None
        node = marks(value)
        key = (node["total"], node["prosperity"], node["fortress"])
        villages.append((row["village"], row["town"], node, key))
    order = node_order()
    head = ["subject", "group", "score", "grade", "rank", "rank_in_group", *order]
    out.writerow(head)
    for name, town, node, key in villages:
        ahead = sum(other[3] > key for other in villages)
        ahead_in_town = sum(other[3] > key and other[1] == town for other in villages)
        out.writerow(
            [name, town, shown(node["total"]), grade(node["total"]), ahead + 1, ahead_in_town + 1]
            + [shown(node[code]) for code in order]
        )


def node_order():
    """Nodes as the document lists them: each index, its groups, the indicators of each group."""
    order = ["total", *INDICES]
    for index in INDICES:
        for group in INDICES[index]:
            order.append(group)
            for leaf in GROUPS[group]:
                order.append(leaf)
                if leaf == "income_growth":
                    order.append("income_large")
    return [*order, "bonus", "penalty"]


TICKS = """unity_meeting unity_minutes unity_division place_hall place_board place_archive rule_duty
rule_finance assets_counted assets_contracts assets_accounts area_joined care_canteen care_children
customs_rules customs_council""".split()
PAIRS = """posts_filled:posts_due:9 matters_deliberated:matters_major:6 members_trained:members:80
floating_contacted:floating:9 pledges_kept:pledges:10 households_visited:households:400
care_visits:care_visits_due:60 requests_closed:requests:25 contracts_filed:contracts:30
low_income_helped:low_income:20 disclosed:disclosure_due:12 disputes_settled:disputes:8
grid_closed:grid_matters:90 proxy_done:proxy:120 policy_paid:policy_due:300
facilities_working:facilities:25""".split()
NUMBERS = """reserves:4:0 meetings_held:9:0 vanguard_deeds:30:0 funds_used:100:2 study_days:6:0
tasks_on_time:100:2 rating:100:2 coop_share:100:2 channels:7:0 jobs_made:90:0
skills_trained:60:0 environment_check:100:1""".split()
NEVER_EMPTY = {"posts_due", "members", "pledges", "households", "disclosure_due"}


def figures(out):
    draw = random.Random(SEED)
    columns = ["village", "town"]
    columns += TICKS + ["care_canteen@applies", "care_children@applies"]
    columns += [name for pair in PAIRS for name in pair.split(":")[:2]]
    columns += [number.split(":")[0] for number in NUMBERS]
    columns += ["collective_income", "collective_income@same_last_year", "collective_income@restated"]
    faults = ["records_late", "conduct_faults", "hazards_left"]
    columns += [code + "@occurred" for code in [*faults, *BONUS, *PENALTY]]
    columns += [code + "@repeated" for code in ONE_HONOUR]
    out.writerow(columns)
    for index in range(30):
        good = draw.random() * 0.5 + 0.5  # how well the village does on the whole
        cells = {"village": f"示例{index + 1:02}村", "town": TOWNS[index % 3]}
        for tick in TICKS:
            cells[tick] = int(draw.random() < good)
        for kind in ["care_canteen", "care_children"]:
            cells[kind + "@applies"] = draw.choice(["", 1, 0])
        for pair in PAIRS:
            top, bottom, most = pair.split(":")
            least = 1 if bottom in NEVER_EMPTY else 0
            due = draw.randint(least, int(most))
            cells[bottom] = due
            cells[top] = min(round(due * min(draw.random() * 0.4 + good * 0.8, 1.0)), due)
        for number in NUMBERS:
            code, most, places = number.split(":")
            value = F(round(int(most) * 100 * min(draw.random() * 0.5 + good * 0.7, 1)), 100)
            cells[code] = shown(half_up(value, int(places)))
        income = draw.choice([0, 49_999.99, 50_000, 99_999.99, 100_000, 420_000, 999_999.99, 1_000_000])
        income = F(str(income)) if draw.random() < 0.4 else F(draw.randint(0, 2_000_000_00), 100)
        base = half_up(income * F(draw.randint(80, 125), 100))
        cells["collective_income"] = shown(income)
        cells["collective_income@same_last_year"] = draw.choice([shown(base)] * 6 + ["0", ""])
        cells["collective_income@restated"] = draw.choice([""] * 7 + [shown(base + 10_000)])
        for code in faults:
            cells[code + "@occurred"] = draw.choice([0, 0, 0, 1, 2, 5])
        for code in BONUS:
            cells[code + "@occurred"] = draw.choice([0, 0, 0, 0, 1, 2])
        for code in PENALTY:
            cells[code + "@occurred"] = draw.choice([0] * 9 + [1, 2])
        for code in ONE_HONOUR:
            cells[code + "@repeated"] = draw.choice([0, 0, cells[code + "@occurred"]])
        if draw.random() < 0.4:  # something was not handed in
            gone = draw.choice([c for c in columns if "@" not in c and c not in ("village", "town")])
            cells[gone] = ""
        out.writerow([cells[name] for name in columns])


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    {"figures": figures, "expected": expected}[sys.argv[1]](writer)
