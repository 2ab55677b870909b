# What verifying the journal found, and what to do
finding-journal-not-an-export = This is not an exported journal
    .remedy = Give a file written by xingcun journal export.
finding-journal-not-read = The file cannot be read on: { $why ->
        [not-text] something in it is not text
        [cut] it is cut short
        [permission] reading it is not allowed
        [gone] it is not there any more
       *[device] the storage device failed
    }
    .remedy = Check the medium and verify another copy.
finding-journal-line = Line { $line } cannot be read
    .remedy = The file may have been damaged on its way; export again and verify again.
finding-journal-cut-short = The file is incomplete: its last line is missing
    .remedy = Export or copy it again, then verify again.
finding-journal-after-end = Something follows the last line
    .remedy = Export again and verify again, and find out who added it.
finding-journal-count = The last line promises { $expected } leaves, there are { $found }
    .remedy = Export again and verify again, and find out what the difference is.
finding-journal-other-origin = This is the journal of “{ $found }”, the public key is that of “{ $expected }”
    .remedy = Use file and key of the same installation and area.
finding-journal-checkpoint-unreadable = { $kept ->
        [yes] A kept checkpoint cannot be read
       *[no] A checkpoint in the file cannot be read
    }
    .remedy = Compare it letter by letter with the one on the public page or the printed report.
finding-journal-checkpoint-of-another = { $kept ->
        [yes] The kept checkpoint of { $size } leaves belongs to another journal
       *[no] The file's checkpoint of { $size } leaves belongs to another journal
    }
    .remedy = Find out how it came here.
finding-journal-checkpoint-not-signed = { $kept ->
        [yes] The kept checkpoint of { $size } leaves was not signed by this key
       *[no] The file's checkpoint of { $size } leaves was not signed by this key
    }
    .remedy = Make sure of the public key; if it is right, the checkpoint was swapped.
finding-journal-checkpoint-false-signature = { $kept ->
        [yes] The signature of the kept checkpoint of { $size } leaves is false
       *[no] The signature of the file's checkpoint of { $size } leaves is false
    }
    .remedy = It was changed after it was signed; trust the copies kept outside.
finding-journal-leaf-changed = Leaf { $number } was changed after it was numbered (it now says { $time }, command { $name }, id { $command })
    .remedy = Seal off the database, compare the leaf with its copy in a backup, find out who changed it and when.
finding-journal-leaf-garbled = Leaf { $number } was changed after it was numbered and cannot be read any more
    .remedy = Seal off the database, compare the leaf with its copy in a backup, find out who changed it and when.
finding-journal-leaf-unreadable = The content of leaf { $number } cannot be read
    .remedy = Seal off the database and compare the leaf with its copy in a backup.
finding-journal-leaf-of-another-tenant = Leaf { $number } belongs to another area, { $tenant } ({ $time }, command { $name }, id { $command })
    .remedy = Seal off the database and find out how it came here.
finding-journal-command-twice = Leaf { $number } repeats a command that has a leaf already ({ $time }, command { $name }, id { $command })
    .remedy = A command leaves one leaf; find out who added this one.
finding-journal-order = Leaf { $number } is out of its place: leaf { $expected } belongs here
    .remedy = Seal off the database and find out who inserted or moved it.
finding-journal-gap = Leaves { $from } to { $to } are missing, { $count } in all; the leaf before the gap is of { $before }
    .remedy = Seal off the database, recover the leaves from a backup, find out who deleted them.
finding-journal-stretch-changed = Something among leaves { $number } to { $until } was changed: they do not fit the signed checkpoint of { $size } leaves. The stretch begins at { $time } with command { $name }, id { $command }
    .remedy = Seal off the database and compare this stretch with a backup; --against names the record rows that were changed.
finding-journal-fork = { $kept ->
        [yes] The kept checkpoint of { $size } leaves does not fit the leaves, which are signed otherwise: history was rewritten and signed again, or the database was once replaced by an older one
       *[no] The file's checkpoint of { $size } leaves does not fit the leaves, which are signed otherwise: one key signed two histories
    }
    .remedy = Trust the checkpoints kept outside, seal off database and key, find out what happened. Root: { $root }
finding-journal-tail-missing = The last { $missing } leaves are missing: a checkpoint was signed for { $expected }, there are { $found }
    .remedy = Seal off the database, recover the last leaves from a backup, find out who deleted them.
finding-journal-older = A kept checkpoint covers { $expected } leaves, here are only { $found }: the last { $missing } were deleted with their checkpoints, or the database was replaced by an older one
    .remedy = Make sure that the export is later than the checkpoint; if it is, restore from a backup and find out what happened.
finding-journal-no-checkpoint = There is no signed checkpoint: the file only agrees with itself
    .remedy = Give checkpoints from public pages or printed reports with --checkpoint.
finding-journal-uncovered = The last { $count } leaves are not yet covered by a checkpoint
    .remedy = The next one is signed within ten minutes; verify again then.
finding-journal-more = { $count } more are not listed
    .remedy = Deal with those above first, then verify again.
finding-journal-row-changed = The row { $row } of table { $table } was changed behind the journal's back; leaf { $number } wrote it ({ $time }, command { $name }, id { $command })
    .remedy = Seal off the database, compare the row with its copy in a backup, find out who changed it and when.
finding-journal-row-deleted = A row of table { $table } was deleted behind the journal's back: number { $row } of those that leaf { $number } wrote ({ $time }, command { $name }, id { $command })
    .remedy = Seal off the database, recover the row from a backup, find out who deleted it and when.
finding-journal-row-added = The row { $row } of table { $table } was added behind the journal's back, in the name of leaf { $number } ({ $time }, command { $name }, id { $command })
    .remedy = Seal off the database and find out who added it and when.
finding-journal-row-without-leaf = The row { $row } of table { $table } has no leaf: there never was a command { $command }
    .remedy = Seal off the database and find out who added it and when.
finding-journal-table-missing = The database has no table { $table }, but the leaves say that { $count } rows were written to it
    .remedy = Make sure that database and journal belong together; if they do, restore from a backup.
finding-journal-later = { $count } commands are later than this export; their rows were not compared
    .remedy = Export again to compare them.
