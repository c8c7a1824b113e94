/*
 * Adds demos to slides that are empty except for a heading, by that heading. The entries here are for
 * Tom Augspurger's talk of 2017, which was given with live demos between the slides. The front matter of a
 * talk can add entries, or turn all of them off:
 *
 *     demos:
 *       Dask Demo: { program: array-mean, n: 2000, caption: A mean. }
 *     demos: none
 */

/** @typedef {Record<string, string | number | boolean>} DemoSettings attributes, and a caption */

/**
 * The settings are those of demos in dagdeck's own talk, so its recorded runs fit.
 *
 * @type {Record<string, DemoSettings>}
 */
export const demosByHeading = {
  'Parallelism from the stdlib': {
    program: 'busy',
    scheduler: 'threads',
    workers: 4,
    shape: 'independent',
    tasks: 128,
    work: 16384,
    controls: 'tasks work workers',
    lines: 'work workers count busy',
    caption: 'independent tasks on a pool of workers, as an executor runs them',
  },
  'Dask Demo': {
    program: 'array-mean',
    scheduler: 'threads',
    workers: 4,
    n: 8000,
    chunk: 1000,
    controls: 'n chunk workers',
    lines: 'n chunk workers rng x mean print',
  },
  'Distributed Demo': {
    program: 'busy',
    scheduler: 'threads',
    workers: 4,
    shape: 'tree',
    tasks: 256,
    failing: 20,
    retries: 5,
    controls: 'tasks failing retries workers',
    lines: 'failing retries client',
    caption: 'On threads of this page: one attempt in five fails and is retried',
  },
};

/**
 * The demos of a talk, by heading in lower case.
 *
 * @param {unknown} own what its front matter says under `demos`
 * @param {(name: string, message: string) => void} report tells what cannot be used
 * @returns {{
 *   take: (heading: string) => { settings: DemoSettings, own: boolean } | null,
 *   unused: () => string[],
 * }} `take` gives the demo of a heading, `unused` the headings in the talk's front matter that no slide has
 */
export function demoMap(own, report) {
  /** @type {Map<string, { settings: DemoSettings, own: boolean }>} */
  const map = new Map();
  /** @type {string[]} */
  const names = [];
  const add = (/** @type {Record<string, any>} */ entries, /** @type {boolean} */ isOwn) => {
    for (const [heading, settings] of Object.entries(entries)) {
      if (isSettings(settings)) map.set(heading.toLowerCase(), { settings, own: isOwn });
      else if (settings === null || settings === 'none') map.delete(heading.toLowerCase());
      else {
        report(heading, `demos: “${heading}” must have settings, as in { program: array-mean }`);
        continue;
      }
      if (isOwn) names.push(heading);
    }
  };
  if (own !== 'none' && own !== false) add(demosByHeading, false);
  if (typeof own === 'object' && own !== null && !Array.isArray(own)) add(own, true);
  else if (own !== undefined && own !== null && own !== 'none' && own !== false) {
    report('demos', 'demos: must be a list of headings with their settings, or none');
  }
  const taken = new Set();
  return {
    take(heading) {
      taken.add(heading.toLowerCase());
      return map.get(heading.toLowerCase()) ?? null;
    },
    unused: () => names.filter((name) => !taken.has(name.toLowerCase())),
  };
}

/**
 * @param {any} settings
 * @returns {settings is DemoSettings}
 */
function isSettings(settings) {
  return (
    typeof settings === 'object' &&
    settings !== null &&
    typeof settings.program === 'string' &&
    Object.values(settings).every((value) => ['string', 'number', 'boolean'].includes(typeof value))
  );
}
