/*
 * Every transition of the table, taken by a demo: what brings a demo into a state, and what causes an event.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EngineError } from '../../../src/engine/client.js';
import { withResolvers } from '../../../src/engine/with-resolvers.js';
import { demoStates, transitions } from '../../../src/demo/transitions.js';
import { aborted, fakeDemo, fakeFiles, recording, settle } from './fake-demo.js';

/** @import { DemoEvent, State, Transition } from '../../../src/demo/transitions.js' */
/** @typedef {ReturnType<typeof fakeDemo>} Demo */

vi.mock('../../../src/model/recording-file.js', () => ({ fetchRecording: vi.fn() }));

/** @type {ReturnType<typeof fakeFiles>} */
let files;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { baseURI: 'https://talks.example/deck/' });
  files = fakeFiles();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Far beyond the end of any replay, slow or not. */
const LATER_MS = 1e9;

/** What brings a demo into each state. @type {Record<State, (demo: Demo) => Promise<void>>} */
const reach = {
  async idle() {},
  async opening(demo) {
    const { engine } = demo.page;
    const asked = withResolvers();
    demo.page.engine = () => asked.promise.then(engine);
    Object.assign(demo, { engineStarts: asked.resolve, engineFails: asked.reject });
    demo.player.seen();
  },
  async opened(demo) {
    demo.player.seen();
    await settle();
  },
  async ready(demo) {
    await reach.opened(demo);
    demo.engine.plans[0].resolve(recording.graph);
    await settle();
  },
  async starting(demo) {
    await reach.ready(demo);
    await demo.begin(() => demo.player.run());
  },
  async running(demo) {
    await reach.starting(demo);
    demo.run.start();
    await settle();
  },
  async finished(demo) {
    await reach.running(demo);
    demo.run.finish();
    await settle();
  },
  async cancelled(demo) {
    await reach.running(demo);
    demo.run.fail(aborted());
    await settle();
  },
  async failed(demo) {
    await reach.running(demo);
    demo.run.fail(new Error('task sum-3 erred'));
    await settle();
  },
  async measuring(demo) {
    await reach.finished(demo);
    await demo.begin(() => demo.player.measureOneWorker());
  },
  async fetching(demo) {
    demo.host.attributes.recording = 'mean.json.gz';
    demo.player.seen();
  },
  async placed(demo) {
    await reach.fetching(demo);
    files.asked[0].resolve(recording);
    await settle();
  },
  async replaying(demo) {
    await demo.begin(() => demo.player.replay(recording));
  },
  async replayed(demo) {
    await reach.replaying(demo);
    demo.player.cancel();
    await demo.frame(0);
  },
  async slow(demo) {
    await reach.finished(demo);
    await demo.begin(() => demo.player.slowMotion());
  },
};

/** Brings a demo into a state of a recording that took the place of a live run. @type {Partial<typeof reach>} */
const reachAside = {
  async fetching(demo) {
    demo.host.attributes.fallback = 'mean.json.gz';
    await reach.finished(demo);
    demo.player.showRecorded(true);
  },
  async placed(demo) {
    await reachAside.fetching?.(demo);
    files.asked[0].resolve(recording);
    await settle();
  },
  async replaying(demo) {
    await reachAside.placed?.(demo);
    await demo.begin(() => demo.player.start());
  },
  async replayed(demo) {
    await reachAside.replaying?.(demo);
    demo.player.cancel();
    await demo.frame(0);
  },
};

/** What causes each event. @type {Record<DemoEvent, (demo: Demo) => unknown>} */
const cause = {
  open({ player, host }) {
    host.attributes = { program: 'no-op' };
    player.follow(['program']);
    player.seen();
  },
  fetch({ player, host }) {
    host.attributes.recording = 'other.json.gz';
    player.follow(['recording']);
    player.seen();
  },
  play: (demo) => demo.begin(() => demo.player.replay(recording)),
  leave: ({ player }) => player.leave(),
  plan: ({ player }) => player.changed(),
  planned: (demo) => demo.engine.plans.at(-1).resolve(recording.graph),
  planFailed: (demo) => demo.engine.plans.at(-1).reject(new Error('too many tasks')),
  run: (demo) => demo.begin(() => demo.player.run()),
  cancel: ({ player }) => player.cancel(),
  reset: ({ player }) => player.reset(),
  setAside({ player, host }) {
    host.attributes.fallback = 'mean.json.gz';
    player.showRecorded(true);
  },
  takeBack: ({ player }) => player.showRecorded(false),
  measure: (demo) => demo.begin(() => demo.player.measureOneWorker()),
  slowMotion: (demo) => demo.begin(() => demo.player.slowMotion()),
  opened: (demo) => /** @type {any} */ (demo).engineStarts(),
  openFailed: (demo) => /** @type {any} */ (demo).engineFails(new EngineError('no workers here')),
  started: ({ run }) => run.start(),
  runFinished: ({ run }) => run.finish(),
  runFailed: ({ run }) => run.fail(new Error('task sum-3 erred')),
  runCancelled: ({ run }) => run.fail(aborted()),
  standInFound: () => files.asked[0].resolve(recording),
  // A second run is warm, and need not be repeated.
  async measured(demo) {
    demo.run.start();
    demo.run.finish();
  },
  measuredFirst: ({ run }) => run.start() ?? run.finish(),
  measureFailed: ({ run }) => run.fail(new Error('task sum-3 erred')),
  fetched: () => files.asked[0].resolve(recording),
  fetchFailed: () => files.asked[0].reject(new Error('mean.json.gz: the server answered 404')),
  fetchCancelled: ({ player }) => player.cancel(),
  replayEnded: async (demo) => {
    await demo.frame(0);
    await demo.frame(LATER_MS);
  },
  slowEnded: async (demo) => {
    await demo.frame(0);
    await demo.frame(LATER_MS);
  },
};

/**
 * Where an event needs more than its state.
 *
 * @param {Demo} demo
 * @param {State} state
 * @param {DemoEvent} event
 */
async function prepare(demo, state, event) {
  if (event === 'takeBack') return reachAside[state]?.(demo);
  if (event === 'standInFound') demo.host.attributes.fallback = 'mean.json.gz';
  await reach[state](demo);
  if (state === 'measuring' && event === 'measured') {
    await cause.measuredFirst(demo);
    await settle();
    demo.run.start();
    demo.run.finish();
    await settle();
    await cause.measure(demo);
  }
  if ((event === 'planned' || event === 'planFailed') && state !== 'opened') {
    demo.player.changed();
    await vi.advanceTimersByTimeAsync(200);
  }
  return undefined;
}

const table = /** @type {[State, Record<DemoEvent, Transition>][]} */ (
  Object.entries(transitions)
).flatMap(([state, row]) =>
  /** @type {[DemoEvent, Transition][]} */ (Object.entries(row)).map(
    ([event, [next]]) => /** @type {const} */ ([state, event, next]),
  ),
);

describe('a demo', () => {
  test.each(table)('that is %s goes on %s to %s', async (state, event, next) => {
    const demo = fakeDemo();
    await prepare(demo, state, event);
    // The first graph is asked for at once.
    const [before] = demo.taken.splice(0).slice(-1);
    if (state === 'opened' && event === 'plan') {
      expect(before).toEqual(['opened', 'plan', 'opened']);
    } else {
      await cause[event](demo);
      await vi.advanceTimersByTimeAsync(200);
      const reached = next === 'back' ? 'finished' : next;
      expect(demo.taken).toContainEqual([state, event, reached]);
      expect(demo.events).toContain(demoStates[reached]);
    }
  });

  test('stays in its state when something is asked that means nothing there', async () => {
    const asked = /** @type {DemoEvent[]} */ (
      'cancel reset measure slowMotion plan takeBack'.split(' ')
    );
    for (const state of /** @type {State[]} */ (Object.keys(transitions))) {
      for (const event of asked) {
        // Resetting a demo that shows nothing loads it anew.
        if (event in transitions[state] || event === 'reset') continue;
        if (state === 'slow') continue;
        const demo = fakeDemo();
        await reach[state](demo);
        const before = demo.taken.length;
        const count = files.asked.length;
        await cause[event](demo);
        expect(demo.taken.slice(before), `${event} while ${state}`).toEqual([]);
        expect(files.asked.length).toBe(count);
        demo.player.leave();
        files.asked.length = 0;
      }
    }
  });
});
