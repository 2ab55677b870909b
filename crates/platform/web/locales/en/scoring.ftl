# How a mark came about: rules, constants and steps

score-rule-tier-table = Bands of “{ $value }” ({ $unit })
score-tier = { $range }: { $mark }
score-rule-interpolation = “{ $value }” from { $origin } to the target { $target }: { $mark_at_origin } to { $mark_at_target } marks in proportion
score-target-changed-latest = Where the target changed, the last one counts
score-target-changed-first = Where the target changed, the first one counts: “{ $first }”
score-target-changed-by-days = Where the target changed, both by days: “{ $first }” for { $days_before }, then { $days_after }
score-over-target-cap = No more marks beyond the target
score-over-target-extend = Beyond the target marks go on growing
score-below-origin-floor = Below the origin it counts as the origin
score-below-origin-extend = Below the origin marks go on falling
score-target-missing-missing = No target: missing
score-target-missing-zero = No target: 0
score-target-missing-full = No target: full mark
score-target-zero-missing = Target at the origin: missing
score-target-zero-zero = Target at the origin: 0
score-target-zero-full = Target at the origin: full mark
score-rule-ratio = Ratio of “{ $numerator }” to “{ $denominator }”
score-denominator-zero-missing = Denominator 0: missing
score-denominator-zero-zero = Denominator 0: 0
score-denominator-zero-full = Denominator 0: full mark
score-over-one-cap = Above 100 % counts as 100 %
score-over-one-keep = Above 100 % counts as it is
score-over-one-refuse = Above 100 % is refused
score-rule-goalpost-linear = “{ $value }” between the goalposts { $low } and { $high }, in proportion
score-rule-goalpost-logarithmic = “{ $value }” between the goalposts { $low } and { $high }, by logarithm
score-not-positive-missing = 0 or less: missing
score-not-positive-low = 0 or less: counts as the low goalpost
score-not-positive-refuse = 0 or less: refused
score-below-truncate = Below the low goalpost it counts as it
score-below-extend = Below the low goalpost it counts as it is
score-below-refuse = Below the low goalpost it is refused
score-above-truncate = Above the high goalpost it counts as it
score-above-extend = Above the high goalpost it counts as it is
score-above-refuse = Above the high goalpost it is refused
score-better-higher = Higher is better
score-better-lower = Lower is better
score-rule-roll-up-sum = Sum of the children
score-rule-roll-up-weighted-mean = Weighted mean of the children
score-rule-roll-up-mean = Mean of the children
score-rule-roll-up-geometric-mean = Geometric mean of the children
score-rule-roll-up-weighted-geometric-mean = Weighted geometric mean of the children
score-rule-roll-up-minimum = The least child
score-rule-roll-up-maximum = The greatest child
score-rule-roll-up-best-sum = Sum of the best children
score-rule-roll-up-best-mean = Mean of the best children
score-rule-roll-up-product = Product of the children
score-basis-mark = By mark
score-basis-share = By share of the full mark
score-weights-total = Weights add up to { $total }
score-zeros-zero = A child of 0 makes it 0
score-zeros-skip = A child of 0 is skipped
score-zeros-missing = A child of 0 makes it missing
score-zeros-floor = A child of 0 counts as { $floor }
score-best-use-present = The best { $count }; fewer if fewer are there
score-best-missing = The best { $count }; missing if fewer are there
score-skipped-re-weight = The others take over a skipped child's weight
score-skipped-leave-out = Nobody takes over a skipped child's weight
score-availability-none = No least share of children
score-availability-count = Missing where the children that are there are { $too_little ->
        [below] fewer than
       *[at-or-below] at most
    } { $percent } % by number
score-availability-weight = Missing where the children that are there have { $too_little ->
        [below] less than
       *[at-or-below] at most
    } { $percent } % of the weight
score-rule-formula = Formula: { $expression }
score-cap = At most { $cap }
score-floor = At least { $floor }
score-missing-block = Missing: cannot be submitted
score-missing-appeal = Missing: no mark until it is decided
score-missing-zero = Missing: counts 0, shown as missing
score-missing-skip = Missing: left out
score-missing-group-minimum-value = A missing value is the least { $among ->
        [group] of its group
       *[all] of all
    }
score-missing-group-minimum-mark = A missing mark is the least { $among ->
        [group] of its group
       *[all] of all
    }
score-missing-group-mean-value = A missing value is the mean { $among ->
        [group] of its group
       *[all] of all
    }
score-missing-group-mean-mark = A missing mark is the mean { $among ->
        [group] of its group
       *[all] of all
    }
score-missing-last-value = A missing value is the last one known
score-gate-zero = Gate “{ $gate }”: 0 where “{ $value }” is not in { $passes }
score-gate-cap = Gate “{ $gate }”: at most { $cap } where “{ $value }” is not in { $passes }
score-gate-grade-limit = Gate “{ $gate }”: the grade is at best “{ $grade }” where “{ $value }” is not in { $passes }
score-gate-tested-declared = The gate tests the declared value
score-gate-tested-verified = The gate tests the verified value
score-gate-missing-pass = A missing value passes
score-gate-missing-fail = A missing value fails
score-round-exact = Rounding: not rounded
score-round-places = Rounding: { $places } places, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-round-value-exact = Rounding before the look-up: not rounded
score-round-value-places = Rounding before the look-up: { $places } places, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-percent-exact = Rounding of the percentage: not rounded
score-percent-places = Rounding of the percentage: { $places } places, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-round-logarithm-exact = Rounding of the logarithms: not rounded
score-round-logarithm-places = Rounding of the logarithms: { $places } places, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-missing-mean-round-exact = Rounding of the mean: not rounded
score-missing-mean-round-places = Rounding of the mean: { $places } places, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }

score-constant-operand = Figure of the scheme
score-constant-cap = Cap
score-constant-floor = Floor
score-constant-full = Full mark
score-constant-full-of-all = Full marks of all children
score-constant-full-of-present = Full marks of the children that are there
score-constant-gate-cap = Most that a failed gate leaves
score-constant-gate-zero = A failed gate leaves 0
score-constant-high = High goalpost
score-constant-low = Low goalpost
score-constant-hundred = 100
score-constant-hundredth = One hundredth
score-constant-left-out = A child left out counts as 1
score-constant-mark-at-origin = Mark at the origin
score-constant-mark-at-target = Mark at the target
score-constant-mark-without-denominator = Mark where the denominator is 0
score-constant-mark-without-target = Mark without a usable target
score-constant-missing-as-zero = Missing, counted as 0
score-constant-filled-mark = Missing; the mark filled in by the rule
score-constant-unit-factor = Unit conversion factor
score-constant-weights-sum = Sum of the weights
score-constant-zero-floor = Number that stands for 0
score-constant-children-count = Number of children
score-constant-best-count = Number of the best
score-constant-best-used = Number taken
score-constant-best-wanted = Number wanted
score-constant-common-full = Common multiple of the full marks

score-of-node-weight = Weight
score-of-node-cofactor = Factor to the common full mark

score-step-best-sum = Sum of the best
score-step-child-adjusted = Child's mark, adjusted
score-step-child-times-weight = Child's mark × weight
score-step-children-product = Product of the children
score-step-children-sum = Sum of the children
score-step-days = Days in all
score-step-divisor = Divisor
score-step-full-times-done = Full mark × way done
score-step-full-times-numerator = Full mark × numerator
score-step-geometric-mean = Geometric mean
score-step-goalpost-done = Distance from the goalpost
score-step-goalpost-mark = Mark between the goalposts
score-step-goalpost-way = Distance between the goalposts
score-step-hundred-times-numerator = 100 × numerator
score-step-ln-value = Natural logarithm of the value
score-step-ln-low = Natural logarithm of the low goalpost
score-step-ln-high = Natural logarithm of the high goalpost
score-step-ln-value-rounded = Logarithm of the value, rounded
score-step-ln-low-rounded = Logarithm of the low goalpost, rounded
score-step-ln-high-rounded = Logarithm of the high goalpost, rounded
score-step-mark-capped = Not above the mark of the target
score-step-mark-floored = Not below the mark of the origin
score-step-mark-for-way = Mark for the way done
score-step-mark-from-origin = With the mark at the origin
score-step-mark-span = Difference between the two marks
score-step-node-cap = Not above the cap
score-step-node-floor = Not below the floor
score-step-node-rounding = Rounded
score-step-percent = Percentage
score-step-percent-rounded = Percentage, rounded
score-step-percent-times-full = Percentage × full mark
score-step-ratio-capped = Not above 100 %
score-step-ratio-mark = Mark for the ratio
score-step-rolled-up = Rolled up
score-step-sum-re-weighted = Sum, with the missing full marks shared out
score-step-sum-times-full = Sum × full marks of all
score-step-sum-times-wanted = Sum × number wanted
score-step-target-by-days = Target, weighted by days
score-step-target-days = Target × days
score-step-target-days-sum = Sum of target × days
score-step-tier-mark = Mark of the band
score-step-times-full = × full mark
score-step-truncated-to-low = Below the low goalpost: counts as it
score-step-truncated-to-high = Above the high goalpost: counts as it
score-step-value-in-unit = Value in the table's unit
score-step-value-rounded = Value, rounded
score-step-way = Way from origin to target
score-step-way-done = Way done
score-step-way-times-mark = Way done × marks
score-step-weighted-sum = Weighted sum
score-step-greatest-child = Greatest child
score-step-least-child = Least child
score-step-formula = Formula
