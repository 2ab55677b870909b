//! Outlines of places from GeoJSON, and as they are stored.
#![no_main]

use directory::outline::{LIMITS, Outline, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for feature in read(bytes, &LIMITS).unwrap_or_default() {
        let stored = feature.outline.to_text();
        let again = Outline::of_text(&stored).expect("what was stored is read");
        assert_eq!(again, feature.outline, "the same again");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Outline::of_text(text);
    }
});
