"""What polars takes for the plain weighted means of the same table, read and written.

    peer.py FIGURES.csv OUT.csv

Prints the processor time in milliseconds of reading, scoring, ranking and writing; the time that
Python needs to start and to load polars is not counted.
"""

import os
import sys
import polars as pl

figures, out = sys.argv[1:]
before = os.times()
table = pl.read_csv(figures)
items = [name for name in table.columns if name.startswith("i")]
groups = [items[at : at + 4] for at in range(0, 40, 4)]
table = table.with_columns(
    [(pl.sum_horizontal(group) / 4).alias(f"g{at}") for at, group in enumerate(groups)]
)
indices = [["g0", "g1", "g2"], ["g3", "g4", "g5"], ["g6", "g7"], ["g8", "g9"]]
table = table.with_columns(
    [(pl.sum_horizontal(index) / len(index)).alias(f"x{at}") for at, index in enumerate(indices)]
)
table = table.with_columns((pl.sum_horizontal("x0", "x1", "x2", "x3") / 4).alias("score"))
table = table.with_columns(
    pl.col("score").rank("min", descending=True).alias("rank"),
    pl.col("score").rank("min", descending=True).over("town").alias("rank_in_group"),
)
table.write_csv(out)
after = os.times()
cpu = after.user + after.system - before.user - before.system
print(f"{cpu * 1000:.0f} {pl.__version__}")
