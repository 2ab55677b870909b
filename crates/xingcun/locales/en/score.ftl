# xingcun score: progress, explanation, findings
score-progress-read = reading figures
score-progress-compute = computing
score-progress-write = writing results

explain-missing = missing
explain-score = score { $score } (before rounding { $exact })
explain-grade = grade { $grade } (band { $band } { $range })
explain-grade-limits = the grade is limited by: { $gates }
explain-rank = rank { $rank } of { $ranked }; { $group } { $rank_in_group } of { $ranked_in_group }
explain-tied = tied with: { $subjects }
explain-node = { $title } ({ $code }): { $mark } of { $full }
explain-before-rounding = before rounding and limits it is [{ $term }] = { $value }
explain-applied-filled-value = missing figures were filled in by the rule
explain-applied-filled-mark = the mark is missing and was filled in by the rule
explain-applied-blocked = a figure is missing, so there is no mark
explain-applied-awaits-appeal = a figure is missing and waits for a decision
explain-applied-zero = missing; counts 0 above
explain-applied-skipped = missing; left out above
explain-applied-held-below = something below is still open, so there is no mark
explain-gates-failed = gates not passed: { $gates }
explain-source-declared = declared
explain-source-record = record
explain-source-station = station
explain-source-filled = filled in

finding-score-unreadable = “{ $file }” cannot be read: { $reason }
    .remedy = Check the path and the right to read it.
finding-score-not-written = “{ $file }” cannot be written: { $reason }
    .remedy = Check the path, the right to write and the space on the disk; an older file was left as it was.
finding-score-out-form = Results cannot be written as “{ $found }”
    .remedy = The file of results ends in .csv or .json.
finding-score-explain-unknown = There is no “{ $found }” among the figures
    .remedy = Copy it as it stands in the column of subjects.
finding-score-column-absent = There is no column named “{ $expected }”
    .remedy = Add it and leave unknown cells empty. The header has: { $found }
finding-score-column-twice = The column “{ $found }” stands there twice
    .remedy = Remove or rename one of the two.
finding-score-columns-unused = These columns are not used: { $found }
    .remedy = If they should be, check their names.
finding-score-row-length = The row has { $found } cells, the header { $expected }
    .remedy = Complete it or remove what is too much; text with commas needs quotes.
finding-score-subject-empty = The subject is empty
    .remedy = Fill it in, or remove the row.
finding-score-name-control = The name holds characters that cannot be shown: { $found }
    .remedy = Type the name again.
