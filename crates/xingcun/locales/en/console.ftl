# Command line: shared by all subcommands
console-error = error
console-warning = warning
console-note = note
console-more-findings = { $count } more are not listed
