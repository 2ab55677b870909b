# The frame of a page
product = Xingcun
shell-skip = Skip to main content
shell-navigation = Main navigation
shell-menu = Menu
shell-menu-close = Close the menu
shell-place = Place
shell-period = Period
shell-search = Search
shell-account = My account
shell-sign-out = Sign out
shell-sponsor = Run by { $name }
shell-suggest = Suggest or complain
shell-printed = Printed { $at }
shell-version = Xingcun { $version }
shell-demo = Demonstration: all data are invented
shell-demo-label = Demonstration
shell-demo-clock = Business clock { $now }
shell-demo-advance = Move the clock forward
shell-display = Display settings
shell-text-size = Text size
shell-text-standard = Standard
shell-text-large = Large
shell-text-larger = Larger
shell-text-largest = Largest
shell-theme = Colours
shell-theme-automatic = As the system
shell-theme-light = Light
shell-theme-dark = Dark
shell-density = Density
shell-density-automatic = Automatic
shell-density-compact = Compact
shell-density-roomy = Roomy
shell-trouble-busy = The system is busy; nothing was done and what you typed is kept. Please try again
shell-trouble-offline = No connection; nothing was done and what you typed is kept
menu-workbench = Workbench
menu-business = Business
menu-foundation = Foundation
sign-in-button = Sign in

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
