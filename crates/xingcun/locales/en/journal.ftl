# xingcun journal
journal-exported = { $leaves } leaves and { $checkpoints } checkpoints written to { $file }
journal-public-key = Public key (for verifying: --key):
journal-newest-checkpoint = Newest checkpoint (have others keep it; for verifying: --checkpoint):
journal-sizes = Journal { $origin }: { $leaves } leaves; signed checkpoints prove the first { $proven }
journal-root = Root { $root }
journal-checkpoint = Checkpoint of { $size } leaves, root { $root }, { $kept ->
        [yes] kept outside
       *[no] from the file
    }: { $agrees ->
        [yes] agrees
        [no] does not agree
       *[unknown] cannot be compared
    }
journal-rows = Record rows compared: { $rows }
journal-first-bad = The first bad leaf is { $number }: { $time }, command { $name }, id { $command }
journal-first-stretch = The first bad leaf is among { $number } to { $until }; the stretch begins at { $time } with command { $name }, id { $command }
journal-holds = The journal holds.
journal-does-not-hold = The journal does not hold.
