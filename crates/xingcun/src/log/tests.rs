//! Hostile values, through the product's own layer.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::Guarded;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that the layer writes while `work` runs.
fn logged(work: impl FnOnce()) -> String {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .fmt_fields(Guarded)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = kept.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn no_secret_and_no_name_gets_through() {
    let token = "4f6a".repeat(16);
    let log = logged(|| {
        tracing::info!(password = "hunter2hunter2", "signed in");
        tracing::info!(name = "li.jing", sign_in_name = %"li.jing", "signed in");
        tracing::warn!(address = "/people?q=zhangsan&id_number=1", "slow");
        tracing::warn!("cannot read /sign-in?back=zhangsan");
        tracing::error!(
            why = "{\"password\": \"hunter2 hunter2\", \"x\": 1}",
            "body"
        );
        tracing::error!(why = ?"token=abc123; phone: 0539-1234567", "body");
        tracing::error!(header = "Authorization: Bearer 1.abcdef", "header");
        tracing::error!(cookie = "xingcun-session=1.ab", "header");
        tracing::error!(
            line = format!("GET /set-password {token} HTTP/1.1"),
            "header"
        );
        tracing::error!(
            value = "11010519491231002X, 13800138000, 6222021234567890123",
            "row"
        );
        tracing::error!(
            error = "Key (tenant, sign_in_name)=(1, li.jing) already exists.",
            "row"
        );
        tracing::info!("欢迎陈国平书记 {}", "王小明");
        tracing::info!(why = "one\nERROR forged\u{1b}[31m", "two\nERROR forged");
    });
    for secret in [
        "hunter2",
        "li.jing",
        "zhangsan",
        "abc123",
        "1234567",
        "abcdef",
        "1.ab",
        &token[..],
        "11010519491231002",
        "13800138000",
        "6222021234567890123",
        "陈国平",
        "王小明",
        "\u{1b}",
    ] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
    assert_eq!(
        log.lines().count(),
        13,
        "no value begins a line of its own\n{log}"
    );
}

#[test]
fn what_an_operator_needs_stays() {
    let log = logged(|| {
        tracing::info!(
            request = "0198f2c4-00001a",
            method = "GET",
            route = "/people/{person}/reveals/{reveal}",
            status = 200,
            elapsed_ms = 12,
            "answered"
        );
        tracing::info!(address = "127.0.0.1:8080", "listening");
        tracing::warn!(
            job = "0192f2c4-7b1a-7abc-8def-0123456789ab",
            kind = "house.purge",
            "failed"
        );
        tracing::warn!(
            code = "379901100201",
            at = 1_790_816_400_000_i64,
            "place-unknown"
        );
    });
    for part in [
        "answered request=0198f2c4-00001a method=GET route=/people/{person}/reveals/{reveal} \
         status=200 elapsed_ms=12",
        "listening address=127.0.0.1:8080",
        "job=0192f2c4-7b1a-7abc-8def-0123456789ab kind=house.purge",
        "code=379901100201 at=1790816400000",
    ] {
        assert!(log.contains(part), "{part} not in\n{log}");
    }
}
