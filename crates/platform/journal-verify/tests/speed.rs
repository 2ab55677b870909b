//! A million leaves in less than ten seconds of one core. Run on its own, in a release build:
//! `cargo test --release -p journal-verify --test speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::io::{BufReader, BufWriter, Write as _};
use std::time::{Duration, Instant};

use common::{key, leaf, origin, signer};
use journal::{Checkpoint, ExportWriter, Frontier, leaf_hash};
use journal_verify::verify;

const LEAVES: u64 = 1_000_000;

/// Time that this thread spent on a core: what else runs on the machine does not count.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs a release build and a gigabyte of disk"]
fn a_million_leaves_in_ten_seconds() {
    let path = std::env::temp_dir().join(format!("xingcun-speed-{}", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = ExportWriter::new(BufWriter::new(file), &origin()).unwrap();
    let mut tree = Frontier::new();
    for number in 0..LEAVES {
        let leaf = leaf(number).canonical().unwrap();
        let hash = leaf_hash(&leaf);
        writer.leaf(number, &hash, &leaf).unwrap();
        tree.append(hash);
    }
    writer.finish().unwrap();
    let (size, root) = (LEAVES, tree.root());
    let kept = Checkpoint {
        origin: origin(),
        size,
        root,
    }
    .sign(&signer());

    let (start, cpu_start) = (Instant::now(), cpu_time());
    let export = BufReader::new(std::fs::File::open(&path).unwrap());
    let report = verify(export, &[&kept], &key());
    let (took, cpu) = (start.elapsed(), cpu_time().saturating_sub(cpu_start));
    let bytes = std::fs::metadata(&path).unwrap().len();
    std::fs::remove_file(&path).unwrap();
    let line = format!(
        "{LEAVES} leaves, {bytes} bytes, verified in {} ms, {} ms of one core\n",
        took.as_millis(),
        cpu.as_millis()
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.proven, LEAVES);
    assert!(cpu > Duration::ZERO && cpu < Duration::from_secs(10));
}
