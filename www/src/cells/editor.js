/*
 * The editor of Python code, made with CodeMirror. It is a file of its own that is loaded when somebody edits for the
 * first time. Its colours are those of listings: it gives tokens the class names of highlight.js.
 */
import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionStatus,
  ifNotIn,
  moveCompletionSelection,
  selectedCompletion,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  insertNewlineAndIndent,
} from '@codemirror/commands';
import { python, pythonLanguage } from '@codemirror/lang-python';
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
import { EditorSelection, EditorState, Prec } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  ViewPlugin,
} from '@codemirror/view';
import { tagHighlighter, tags } from '@lezer/highlight';
import { proposals } from './completions.js';
import './editor.css';

/** @import { CompletionContext, CompletionResult } from '@codemirror/autocomplete' */
/** @import { Extension, Range, Text } from '@codemirror/state' */
/** @import { ViewUpdate } from '@codemirror/view' */

/**
 * @typedef {Object} EditorOptions
 * @property {string} text
 * @property {EditorState | null} [state] of an earlier editor, whose history this one goes on with
 * @property {number | null} [firstLine] the number of the first line; no numbers without it
 * @property {string} label for screen readers
 * @property {() => void} onRun Ctrl+Enter, or Cmd+Enter
 * @property {() => void} onRunNext Shift+Enter
 * @property {() => void} onLeave Escape
 * @property {(view: EditorView, key: 'ArrowUp' | 'ArrowDown' | 'Enter') => boolean} [onKey] called before the editor
 *   handles the key; returns whether it has handled it
 * @property {(owner: string) => Promise<string[]>} [liveNames] the names that an object has at this moment; '' stands
 *   for `__main__`
 * @property {() => void} [onChange]
 * @property {() => void} [onBlur]
 */

const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.bool, tags.null], class: 'hljs-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 'hljs-string' },
  { tag: tags.number, class: 'hljs-number' },
  { tag: tags.comment, class: 'hljs-comment' },
]);

/** Those that highlight.js colours. */
const BUILT_INS = new Set(
  (
    'abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir ' +
    'divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int ' +
    'isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property ' +
    'range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip'
  ).split(' '),
);

const builtIn = Decoration.mark({ class: 'hljs-built_in' });
const blankLine = Decoration.line({ class: 'blank' });

/** Blank lines are as low as those of listings, and built-in functions have their colour. */
const likeListings = ViewPlugin.fromClass(
  class {
    /** @param {EditorView} view */
    constructor(view) {
      this.decorations = decorationsOf(view);
    }

    /** @param {ViewUpdate} update */
    update(update) {
      const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || update.selectionSet || parsed) {
        this.decorations = decorationsOf(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** As in listings, blank lines show no number. @param {Text} doc @param {number} line */
const isBlank = (doc, line) => line <= doc.lines && doc.line(line).length === 0;

/** @param {EditorView} view */
function decorationsOf({ state, visibleRanges }) {
  /** @type {Range<Decoration>[]} */
  const found = [];
  const current = state.doc.lineAt(state.selection.main.head).from;
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to;) {
      const line = state.doc.lineAt(at);
      // The cursor's line has its whole height.
      if (line.length === 0 && line.from !== current) found.push(blankLine.range(line.from));
      at = line.to + 1;
    }
    syntaxTree(state).iterate({
      from,
      to,
      enter(node) {
        if (node.name !== 'VariableName') return;
        if (BUILT_INS.has(state.sliceDoc(node.from, node.to))) {
          found.push(builtIn.range(node.from, node.to));
        }
      },
    });
  }
  return Decoration.set(found, true);
}

/**
 * @param {EditorOptions['liveNames']} liveNames
 * @returns {(context: CompletionContext) => Promise<CompletionResult | null>}
 */
const completeWith =
  (liveNames = async () => []) =>
  async ({ state, pos, explicit }) => {
    const line = state.doc.lineAt(pos);
    const found = proposals(line.text.slice(0, pos - line.from), state.doc.toString());
    if (!found) return null;
    const { typed, owner } = found;
    const isMember = line.text[pos - line.from - typed.length - 1] === '.';
    if (typed === '' && !explicit && !isMember) return null;
    const known = new Set(found.options.map(({ label }) => label));
    const live = owner === null ? [] : await liveNames(owner);
    const more = live
      .filter((label) => !known.has(label) && label.startsWith('_') === typed.startsWith('_'))
      .map((label) => ({ label, type: 'variable' }));
    const options = [...found.options, ...more];
    return options.length > 0 ? { from: pos - typed.length, options, validFor: /^\w*$/ } : null;
  };

/** Takes the completion that is chosen, or else the first. @param {EditorView} view */
function completeFirst(view) {
  if (completionStatus(view.state) !== 'active') return false;
  if (!selectedCompletion(view.state)) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
}

/** @param {() => void} act */
const always = (act) => () => {
  act();
  return true;
};

/** @param {EditorOptions} options @returns {Extension} */
function extensionsOf({
  firstLine = null,
  label,
  liveNames,
  onRun,
  onRunNext,
  onLeave,
  onKey,
  onChange,
  onBlur,
}) {
  return [
    // Before the keys of completion and of the editor.
    Prec.highest(
      keymap.of([
        { key: 'Mod-Enter', run: always(onRun), stopPropagation: true },
        { key: 'Shift-Enter', run: always(onRunNext), stopPropagation: true },
        {
          key: 'Escape',
          run(view) {
            // One that is not shown yet does not count.
            const isShown = completionStatus(view.state) === 'active';
            if (!isShown || !closeCompletion(view)) onLeave();
            return true;
          },
        },
      ]),
    ),
    // Enter is a new line, unless somebody has chosen a completion by the arrow keys.
    autocompletion({ icons: false, maxRenderedOptions: 60, selectOnOpen: false }),
    keymap.of([{ key: 'Tab', run: completeFirst }]),
    keymap.of(
      onKey
        ? /** @type {const} */ (['ArrowUp', 'ArrowDown', 'Enter']).map((key) => ({
            key,
            run: (/** @type {EditorView} */ view) => onKey(view, key),
          }))
        : [],
    ),
    keymap.of([
      // Not Python's continuation of comments.
      { key: 'Enter', run: insertNewlineAndIndent },
      ...closeBracketsKeymap,
      ...historyKeymap,
      indentWithTab,
      ...defaultKeymap,
    ]),
    firstLine === null
      ? []
      : lineNumbers({
          formatNumber: (n, { doc }) => (isBlank(doc, n) ? '' : String(n + firstLine - 1)),
        }),
    python(),
    pythonLanguage.data.of({
      autocomplete: ifNotIn(['Comment', 'String', 'FormatString'], completeWith(liveNames)),
    }),
    syntaxHighlighting(highlighter),
    likeListings,
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of('    '),
    EditorState.tabSize.of(4),
    EditorView.contentAttributes.of({ 'aria-label': label, 'data-prevent-swipe': '' }),
    EditorView.updateListener.of(({ docChanged }) => {
      if (docChanged) onChange?.();
    }),
    EditorView.domEventHandlers({
      blur(_event, view) {
        // Not when the window has lost the focus.
        if (view.root.activeElement !== view.contentDOM) onBlur?.();
      },
    }),
  ];
}

/**
 * @param {HTMLElement} parent
 * @param {EditorOptions} options
 */
export function createEditor(parent, options) {
  const { text, state: earlier } = options;
  const extensions = extensionsOf(options);
  const isSame = earlier?.doc.toString() === text;
  const state = isSame ? earlier : EditorState.create({ doc: text, extensions });
  const view = new EditorView({ state, parent });
  // What happens in it is none of the page's business: the deck's keys turn slides.
  view.dom.addEventListener('keydown', (event) => event.stopPropagation());
  return {
    view,
    get text() {
      return view.state.doc.toString();
    },
    /** @param {string} next */
    setText(next) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: next },
        selection: EditorSelection.cursor(next.length),
        scrollIntoView: true,
      });
    },
    focus: () => view.focus(),
    /** Puts the cursor at a place of the window. @param {{ x: number, y: number }} place */
    pointAt(place) {
      const at = view.posAtCoords(place, false);
      view.dispatch({ selection: EditorSelection.cursor(at) });
    },
    destroy: () => view.destroy(),
  };
}

/** @typedef {ReturnType<typeof createEditor>} Editor */
