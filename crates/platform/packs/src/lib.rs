//! Finds, freezes and compares pack files.
