# Forms, lists, pieces
form-problems = { $count ->
    [one] There is one problem to correct
   *[other] There are { $count } problems to correct
}
form-error-prefix = Error:
form-left = { $n } characters left
form-longest = At most { $n } characters
form-file-kept = { $size }, uploaded
form-file-failed = not uploaded; remove it and choose it again
form-file-remove = Remove
list-shown = { $first }–{ $last } of { $total }
list-pages = Pages
list-no-result = Nothing found for “{ $words }”.
list-reset = Reset filters
list-export = Export to Excel
list-export-csv = Export to CSV
export-about = About this list
export-made = Made
export-rows = Rows
part-print = Print
part-known = Already on record
part-source = Source: { $source }
marked-suffix = marked
