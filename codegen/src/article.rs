//! What is written about a rule: what it means, a case that fires it, and one much like it that does not.
//!
//! An article is a Markdown file. Its cases stand in code blocks, which tests run, so that what is explained is what is so.

/// The parts of such a file. Its text is Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// What it means: all that stands before the cases.
    pub meaning: &'static str,
    /// What fires it.
    pub fires: Vec<Block>,
    /// What does not, although it is much like it.
    pub silent: Vec<Block>,
}

/// A code block of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Block {
    /// The word that the block begins with, such as `yaml`.
    pub kind: &'static str,
    /// What stands in it, with the end of its last line.
    pub text: &'static str,
}

impl Article {
    /// Takes a file apart.
    #[must_use]
    pub fn read(text: &'static str) -> Self {
        let (meaning, cases) = text.split_once("\n\nFires:\n").unwrap_or((text, ""));
        let (fires, silent) = cases.split_once("\nIs silent:\n").unwrap_or((cases, ""));
        Self { meaning, fires: blocks(fires), silent: blocks(silent) }
    }

    /// What it means in one sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let first = self.meaning.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        first.split_once(". ").map_or(first.clone(), |(sentence, _)| format!("{sentence}."))
    }
}

fn blocks(text: &'static str) -> Vec<Block> {
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).map(|(kind, text)| Block { kind, text }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_apart() {
        let text = "One\nsentence. Another.\n\nMore.\n\nFires:\n\n```yaml\na: 1\n```\n\n```http\nGET /\n```\n\nIs silent:\n\n```yaml\nb\n```\n";
        let article = Article::read(text);
        assert_eq!(article.meaning, "One\nsentence. Another.\n\nMore.");
        assert_eq!(article.summary(), "One sentence.");
        let block = |kind, text| Block { kind, text };
        assert_eq!(article.fires, [block("yaml", "a: 1\n"), block("http", "GET /\n")]);
        assert_eq!(article.silent, [block("yaml", "b\n")]);
        assert_eq!(Article::read("Alone.").meaning, "Alone.");
    }
}
