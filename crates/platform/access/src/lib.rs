//! Sign-in, sessions, grants, and the pure decision who may do what.
