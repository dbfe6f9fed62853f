//! What is done about an archive that something else has damaged.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    sync::PoisonError,
};

use super::{Archive, Contents, State, cut, unpack};
use crate::article::ArticleId;

impl Archive {
    /// Writes the file anew without what is no block. Gives how many bytes that was.
    pub(in crate::store) fn drop_gaps(&mut self) -> io::Result<u64> {
        let contents = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (gaps, end) = (std::mem::take(&mut contents.gaps), contents.end);
        let Some(old) = contents.file.as_mut().filter(|_| !gaps.is_empty()) else { return Ok(0) };
        let new = self.path.with_extension("new");
        let mut file = File::create(&new)?;
        let mut at = 0;
        for gap in gaps.iter().chain([&(end..end)]) {
            old.seek(SeekFrom::Start(at))?;
            io::copy(&mut (&*old).take(gap.start.saturating_sub(at)), &mut file)?;
            at = gap.end;
        }
        file.sync_all()?;
        drop(file);
        std::fs::rename(&new, &self.path)?;
        let file = File::options().read(true).write(true).open(&self.path)?;
        *contents = Contents { file: Some(file), ..Contents::default() };
        contents.scan(true)?;
        Ok(gaps.iter().map(|gap| gap.end - gap.start).sum())
    }

    /// Whether nothing was forgotten of articles that the graph holds, nor is known of others.
    pub(in crate::store) fn knows(&self, graph: &HashSet<ArticleId>) -> io::Result<bool> {
        Ok(graph.iter().all(|id| self.has_read(id)) && self.articles()?.is_subset(graph))
    }

    /// Brings what is known of articles in line with those that the graph holds. Gives how
    /// many had been forgotten.
    pub(in crate::store) fn follow(
        &mut self,
        graph: &HashSet<ArticleId>,
        is_replaced: impl Fn(&ArticleId) -> bool,
    ) -> io::Result<usize> {
        let known = self.articles()?;
        for id in known.difference(graph) {
            let state = if is_replaced(id) { State::Superseded } else { State::Removed };
            self.put(*id, 0, state, None)?;
        }
        let mut forgotten = 0;
        for id in graph {
            if !self.has_read(id) {
                // By nothing that there is: who asks for it again gets it again.
                self.put(*id, 0, State::Known, None)?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    /// The articles whose documents cannot be read.
    pub(in crate::store) fn unreadable(&self) -> io::Result<Vec<ArticleId>> {
        let mut found = Vec::new();
        for (block, lines) in self.blocks()? {
            let documents = self.contents().packed(block).and_then(|packed| unpack(&packed));
            let documents = documents.unwrap_or_default();
            let broken = lines.iter().filter(|(_, line)| cut(&documents, line).is_err());
            found.extend(broken.map(|(id, _)| *id));
        }
        Ok(found)
    }

    /// Forgets documents: what they were read by too, so that they are read again.
    pub(in crate::store) fn distrust(&mut self, ids: &[ArticleId]) -> io::Result<()> {
        ids.iter().try_for_each(|id| self.put(*id, 0, State::Known, None))
    }
}
