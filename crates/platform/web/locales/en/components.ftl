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
form-file-sending = Uploading
form-file-waiting = The connection is lost; the upload goes on when it is back
form-file-resume = Go on
form-file-cancel = Cancel
form-file-late = This file is still on its way; wait until it is there, or cancel it
form-file-shrunk = Made smaller: { $from } became { $to }, without the place where it was taken
form-file-original = Send the original
form-file-heic = “{ $file }” is a HEIC photo that other devices cannot open; it was not uploaded. On the phone open Settings → Camera → Formats, choose “Most Compatible” and take it again, or send the photo to yourself in a chat and upload the JPG
form-file-large = “{ $file }” is larger than 20 MB and was not uploaded. Compress it first
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
