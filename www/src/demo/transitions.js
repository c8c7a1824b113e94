/*
 * The states of a demo, the events that change them, and what is done on each change: one table. Who sends
 * the events and does what the table says is player.js.
 *
 *     idle -- opening -- opened -- ready          the program: its engine starts, its graph is drawn
 *                                    |
 *                                starting -- running -- finished -- measuring
 *                                    |          |           |
 *                                    +----------+-- cancelled, failed -- slow (over any run that has ended)
 *                                                           |
 *     idle -- fetching -- placed -- replaying -- replayed --+          the recording
 *
 * An event that a state does not list does nothing in that state.
 */

/** @import { DemoState } from './state-panel.js' */

/**
 * idle: nothing was asked for yet. opening: the engine starts. opened: the first graph is on its way.
 * fetching: a recording is on its way. starting: the run was asked for, no task has run. measuring: the same
 * runs with one worker. placed: a recording waits to be played. slow: the run that has ended is replayed in
 * slow motion.
 *
 * @typedef {'idle' | 'opening' | 'opened' | 'fetching' | 'ready' | 'starting' | 'running' | 'measuring'
 *   | 'finished' | 'cancelled' | 'failed' | 'placed' | 'replaying' | 'replayed' | 'slow'} State
 */

/**
 * The first line is what people and attributes ask for, the others are answers to what was begun.
 *
 * @typedef {'open' | 'fetch' | 'setAside' | 'takeBack' | 'plan' | 'run' | 'measure' | 'slowMotion' | 'play'
 *   | 'cancel' | 'reset' | 'leave'
 *   | 'opened' | 'openFailed' | 'planned' | 'planFailed' | 'fetched' | 'fetchFailed' | 'fetchCancelled'
 *   | 'started' | 'runFinished' | 'runFailed' | 'runCancelled' | 'standInFound'
 *   | 'measured' | 'measuredFirst' | 'measureFailed'
 *   | 'replayEnded' | 'slowEnded'} DemoEvent
 */

/**
 * What is done, by the name of its function in player.js.
 *
 * @typedef {'open' | 'plan' | 'drawPlan' | 'refusePlan' | 'refuseProgram' | 'run' | 'drawRun' | 'showRun'
 *   | 'showRunFailure' | 'cancelRun' | 'drop' | 'measure' | 'stopMeasuring' | 'showAgain' | 'showFailure'
 *   | 'fetch' | 'setAside' | 'takeBack' | 'stopFetching' | 'refuseRecording' | 'place' | 'standIn' | 'play'
 *   | 'skip' | 'showReplayed' | 'slowMotion' | 'skipSlowMotion' | 'endSlowMotion'} Effect
 */

/**
 * The next state and what is done. `back` is the state that was left for a slow motion, or in which the
 * live run was put aside.
 *
 * @typedef {[next: State | 'back', effect?: Effect]} Transition
 */

/** What can be asked for in every state. @type {Partial<Record<DemoEvent, Transition>>} */
const anywhere = {
  open: ['opening', 'open'],
  fetch: ['fetching', 'fetch'],
  play: ['replaying', 'play'],
  leave: ['idle', 'drop'],
};

/** With a program whose graph is drawn or was asked for. @type {typeof anywhere} */
const withProgram = {
  ...anywhere,
  run: ['starting', 'run'],
  setAside: ['fetching', 'setAside'],
  planned: ['ready', 'drawPlan'],
  planFailed: ['failed', 'refusePlan'],
};

/** While the program runs. @type {typeof anywhere} */
const underWay = {
  ...anywhere,
  reset: ['opened', 'drop'],
};

/** With a recording in the place of the program. @type {typeof anywhere} */
const withRecording = {
  ...anywhere,
  takeBack: ['back', 'takeBack'],
};

/** @type {Record<State, Partial<Record<DemoEvent, Transition>>>} */
export const transitions = {
  idle: anywhere,
  opening: {
    ...anywhere,
    opened: ['opened'],
    openFailed: ['failed', 'refuseProgram'],
  },
  opened: { ...withProgram, plan: ['opened', 'plan'] },
  ready: { ...withProgram, plan: ['ready', 'plan'] },
  starting: {
    ...underWay,
    started: ['running', 'drawRun'],
    runFailed: ['failed', 'showRunFailure'],
    runCancelled: ['cancelled', 'showRunFailure'],
    cancel: ['starting', 'cancelRun'],
  },
  running: {
    ...underWay,
    runFinished: ['finished', 'showRun'],
    runFailed: ['failed', 'showRunFailure'],
    runCancelled: ['cancelled', 'showRunFailure'],
    cancel: ['running', 'cancelRun'],
  },
  measuring: {
    ...underWay,
    measured: ['finished', 'showAgain'],
    measuredFirst: ['starting', 'run'],
    measureFailed: ['failed', 'showFailure'],
    cancel: ['measuring', 'stopMeasuring'],
  },
  finished: {
    ...withProgram,
    plan: ['finished', 'plan'],
    measure: ['measuring', 'measure'],
    slowMotion: ['slow', 'slowMotion'],
  },
  cancelled: {
    ...withProgram,
    plan: ['cancelled', 'plan'],
    slowMotion: ['slow', 'slowMotion'],
  },
  failed: {
    ...withProgram,
    plan: ['failed', 'plan'],
    slowMotion: ['slow', 'slowMotion'],
    standInFound: ['placed', 'standIn'],
  },
  fetching: {
    ...withRecording,
    fetched: ['placed', 'place'],
    fetchFailed: ['failed', 'refuseRecording'],
    fetchCancelled: ['cancelled', 'refuseRecording'],
    cancel: ['fetching', 'stopFetching'],
  },
  placed: withRecording,
  replaying: {
    ...withRecording,
    replayEnded: ['replayed', 'showReplayed'],
    cancel: ['replaying', 'skip'],
  },
  replayed: { ...withRecording, slowMotion: ['slow', 'slowMotion'] },
  slow: {
    slowEnded: ['back', 'endSlowMotion'],
    slowMotion: ['slow', 'skipSlowMotion'],
    cancel: ['slow', 'skipSlowMotion'],
  },
};

/** What a demo tells of its states. @type {Record<State, DemoState>} */
export const demoStates = {
  idle: 'loading',
  opening: 'loading',
  opened: 'loading',
  fetching: 'loading',
  ready: 'ready',
  placed: 'ready',
  starting: 'running',
  running: 'running',
  measuring: 'running',
  finished: 'finished',
  cancelled: 'cancelled',
  failed: 'failed',
  replaying: 'replaying',
  slow: 'replaying',
  replayed: 'replayed',
};
