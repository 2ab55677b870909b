# The clock of a demonstration
demo-clock-title = Clock of the demonstration
demo-clock-lede = Terms, postings and reminders follow this clock. It only goes forward, and every move is recorded.
demo-clock-now = The clock stands at
demo-clock-moved = The clock was moved forward.
demo-clock-days = Move forward by
demo-clock-days-hint = 1 to 250; weekends and public holidays are skipped.
demo-clock-unit = working days
demo-clock-button = Move the clock
demo-clock-who = The system administrator moves the clock: sign in as the system administrator to try it.
