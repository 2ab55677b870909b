//! Sealing of personal data: keys per person, keyed hashes, erasure.
