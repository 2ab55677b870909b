# Command line: shared by all subcommands
console-error = error
console-warning = warning
console-note = note
console-more-findings = { $count } more are not listed
# The demonstration
demo-places = Preparing the demonstration: places and organisations
demo-people = Preparing the demonstration: people, accounts and grants
demo-round = Preparing the demonstration: the round of { $period }
# A data folder that cannot be used
folder-already-set-up = { $path } was already set up; choose an empty folder.
folder-not-set-up = { $path } was not set up; run: xingcun setup --dir { $path }
folder-locked = { $path } is in use by another xingcun process; stop it first.
folder-demonstration = { $path } is a demonstration and is not served as a real installation. Run: xingcun demo --dir { $path }
folder-config = The configuration { $path } is wrong: { $why }
folder-io = Reading or writing { $path } failed: { $why }
