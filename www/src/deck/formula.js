/*
 * Draws one formula with KaTeX: as HTML to look at, and as MathML for screen readers. This file and KaTeX's
 * style sheet and fonts are loaded only for talks that have formulas (maths.js).
 */
import createDOMPurify from 'dompurify';
import katex from 'katex';
import 'katex/dist/katex.css';

/** The elements that KaTeX creates for formulas that may not link or load anything. */
const ELEMENTS = [
  ...['span', 'svg', 'path', 'line'],
  ...['math', 'semantics', 'annotation', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mspace', 'mtext'],
  ...['menclose', 'merror', 'mfrac', 'mover', 'mpadded', 'mphantom', 'mroot', 'msqrt', 'mstyle'],
  ...['msub', 'msubsup', 'msup', 'munder', 'munderover', 'mtable', 'mtr', 'mtd', 'mlabeledtr'],
];

const ATTRIBUTES = [
  ...['class', 'style', 'aria-hidden', 'xmlns', 'encoding', 'display'],
  ...['width', 'height', 'viewBox', 'preserveAspectRatio', 'd', 'x1', 'x2', 'y1', 'y2'],
  ...['stroke-width', 'accent', 'accentunder', 'columnalign', 'columnlines', 'columnspacing'],
  ...['depth', 'displaystyle', 'fence', 'form', 'largeop', 'linebreak', 'linethickness', 'lspace'],
  ...[
    'mathbackground',
    'mathcolor',
    'mathsize',
    'mathvariant',
    'maxsize',
    'minsize',
    'movablelimits',
  ],
  ...[
    'notation',
    'rowlines',
    'rowspacing',
    'rspace',
    'scriptlevel',
    'separator',
    'side',
    'stretchy',
  ],
  ...['symmetric', 'voffset'],
];

/** Allows lengths, colours and `position: relative`: nothing that loads a file or moves out of the slide. */
const STYLE =
  /^(?:(?:(?:background-|border-)?color|border-(?:(?:bottom|right|top)-)?(?:width|style)|bottom|height|left|margin(?:-left|-right|-top)?|min-width|padding-left|text-shadow|top|vertical-align|width):[\w#%\s.+-]+|position:relative)(?:;|$)/;

/** The deepest nesting of braces. */
const DEEPEST = 200;

const TOO_DEEP = 'it is nested too deeply';

const purifier = createDOMPurify(window);
purifier.addHook('uponSanitizeAttribute', (_node, data) => {
  if (data.attrName === 'style') data.keepAttr = isSafe(data.attrValue);
});

/** @param {string} style */
function isSafe(style) {
  let rest = style.trim();
  while (rest !== '') {
    const declaration = STYLE.exec(rest);
    if (!declaration) return false;
    rest = rest.slice(declaration[0].length).trim();
  }
  return true;
}

/**
 * @param {string} source in TeX
 * @param {boolean} display whether it stands on lines of its own
 * @returns {DocumentFragment}
 * @throws {Error} that says what is wrong
 */
export function drawFormula(source, display) {
  return purifier.sanitize(htmlOf(source, display), {
    ALLOWED_TAGS: ELEMENTS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

/**
 * @param {string} source
 * @param {boolean} displayMode
 */
function htmlOf(source, displayMode) {
  // Whether a deeper formula overflows the stack depends on which functions the browser has optimised so far.
  if (depthOf(source) > DEEPEST) throw new Error(TOO_DEEP);
  /** @type {string[]} */
  const refused = [];
  try {
    const html = katex.renderToString(source, {
      displayMode,
      trust({ command }) {
        refused.push(command);
        return false;
      },
      // Accept what TeX accepts: letters with accents, and text in a formula.
      strict: 'ignore',
      maxExpand: 1000,
      maxSize: 25,
    });
    if (refused.length === 0) return html;
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  throw new Error(`${refused[0]} is not allowed in a talk`);
}

/** Returns how deep the braces of a formula are nested. @param {string} source */
function depthOf(source) {
  let [depth, deepest] = [0, 0];
  for (const [brace] of source.replaceAll(/\\./g, '').matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** @param {unknown} error */
function reasonOf(error) {
  // Any other error is a stack overflow.
  if (!(error instanceof katex.ParseError)) return TOO_DEEP;
  const { rawMessage, position } = error;
  if (/^Too many expansions/.test(rawMessage)) return 'its macros expand more than 1000 times';
  return `${rawMessage}${position === undefined ? '' : ` (character ${position + 1})`}`;
}
