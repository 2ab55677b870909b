//! Places, organisations, persons, appointments, the time-valid tree, and figures.
