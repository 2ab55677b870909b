# Rights, accounts, grants and sign-in: what is wrong, and what to do
finding-access-not-found = There is no such thing here
    .remedy = Check the address, or come in again from the menu.
finding-access-no-role = Your role does not allow “{ $action }”
    .remedy = If you need it, ask the security administrator to propose a grant.
finding-access-not-on-this-day = Your grant for “{ $action }” is not valid today
    .remedy = Ask the security administrator to check its first and last day.
finding-access-roles-exclude = One person cannot be both “{ $role }” and “{ $other }”
    .remedy = Let different people hold them; where one person holds both already, revoke one.
finding-access-own-matter = Nobody can do “{ $action }” in her own matter
    .remedy = Let another person with the right do it.
finding-access-separation-of-duties = You, or the person you act for, did “{ $earlier }” on the same thing and cannot do “{ $action }” as well
    .remedy = { $constraint ->
        [declare-verify-review] Declaring, verifying and reviewing take three people; let another one do it.
        [appeal] An appeal is decided by someone who neither declared, verified nor reviewed the figure; let another person do it.
        [event] Naming, verifying and deciding an event take different people; let another one do it.
        [figure-dispute] A dispute is answered by someone who did not file it; let another person do it.
        [grant] Proposing and approving a grant take two people; let another one approve.
        [token] Proposing and releasing a token take two people; let another one release it.
       *[other] Let another person with the right do it.
    }
finding-access-reauthenticate = Give your password again before “{ $action }”
    .remedy = It then counts for ten minutes.
finding-access-cannot-reauthenticate = “{ $action }” needs your password on the web page; the command line and jobs cannot do it
    .remedy = Sign in on the web page and do it there.
finding-account-unknown = There is no such account
finding-role-cannot-be-granted = This role cannot be granted
    .remedy = Choose another role.
finding-role-at-another-level = “{ $role }” is not granted at a place of this level
    .remedy = { $ground ->
        [whole] Choose “Everywhere”.
        [county] Choose the county, or “Everywhere”.
        [town] Choose a town.
        [village] Choose a village.
       *[grid] Choose a village, or a grid or micro-grid of one.
    }
finding-grant-held-already = The same grant is there already: { $state ->
        [approved] “{ $role }”, in force since { $from } and not revoked
       *[proposed] “{ $role }”, proposed on { $proposed } and waiting for approval
    }
    .remedy = { $state ->
        [approved] There is no need for another; for another place or period, revoke this one first.
       *[proposed] Ask the system administrator to approve that one on the page “Grants”.
    }
finding-grant-lapsed = This grant was not approved within { $days } days and is void
    .remedy = Where it is still needed, ask the security administrator to propose it anew.
finding-grant-exists = This grant was proposed already
finding-grant-unknown = There is no such grant
finding-grant-in-other-state = This cannot be done: the grant { $found ->
        [proposed] still waits for approval
        [approved] is in force
        [refused] was refused
        [revoked] was revoked
       *[other] is in another state
    }
    .remedy = Open the page of grants again and check.
finding-token-overtaken = This request has lapsed, or a newer one for the same account has come since; it cannot be released any more
    .remedy = Ask whoever issued it to issue it again.
finding-token-unknown = There is no such token
finding-token-in-other-state = This cannot be done: the token { $found ->
        [proposed] still waits
        [released] was put in force
        [refused] was refused
       *[other] is in another state
    }
    .remedy = Open the page of grants again and check.
finding-sign-in-wrong = Sign-in name or password is wrong
    .remedy = Check and try again; if you forgot the password, ask the security administrator for a one-time token.
finding-factor-wrong = The code is wrong, or was used already
    .remedy = Each code counts once: wait until the application shows the next one, and try again.
finding-factor-wanted = This account has two-step sign-in: a code is wanted with the password
    .remedy = Send the six digits that the application shows now.
finding-factor-first-wrong = This code is wrong, or another one is shown by now
    .remedy = Type the six digits that the application shows now; if they never fit, check the phone's time and scan again.
finding-factor-due = Your role asks for two-step sign-in; set it up first
    .remedy = Sign in to the site and set it up on your own page.
finding-factor-reason = The reason must have { $least } to { $most } characters; it has { $found }
    .remedy = Say how you made sure that the person asks for it.
finding-factor-not-proposed = No removal waits for this account
    .remedy = Open the page of grants again and check.
finding-recovery-code-page-only = A recovery code is used on the sign-in page only
    .remedy = Open the sign-in page.
finding-sign-in-wait = Sign-in failed several times in a row; try again in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }
    .remedy = This passes; devices on which you signed in before are not affected.
finding-sign-in-busy = Many people are signing in; try again in { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }
finding-sign-in-expired = The session is no longer valid
    .remedy = Sign in again.
finding-setup-token-unusable = This one-time token is wrong, has expired or was used before
    .remedy = Check it and try again; else ask the security administrator for a new one. Tokens of administrators are issued on the server.
finding-slip-wrong = The sign-in name or the code is wrong, or the slip was used or is over
    .remedy = Compare with the slip; if it still fails, ask whoever issued it for another one.
finding-slip-waits = The code is right, but this slip has not been released yet
    .remedy = Ask whoever issued it to have the system administrator release it on the page "Grants"; then this slip works.
finding-sign-in-name-form = A sign-in name has 3 to 40 characters: lower-case letters, digits, dot, underscore, hyphen
    .remedy = Such as zhang.san.
finding-sign-in-name-personal = A sign-in name cannot be a telephone or ID number
    .remedy = Add letters, such as the name in pinyin.
finding-sign-in-name-taken = The sign-in name “{ $found }” is taken
    .remedy = Choose another, for example with the initials of the office.
finding-password-too-short = The password has { $found } characters and needs at least { $expected }
    .remedy = A sentence that is easy to remember will do; signs are not needed.
finding-password-too-long = The password has more than { $expected } characters
finding-password-too-uniform = The password must mix at least { $expected } classes of characters
    .remedy = Choose among lower case, upper case, digits and other signs.
finding-password-common = This password is common and easily guessed
    .remedy = Avoid common words; take a sentence only you would think of.
finding-password-repeats = The password is a few characters again and again, and easily guessed
    .remedy = Use at least five different characters; take a sentence only you would think of.
finding-password-run = The password is a run (of digits, letters, or keys beside each other), and easily guessed
    .remedy = Mix the order; take a sentence only you would think of.
finding-password-only-numbers = The password is all digits, like a date, a telephone or an ID number, and easily guessed
    .remedy = Add a few words that have nothing to do with each other.
finding-password-of-known-words = The password is little more than a name: of a person, a sign-in name, the office or the product
    .remedy = Use a few more words that have nothing to do with them.
finding-access-other-place = Your role allows “{ $action }”, but not at this place
    .remedy = It takes a grant for this place
finding-password-again = The new password was not the same twice
    .remedy = Type the new password twice again.
finding-password-wrong = The present password is not right
    .remedy = Check it and try again; if it is lost, ask the security administrator for a one-time token.
finding-password-too-old = The password has expired; set a new one first
    .remedy = Sign in to the site and set a new password on your own page.
