# Command line: import
import-places-done = { $added } added, { $changed } changed, { $unchanged } unchanged
import-figures-done = { $recorded } recorded
finding-cli-user-unknown = There is no account with the sign-in name { $found }
    .remedy = Give --as the sign-in name of an account.
