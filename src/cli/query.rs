//! `youcheng query`: questions to the store.

use std::{
    fs,
    io::{self, IsTerminal, Read as _, Write as _},
    path::Path,
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::Context as _;
use youcheng::{
    query::{self, Format, NAMED, Named, Query, QueryError, Type, width},
    store::Store,
};

use super::{Outcome, args, pager::Pager, progress::Talk, terminal::Out};

/// Queries are parsed and evaluated by recursion, and long sums are deep.
const STACK: usize = 1 << 30;

pub(crate) fn run(args: &args::Query, talk: Talk) -> anyhow::Result<Outcome> {
    thread::scope(|scope| {
        let run = || answer(args, talk);
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn answer(args: &args::Query, talk: Talk) -> anyhow::Result<Outcome> {
    let mut out = Out::new();
    if args.list {
        list(&mut out)?;
        return Ok(Outcome::Done);
    }
    // Nothing that SPARQL can be is a single word.
    let word = args.sparql.as_ref().filter(|text| is_name(text));
    let mut places = Vec::new();
    let query = match (args.name.as_ref().or(word), &args.file, &args.sparql) {
        (Some(name), ..) => {
            let named = Named::find(name).with_context(|| {
                let known = NAMED.iter().map(|named| named.name).collect::<Vec<_>>().join(", ");
                format!("there is no query {name}; take one of: {known}")
            })?;
            let of_places = named.parameters().filter(|known| known.type_ == Type::Place);
            let names: Vec<_> = of_places.map(|known| known.name).collect();
            places.extend(args.param.iter().filter(|(name, _)| names.contains(&name.as_str())));
            named.query(&args.param)?
        }
        (_, file, sparql) => {
            let text = match (file, sparql) {
                (Some(file), _) => {
                    read(file).with_context(|| format!("{}: cannot be read", file.display()))?
                }
                (None, sparql) => sparql.clone().unwrap_or_default(),
            };
            let mut query = Query::parse(&text)?;
            for (name, value) in &args.param {
                query.bind(name, Type::Term, value)?;
            }
            query
        }
    };
    // Before the store is opened: a wrong format is wrong whatever the store holds.
    query.form().format(args.format)?;
    let store = Store::read(&args.store.store)?;
    for (name, value) in places {
        if !query::is_place(&store, value)? {
            let message = format!(
                "--param {name}={value}: nothing in the store is called so; names are Chinese, as \
                 articles write them"
            );
            talk.warn(&message);
        }
    }
    let columns = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    let columns = columns.map(|(width, _)| width.0);
    let (format, timeout) = (args.format, Duration::from_secs(args.timeout));
    // A table is laid out as a whole anyhow; how long a person reads it is no matter.
    if query.form().format(format)? == Format::Table {
        let table = within(timeout, move || {
            let mut table = Vec::new();
            query.run(&store, format, timeout, columns, &mut table)?;
            Ok(table)
        })?;
        let pager = if args.no_pager { None } else { Pager::start() };
        match pager {
            Some(mut pager) => pager.write_all(&table).and_then(|()| pager.flush())?,
            None => out.write_all(&table).and_then(|()| out.flush())?,
        }
    } else {
        within(timeout, move || {
            query.run(&store, format, timeout, columns, &mut out)?;
            Ok(out.flush()?)
        })?;
    }
    Ok(Outcome::Done)
}

/// Does `work`, or gives up some time after `timeout`.
///
/// The evaluation looks at its own time limit whenever it reads from the store, and then
/// ends cleanly; but a product of tables already in memory never reads again. Then it is
/// left to end with the process, which only reads.
fn within<T: Send + 'static>(
    timeout: Duration,
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    const GRACE: Duration = Duration::from_millis(500);
    let (done, wait) = mpsc::channel();
    thread::Builder::new().stack_size(STACK).spawn(move || {
        // Nobody listens any more when the time is over.
        let _ = done.send(work());
    })?;
    match wait.recv_timeout(timeout.saturating_add(GRACE)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(QueryError::Timeout(timeout).into()),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            anyhow::bail!("the query failed inside the store; please report it")
        }
    }
}

fn read(file: &Path) -> io::Result<String> {
    if file.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    fs::read_to_string(file)
}

/// Whether a text is written as the names of queries are.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// The queries that come with the program, each with its parameters.
fn list(out: &mut Out) -> io::Result<()> {
    for named in NAMED {
        writeln!(out, "{}", named.name)?;
        writeln!(out, "    {}", named.answers())?;
        let parameters: Vec<_> = named
            .parameters()
            .map(|parameter| {
                let optional = if parameter.required { "" } else { " (optional)" };
                (format!("--param {}=…", parameter.name), format!("{}{optional}", parameter.help))
            })
            .collect();
        let longest = parameters.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
        for (name, help) in parameters {
            let gap = " ".repeat(longest - width(&name));
            writeln!(out, "    {name}{gap}  {help}")?;
        }
    }
    out.flush()
}
