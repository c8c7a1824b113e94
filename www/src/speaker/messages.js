/*
 * The messages between the windows of a talk:
 *
 *     speaker's window  -> stage     hello (every second), key
 *     stage             -> speaker's window     state
 *     frame             -> speaker's window     hello (once it can show slides)
 *     speaker's window  -> frame     state
 *
 * The stage is the deck that the audience sees. A frame is the same deck, small, in the speaker's window. Messages are
 * sent to this origin only, and messages from other origins are ignored.
 */

/**
 * Where the stage is in the talk.
 *
 * @typedef {Object} State
 * @property {{ indexh: number, indexv: number, indexf: number, paused: boolean }} deck as reveal.js has it
 * @property {number} slide from 1
 * @property {number} slides
 * @property {boolean} last whether no step follows
 *
 * @typedef {Object} Key
 * @property {string} key
 * @property {string} code
 * @property {number} keyCode by which reveal.js knows it
 * @property {boolean} shiftKey
 *
 * @typedef {{ hello: null, key: Key, state: State }} Messages
 */

const NAME = 'dagdeck-speaker';

/**
 * @template {keyof Messages} Type
 * @param {Window} to
 * @param {Type} type
 * @param {Messages[Type]} content
 */
export function say(to, type, content) {
  to.postMessage({ [NAME]: type, content }, location.origin);
}

/**
 * @template {keyof Messages} Type
 * @param {Type} type
 * @param {(content: Messages[Type], from: Window) => void} act
 */
export function hear(type, act) {
  addEventListener('message', ({ data, origin, source }) => {
    if (origin !== location.origin || data?.[NAME] !== type) return;
    act(data.content, /** @type {Window} */ (source));
  });
}
