//! How many pages are read and cleaned in a second of one core:
//! `pages_per_second SECONDS PATH…`. Loading the data is not counted, nor the disk, nor
//! the time that other processes had the core (on Linux).
#![allow(clippy::print_stdout)]

use std::{
    path::PathBuf,
    sync::LazyLock,
    time::{Duration, Instant},
};

use youcheng::{
    clean::Cleaner,
    read::{Input, Limits, Reader},
};

/// The time that this thread has run; elsewhere than on Linux the time that has passed.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    ran.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let seconds = args.next().and_then(|s| s.to_str()?.parse().ok()).unwrap_or(5);
    let paths: Vec<PathBuf> = args.map(PathBuf::from).collect();
    let reader = Reader::new(Limits::default())?;
    let cleaner = Cleaner::new()?;
    let inputs: Vec<Input> = reader.inputs(&paths).filter_map(Result::ok).collect();
    let (mut pages, mut reading, mut cleaning) = (0_u32, Duration::ZERO, Duration::ZERO);
    while (reading + cleaning).as_secs() < seconds {
        for input in &inputs {
            let input = input.clone();
            let start = now();
            let read = reader.article(input);
            let middle = now();
            if let Ok((mut article, mut notes)) = read {
                cleaner.run(&mut article, &mut notes);
            }
            reading += middle - start;
            cleaning += now() - middle;
            pages += 1;
        }
    }
    let rate = |time: Duration| f64::from(pages) / time.as_secs_f64();
    println!(
        "{pages} pages: {:.0} a second; reading alone {:.0}, cleaning alone {:.0}",
        rate(reading + cleaning),
        rate(reading),
        rate(cleaning)
    );
    Ok(())
}
