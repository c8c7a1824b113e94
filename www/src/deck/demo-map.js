/*
 * Adds demos to slides by their heading. The entries here are for Tom Augspurger's talk of 2017, which was given with
 * live demos between the slides. The front matter of a talk can add entries, or turn all of them off:
 *
 *     demos:
 *       Dask Demo: { program: array-mean, n: 2000, caption: A mean. }
 *     demos: none
 */

/**
 * The attributes of a demo, and a caption. `nth`: which of the slides with that heading gets it; without, all do.
 *
 * @typedef {Record<string, string | number | boolean>} DemoSettings
 */

/** `anywhere`: also on a slide that says something. @typedef {{ settings: DemoSettings, anywhere: boolean }} Entry */

/**
 * For slides of any talk that are empty but for their heading, or announce a demo. The settings are those of demos in
 * dagdeck's own talk, so its recorded runs fit.
 *
 * @type {Record<string, DemoSettings>}
 */
export const demosByHeading = {
  'Parallelism from the stdlib': {
    program: 'futures-primes',
    calls: 12,
    size: 200000,
    max_workers: 2,
    controls: 'calls size max_workers',
    lines: 'calls size primes',
    caption: 'the same calls on different kinds of workers',
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
    program: 'cluster-inc-add',
    scheduler: 'cluster',
    nodes: 2,
    scale_to: 10,
    kills: 1,
    inputs: 256,
    sleep: 40,
    controls: 'nodes scale_to kills scheduler',
    lines: 'nodes scale_to loads adds print',
    caption: 'Nodes join and die, and the sum stays the same',
  },
};

/** The talk of 2017, by its front matter. */
const ITS_TALK = { title: 'Parallel Programming in Python', author: 'Tom Augspurger' };

/**
 * For slides of that talk which say something. A slide without a heading is known by its first line.
 *
 * @type {Record<string, DemoSettings>}
 */
export const demosOfTheTalk = {
  'Only one thread in your python process can run Python at once': {
    program: 'gil-count',
    lock: 'interval',
    threads: 2,
    ticks: 8388608,
    mode: 'live',
    controls: 'lock threads ticks mode',
    lines: 'threads ticks count for',
  },
  Threads: {
    program: 'gil-io',
    lock: 'interval',
    threads: 4,
    calls: 4,
    wait: 200,
    mode: 'live',
    controls: 'threads calls wait',
    lines: 'threads calls wait call for',
  },
  Multiprocessing: {
    program: 'fork-copy',
    method: 'fork',
    value: 42,
    controls: 'method value',
    lines: 'method value counter',
  },
  'Threads vs. Processes': {
    program: 'which-one',
    calls: 8,
    size: 400000,
    wait: 50,
    elements: 524288,
    max_workers: 2,
    controls: 'calls max_workers',
    lines: 'calls max_workers cpu_bound',
    nth: 2,
  },
  'Parallelism for PyData': {
    program: 'nogil-hash',
    threads: 2,
    strings: 1048576,
    controls: 'threads strings',
    lines: 'threads strings hashed',
    nth: 1,
  },
  "Dask's Values": {
    program: 'array-qr',
    scheduler: 'threads',
    workers: 4,
    n: 50000,
    columns: 100,
    chunk: 5000,
    controls: 'scheduler chunk workers',
    lines: 'chunk workers x q error print',
    nth: 2,
  },
};

/**
 * The demos of a talk, by heading.
 *
 * @param {Record<string, unknown>} data its front matter
 * @param {(name: string, message: string) => void} report tells what cannot be used
 * @returns {{ take: (heading: string) => Entry | null, unused: () => string[] }} `take` gives the demo of the next slide
 *   with a heading, `unused` the headings in the front matter that no slide has
 */
export function demoMap({ title, author, demos: own }, report) {
  /** @type {Map<string, Entry>} */
  const map = new Map();
  /** @type {string[]} */
  const names = [];
  const add = (/** @type {Record<string, any>} */ entries, /** @type {boolean} */ anywhere) => {
    for (const [heading, settings] of Object.entries(entries)) {
      if (isSettings(settings)) map.set(keyOf(heading), { settings, anywhere });
      else if (settings === null || settings === 'none') map.delete(keyOf(heading));
      else {
        report(heading, `demos: “${heading}” must have settings, as in { program: array-mean }`);
        continue;
      }
      if (entries === own) names.push(heading);
    }
  };
  if (own !== 'none' && own !== false) {
    add(demosByHeading, false);
    if (title === ITS_TALK.title && author === ITS_TALK.author) add(demosOfTheTalk, true);
  }
  if (typeof own === 'object' && own !== null && !Array.isArray(own)) add(own, true);
  else if (own !== undefined && own !== null && own !== 'none' && own !== false) {
    report('demos', 'demos: must be a list of headings with their settings, or none');
  }
  /** How many slides have had a heading. @type {Map<string, number>} */
  const taken = new Map();
  return {
    take(heading) {
      const key = keyOf(heading);
      const nth = (taken.get(key) ?? 0) + 1;
      taken.set(key, nth);
      const entry = map.get(key);
      if (!entry) return null;
      const { nth: wanted = nth, ...settings } = entry.settings;
      return wanted === nth ? { ...entry, settings } : null;
    },
    unused: () => names.filter((name) => !taken.has(keyOf(name))),
  };
}

/** Headings are the same in any case, and with any apostrophe. @param {string} heading */
function keyOf(heading) {
  return heading.toLowerCase().replaceAll('’', "'");
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
