/*
 * What a demo keeps of a run that has finished: a type only.
 */

/** @import { Outcome, ProgramSchema } from '../engine/protocol.js' */
/** @import { Settings } from './settings.js' */

/**
 * `warm` says whether the engine had run the program before.
 *
 * @typedef {{ schema: ProgramSchema, settings: Settings, outcome: Outcome, warm: boolean }} FinishedRun
 */

export {};
