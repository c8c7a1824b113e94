/*
 * The deck: makes slides from a talk file and presents them with reveal.js. Slides are laid out
 * for 1280 x 720 and scaled to the screen as a whole.
 */
import Reveal from 'reveal.js';
import Notes from 'reveal.js/plugin/notes';
import 'reveal.js/reset.css';
import 'reveal.js/reveal.css';
import '../page/page.css';
import './dialect.css';
import './deck.css';
import './code.css';
import talkText from '../../talk/parallel-programming.md?raw';
import '../demo/dag-demo.js';
import { publishApi } from '../page/api.js';
import { isolationNote } from '../page/isolation-note.js';
import { applyTheme, toggleTheme } from '../page/theme.js';
import { loadTalk } from './load-talk.js';

/** The letter T: reveal.js has no use for it. */
const T = 84;

applyTheme();
publishApi();

/** The speaker window shows this page in small frames, which are to be looked at, not to be run. */
const inSpeakerWindow = new URLSearchParams(location.search).has('receiver');

const talk = await loadTalk(talkText);
document.title = talk.title;

const reveal = document.createElement('div');
reveal.className = 'reveal';
const slides = document.createElement('div');
slides.className = 'slides';
slides.append(...talk.slides());
if (inSpeakerWindow) {
  for (const demo of slides.querySelectorAll('dag-demo')) demo.setAttribute('preview', '');
}
reveal.append(slides);
document.body.append(reveal);

const note = inSpeakerWindow ? null : isolationNote();
if (note) document.body.prepend(note);

const deck = new Reveal(reveal, {
  width: 1280,
  height: 720,
  margin: 0,
  minScale: 0.1,
  maxScale: 8,
  center: false,
  hash: true,
  slideNumber: 'c/t',
  transition: 'fade',
  transitionSpeed: 'fast',
  plugins: [Notes],
});
await deck.initialize();
new ResizeObserver(() => deck.layout()).observe(reveal);
deck.addKeyBinding({ keyCode: T, key: 'T', description: 'Light or dark' }, toggleTheme);
if (!inSpeakerWindow) talk.connect(deck);
