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
score-gate-zero = Gate “{ $gate }”: “{ $value }” must be “{ $passes }”, else 0
score-gate-cap = Gate “{ $gate }”: “{ $value }” must be “{ $passes }”, else at most { $cap }
score-gate-grade-limit = Gate “{ $gate }”: “{ $value }” must be “{ $passes }”, else the grade is at best “{ $grade }”
score-gate-tested-declared = The gate tests the declared value
score-gate-tested-verified = The gate tests the verified value
score-gate-missing-pass = A missing value passes
score-gate-missing-fail = A missing value fails
score-rule-stepped-add = “{ $value }” over { $base }: { $mark_at_base } marks there and { $mark_per_step } for each { $step } ({ $unit }) more
score-part-steps-whole = Only full steps count
score-part-steps-begun = A step begun counts as a full one
score-part-steps-proportional = A part of a step counts its part
score-below-base-floor = Below the base it counts as the base
score-below-base-extend = Below the base steps count the other way
score-rule-deduction = { $start } marks, less { $per_occurrence } for each occurrence of “{ $value }”
score-verified-events = Only what was verified counts, and a fault only where it is the subject's: a complaint by itself never lowers a score
score-dated-by-occurred = Counts in the period in which it happened
score-dated-by-discovered = Counts in the period in which it became known or was filed
score-dated-by-ruled = Counts in the period in which it was ruled on
score-revoked-drop = What was revoked no longer counts
score-revoked-keep = What was revoked goes on counting for its period
score-same-fact-highest-only = A fact that is counted elsewhere too counts only where it counts most
score-same-fact-each = A fact that is counted elsewhere too counts here as well
score-repeat-none = Repeated occurrences cost no more
score-repeat-from = From the { $from }th occurrence on each costs { $times } times as much
score-rule-bonus = Bonus marks for verified events
score-rule-penalty = Penalty marks for verified events
score-carry-none = Events of earlier periods no longer count
score-carry-share = Of the marks of the period before a share of { $share } still counts
score-several-all = Class “{ $class }”: all marks are added
score-several-highest-level = Class “{ $class }”: only the highest situation counts, with all its events
score-several-highest-once = Class “{ $class }”: only the highest situation counts, once
score-class-cap = Class “{ $class }”: at most { $cap }
score-entry = “{ $value }”: { $mark } each{ $same_fact ->
        [highest-only] , each fact once
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] , shared with others × { $joint_share }
    }
score-entry-with-cap = “{ $value }”: { $mark } each, at most { $cap }{ $same_fact ->
        [highest-only] , each fact once
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] , shared with others × { $joint_share }
    }
score-entry-in-class = “{ $value }” (class “{ $class }”): { $mark } each{ $same_fact ->
        [highest-only] , each fact once
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] , shared with others × { $joint_share }
    }
score-entry-in-class-with-cap = “{ $value }” (class “{ $class }”): { $mark } each, at most { $cap }{ $same_fact ->
        [highest-only] , each fact once
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] , shared with others × { $joint_share }
    }
score-rule-growth-relative = Growth of “{ $value }” over “{ $base }” in percent: 0 marks at { $zero_at }, full mark at { $full_at }
score-rule-growth-absolute = Growth of “{ $value }” over “{ $base }”: 0 marks at { $zero_at }, full mark at { $full_at }
score-base-restated-original = The base as it was first known
score-base-restated-restated = The base as it was restated, where it was
score-below-growth-floor = Below that growth 0
score-below-growth-extend = Below that growth marks go on falling
score-base-missing-missing = No base: missing
score-base-missing-zero = No base: 0
score-base-missing-full = No base: full mark
score-base-zero-missing = Base 0: missing
score-base-zero-zero = Base 0: 0
score-base-zero-full = Base 0: full mark
score-base-negative-missing = Base below 0: missing
score-base-negative-zero = Base below 0: 0
score-base-negative-full = Base below 0: full mark
score-base-negative-magnitude = Base below 0: compared with the base without its sign
score-level-none = Only growth counts, not the level
score-level-better = The better of growth and “{ $value }” counts
score-rule-checklist-equal = Share of the list that is ticked
score-rule-checklist-weighted = Share of the list that is ticked, by weight
score-partial-share = A part of a tick counts its part
score-partial-nothing = A part of a tick counts nothing
score-partial-refuse = A part of a tick is refused
score-blank-unticked = A tick without value is not ticked
score-blank-missing = A tick without value makes it missing
score-not-applicable-never = Every tick applies to all
score-not-applicable-leaves = A tick that does not apply leaves the denominator
score-not-applicable-ticked = A tick that does not apply counts as ticked
score-nothing-applies-missing = Where nothing applies: missing
score-nothing-applies-zero = Where nothing applies: 0
score-nothing-applies-full = Where nothing applies: full mark
score-must-missed-zero = Where a tick that must be there is not: 0
score-must-missed-cap = Where a tick that must be there is not: at most { $cap }
score-tick = “{ $value }”
score-tick-must = “{ $value }”, must be there
score-tick-weighted = “{ $value }”, weight { $weight }
score-tick-weighted-must = “{ $value }”, weight { $weight }, must be there
score-rule-round-composite-mean = Mean of the rounds
score-rule-round-composite-weighted = Weighted mean of the rounds
score-rule-round-composite-latest = The latest round
score-rule-round-composite-best = The best round
score-corrected-recompute = A corrected round counts as corrected
score-corrected-keep = A corrected round counts as it was first made final
score-missing-round-skip = The others take over the weight of a missing round
score-missing-round-zero = A missing round counts 0
score-missing-round-missing = A missing round makes it missing
score-rounds-at-least = At least { $count } rounds must be there
score-round-of = “{ $value }”, full mark { $full }
score-round-of-weight = “{ $value }”, full mark { $full }, weight { $weight }
score-round-exact = Rounding: not rounded
score-round-places = Rounding: { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-round-value-exact = Rounding before the look-up: not rounded
score-round-value-places = Rounding before the look-up: { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-round-growth-exact = Rounding of the growth: not rounded
score-round-growth-places = Rounding of the growth: { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-percent-exact = Rounding of the percentage: not rounded
score-percent-places = Rounding of the percentage: { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-round-logarithm-exact = Rounding of the logarithms: not rounded
score-round-logarithm-places = Rounding of the logarithms: { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $mode ->
        [half-up] half up
        [half-even] half to even
        [half-down] half down
        [up] away from zero
        [down] towards zero
        [ceiling] upwards
       *[floor] downwards
    }
score-missing-mean-round-exact = Rounding of the mean: not rounded
score-missing-mean-round-places = Rounding of the mean: { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $mode ->
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

score-constant-step = Size of a step
score-constant-mark-at-base = Mark at the base
score-constant-mark-per-step = Marks per step
score-constant-joint-share-lost = Share that is not counted of shared events
score-constant-mark-without-occurrences = Mark without occurrences
score-constant-marks-per-occurrence = Marks off per occurrence
score-constant-occurrences-before-repeat = Occurrences before they count as repeated
score-constant-marks-more-for-repeat = Marks off more for each repeated one
score-constant-carry-share = Share of the period before that still counts
score-constant-nothing-off = 0
score-constant-no-events = No events
score-constant-once = Once
score-constant-class-cap = Cap of the class
score-constant-entry-cap = Cap of the situation
score-constant-marks-per-event = Marks per event
score-constant-zero = 0
score-constant-growth-zero-at = Growth with 0 marks
score-constant-growth-full-at = Growth with the full mark
score-constant-mark-without-base = Mark without a usable base
score-constant-mark-where-nothing-applies = Mark where nothing applies
score-constant-must-missed-limit = Most without a tick that must be there
score-constant-blank-tick = No value: not ticked
score-constant-tick-not-applicable = Does not apply: counts as ticked
score-constant-one-tick = One tick
score-constant-tick-weight = Weight of the tick
score-constant-partial-tick = A part of a tick: 0
score-constant-missing-round = Missing round: 0
score-constant-round-weight = Weight of the round
score-constant-rounds-count = Number of rounds
score-constant-full-of-round = Full mark of the round

score-step-base-in-unit = Base in the rule's unit
score-step-over-base = Above the base
score-step-steps = Steps
score-step-steps-counted = Steps that count
score-step-marks-for-steps = Marks for steps
score-step-over-times-mark = Above the base × marks per step
score-step-mark-with-steps = Mark with steps
score-step-events-with-revoked = With revoked events
score-step-events-without-repeated = Without facts counted elsewhere
score-step-joint-lost = Not counted of shared events
score-step-events-with-joint = Shared events by their share
score-step-marks-off = Marks off
score-step-occurrences-repeated = Repeated occurrences
score-step-marks-off-repeated = Marks off more for repeated ones
score-step-marks-off-in-all = Marks off in all
score-step-mark-after-deduction = Mark after deduction
score-step-events-carried = Carried over from the period before
score-step-events-with-carried = With what was carried over
score-step-penalty = Taken off
score-step-events-marks = Marks of all situations
score-step-class-marks = Marks of the class
score-step-events-once = Counted once
score-step-class-capped = Not above the cap of the class
score-step-entry-capped = Not above the cap of the situation
score-step-entry-marks = Marks of the situation
score-step-better-of-level = The better of growth and level
score-step-growth-difference = Difference from the base
score-step-hundred-times-difference = 100 × difference
score-step-growth-percent = Growth in percent
score-step-growth-rounded = Growth, rounded
score-step-base-magnitude = Base without its sign
score-step-growth-way = From 0 marks to the full mark
score-step-growth-way-done = Growth above the one with 0 marks
score-step-mark-for-growth = Mark for the growth
score-step-ticked-weight = Ticked
score-step-tick-weights = All that apply
score-step-full-times-ticked = Full mark × ticked
score-step-checklist-mark = Mark for the list
score-step-must-missed = Limited by a tick that must be there
score-step-tick-times-weight = Tick × weight
score-step-round-times-weight = Round × weight
score-step-best-round = Best round
score-step-rounds-sum = Sum of the rounds
score-step-round-weights = Sum of the weights
score-step-rounds-mean = Mean of the rounds
score-step-round-times-full = Round × full mark
score-step-round-scaled = Round on this scale
