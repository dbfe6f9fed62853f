//! How long the named queries and the checks take on a store.
//!
//! ```sh
//! cargo run --release --no-default-features --example generate -- \
//!     --articles 50000 --pairs 6000 --out DIR
//! youcheng ingest --store DIR/kg DIR/articles.jsonl
//! cargo run --release --example graph_speed -- DIR/kg
//! ```
//!
//! A query that needs a city is asked for the one with most partners. Prints the best of
//! three, and on Linux the time that it kept a processor (`user`), which says more on a machine
//! that has other work; exits with 1 if a query takes more than 2 s.
#![allow(clippy::print_stdout, reason = "a program to measure with")]

/// How long this process has kept a processor, to a hundredth of a second.
#[cfg(feature = "store")]
fn user_time() -> Option<std::time::Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // What comes before is the name of the program, which may hold spaces.
    let ticks = stat.rsplit_once(')')?.1.split_whitespace().nth(11)?.parse::<u64>().ok()?;
    Some(std::time::Duration::from_millis(ticks * 10))
}

#[cfg(not(feature = "store"))]
fn main() {
    unreachable!("needs the feature store");
}

#[cfg(feature = "store")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    use std::{
        path::PathBuf,
        process::ExitCode,
        time::{Duration, Instant},
    };

    use youcheng::{
        check::CHECKS,
        query::{Form, Format, NAMED, Named, Parameter, Type},
        store::Store,
    };

    const LIMIT: Duration = Duration::from_secs(2);
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        anyhow::bail!("usage: graph_speed STORE");
    };
    let store = Store::read(&path)?;
    let ask = |named: Named, values: &[(String, String)]| -> anyhow::Result<Vec<u8>> {
        let query = named.query(values)?;
        let format = match query.form() {
            Form::Construct | Form::Describe => Format::NTriples,
            Form::Select | Form::Ask => Format::Csv,
        };
        let mut out = Vec::new();
        query.run(&store, Some(format), Duration::from_secs(600), None, &mut out)?;
        Ok(out)
    };
    // The first row of the busiest places, and of what the first of them is tied to.
    let first =
        |name: &str, column: usize, values: &[(String, String)]| -> anyhow::Result<String> {
            let Some(named) = Named::find(name) else { anyhow::bail!("there is no query {name}") };
            let answer = ask(named, values)?;
            let mut rows = csv::Reader::from_reader(answer.as_slice());
            let row = rows.records().next().transpose()?.unwrap_or_default();
            Ok(row.get(column).unwrap_or_default().to_owned())
        };
    let china = [("country".to_owned(), "CN".to_owned())];
    let hub = first("cities-by-partners", 0, &china)?;
    let partner = first("agreements-of-city", 1, &[("city".to_owned(), hub.clone())])?;
    println!(
        "{:>10}  {:>7}  {:>7}  query (the city with most partners is {hub})",
        "ms", "user", "lines"
    );
    let mut slow = 0;
    for &named in NAMED {
        let required = named.parameters().filter(|parameter| parameter.required);
        let value = |parameter: Parameter| {
            let of_example = named.example().find(|(name, _)| *name == parameter.name);
            let value = match (parameter.type_, parameter.name) {
                (Type::Place, "city") => &hub,
                (Type::Place, "partner") => &partner,
                _ => of_example.map_or("", |(_, value)| value),
            };
            (parameter.name.to_owned(), value.to_owned())
        };
        let values: Vec<_> = required.map(value).collect();
        let (mut best, mut user, mut lines) = (Duration::MAX, Duration::MAX, 0);
        for _ in 0..3 {
            let (start, before) = (Instant::now(), user_time());
            let answer = ask(named, &values)?;
            best = best.min(start.elapsed());
            let used = user_time().zip(before).map(|(after, before)| after - before);
            user = user.min(used.unwrap_or_default());
            lines = answer.iter().filter(|&&byte| byte == b'\n').count();
        }
        println!(
            "{:>10.1}  {:>7}  {lines:>7}  {}",
            best.as_secs_f64() * 1e3,
            user.as_millis(),
            named.name
        );
        slow += usize::from(best > LIMIT);
    }
    println!("\n{:>10}  {:>7}  check", "ms", "found");
    let start = Instant::now();
    for check in CHECKS {
        let start = Instant::now();
        let found = check.run(&store)?;
        println!(
            "{:>10.1}  {:>7}  {}",
            start.elapsed().as_secs_f64() * 1e3,
            found.len(),
            check.name
        );
    }
    println!("{:>10.1}  all checks", start.elapsed().as_secs_f64() * 1e3);
    Ok(if slow > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
