//! Scores the extractor on the clean texts of the corpus: `score SPLIT [--misses] [DIR]`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use std::fs;
use youcheng::{article::*, eval::*, notes::Notes, pipeline::*, text::Text};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let split = &args[0];
    let misses = args.iter().any(|a| a == "--misses");
    let extractor = Extractor::new(Options::default()).unwrap();
    let mut score = Score::default();
    let mut files: Vec<_> = fs::read_dir("corpus").unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".gold.json") else { continue };
        if args.len() > 1
            && args.last().unwrap() != "--misses"
            && !name.starts_with(args.last().unwrap())
        {
            continue;
        }
        let golds: Vec<Gold> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for gold in golds {
            if gold.split != *split {
                continue;
            }
            if std::env::var("FILES").is_ok() {
                let base = path.with_file_name(stem);
                let Some(file) = ["txt", "html", "jsonl"]
                    .iter()
                    .map(|e| base.with_extension(e))
                    .find(|f| f.exists())
                else {
                    panic!("{stem}")
                };
                println!("## {} {:?}", file.display(), gold.line);
                for item in youcheng::read::read(&[file], Default::default()) {
                    match item {
                        Ok((article, notes)) if article.source.line == gold.line => {
                            let e = extractor.run(article, notes);
                            let mut one = Score::default();
                            one.add(&e, &gold);
                            if misses {
                                for (task, sign, what) in &one.misses {
                                    println!("   {task} {sign} {what}");
                                }
                                if e.article.published.map(|p| p.date.to_string()) != gold.published
                                {
                                    println!(
                                        "   published {:?} {:?}",
                                        e.article.published, gold.published
                                    );
                                }
                                if e.title != gold.title {
                                    println!("   title {:?} {:?}", e.title, gold.title);
                                }
                            }
                            score.add(&e, &gold);
                        }
                        Ok(_) => {}
                        Err(error) => println!("   ERROR {error}"),
                    }
                }
                continue;
            }
            let Some(clean) = &gold.clean else { continue };
            let text = match &gold.title {
                Some(t) => format!("{t}\n{clean}"),
                None => clean.clone(),
            };
            let article = Article {
                id: ArticleId::of(text.as_bytes()),
                source: Source::default(),
                title: gold.title.clone(),
                published: gold
                    .published
                    .as_ref()
                    .and_then(|p| Some(Published { date: p.parse().ok()?, origin: Origin::Given })),
                text: Text::new(text),
                text_starts: 0,
                layout: vec![],
            };
            let e = extractor.run(article, Notes::default());
            let mut one = Score::default();
            one.add(&e, &gold);
            if misses {
                println!("## {stem} {:?}", gold.line);
                for (task, sign, what) in &one.misses {
                    println!("   {task} {sign} {what}");
                }
            }
            score.add(&e, &gold);
        }
    }
    for (task, c) in &score.tasks {
        println!("{task:16} P {:.3} R {:.3} F1 {:.3}  {c:?}", c.precision(), c.recall(), c.f1());
    }
    println!("false alarms {} of {}", score.false_alarms, score.without);
}
