/*
 * Decides where a paragraph ends. Pandoc requires a blank line before a heading, a list, a quote or a rule, so that a
 * line of prose that happens to start with `#` or `-` stays prose; CommonMark does not. In a list item
 * neither needs one, for nested lists.
 */

/** @import { MarkdownIt } from 'markdown-it' */

/** @param {MarkdownIt} md */
export function paragraphs(md) {
  for (const name of ['blockquote', 'hr', 'list', 'heading']) {
    const endsLists = name === 'blockquote' || name === 'hr';
    const rule = ruleNamed(md, name);
    md.block.ruler.at(
      name,
      (state, start, end, silent) => {
        const interrupts = silent && state.parentType === 'paragraph' && state.listIndent < 0;
        return !interrupts && rule(state, start, end, silent);
      },
      { alt: ['paragraph', 'reference', 'blockquote', ...(endsLists ? ['list'] : [])] },
    );
  }
}

/**
 * Finds a rule of markdown-it by its name. markdown-it does not return names with its rules, so this looks for the rule
 * that disappears when the name is disabled.
 *
 * @param {MarkdownIt} md
 * @param {string} name
 */
function ruleNamed({ block: { ruler } }, name) {
  const all = ruler.getRules('');
  ruler.disable(name);
  const others = new Set(ruler.getRules(''));
  ruler.enable(name);
  const rule = all.find((candidate) => !others.has(candidate));
  if (!rule) throw new Error(`markdown-it has no rule named ${name}`);
  return rule;
}
