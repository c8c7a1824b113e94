/*
 * What the editor of Python code proposes: keywords, the names of modules, and what a module has. The modules and names
 * are those of Python in the page (module-names.json, which a test compares with the interpreter). lang-python proposes
 * built-in functions and the names that the code itself defines.
 */
import moduleNames from './module-names.json';

/** The names of each module, without those that begin with an underscore. @type {Record<string, string[]>} */
const names = moduleNames;

const KEYWORDS = (
  'and as assert async await break case class continue def del elif else except finally for from global if import in ' +
  'is lambda match nonlocal not or pass raise return try while with yield'
).split(' ');

/** The longest text before the cursor that is looked at. */
const LONGEST = 200;

/**
 * Returns the modules that the names of some code stand for: `import dask.array as da` gives `da`.
 *
 * @param {string} code
 * @returns {Map<string, string>}
 */
export function importedModules(code) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [, list] of code.matchAll(/^[ \t]*import[ \t]+([^#;\n]+)/gm)) {
    for (const item of list.split(',')) {
      const [module, alias] = item.trim().split(/\s+as\s+/);
      // `import dask.array` binds the name `dask`, and makes `dask.array` usable.
      found.set(alias ?? module, module);
    }
  }
  for (const [, parent, list] of code.matchAll(
    /^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+([^#;\n]+)/gm,
  )) {
    for (const item of list.split(',')) {
      const [name, alias = name] = item.trim().split(/\s+as\s+/);
      if (`${parent}.${name}` in names) found.set(alias, `${parent}.${name}`);
    }
  }
  return found;
}

/**
 * Returns what could stand at the end of the text: what is typed already, and all names that may be meant.
 *
 * @param {string} before the line up to the cursor
 * @param {string} code all of it
 * @returns {{ typed: string, options: { label: string, type: string }[], owner: string | null } | null} `owner` has the
 *   names that may be meant, besides the options: '' stands for `__main__`
 */
export function proposals(before, code) {
  const text = before.slice(-LONGEST);
  const asNames = (/** @type {string[]} */ labels) =>
    labels.map((label) => ({ label, type: /^[A-Z]/.test(label) ? 'class' : 'function' }));

  const member = /^\s*from\s+([\w.]+)\s+import\s+(?:[\w\s,]*,\s*)?(\w*)$/.exec(text);
  if (member) return { typed: member[2], options: asNames(names[member[1]] ?? []), owner: null };

  const module = /^\s*(?:from|import)\s+(?:[\w.\s]*,\s*)?([\w.]*)$/.exec(text);
  if (module) {
    const options = Object.keys(names).map((label) => ({ label, type: 'namespace' }));
    return { typed: module[1], options, owner: null };
  }

  const attribute = /([A-Za-z_][\w.]*)\.(\w*)$/.exec(text);
  if (attribute) {
    const [, owner, typed] = attribute;
    const modules = importedModules(code);
    const [first, ...rest] = owner.split('.');
    const path = modules.get(owner) ?? [modules.get(first) ?? first, ...rest].join('.');
    const known = modules.has(owner) || modules.has(first) ? names[path] : undefined;
    return { typed, options: asNames(known ?? []), owner };
  }

  const word = /(?:^|[^\w.])([A-Za-z_]\w*)$/.exec(text);
  if (!word) return null;
  const options = KEYWORDS.map((label) => ({ label, type: 'keyword' }));
  return { typed: word[1], options, owner: '' };
}
