//! A QR code as SVG: black on white whatever the theme, so that cameras read it.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use super::{Drawing, escaped};

/// White modules around the code: the standard asks for four.
const MARGIN: i32 = 4;

/// The text as a QR code; nothing where it is too long for one (about two thousand characters).
pub fn qr(text: &str, label: &str) -> Drawing {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return Drawing::default();
    };
    let side = code.size() + 2 * MARGIN;
    let mut svg = format!(
        r#"<svg class="qr-code" viewBox="0 0 {side} {side}" role="img" aria-label="{}" shape-rendering="crispEdges" data-content><rect width="{side}" height="{side}" fill="white"/><path fill="black" d=""#,
        escaped(label)
    );
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(svg, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    svg.push_str(r#""/></svg>"#);
    Drawing(svg)
}

#[cfg(test)]
mod tests {
    use super::qr;

    #[test]
    fn a_text_is_drawn_and_an_endless_one_is_not() {
        let drawn = qr("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ", "a \"b\"").to_string();
        // The finder pattern of the upper left corner begins inside the margin.
        assert!(drawn.contains("M4 4h1v1h-1z"), "{drawn}");
        assert!(!drawn.contains("a \"b\""), "{drawn}");
        assert!(qr(&"x".repeat(3_000), "").is_empty());
    }
}
