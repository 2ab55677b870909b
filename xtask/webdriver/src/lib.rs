//! Real Chromium for tests, over the W3C `WebDriver` protocol: as much of it as the product's own
//! tests need, without an asynchronous runtime.
//!
//! [`Driver::start`] starts `chromedriver` on a free port; [`Driver::open`] opens a fresh browser
//! with its own profile. Both end when their values are dropped.

mod browser;
mod driver;
mod element;
mod inspect;
mod wire;

pub use browser::{Browser, LogLine, Size};
pub use driver::{Driver, REQUIRE_VARIABLE};
pub use element::Element;
pub use wire::DriverError;
