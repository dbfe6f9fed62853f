//! What `ingest --refresh` reads again, and what of it could not be.

use std::{
    collections::{BTreeSet, HashSet},
    path::PathBuf,
};

use anyhow::Context as _;
use youcheng::{
    article::ArticleId,
    holdings::{self, Held},
    read::Wanted,
    store::Store,
};

use crate::cli::{args, held, progress::Talk};

/// The articles that were read by another mark.
pub(super) struct Outdated {
    articles: Vec<Held>,
    ids: HashSet<ArticleId>,
    mark: u64,
}

impl Outdated {
    pub(super) fn of(args: &args::Ingest, mark: u64, store: &Store) -> anyhow::Result<Self> {
        let current = store.read_by(mark, !args.no_archive)?;
        let articles = holdings::articles(store).context("the articles of the graph")?;
        let articles = articles.into_iter().filter(|held| !current.contains(&held.id));
        let articles: Vec<Held> = articles.collect();
        Ok(Self { ids: articles.iter().map(|held| held.id).collect(), articles, mark })
    }

    /// Whether an article is one of them.
    pub(super) fn holds(&self, id: &ArticleId) -> bool {
        self.ids.contains(id)
    }

    /// The files of these articles that are there.
    pub(super) fn wanted(&self) -> Wanted {
        let there = self.articles.iter().filter(|held| held::gone(held).is_none());
        let files: BTreeSet<_> = there.filter_map(|held| held.file.as_ref()).collect();
        Wanted { paths: files.into_iter().map(PathBuf::from).collect(), ..Wanted::default() }
    }

    /// Names those that are still what they were, after all was read. Says how many.
    pub(super) fn left(&self, args: &args::Ingest, talk: Talk) -> anyhow::Result<usize> {
        if self.articles.is_empty() {
            return Ok(0);
        }
        let store = Store::read(&args.store.store)?;
        let current = store.read_by(self.mark, !args.no_archive)?;
        let there = store.articles()?;
        let is_left = |held: &&Held| there.contains(&held.id) && !current.contains(&held.id);
        let mut count = 0;
        for held in self.articles.iter().filter(is_left) {
            count += 1;
            let why = held::gone(held).unwrap_or("stands in its file no more");
            held::skip(talk, held, why);
        }
        Ok(count)
    }
}
