/*
 * The listing of a program on the page: its file name and its lines. Only lines that change are
 * written again, so that moving a slider does not scroll the listing. Where a demo names the lines that
 * its slide is about, the others are folded away, and a button shows them.
 */
import { Component, createRef } from 'preact';
import { h } from '../page/h.js';
import { highlightedLines, linesOf, listingOf, withValues } from './listing.js';

/** @import { SettingValues } from './settings.js' */

/**
 * @typedef {Object} ListingText
 * @property {string} file
 * @property {boolean} folds whether some lines are folded away
 * @property {{ html: string, parameter: boolean, folded: boolean }[]} lines `parameter`: follows a control
 */

/** The space above the line that is scrolled to. */
const MARGIN_PX = 6;

/**
 * @param {string} program
 * @param {SettingValues} values put into the listing
 * @param {string | null} focus the names whose lines are shown; null: all
 * @returns {ListingText | null} null if the program has no listing
 */
export function listingText(program, values, focus) {
  const source = listingOf(program);
  if (source === null) return null;
  const text = withValues(source, values).trimEnd();
  const shown = focus === null ? null : linesOf(text, focus.trim().split(/\s+/));
  // Names that the listing does not have fold nothing.
  const folds = shown?.includes(true) ?? false;
  const lines = highlightedLines(text).map(({ html, name }, i) => ({
    html,
    parameter: name !== null,
    folded: folds && !shown?.[i],
  }));
  return { file: `${program}.py`, folds, lines };
}

/** @extends {Component<{ listing: ListingText | null }, { all: boolean }>} */
export class Listing extends Component {
  /** `all`: whether folded lines are shown. @override */
  state = { all: false };
  #figure = createRef();
  #resize = new ResizeObserver(() => this.#fit());

  /** @override */
  componentDidMount() {
    this.#resize.observe(this.#figure.current);
  }

  /** @override */
  componentDidUpdate() {
    this.#fit();
  }

  /** @override */
  componentWillUnmount() {
    this.#resize.disconnect();
  }

  /** Leaves out the file's name where it would cover the first line. */
  #fit() {
    /** @type {HTMLElement} */
    const figure = this.#figure.current;
    delete figure.dataset.crowded;
    const [caption, line] = [
      figure.querySelector('figcaption'),
      figure.querySelector('.line:not(.folded)'),
    ];
    if (caption && line && covers(caption, line)) figure.dataset.crowded = '';
  }

  /**
   * @override
   * @param {{ listing: ListingText | null }} props
   * @param {{ all: boolean }} state
   */
  render({ listing }, { all }) {
    const { file, folds, lines } = listing ?? { file: '', folds: false, lines: [] };
    const marks = { 'data-folds': folds ? '' : undefined, 'data-all': all ? '' : undefined };
    const onClick = () => this.setState({ all: !all });
    const box = { ref: this.#figure, class: 'listing', hidden: listing === null };
    return h('figure', { ...box, ...marks }, [
      h('figcaption', null, [
        h('span', { class: 'file' }, file),
        h(
          'button',
          { type: 'button', class: 'fold', hidden: !folds, onClick },
          all ? 'Fewer lines' : 'All lines',
        ),
      ]),
      h('pre', { tabIndex: 0, 'aria-label': 'Python listing' }, h('code', null, lines.map(lineOf))),
    ]);
  }
}

/**
 * @param {ListingText['lines'][number]} line
 * @param {number} key
 */
function lineOf({ html, parameter, folded }, key) {
  const names = ['line', parameter && 'parameter', folded && 'folded', html === '' && 'blank'];
  return h('span', {
    key,
    class: names.filter(Boolean).join(' '),
    // highlight.js escapes the code: the only tags in it are its own.
    dangerouslySetInnerHTML: { __html: `${html}\n` },
  });
}

/**
 * Whether an element covers some of a line's text.
 *
 * @param {Element} element
 * @param {Element} line
 */
function covers(element, line) {
  const range = document.createRange();
  range.selectNodeContents(line);
  const [above, text] = [element.getBoundingClientRect(), range.getBoundingClientRect()];
  return above.bottom > text.top && above.top < text.bottom && above.left < text.right;
}

/**
 * Scrolls a listing that is too high for its box to the lines that follow the controls, unless it would have to scroll
 * past its end for that: what a control changes is in sight.
 *
 * @param {HTMLElement} root the demo
 */
export function showParameters(root) {
  const [scrolled, first] = [
    root.querySelector('.listing pre'),
    root.querySelector('.line.parameter'),
  ];
  if (!(scrolled instanceof HTMLElement) || !(first instanceof HTMLElement)) return;
  const top = first.offsetTop - scrolled.offsetTop - MARGIN_PX;
  if (scrolled.scrollHeight - scrolled.clientHeight >= top) scrolled.scrollTop = top;
}
