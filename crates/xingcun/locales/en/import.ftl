# Command line: import
import-places-done = { $added } added, { $changed } changed, { $unchanged } unchanged
import-organisations-done = { $added } organisations added, { $changed } changed, { $unchanged } unchanged
import-people-done = { $added } people added, { $changed } changed, { $unchanged } unchanged
import-accounts-done = { $added } accounts made, { $unchanged } were there; print activation slips on the page of accounts
import-marked = The wrong cells are marked in { $path }
finding-import-file-too-large = The file is larger than { $expected } MB
    .remedy = Split it into several files.
import-figures-done = { $recorded } recorded
finding-cli-user-unknown = There is no account with the sign-in name { $found }
    .remedy = Give --as the sign-in name of an account.
