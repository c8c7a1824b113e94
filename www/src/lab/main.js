/*
 * The lab: every program without slides, one at a time. The URL names the program and its settings, and
 * follows the controls.
 */
import '../page/trusted-types.js';
import '../page/page.css';
import './lab.css';
import { DagDemo } from '../demo/dag-demo.js';
import { DagWatch } from '../demo/dag-watch.js';
import { textsOf } from '../demo/settings.js';
import { clusterText, setClusterText } from '../engine/dask/address.js';
import { sharedEngine } from '../engine/shared.js';
import { keepOffline } from '../offline/offline.js';
import { publishApi } from '../page/api.js';
import { applyTheme, toggleTheme } from '../page/theme.js';
import { startsAtOnce, takeCluster } from './cluster-url.js';
import { readUrl, writeUrl } from './url.js';
import { CODE, connectConsole } from './console.js';
import { connectPython } from './python.js';
import { connectRecordings } from './recordings.js';

/** @import { SettingValues } from '../demo/settings.js' */

applyTheme();
publishApi();

const menu = /** @type {HTMLSelectElement} */ (document.querySelector('#program'));
const message = /** @type {HTMLElement} */ (document.querySelector('#message'));
const main = /** @type {HTMLElement} */ (document.querySelector('main'));
document.querySelector('#watch')?.addEventListener('click', () => {
  watchCluster(clusterText() !== '');
});
document.querySelector('#theme')?.addEventListener('click', toggleTheme);

keepOffline((note) => document.body.prepend(note));

const { openFile, openUrl } = connectConsole(main, say);
const recordings = connectRecordings({
  openPython: openFile,
  demo: () => main.querySelector('dag-demo'),
  show(recording) {
    // There is no demo yet if the engine has not started.
    const demo = main.querySelector('dag-demo') ?? put(new DagDemo());
    demo.replay(recording).catch(() => {});
  },
  say,
});
const python = connectPython({ demo: () => main.querySelector('dag-demo'), say });
main.addEventListener('dag-demo-state', () => {
  recordings.refresh();
  python.refresh();
});

const words = new URLSearchParams(location.search);
const code = words.get(CODE);
words.delete(CODE);
if (code !== null) void openUrl(code);
const { query: asked, cluster, watch } = takeCluster(`?${words}`, location.hash);
if (cluster !== null) {
  if (cluster !== '') setClusterText(cluster);
  history.replaceState(null, '', asked || location.pathname);
}

try {
  const engine = await sharedEngine();
  python.open(engine.programs);
  for (const { name, title } of engine.programs) menu.append(new Option(title, name));
  menu.disabled = false;

  const url = readUrl(asked, engine.programs, engine);
  if (url.problems.length > 0) say(url.problems.join(' '));
  // The user may have opened a recording in the meantime.
  if (watch) watchCluster(startsAtOnce(clusterText()));
  else if (!main.querySelector('dag-demo')) show(url.program, url.values);
  menu.value = url.program;

  menu.addEventListener('change', () => {
    say(null);
    history.replaceState(null, '', writeUrl(menu.value, {}));
    show(menu.value, {});
  });
} catch (error) {
  const why = error instanceof Error ? error.message : error;
  say(`${why} You can still open a recorded run.`);
}

/**
 * Shows a program in place of the previous one.
 *
 * @param {string} program
 * @param {SettingValues} values presets
 */
function show(program, values) {
  menu.value = program;
  const demo = new DagDemo();
  demo.setAttribute('program', program);
  demo.setAttribute('controls', 'all');
  for (const [name, text] of Object.entries(textsOf(values))) demo.setAttribute(name, text);
  /** The query of its first settings, which does not replace the URL: only changes by the user do. */
  let shown = '';
  demo.addEventListener('dag-demo-change', () => {
    const settings = demo.settings;
    if (!settings) return;
    const query = writeUrl(program, settings);
    if (shown !== '' && query !== shown) {
      say(null);
      history.replaceState(null, '', query);
    }
    shown = query;
  });
  put(demo);
}

/**
 * Shows what others run on a cluster, in place of a program.
 *
 * @param {boolean} starts whether it starts without a click
 */
function watchCluster(starts) {
  const view = put(new DagWatch());
  if (starts) view.start();
}

/**
 * Shows a demo, or a cluster, in place of the previous one.
 *
 * @template {HTMLElement} T
 * @param {T} element
 */
function put(element) {
  main.querySelector('dag-demo, dag-watch')?.remove();
  message.after(element);
  return element;
}

/** @param {string | null} text */
function say(text) {
  message.textContent = text;
  message.hidden = text === null;
}
