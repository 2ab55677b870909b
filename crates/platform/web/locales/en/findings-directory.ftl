# Places, organisations, people, figures and imports of tables: what is wrong, and what to do
finding-place-unknown = There is no such place
    .remedy = Choose one of the register; register new villages and towns first.
finding-place-name-length = A name has 1 to { $expected } characters
finding-place-twice = The same place stands twice in what was sent
finding-place-kind-unclear = Name and code say different kinds; by its name it is taken as { $kind ->
        [district] a district
        [county] a county
        [county_city] a county-level city
        [banner] a banner
        [street] a street
        [town] a town
        [township] a township
        [village] a village
        [community] a community
       *[other] “{ $kind }”
    }
    .remedy = If the code “{ $found }” is wrong, correct it and import again.
finding-place-parent-unknown = The place above “{ $name }” was not found
    .remedy = Check the parent code, or add the parent to the roster.
finding-place-parent-not-above = The place above “{ $name }” must be of a higher level
    .remedy = Check the parent code.
finding-place-not-above-its-children = Places below this one would be of the same level or a higher one
    .remedy = Change the places below first.
finding-place-parent-itself = A place cannot stand below itself
finding-place-parent-ended = The place above, “{ $name }”, has ended
    .remedy = Choose one that exists.
finding-place-parent-not-begun = The place above, “{ $name }”, began on { $expected }, after { $found }
    .remedy = Change the day or choose another place above.
finding-place-has-children = “{ $name }” would still stand below it afterwards
    .remedy = End, merge or move what is below first.
finding-place-ended = “{ $name }” ended on { $day }
finding-place-not-ended = This place has not ended; there is nothing to bring back
finding-place-day-before-begin = “{ $name }” is as it is now since { $expected }; the change must come later
    .remedy = You gave { $found }.
finding-place-day-before-end = It can come back only after { $expected }, when it ended
    .remedy = You gave { $found }.
finding-place-levels-differ = “{ $name }” is of another level and cannot take part
finding-place-link-twice = The same merger or split is recorded on this day already
finding-place-child-not-said = Nothing is said of where “{ $name }” goes
    .remedy = Choose for every place below where it goes.
finding-place-successor-unknown = “{ $name }” shall go to a place that is not among the successors
finding-place-changed-since = “{ $name }” changed after this day and cannot be moved before it
    .remedy = Give a day after its latest change.
finding-place-change-text-length = Please fill this in, up to { $expected } characters
    .remedy = It has { $found } characters.
finding-merge-too-few = A merger needs two or more places that become one
finding-split-too-few = A split makes two or more places of one
finding-import-grid-missing = A micro-grid needs the grid in which it lies
    .remedy = Put the grid's name in the column “grid” and the village's code in “parent_code”.
finding-place-succeeds-itself = A place cannot succeed itself
finding-division-code-other-level = Division code “{ $found }” is of another level; expected is a code of a { $expected ->
        [province] province
        [city] city
        [county] county
        [town] town
       *[village] village
    }
    .remedy = Compare with the document that orders it.
finding-division-code-elsewhere = Division code “{ $found }” does not lie in “{ $name }”; it should begin with { $expected }
    .remedy = Compare with the document that orders it; where the code of the place above is wrong, correct that first.
finding-division-code-leaves-below = The codes of { $count } places below, “{ $name }” among them, would lie outside the new one
    .remedy = Where they are wrong for the same reason, tick “Correct the codes below too”; where they are right, check the new code.
finding-division-code-taken = The division code “{ $found }” belongs to another place in this period
    .remedy = Check the code and the days; in a merger or renaming, end the former place first.
finding-import-begins-before-above = The first day { $found } is before that of the place above ({ $expected })
    .remedy = Check both days; where the place above begins earlier too, give it in the same file.
finding-day-in-future = The day { $found } has not come yet
    .remedy = Record it on the day or after.
finding-ends-before-it-begins = The last day is before the first
finding-organisation-name-length = The name of an organisation has 1 to { $expected } characters
finding-organisation-unknown = There is no such organisation
finding-person-unknown = There is no such person
    .remedy = Register the person first.
finding-person-name-length = A name has 1 to { $expected } characters
finding-post-code-form = The code of a post “{ $found }” may have lower-case letters, digits and underscores only, at most 40
finding-item-code-form = The code of an item “{ $found }” may have lower-case letters, digits, dots, underscores and hyphens only, at most 60
    .remedy = Give the item's code as the scheme has it, not its name.
finding-figure-twice = The same place, item and period stand twice
finding-import-figure-twice = Row { $first } has the same place, item and period
    .remedy = Keep one of them.
finding-import-item-unknown = No scheme and no pack declares the item “{ $found }”
    .remedy = Check the item's code; a new item that is meant goes into a scheme or a pack first.
finding-import-item-unknown-near = No scheme and no pack declares the item “{ $found }”; is “{ $expected }” meant?
    .remedy = Give the item's code as the scheme has it.
finding-import-other-unit = The unit is “{ $found }”; expected is { $expected ->
        [fen] fen
        [yuan] yuan
        [wan_yuan] ×10,000 yuan
        [permille] ‰
        [percent] %
        [ratio] times
        [mu] mu
        [hectare] ha
        [hour] hours
        [day] days
        [year] years
        [count] (number)
        [mark] marks
        [tick] (yes 1, no 0)
       *[other] { $expected }
    }
    .remedy = Convert the value first, or leave the unit empty.
finding-import-value-below = { $found } is too small: at least { $expected } { $unit ->
        [fen] fen
        [yuan] yuan
        [wan_yuan] ×10,000 yuan
        [permille] ‰
        [percent] %
        [ratio] times
        [mu] mu
        [hectare] ha
        [hour] hours
        [day] days
        [year] years
        [count] (number)
        [mark] marks
        [tick] (yes 1, no 0)
       *[other] { $unit }
    }
    .remedy = Check the number and its unit.
finding-import-value-above = { $found } is too large: at most { $expected } { $unit ->
        [fen] fen
        [yuan] yuan
        [wan_yuan] ×10,000 yuan
        [permille] ‰
        [percent] %
        [ratio] times
        [mu] mu
        [hectare] ha
        [hour] hours
        [day] days
        [year] years
        [count] (number)
        [mark] marks
        [tick] (yes 1, no 0)
       *[other] { $unit }
    }
    .remedy = Check the number and its unit.
finding-import-value-places = { $found } has too many places: at most { $expected }, counted in { $unit ->
        [fen] fen
        [yuan] yuan
        [wan_yuan] ×10,000 yuan
        [permille] ‰
        [percent] %
        [ratio] times
        [mu] mu
        [hectare] ha
        [hour] hours
        [day] days
        [year] years
        [count] (number)
        [mark] marks
        [tick] (yes 1, no 0)
       *[other] { $unit }
    }
    .remedy = Give it with that many places.
finding-figure-text-length = The text must have { $least } to { $most } characters
finding-sheet-empty = The table is empty
    .remedy = Check which file you chose; the first sheet with content is read.
finding-sheet-too-large = The table is too large: at most { $what ->
        [rows] { $limit } rows
        [columns] { $limit } columns
        [cells] { $limit } cells in all
        [cell] { $limit } bytes in one cell
        [bytes] { $limit } bytes in the file
       *[unpacked] { $limit } bytes when unpacked
    }
    .remedy = Remove what is not needed, or import several files.
finding-sheet-not-a-table = This is no table
    .remedy = Choose an Excel workbook (.xlsx) or a CSV file.
finding-sheet-encoding = The file's character encoding is not known
    .remedy = Save it as “CSV UTF-8” or as .xlsx.
finding-sheet-old-format = This is a workbook in the old format (.xls)
    .remedy = Open it in your spreadsheet program and save it as .xlsx.
finding-sheet-not-a-workbook = The workbook cannot be opened; it may be damaged
    .remedy = Open it in your spreadsheet program, save it as .xlsx and import that.
finding-sheet-csv = From this line on it is not CSV
    .remedy = Check quotes and commas, or save it as .xlsx.
finding-import-column-missing = The column “{ $expected }” is missing
    .remedy = Add it to the header, which must stand within the first 10 rows.
finding-import-column-twice = The header “{ $found }” means the same as an earlier column
    .remedy = Keep one of them.
finding-import-column-unknown = The column “{ $found }” is not part of this import and was not read
finding-import-no-rows = There is nothing below the header
finding-import-more-findings = { $count } more are not listed
    .remedy = Correct the ones above and import again.
finding-import-code-twice = The code “{ $found }” stands in { $first } already
    .remedy = A code belongs to one place; check both.
finding-import-level-missing = A place without code needs its level
    .remedy = Write province, city, county, town or village.
finding-import-level-unknown = The level “{ $found }” is not known
    .remedy = Write province, city, county, town or village.
finding-import-level-not-the-codes = The level “{ $found }” contradicts the code, which is that of a { $expected }
finding-import-parent-missing = “{ $name }” has no code, so it needs a parent code
finding-import-place-twice = “{ $found }” is the same place as an earlier row
    .remedy = Keep one row.
finding-import-place-unknown = “{ $found }” is not in the register, or not among the places you work for
    .remedy = Check the code or the name.
finding-import-place-ambiguous = { $count } places are called “{ $found }”
    .remedy = Give the division code.
finding-import-name-not-the-codes = The name “{ $found }” and the code { $code } are different places
    .remedy = Check whether the rows slipped.
finding-import-period-form = “{ $found }” is not a period
    .remedy = Such as 2026-Q4, 2026-M03, 2026-H1 or 2026.
finding-import-not-a-number = “{ $found }” is not a number
    .remedy = Plain digits, no unit, no thousands separator, no “about”; without a figure leave it empty and give the reason.
finding-import-number-inexact = “{ $found }” is not an exact number; a formula probably gave it
    .remedy = Round it in the workbook to the places you need (at most 15 digits) and paste it as a value.
finding-import-value-or-reason = Neither a value nor a reason is given
    .remedy = Give the value, or the reason why there is none; missing is not 0.
finding-import-value-and-reason = There is a value and also a reason why there is none
    .remedy = Keep one of them.
finding-import-day-form = “{ $found }” is not a day
    .remedy = Write it as 2026-03-31.
finding-import-text-length = The text has at most { $expected } characters
finding-import-cell-empty = This cell must not be empty
    .remedy = Fill it in.
finding-import-formula-without-value = This cell is a formula, and the file does not hold its result
    .remedy = Open the file in Excel or WPS, recalculate, save, and import again.
finding-import-person-twice = Row { $first } has the same person, place and post
    .remedy = Keep one of them.
finding-import-post-unknown = Unknown post “{ $found }”
    .remedy = Give secretary, deputy_secretary, director, committee_member, supervision_director, accountant, grid_worker, clerk or leader.
finding-import-phone-form = A telephone number has 7 to 15 digits
    .remedy = Check it; what stands there is not shown here.
finding-import-id-as-number = The number of the identity card was kept as a number and has lost its last digits
    .remedy = Make the column a text column and enter the whole number again.
finding-import-id-old = An old number of 15 digits; completed to 18 by the rule
    .remedy = Compare it with the person's present card.
finding-import-account-twice = Row { $first } has the same sign-in name
    .remedy = Choose another sign-in name.
finding-import-organisation-twice = Row { $first } has an organisation of the same name at the same place
    .remedy = Keep one of them.
finding-import-organisation-kind = Unknown kind of organisation “{ $found }”
    .remedy = Give party_body, village_committee, supervision_committee, collective, town_office, county_department, coop or other.
finding-import-organisation-unknown = There is no organisation “{ $found }” to stand above
    .remedy = Register it first, or give it in the same file.
finding-import-organisation-ambiguous = Several organisations are called “{ $found }”
    .remedy = Give full names first.
finding-organisation-above-itself = An organisation cannot stand above itself
    .remedy = Check the column parent.
finding-place-name-characters = The name holds a line break or an invisible character
    .remedy = Remove it, or check whether the quotation marks of the table are paired.
finding-outline-not-json = The file is not JSON; it cannot be read from here on
    .remedy = Export the GeoJSON again.
finding-outline-not-a-collection = The file is no GeoJSON FeatureCollection but “{ $found }”
    .remedy = Export it as a FeatureCollection.
finding-outline-none = The file has no features
finding-outline-too-large = Beyond the limit: { $what ->
        [bytes] { $limit } bytes at most
        [features] { $limit } features at most
        [positions] { $limit } points at most
       *[corners] { $limit } points at most in a simplified outline
    }, found { $found }
    .remedy = Simplify it first, or split it into several files.
finding-outline-geometry = The feature is “{ $found }”; expected a Polygon or MultiPolygon
finding-outline-shape = Here is “{ $found }”; expected { $expected ->
        [polygons] a list of polygons
        [rings] a list of rings
        [ring] a list of points
       *[position] [longitude, latitude]
    }
finding-outline-coordinate = “{ $found }” is no { $expected ->
        [longitude] longitude in China (73 to 136)
       *[latitude] latitude in China (3 to 54)
    }
    .remedy = Check the order of the two numbers and the coordinates; the unit is the degree.
finding-outline-ring-short = A ring needs { $expected } points; this one has { $found }
finding-outline-ring-open = The ring is not closed: its last point is { $found }
    .remedy = The first and the last point must be the same.
finding-outline-ring-flat = The points of the ring coincide; it encloses nothing
finding-outline-ring-crosses = The ring crosses itself, near { $found }
    .remedy = Mend it in the map software and export it anew.
finding-outline-code-missing = The feature has no division code
    .remedy = Add the property “code” with the 12 digits.
finding-outline-code-twice = The division code “{ $found }” stands in feature { $first } already
finding-place-unchanged = Nothing was changed
    .remedy = Change a name or give a day.
