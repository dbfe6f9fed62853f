//! How many megabytes of text are stripped of pinyin in a second of one core, clean text,
//! and text with an annotation in every thirty characters and in every other one. Applying the edits
//! is counted.
//!
//! `cargo run --release --no-default-features --example pinyin_speed`
#![allow(clippy::print_stdout)]

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use youcheng::{clean::Cleaner, text::Text};

const BYTES: usize = 8 << 20;
const TEXTS: [(&str, &str); 3] = [
    (
        "clean",
        "代表团应邀来访，双方就港口物流与职业教育举行会谈，达成多项共识，并商定(2025-2027)每年互派师生。\n",
    ),
    (
        "noisy",
        "代表团应邀来访(láifǎng)，双方就港口物流与职业教育举行会谈，达成(dáchéng)多项共识，并商定(2025-2027)每年互派师生。\n",
    ),
    (
        "very noisy",
        "代(dai)表(biao)团(tuan)应邀(yìngyāo)来访(fang)，双方(shuāngfāng)就港口(gǎngkǒu)物流(wùliú)举行(jǔxíng)会谈。\n",
    ),
];

/// The time that this thread has run; elsewhere than on Linux the time that has passed.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    ran.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn main() -> anyhow::Result<()> {
    let cleaner = Cleaner::new()?;
    for (name, line) in TEXTS {
        let raw = line.repeat(BYTES / line.len());
        let (mut best, mut gone) = (f64::INFINITY, 0);
        for _ in 0..5 {
            let mut text = Text::new(raw.as_str());
            let start = now();
            cleaner.strip_pinyin(&mut text);
            best = best.min((now() - start).as_secs_f64());
            gone = text.count(|_| true);
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let rate = raw.len() as f64 / 1e6 / best;
        println!("{name}: {rate:.0} MB a second, {gone} annotations taken out");
    }
    Ok(())
}
