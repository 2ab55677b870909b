# What the formula language says: what is wrong, and what to write
finding-formula-empty = The formula is empty
    .remedy = Write one, such as min(income / target, 1) * 6.
finding-formula-too-long = The formula has { $found } bytes; the limit is { $limit }
    .remedy = Split it into several indicators.
finding-formula-too-deep = The formula is nested more than { $limit } levels deep
    .remedy = Write a long sum as sum(a, b, …); split the rest into several indicators.
finding-formula-too-many-steps = The formula needs { $found } steps; the limit is { $limit }
    .remedy = Use fewer ln, exp and sqrt, or split it into several indicators.
finding-formula-unexpected-character = Unknown character “{ $found }”
    .remedy = Remove it; write a fraction as 0.5, not .5.
finding-formula-write-instead = “{ $found }” cannot be used here
    .remedy = Write “{ $expected }” instead.
finding-formula-unclosed-text = The text has no closing quote
    .remedy = Close it on the same line.
finding-formula-bad-escape = “{ $found }” cannot stand in a text
    .remedy = After a backslash only n, t, a quote or a backslash may follow.
finding-formula-bad-number = “{ $found }” is not a number
    .remedy = Write 12 or 12.5: no exponent, no separators, no unit, at most 38 digits.
finding-formula-bad-name = “{ $found }” is not a name
    .remedy = A name begins with a letter, and so does each part after a dot.
finding-formula-incomplete = The formula ends too early
    .remedy = Still expected: { $expected ->
        [value] a value
       *[other] { $expected }
    }.
finding-formula-unexpected = “{ $found }” is not expected here
    .remedy = Expected: { $expected ->
        [value] a value
        [end] the end of the formula
       *[other] { $expected }
    }.
finding-formula-chained-comparison = Comparisons cannot be chained
    .remedy = Write 1 < x && x < 9, not 1 < x < 9.
finding-formula-unknown-name = There is no figure named “{ $found }”
    .remedy = Use the codes of this scheme's items. The closest is: { $similar }
finding-formula-unknown-function = There is no function “{ $found }”
    .remedy = The functions are: { $known }.
finding-formula-window-needs-name = { $function }(…) takes the name of one figure
    .remedy = Write { $function }(income) and calculate outside of it.
finding-formula-no-such-window = The figure “{ $name }” has no { $function }
    .remedy = Use the figure of the current period, or register the other one.
finding-formula-arguments = The function { $function } was given { $found } arguments
    .remedy = It takes at least { $fewest } and at most { $most }.
finding-formula-literal-argument = This argument of { $function } must be written out; “{ $found }” cannot be used
    .remedy = Possible: { $expected }.
finding-formula-type = “{ $part }” is { $found ->
        [number] a number
        [bool] true or false
        [text] a text
       *[other] { $found }
    }, but { $expected ->
        [number] a number
        [bool] true or false
        [text] a text
       *[other] { $expected }
    } is needed
    .remedy = Check that comparisons and conditions are complete.
finding-formula-input-absent = “{ $name }” could not be obtained
    .remedy = This is a defect of the program; tell the system administrator.
finding-formula-input-type = The value of “{ $name }” is { $found }, but it is registered as { $expected }
    .remedy = Correct the value or its registered type.
