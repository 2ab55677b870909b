//! `--only`: a few by name, or everything where nobody is named.

/// Refuses a name that is none of those that there are.
pub fn check<'a>(only: &[String], known: impl IntoIterator<Item = &'a str>) -> Result<(), String> {
    let known: Vec<&str> = known.into_iter().collect();
    match only.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("--only {name}: there are {}", known.join(", "))),
        None => Ok(()),
    }
}

/// Whether one is wanted.
pub fn wants(only: &[String], name: &str) -> bool {
    only.is_empty() || only.iter().any(|one| one == name)
}
