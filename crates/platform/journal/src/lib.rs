//! The tamper-evident log: leaves, commitments, RFC 6962 trees, signed checkpoints. Pure.
