//! Two people at one thing, and one command sent more than once: one effect, and clear words for
//! whoever came second.

use serde_json::json;

use super::load;
use super::{Failed, Outcome, Tried};
use crate::accept::world::World;
use walk::{Answer, Visitor, ensure, fresh_id};

/// How many send one command at once.
const AT_ONCE: usize = 8;

/// Races, one after the other.
pub fn raced(world: &mut World, full: bool) -> Tried {
    let rounds = if full { 200 } else { 30 };
    let mut server = load::start(world, "races")?;
    let (clerk, body) = load::clerk(&server)?;
    let mut town = Visitor::new(&server.base);
    town.sign_in_as(TOWN_CLERK)?;
    let mut later = 0;
    for round in 0..rounds {
        one_thing(&clerk, &town, &body["place"], round)?;
        later += one_command(&clerk, &body)?;
        other_body(&clerk, &town, &body)?;
    }
    let (status, _) = server.stop()?;
    ensure!(status.success(), "the stop ended with {status}");
    load::verify(world, "races")?;
    Ok(Outcome::Held(format!(
        "{rounds} × two people change one place at once: one does, the other is told with 409 what \
         happened; {rounds} × one command {AT_ONCE} times at once: one effect, {later} times the \
         first answer; with another body or by another person at the same moment: 409, one effect"
    )))
}

/// Who serves the town in which the clerk's place lies.
const TOWN_CLERK: &str = "高明";

/// Runs several at the same moment.
fn at_once<'a, const N: usize>(
    works: [Box<dyn FnOnce() -> Result<Answer, String> + Send + 'a>; N],
) -> Result<Vec<Answer>, Failed> {
    let line = std::sync::Barrier::new(N);
    std::thread::scope(|scope| {
        let threads = works.map(|work| {
            let line = &line;
            scope.spawn(move || {
                line.wait();
                work()
            })
        });
        let answers = threads.into_iter().map(|thread| match thread.join() {
            Ok(answer) => answer.map_err(Failed::from),
            Err(_) => Err("a sender broke".into()),
        });
        answers.collect()
    })
}

/// Both saw the same version of the place, and both change its everyday name.
fn one_thing(
    clerk: &Visitor,
    town: &Visitor,
    place: &serde_json::Value,
    round: usize,
) -> Result<(), Failed> {
    let change = |alias: &str| json!({ "place": place, "name": "柳湾村", "alias": alias });
    let first = clerk.carry_out("place.edit", &change(&format!("第{round}轮")))?;
    let seen = first["version"].as_i64().ok_or("no version")?;
    let send = |who: &Visitor, alias: &str| {
        who.command_on("place.edit", &fresh_id(), &change(alias), seen)
            .map_err(|error| error.to_string())
    };
    let answers = at_once([
        Box::new(|| send(clerk, "县里改")),
        Box::new(|| send(town, "镇里改")),
    ])?;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    ensure!(won == 1, "{won} of two changed the place: {answers:?}");
    let lost = answers.iter().find(|answer| answer.status != 200);
    let lost = lost.ok_or("nobody lost")?;
    ensure!(
        lost.status == 409 && lost.body.contains("place-changed"),
        "the second was told {} {}",
        lost.status,
        lost.body
    );
    Ok(())
}

/// Everybody gets the same answer; exactly one of them was the first. Says how many came later.
fn one_command(clerk: &Visitor, body: &serde_json::Value) -> Result<usize, Failed> {
    let id = fresh_id();
    let visitors: Vec<Visitor> = (0..AT_ONCE).map(|_| clerk.beside()).collect();
    let visitors: [Visitor; AT_ONCE] = visitors.try_into().map_err(|_| "not so many")?;
    let answers = at_once(visitors.each_ref().map(|visitor| {
        let id = &id;
        let send = move || {
            let sent = visitor.command(load::COMMAND, id, body);
            sent.map_err(|error| error.to_string())
        };
        Box::new(send) as Box<dyn FnOnce() -> Result<Answer, String> + Send>
    }))?;
    let mut first = 0;
    for answer in &answers {
        ensure!(answer.status == 200, "{} {}", answer.status, answer.body);
        ensure!(
            answer.json()["answer"] == answers[0].json()["answer"],
            "two answers to one command: {answers:?}"
        );
        first += usize::from(answer.json()["repeated"] == json!(false));
    }
    ensure!(first == 1, "{first} of {AT_ONCE} had an effect");
    Ok(AT_ONCE - first)
}

/// One id, three meanings: at most one of them is carried out.
fn other_body(clerk: &Visitor, town: &Visitor, body: &serde_json::Value) -> Result<(), Failed> {
    let id = fresh_id();
    let other = json!({ "name": "另一人", "place": body["place"], "post": "secretary" });
    let send = |who: Visitor, body: &serde_json::Value| {
        let sent = who.command(load::COMMAND, &id, body);
        sent.map_err(|error| error.to_string())
    };
    let answers = at_once([
        Box::new(|| send(clerk.beside(), body)),
        Box::new(|| send(clerk.beside(), &other)),
        Box::new(|| send(town.beside(), body)),
    ])?;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    ensure!(
        statuses == [200, 409, 409],
        "one id, three meanings: {answers:?}"
    );
    Ok(())
}
