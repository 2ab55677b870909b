//! The scoring engine: schemes, columnar plans, explanations. Pure.
