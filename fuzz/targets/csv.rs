//! Tables that are no workbooks, and what is imported from them.
#![no_main]

use directory::sheet::{LIMITS, read};
use libfuzzer_sys::fuzz_target;

mod imported;

fuzz_target!(|bytes: &[u8]| {
    // What begins as a workbook is the target `workbook`'s.
    if !bytes.starts_with(b"PK")
        && let Ok(sheet) = read(bytes, &LIMITS)
    {
        imported::read(&sheet);
    }
});
