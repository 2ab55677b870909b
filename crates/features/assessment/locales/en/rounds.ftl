# Schemes, rounds, declaration, verification, review

period-month = { $number ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
period-quarter = { $number ->
        [1] first
        [2] second
        [3] third
       *[4] fourth
    } quarter of { $year }
period-half-year = { $number ->
        [1] first
       *[2] second
    } half of { $year }
period-year = { $year }

value-missing = missing
unit-fen = fen
unit-yuan = yuan
unit-wan-yuan = ×10,000 yuan
unit-permille = ‰
unit-percent = %
unit-ratio = times
unit-mu = mu
unit-hectare = ha
unit-hour = hours
unit-day = days

crumbs = Where this is
rounds-title = Rounds
rounds-lede = Progress and results of every round of assessment
rounds-empty = No round yet. Once a scheme is published, a round can be opened.
round-title = { $scheme }, { $period }
round-name = Round
round-place = Place
round-place-hint = Every village and community below this place is assessed
round-period = Period
round-state = State
round-state-open = In progress
round-state-provisional = Computed, not posted
round-state-posted = Posted
round-state-finalised = Final
round-open = Progress of the round
round-open-title = Open a round
round-open-lede = Villages, their tree, items and names are copied now; later changes of the register do not reach the round
round-own-title = Title of its own
round-own-title-hint = May be left empty: scheme and period are shown then
round-posting-days = Public posting
working-days-unit = working days
submit-open = Open

progress-declared = Declared
progress-verified = Verified
progress-reviewed = Reviewed
progress-of = { $part } of { $total }
round-steps = Steps of the round
step-declare = Villages declare
step-verify = Towns verify
step-review = County reviews
step-compute = Computed
step-post = Posted
step-finalise = Final
round-terms = Terms
term-fact-declare = Declare by
term-fact-verify = Verify by
term-fact-review = Review by
posted-until = Posted until
round-towns = Progress by town
villages-left = Villages with something to declare
round-villages = Progress by village
village-search = Find a village
villages-none = No village fits.
villages-all = Show all
villages-not-shown = How far a single village is, is open to the village and its superiors; the steps above show all villages together.
town-all = All towns
only-open = Only those with something to declare
scheme-read = Read the scheme

act-compute = Compute the result
act-post = Post the result
act-finalise = Make it final
act-extend = Extend the terms
act-back = Back
effect-compute = All figures are frozen and provisional ranks are computed. After that neither village, town nor county can change a figure.
effect-post = The provisional result is posted for { $days } working days, until 24:00 on { $until }, and is open to objections. A posting cannot be withdrawn.
effect-finalise = Once the posting is over and no dispute is open, the result becomes final and never changes again.
effect-extend = Terms can only become later. The extension holds for every village; the reason stays on record.
extend-reason = Reason for the extension
submit-compute = Freeze and compute
submit-post = Post
submit-finalise = Make final
submit-extend = Extend

section-state-open = To declare
section-state-submitted = Declared
section-state-returned = Returned to village
section-state-verified = Verified
section-state-sent-back = Sent back to town
section-state-reviewed = Reviewed
sections-title = Indices
term-declare = Declare by { $day }
term-verify = Verify by { $day }
term-review = Review by { $day }
window-closed-now = The term of this step is over. Ask the county to extend it.
done-declare = Submitted. The town verifies it by { $day }.
done-verify = Verified. The county reviews it by { $day }.
done-return = Returned to the village, which submits it again by { $day }.
done-withdraw = The verification is withdrawn. Verify it again by { $day }.
done-review = Reviewed. This section is done.
done-send-back = Sent back to the town, which verifies it again by { $day }.
done-extend = The term is extended, and the reason recorded.
done-compute = Computed; the figures are frozen. Check the ranking, then post it.
done-post = Posted until 24:00 on { $day }. It can be made final once the term is over and appeals are decided.
done-finalise = Final; the result changes no more.
next-section = Next: { $item }
next-none = Nothing else waits here; to the home page
given-back = Given back: { $reason } To be done by { $day }.
of-full = of { $full }
rule-shared = Marked together with “{ $item }”
town-fills = The town fills this in when it verifies; the village leaves it.
section-dispute = Wrong figure?
side-declared = Village
side-verified = Town
side-reviewed = County
side-corrected = Correction
input-value = { $item }
input-adjust = { $item } as found
input-no-value = No figure
input-missing = Why there is no figure for { $item }
input-missing-hint = No figure is not 0: say why, in at most 200 characters
input-reason = Why { $item } was changed
input-reason-hint = Needed where it differs from the step before; the village sees it
input-evidence = Evidence for { $item }
evidence-optional = Optional. JPG, PNG or PDF
evidence-keep = Keep
answered-of = { $done } of { $total } answered
submit-declare = Check and submit to the town
submit-verify = Verify
submit-review = Accept
return-title = Return to the village
return-reason = Reason
return-reason-hint = Say what is to be added or changed; the others see it
return-due = To be done by
submit-return = Return to the village
send-back-title = Send back to the town
submit-send-back = Send back to the town
withdraw-title = Withdraw the verification
withdraw-reason = Reason
submit-withdraw = Withdraw
estimate-title = Estimated score
estimate-open = { $count ->
    [one] 1 more item is
   *[other] { $count } more items are
} not filled in and not counted
estimate-items = Items of this section
notes-title = Please check
note-unread = This is not a number, or out of the range that can be filled in, and does not count as filled in yet.
note-above = { $value } is more than { $total }, { $limit }. Please check.
draft-saved = Draft kept at { $time }
draft-unsaved = The draft was not kept: check the connection or sign in again. What you typed is still on this page.
submit-draft = Keep as draft
finding-draft-empty = There is nothing to keep
    .remedy = Keep drafts from the page of the section.
estimate-hint = Only what is filled in is counted, nothing is guessed; verification and review decide.
trail-title = History
trail-due = To be done by { $day }
act-declared = declared
act-verified = verified
act-returned = returned to the village
act-withdrawn = withdrew the verification
act-reviewed = reviewed
act-sent-back = sent back to the town
act-refreshed = figures renewed from the record

posting-title = Public posting
posting-term = Posted from { $from } until 24:00 on { $until }, { $days } working days.
posting-objections = Who objects tells the village first; the village opens its score sheet within the term and chooses “Appeal”.
posting-objections-over = The term is over; appeals are no longer taken.
posting-old = This is version { $version }, which has been corrected. Version { $present } is in force.
posting-present = Open the version in force
posting-sees-all = Only county and town see all scores and ranks: a village sees its own score and exact rank, and the others in bands; the public sees no score, rank or grade of any village.
posting-sees-own = Your village is shown with its score and exact rank, the others in bands: the assessment is there for every village to improve its own work, not to seat the others in order.
posting-sees-none = Scores, ranks and grades are open to the village itself and its superiors, and not shown here: to publish a part would give the rest away. Progress and figures are public.
posting-provisional-calendar = The days off of a year that the term touches are not known yet, so its last day may move.
posting-proof = Proof
posting-proof-hint = With these digests a printed sheet can be compared with the record.
posting-version = Posted version
posting-command = Number in the journal
posting-checkpoint = Latest signed checkpoint
plan-digest = Digest of the scheme
inputs-digest = Digest of the figures
result-digest = Digest of the result

schemes-title = Schemes
schemes-lede = A published scheme is never changed; a change is a new version
schemes-empty = No scheme yet. Publish one from a pack, or paste a scheme file.
scheme-name = Scheme
scheme-lede = Indicators, marks, weights and rules
scheme-code = Code
scheme-version = Version
scheme-pack = From
scheme-published = Published
scheme-facts = About the scheme
scheme-tree = Indicators and rules
scheme-weight = Weight
scheme-rule = Rule
scheme-grades = Grades
scheme-text = Text of the scheme
scheme-text-show = Show the text
ours-mark = default, to be set by the county
publish-title = Publish a scheme
publish-lede = It becomes a frozen version with which rounds can be opened
publish-place = Place of the publishing office
publish-place-hint = People at this place, above it and below it can read the scheme
publish-scheme = Scheme of a pack
publish-scheme-none = None of a pack
publish-text = Or paste a scheme file
publish-text-hint = Where there is a text, it is the one that counts
submit-publish = Check and publish

rounds-to-declare = To declare
rounds-to-verify = To verify
rounds-to-review = To review
todo-section = { $village }: { $section }
rounds-of-village = Assessment
village-round-open = { $period }: in progress
village-round-provisional = { $period }: computed
village-round-posted = { $period }: posted
village-round-finalised = { $period }: final

finding-section-not-in-state = This cannot be done at this step
    .remedy = Reload the page to see where it stands.
finding-round-not-in-state = This cannot be done to the round at this step
    .remedy = Reload the page to see where it stands.
finding-round-not-open = The figures of this round are frozen
    .remedy = Frozen figures change only by a correction after a dispute.
finding-round-terms-order = Declaring, verifying and reviewing must end one after the other
finding-window-closed = The term ended on { $last }
    .remedy = Ask the county to extend it.
finding-due-in-the-past = The day lies before today ({ $today })
finding-due-too-late = This has to be back by { $limit }: after that day nobody could take it
    .remedy = Choose an earlier day, or ask the county to extend the terms of this village first.
finding-figures-changed = The figures of the record changed on { $when }, after you opened this page
    .remedy = Look at the new figures, then send it again. What you typed is still here.
finding-revision-required = The revision that you saw is missing
    .remedy = Send seen_revision: the one that the page shows, or that the last answer gave.
finding-returns-used-up = Already returned { $limit } times
    .remedy = Adjust the value instead and say why.
finding-value-required = Give a value, or say why there is none
finding-value-and-reason = Give either a value or a reason why there is none, not both
finding-item-not-asked = “{ $item }” is not asked here
finding-item-twice = “{ $item }” was given twice
finding-reason-for-change = The value was changed: say why
finding-evidence-required = This item needs evidence
finding-evidence-not-taken = This item takes no evidence
finding-evidence-too-many = At most { $limit } files for one item
finding-evidence-twice = The file “{ $found }” was given twice
finding-cells-not-as-recorded = What pages show for { $item } of { $village } is not what the record holds; no result is computed from it
    .remedy = Ask the system administrator to stop the server and run xingcun rebuild, then check this item.
finding-sections-not-reviewed = { $count } villages are not fully reviewed: { $villages }
    .remedy = Compute when all of them are.
finding-posting-not-over = The posting ends at 24:00 on { $until }
finding-posting-days = The posting takes 1 to { $most } working days
finding-round-without-subjects = There is no village or community below this place
    .remedy = Import the register first.
finding-round-too-many-subjects = More than { $limit } subjects
finding-round-opened-already = A round of this scheme for { $period } was opened already
finding-terms-not-later = No term became later
finding-group-unknown = The scheme groups by “{ $found }”, which is not known; known are: { $known }
finding-scheme-unknown-in-pack = The pack “{ $pack }” has no scheme “{ $found }”
finding-scheme-published-already = The content is that of version { $version }; nothing was published
finding-scheme-of-other-place = The scheme of this code was published by another place
    .remedy = Choose another code, or let that place publish the new version.
extend-for = For whom
extend-for-all = Every village
village-late = term has passed
village-extended = extended to { $day }
only-late = Only those past their term ({ $count })
sample-title = Sample check
sample-effect = Drawn once, when everything is verified. Which villages follows from the first signed checkpoint after verification: nobody can know or choose them before.
sample-percent = Share of villages
sample-percent-fact = Share of villages
submit-sample = Draw
sample-none = No sample was drawn.
sample-drawn = Drawn villages
sample-position = Order
sample-how = How it was drawn
sample-rule = Seed = SHA-256 of "xingcun.sample.v1", the round's id and the checkpoint's root; each village gets SHA-256 of the seed and its id, and the smallest are taken. Anybody can count it again.
sample-at = Drawn at
sample-closing = Command that closed verification
sample-checkpoint = Size of the checkpoint
sample-root = Root of the checkpoint
sample-seed = Seed
finding-sample-percent = The share lies between 1 and 100
    .remedy = Give a whole number, such as 10.
finding-sample-not-verified = { $count } sections are not verified yet
    .remedy = Draw when everything is verified.
finding-sample-no-checkpoint = No signed checkpoint covers the verification yet
    .remedy = Try again in at most ten minutes.
