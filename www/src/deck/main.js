/*
 * The deck: makes slides from a talk file and presents them with reveal.js. Slides are laid out
 * for 1280 x 720 px and scaled to fit the screen.
 */
import '../page/trusted-types.js';
import Reveal from 'reveal.js';
import Zoom from 'reveal.js/plugin/zoom';
import 'reveal.js/reset.css';
import 'reveal.js/reveal.css';
import '../page/page.css';
import './dialect.css';
import './deck.css';
import './code.css';
import './cells.css';
import './demos.css';
import './stage.css';
import './overview.css';
import './boxes.css';
import talkText from '../../talk/parallel-programming.md?raw';
import '../demo/dag-demo.js';
import { keepOffline } from '../offline/offline.js';
import { publishApi } from '../page/api.js';
import { applyTheme } from '../page/theme.js';
import { connectFrame } from '../speaker/frame.js';
import { connectSpeaker } from '../speaker/stage.js';
import { connectCells } from './cells.js';
import { connectSheets } from './demo-sheet.js';
import { connectDemos } from './demos.js';
import { mendJumpBox } from './jump-box.js';
import { connectKeys, isForReveal } from './keys.js';
import { loadTalk } from './load-talk.js';
import { connectOverview } from './overview.js';
import { narrowPolicy } from './policy.js';
import { giveFallbacks } from './recordings.js';
import { connectScrollView, showLastSteps, wantsScrollView } from './scroll-view.js';
import { connectSearch } from './search.js';
import { startWithoutQuery } from './start.js';

/** @import { RevealApi } from 'reveal.js' */

applyTheme();
publishApi();

/** The speaker's window shows this page in small frames, in which nothing runs. */
const asked = new URLSearchParams(location.search);
const inSpeakerWindow = asked.has('receiver') && window.parent !== window;
const inPrint = asked.has('print-pdf');
const scrolls = !inSpeakerWindow && !inPrint && wantsScrollView();

narrowPolicy(asked.get('talk'));
const talk = await loadTalk(talkText);
document.title = talk.title;

const reveal = document.createElement('div');
reveal.className = 'reveal';
const slides = document.createElement('div');
slides.className = 'slides';
slides.append(...talk.slides);
const demos = slides.querySelectorAll('dag-demo');
giveFallbacks(demos);
if (inSpeakerWindow) for (const demo of demos) demo.setAttribute('preview', '');
if (scrolls) showLastSteps(slides);
reveal.append(slides);
document.body.append(reveal);
// Recorded runs for a speaker who does not trust the machine, and for print.
if (asked.has('recorded') || inPrint) {
  for (const demo of demos) demo.showRecorded(true);
}

// Frames of the speaker's window and print show no notes.
if (!inSpeakerWindow && !inPrint) keepOffline((note) => document.body.prepend(note));

/** @type {RevealApi} */
const deck = new Reveal(reveal, {
  width: 1280,
  height: 720,
  margin: 0,
  minScale: 0.1,
  maxScale: 8,
  center: false,
  hash: !inSpeakerWindow,
  navigationMode: 'linear',
  view: inPrint ? 'print' : scrolls ? 'scroll' : null,
  scrollLayout: 'compact',
  scrollSnap: false,
  scrollActivationWidth: undefined,
  keyboardCondition: (event) => isForReveal(event, deck),
  slideNumber: inSpeakerWindow ? false : 'c/t',
  controls: !inSpeakerWindow,
  progress: !inSpeakerWindow,
  transition: inSpeakerWindow ? 'none' : 'fade',
  transitionSpeed: 'fast',
  pdfSeparateFragments: false,
  postMessage: false,
  postMessageEvents: false,
  plugins: [Zoom],
});
connectKeys(deck);
mendJumpBox(reveal);
connectSearch(deck);
connectOverview(deck);
if (inSpeakerWindow) {
  connectFrame(deck, asked.get('receiver') === 'next');
} else {
  connectDemos(deck);
  if (!inPrint) {
    const turn = () => deck.next({ skipFragments: true });
    connectCells(slides, { foreign: talk.foreign, turn });
  }
  connectSheets(deck);
  connectSpeaker(deck);
}
if (scrolls) connectScrollView(deck);
try {
  await startWithoutQuery(deck);
} catch (error) {
  talk.failed(error);
}
new ResizeObserver(() => deck.layout()).observe(reveal);
if (!inSpeakerWindow) talk.connect(deck);
