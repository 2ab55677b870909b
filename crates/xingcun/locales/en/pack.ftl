# xingcun pack
pack-check-summary = Packs checked: { $packs }. Errors: { $errors }. Other findings: { $others }.
pack-test-summary = Scenarios run: { $scenarios }. Cells that differ: { $differences }.
pack-diff-item = item
pack-diff-node = node
pack-diff-gate = gate
pack-diff-band = grade
pack-diff-whole = scheme
pack-diff-added = + { $part } { $code }
pack-diff-removed = - { $part } { $code }
pack-diff-changed = ~ { $part } { $code }
pack-diff-parts = Parts that differ: { $count }.
pack-diff-subject = { $subject }: score { $score }; rank { $rank }; grade { $grade }
pack-diff-moved = Of { $subjects }, { $scores } scores, { $ranks } ranks and { $grades } grades would move.

finding-pack-out-form = A scheme cannot be written as “{ $found }”
    .remedy = The file ends in .xlsx or .toml.
finding-pack-scenario-differs = Found “{ $found }”, expected “{ $expected }”
    .remedy = Check the scheme, or compute the expected figures anew.
