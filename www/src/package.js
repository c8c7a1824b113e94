/*
 * The entry of the npm package: importing it defines <dag-demo>. It publishes nothing on the page:
 * who imports it has the API by import.
 */
export { DagDemo } from './demo/dag-demo.js';
export { readRecording } from './model/recording-file.js';
export { recordingPieces } from './model/recording.js';
export { api as dagdeck } from './page/api.js';

/** @typedef {import('./demo/dag-demo.js').DemoState} DemoState */
/** @typedef {import('./engine/plain.js').PlainOutcome} Outcome */
/** @typedef {import('./engine/protocol.js').ProgramSchema} ProgramSchema */
/** @typedef {import('./model/recording.js').Recording} Recording */
/** @typedef {import('./page/api.js').ApiRunOptions} RunOptions */
