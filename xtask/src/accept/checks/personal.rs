//! What is personal lies nowhere in the clear.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::world::World;
use super::super::{Saw, ensure};
use crate::server::Server;
use walk::Visitor;

type Failed = Box<dyn std::error::Error>;

/// People brought in.
const PEOPLE: usize = 1_000;
/// Digits of an identity number without its check digit, and of a telephone.
const ID_DIGITS: usize = 17;
const PHONE_DIGITS: usize = 11;
/// A number of nobody, written into a file beside the data: the search must find it.
const PLANTED: &str = "13800138000";

/// A thousand people with numbers and telephones come in, are looked for, looked at, backed up; the
/// process is killed. Then every byte that it left anywhere is looked through.
pub fn sealed(world: &mut World) -> Saw {
    let temporary = world.path("sealed-tmp");
    std::fs::create_dir_all(&temporary)?;
    let temporary_text = temporary.to_str().ok_or("a path in UTF-8")?;
    let server = world.start_demo_with(
        "sealed",
        &[("TMPDIR", temporary_text), ("XINGCUN_LOG", "debug")],
    )?;
    let (numbers, phones) = people();
    let mut clerk = Visitor::new(&server.base);
    clerk.sign_in_as("李静")?;
    bring(&mut clerk, &numbers, &phones)?;
    look(&mut clerk, &numbers[7], &phones[7])?;
    let path = |name: &str| world.path(name).display().to_string();
    let (folder, archive, key) = (path("sealed"), path("sealed.backup"), path("sealed.key"));
    let made = world.run(&["backup-key", "--to", &key])?.ended(0)?;
    let public = made.out.lines().last().unwrap_or_default().to_owned();
    let backup = [
        "backup",
        "--dir",
        &folder,
        "--to",
        &archive,
        "--recipient",
        &public,
    ];
    world.run(&backup)?.ended(0)?;
    let mut server: Server = server;
    server.signal("KILL")?;
    server.wait()?;
    let mut places = vec![
        world.path("sealed"),
        world.path("sealed.backup"),
        world.path("sealed.log"),
        world.path("sealed.out"),
        temporary.clone(),
    ];
    places.extend(world.dump("sealed")?);
    let known: HashSet<&str> = numbers
        .iter()
        .map(|number| &number[..ID_DIGITS])
        .chain(phones.iter().map(String::as_str))
        .chain([PLANTED])
        .collect();
    let (mut bytes, mut files) = (0, 0);
    for place in &places {
        for file in below(place)? {
            let content = std::fs::read(&file)?;
            let found = clear(&content, &known);
            ensure!(found.is_none(), "{} holds {found:?}", file.display());
            bytes += content.len();
            files += 1;
        }
    }
    let planted = temporary.join("planted");
    std::fs::write(&planted, format!("a line with {PLANTED} in it"))?;
    ensure!(
        clear(&std::fs::read(&planted)?, &known) == Some(PLANTED.to_owned()),
        "the planted number was not found"
    );
    Ok(format!(
        "{PEOPLE} people; {files} files with {} MiB (data, log with every word, temporary files, \
         backup) hold no number and no telephone; a planted one is found",
        bytes >> 20
    ))
}

/// Numbers with a right check digit (GB 11643-1999), and telephones, of nobody.
fn people() -> (Vec<String>, Vec<String>) {
    const WEIGHTS: [usize; ID_DIGITS] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let numbers = (0..PEOPLE).map(|person| {
        let (day, order) = (person % 28 + 1, person);
        let digits = format!("3799011971{:02}{day:02}{order:03}", person % 12 + 1);
        let sum: usize = digits
            .bytes()
            .zip(WEIGHTS)
            .map(|(digit, weight)| usize::from(digit - b'0') * weight)
            .sum();
        let check = b"10X98765432"[sum % 11] as char;
        format!("{digits}{check}")
    });
    let phones = (0..PEOPLE).map(|person| format!("1391{:07}", 5_310_000 + person * 37));
    (numbers.collect(), phones.collect())
}

/// Brings them in from a file, as the clerk does.
fn bring(clerk: &mut Visitor, numbers: &[String], phones: &[String]) -> Result<(), Failed> {
    let villages = clerk.get("/places.csv")?.body;
    let village = villages
        .lines()
        .find_map(|line| line.split([',', '\t']).find(|cell| is_village(cell)))
        .ok_or("no village with a code is in the list")?
        .to_owned();
    let mut roster = String::from("姓名,职务,区划代码,手机号,身份证号\n");
    for (at, (number, phone)) in numbers.iter().zip(phones).enumerate() {
        let _ = writeln!(roster, "张{at},委员,{village},{phone},{number}");
    }
    let page = clerk.get("/people/import")?;
    let (csrf, id) = (page.hidden("csrf"), page.hidden("command_id"));
    let fields = [("csrf", csrf.as_str()), ("command_id", &id)];
    let done = clerk.post_file("/people/import", &fields, "people.csv", roster.as_bytes())?;
    ensure!(
        done.status == 303,
        "the import answers {} {}",
        done.status,
        done.body
    );
    Ok(())
}

fn is_village(cell: &str) -> bool {
    cell.len() == 12 && cell.bytes().all(|byte| byte.is_ascii_digit()) && !cell.ends_with("000")
}

/// Looks for one of them by number and by telephone: what is asked for may not be written either.
fn look(clerk: &mut Visitor, number: &str, phone: &str) -> Result<(), Failed> {
    for asked in [number, phone] {
        // Into the box where it does not belong, and into the one where it does.
        let missed = clerk.get(&format!("/search?q={asked}"))?;
        ensure!(missed.status == 200, "the search answers {}", missed.status);
        let page = clerk.get("/people")?;
        let (csrf, id) = (page.hidden("csrf"), page.hidden("command_id"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("command_id", &id),
            ("number", asked),
        ];
        let found = clerk.post("/people/find", &fields)?;
        ensure!(found.status == 303, "the number answers {}", found.status);
        let person = clerk.get(found.header("location"))?;
        ensure!(person.body.contains("张7"), "somebody else was found");
    }
    Ok(())
}

/// Every file at or below a place.
fn below(place: &Path) -> Result<Vec<PathBuf>, Failed> {
    if !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(place)? {
        files.extend(below(&entry?.path())?);
    }
    Ok(files)
}

/// The first of these that the bytes hold.
fn clear(content: &[u8], known: &HashSet<&str>) -> Option<String> {
    let holds = |length: usize| {
        let windows = content.windows(length);
        let texts = windows
            .filter(|window| window[0].is_ascii_digit() && window[length - 1].is_ascii_digit())
            .filter_map(|window| std::str::from_utf8(window).ok());
        let mut found = texts.filter(|text| known.contains(text));
        found.next().map(str::to_owned)
    };
    holds(PHONE_DIGITS).or_else(|| holds(ID_DIGITS))
}
