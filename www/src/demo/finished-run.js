/*
 * What a demo keeps of a run that has finished: a type only.
 */

/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Settings } from './settings.js' */
/** @import { Subject } from './subject.js' */

/**
 * `warm` says whether the engine had run the program before.
 *
 * @typedef {{ subject: Subject, settings: Settings, outcome: Outcome, warm: boolean }} FinishedRun
 */

export {};
