//! `xingcun import` as an operator runs it: the lists of a county, refused files with marks, and no
//! personal number on disk.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PHONE: &str = "13912345678";

struct Bench {
    root: PathBuf,
    data: String,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn xingcun(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xingcun"))
        .args(arguments)
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .output()
        .unwrap()
}

impl Bench {
    fn new() -> Bench {
        let root = std::env::temp_dir().join(format!("xingcun-import-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let data = root.join("data").display().to_string();
        let made = xingcun(&["demo", "--extent", "town", "--prepare-only", "--dir", &data]);
        assert!(made.status.success(), "{made:?}");
        Bench { root, data }
    }

    /// Imports a list; whether it went in, and what was said.
    fn import(&self, what: &str, user: &str, name: &str, list: &str) -> (bool, String) {
        let path = self.root.join(name);
        fs::write(&path, list).unwrap();
        let path = path.display().to_string();
        let done = xingcun(&["import", what, &path, "--dir", &self.data, "--as", user]);
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8(said).unwrap())
    }
}

/// Every file below a folder that holds the text.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if fs::read(&path)
            .unwrap()
            .windows(text.len())
            .any(|window| window == text.as_bytes())
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn organisations_people_and_accounts_come_in_and_wrong_cells_come_back() {
    let bench = Bench::new();
    let list = "名称,类别,编码,上级组织\n柳湾村老年协会,其他,379901100201,\n";
    let (ok, said) = bench.import("organisations", "li.jing", "zuzhi.csv", list);
    assert!(ok && said.contains("新增组织 1 个"), "{said}");

    let wrong = format!("姓名,职务,村,手机\n贾小满,网格员,柳湾村,{PHONE}\n贾大满,村长官,柳湾村,\n");
    let (ok, said) = bench.import("people", "li.jing", "renyuan.csv", &wrong);
    assert!(
        !ok && said.contains("B3") && said.contains("村长官"),
        "{said}"
    );
    assert!(!said.contains(PHONE), "{said}");
    let marked = fs::read_dir(&bench.root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let marked: Vec<PathBuf> = marked
        .filter(|path| path.extension().is_some_and(|end| end == "xlsx"))
        .collect();
    assert_eq!(marked.len(), 1, "{said}");
    assert!(said.contains(&marked[0].display().to_string()), "{said}");
    let mode = fs::metadata(&marked[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(fs::read(&marked[0]).unwrap().starts_with(b"PK"));

    let right = wrong.replace("村长官", "网格员");
    let (ok, said) = bench.import("people", "li.jing", "renyuan.csv", &right);
    assert!(ok && said.contains("新增人员 2 名"), "{said}");
    let (ok, said) = bench.import("people", "li.jing", "renyuan.csv", &right);
    assert!(ok && said.contains("不变 2 名"), "{said}");

    let users = "登录名,姓名,村\nliuwan.jxm,贾小满,柳湾村\n";
    let (ok, said) = bench.import("accounts", "li.jing", "zhanghao.csv", users);
    assert!(!ok && said.contains("access-no-role"), "{said}");
    let (ok, said) = bench.import("accounts", "security-admin", "zhanghao.csv", users);
    assert!(ok && said.contains("开设账号 1 个"), "{said}");
    assert!(said.contains("激活单"), "{said}");
    let (ok, said) = bench.import("accounts", "nobody.here", "zhanghao.csv", users);
    assert!(!ok && said.contains("cli-user-unknown"), "{said}");

    let data = Path::new(&bench.data);
    assert_eq!(
        holding(data, PHONE),
        Vec::<PathBuf>::new(),
        "nowhere in the clear"
    );
}

#[test]
fn a_county_without_a_name_is_not_set_up() {
    let root = std::env::temp_dir().join(format!("xingcun-area-{}", std::process::id()));
    let dir = root.display().to_string();
    for area in [&["--area", ""][..], &["--area", "  "], &[]] {
        let arguments = [&["setup", "--dir", &dir][..], area].concat();
        let made = xingcun(&arguments);
        assert!(!made.status.success(), "{area:?}");
        assert!(!root.exists(), "{area:?}: nothing is made");
    }
}
