# Findings of the floors below web
finding-store-busy = The system is busy; nothing was done
    .remedy = Please try again in a few seconds
finding-not-found = Not found: { $kind }
finding-changed-since = { $who } changed this on { $when }
    .remedy = Open the page again, check it and send it once more
finding-access-other-place = Your role allows “{ $action }”, but not at this place
    .remedy = It takes a grant for this place
