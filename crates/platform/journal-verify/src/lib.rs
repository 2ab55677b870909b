//! Offline verifier of an exported journal.
