//! The command door, features and the six places where they meet, jobs.
