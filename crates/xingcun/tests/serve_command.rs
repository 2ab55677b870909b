//! `xingcun serve` as an operator runs it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::process::{Command, Output};

fn xingcun(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xingcun"))
        .args(arguments)
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .output()
        .unwrap()
}

#[test]
fn a_demonstration_is_not_served_as_a_real_installation() {
    let name = format!("xingcun-serve-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let dir = folder.to_str().unwrap();
    let made = xingcun(&["setup", "--dir", dir, "--area", "云岭县"]);
    assert!(made.status.success(), "{made:?}");
    let config = folder.join("config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("demonstration = true\n{text}")).unwrap();
    let served = xingcun(&["serve", "--dir", dir, "--listen", "127.0.0.1:0"]);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(served.status.code(), Some(1));
    let said = String::from_utf8(served.stderr).unwrap();
    assert!(said.contains("是演示目录"), "{said}");
}
