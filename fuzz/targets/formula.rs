//! Formulas: what was read is printed and read again the same, and is computed or refused.
#![no_main]

use formula::{Declaration, Input, Names, Origin, Tree, Type, Value, Window};
use kernel::Decimal;
use libfuzzer_sys::fuzz_target;

/// Every name is a number, of every period.
struct Anything;

impl Names for Anything {
    fn declaration(&self, _: &str) -> Option<Declaration<'_>> {
        Some(Declaration {
            value_type: Type::Number,
            windows: &Window::WRITTEN,
        })
    }

    fn known(&self) -> Vec<&str> {
        Vec::new()
    }
}

fuzz_target!(|text: &str| {
    let origin = Origin::inline();
    let Ok(tree) = Tree::parse(text, &origin) else {
        return;
    };
    let printed = tree.to_string();
    let again = Tree::parse(&printed, &origin).expect("what was printed is read");
    assert_eq!(again.to_string(), printed, "read again the same");
    let Ok(formula) = tree.check(&Anything, Type::Number) else {
        return;
    };
    let missing = |_: usize, _: &Input| Some(Value::Missing);
    let _ = formula.evaluate(&missing);
    let three = |_: usize, _: &Input| Some(Value::Number(Decimal::from_int(3)));
    let value = formula.evaluate(&three);
    let told = formula.trace(&three).map(|traced| traced.value);
    assert_eq!(value, told, "told as it was computed");
});
