//! `xingcun pack workbook FILE --out FILE`: a scheme as a workbook, or back.

use std::path::PathBuf;

use clap::Args;
use kernel::Finding;

use crate::score::{Stop, file_finding, read_scheme, write_whole};

/// `pack workbook`.
#[derive(Debug, Args)]
pub struct PackWorkbook {
    /// 方案文件或工作簿 · a scheme, as a file or as a workbook
    #[arg(value_name = "FILE.{toml,xlsx}")]
    scheme: PathBuf,
    /// 写成哪种，由扩展名定 · what it becomes, by its ending
    #[arg(long, value_name = "FILE.{xlsx,toml}")]
    out: PathBuf,
}

/// Reads the one and writes the other. A scheme with an error is not written.
pub fn run(arguments: &PackWorkbook) -> Result<Vec<Finding>, Stop> {
    let ending = arguments.out.extension().and_then(|ending| ending.to_str());
    let as_workbook = match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => true,
        Some("toml") => false,
        _ => {
            let shown = arguments.out.display().to_string();
            return Err(Stop::Usage(
                Finding::error("pack-out-form").arg("found", shown),
            ));
        }
    };
    let scheme = read_scheme(&arguments.scheme)?;
    let bytes = if as_workbook {
        packs::write_workbook(&scheme).map_err(std::io::Error::other)
    } else {
        Ok(score::write(&scheme).to_toml().into_bytes())
    };
    bytes
        .and_then(|bytes| write_whole(&arguments.out, &|out| out.write_all(&bytes)))
        .map_err(|error| {
            let finding = file_finding("score-not-written", &arguments.out, &error);
            Stop::Findings(vec![finding])
        })?;
    Ok(Vec::new())
}
