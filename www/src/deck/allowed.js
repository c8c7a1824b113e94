/*
 * The HTML and SVG elements and attributes that a talk file may use. Everything else is left out.
 */

const words = (/** @type {string} */ text) => text.trim().split(/\s+/);

export const elements = words(`
  body a abbr article aside b bdi bdo blockquote br caption center cite code col colgroup dd del
  details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
  main mark nav ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot
  th thead time tr u ul var wbr

  video source

  svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker
  linearGradient radialGradient stop clipPath mask pattern
`);

export const attributes = words(`
  controls loop muted playsinline data-autoplay type

  alt class colspan dir height href id lang open reversed role rowspan scope src start style title
  width

  data-lines data-start data-fragment-index data-id data-auto-animate data-transition
  data-transition-speed data-background-color data-background-gradient data-background-image
  data-background-opacity data-background-position data-background-repeat data-background-size
  data-background-transition data-timing data-visibility

  clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family
  font-size font-style font-weight gradientTransform gradientUnits letter-spacing marker-end
  marker-mid marker-start markerHeight markerUnits markerWidth mask offset opacity orient
  paint-order pathLength patternTransform patternUnits points preserveAspectRatio r refX refY rotate
  rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
  stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor
  textLength transform vector-effect viewBox visibility x x1 x2 y y1 y2 xmlns
`);

/** Classes that reveal.js and the page use for their own elements. */
export const reservedClasses = new Set(
  words(`
    reveal slides slide stack present past future backgrounds controls progress slide-number overlay
    pause-overlay talk-note page-note
  `),
);

/** Attributes whose URL the browser loads. */
export const sources = ['src', 'poster', 'recording', 'fallback', 'data-background-image'];

/** A demo may have any setting as an attribute: each program defines its own. */
export const demoAttribute =
  /^(?!on|style$|is$|slot$|part$|exportparts$|href$|src$)[a-z][a-z0-9_-]*$/;

/**
 * Matches values of colours, masks and gradients that would load something. References to parts of the same
 * drawing are allowed. Backslashes are not: an escape could hide a URL.
 */
export const loads = /(?:url|src|image|-set|fade|element)\s*\((?!\s*['"]?#)|\\/i;
