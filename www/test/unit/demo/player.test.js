/* What a demo does over several events; transitions.test.js tries each event in each state. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EngineError } from '../../../src/engine/client.js';
import { withResolvers } from '../../../src/engine/with-resolvers.js';
import { aborted, fakeDemo, fakeFiles, recording, settle } from './fake-demo.js';

vi.mock('../../../src/model/recording-file.js', () => ({ fetchRecording: vi.fn() }));

/** @typedef {ReturnType<typeof fakeDemo>} Demo */

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

const died = () => new EngineError('The engine stopped: its worker ended unexpectedly.');
const withFallback = { program: 'array-mean', fallback: 'mean.json.gz', limit: '5' };

/** A demo whose graph is drawn. @param {Record<string, string>} [attributes] */
async function readyDemo(attributes) {
  const demo = fakeDemo(attributes);
  demo.player.seen();
  await settle();
  await plan(demo);
  expect(demo.state).toBe('ready');
  return demo;
}

/** The engine answers the plan that was asked for last. @param {Demo} demo */
async function plan(demo) {
  demo.engine.plans.at(-1).resolve(recording.graph);
  await settle();
}

/** @param {Demo} demo */
async function finish(demo) {
  demo.run.start();
  await settle();
  demo.run.finish();
  await settle();
}

/** @param {Demo} demo */
async function finishedRun(demo) {
  await demo.begin(() => demo.player.run());
  await finish(demo);
  expect(demo.state).toBe('finished');
}

describe('a start', () => {
  test('waits until the demo is loaded', async () => {
    const demo = fakeDemo();
    const started = demo.player.start();
    expect(demo.player.active).toBe(true);
    await settle();
    await finish(demo);
    await started;
    expect(demo.player.state).toBe('finished');
    expect(demo.events.filter((type) => type === 'run')).toHaveLength(1);
  });

  test('that is cancelled while the demo loads runs nothing', async () => {
    const demo = fakeDemo();
    const outcome = demo.call(() => demo.player.start());
    demo.player.cancel();
    expect(await outcome).toBe('the run was cancelled');
    expect(demo.engine.runs).toHaveLength(0);
    expect(demo.player.active).toBe(false);
  });

  test('is taken back by its signal', async () => {
    const demo = fakeDemo();
    const leave = new AbortController();
    const outcome = demo.call(() => demo.player.start(leave.signal));
    leave.abort();
    expect(await outcome).toBe('the run was cancelled');
    expect(demo.engine.runs).toHaveLength(0);
  });

  test('of a run that is cancelled before the engine is there sends nothing to it', async () => {
    const demo = await readyDemo();
    demo.engine.lost = died();
    const engine = withResolvers();
    const { engine: live } = demo.page;
    demo.page.engine = () => engine.promise.then(live);
    const outcome = demo.player.run().catch((error) => error.name);
    await settle();
    expect(demo.player.state).toBe('running');
    demo.player.cancel();
    engine.resolve(null);
    expect(await outcome).toBe('AbortError');
    expect(demo.engine.runs).toHaveLength(0);
    expect([demo.player.state, demo.shown.text]).toEqual(['cancelled', 'Cancelled.']);
  });
});

describe('an engine that dies', () => {
  test('before the run has started makes it start again on a new engine', async () => {
    const demo = await readyDemo();
    const outcome = demo.player.run();
    await settle();
    demo.replaceEngine(died());
    await settle();
    expect(demo.player.state).toBe('running');
    expect(demo.engine.runs).toHaveLength(1);
    await finish(demo);
    expect(await outcome).toEqual(recording.outcome);
    expect(demo.player.state).toBe('finished');
    expect(demo.events.filter((type) => type === 'run')).toHaveLength(1);
  });

  test('twice before the run has started fails it, with an offer to restart', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.replaceEngine(died());
    await settle();
    demo.replaceEngine(died());
    await settle();
    expect(demo.player.state).toBe('failed');
    expect(demo.shown.text).toContain('its worker ended unexpectedly');
    expect(demo.shown.offer).not.toBeNull();
    expect(demo.shown.model).toBeNull();
    expect(demo.engine.runs).toHaveLength(0);
  });

  test('after the run has started fails it, and nothing runs again', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    demo.replaceEngine(died());
    await settle();
    expect(demo.player.state).toBe('failed');
    expect(demo.engine.runs).toHaveLength(0);
    // What has run is still drawn.
    expect(demo.shown.model.phase).toBe('stopped');
  });

  test('under a plan makes another engine plan', async () => {
    const demo = await readyDemo();
    demo.player.changed();
    await vi.advanceTimersByTimeAsync(200);
    demo.replaceEngine(died());
    await settle();
    await plan(demo);
    expect(demo.state).toBe('ready');
  });

  test('under a run that was just cancelled does not start it again', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.player.cancel();
    demo.replaceEngine(died());
    await settle();
    expect(demo.player.state).toBe('cancelled');
    expect(demo.engine.runs).toHaveLength(0);
  });
});

describe('a restart of the engine', () => {
  test('is offered when a cancelled run goes on, and ends it', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    demo.player.cancel();
    expect([demo.run.cancelled, demo.shown.text]).toEqual([1, 'Cancelling …']);
    expect(demo.shown.offer).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(demo.shown.notice).toBe('The run has not stopped yet: a task is still busy.');
    demo.page.restart = async () => demo.replaceEngine(new EngineError('restarted', true));
    demo.shown.offer?.();
    await settle();
    expect(demo.player.state).toBe('cancelled');
    expect(demo.shown.text).toBe('Cancelled: the engine was restarted.');
    expect(demo.engine.runs).toHaveLength(0);
    // The next failure is a failure.
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    demo.replaceEngine(died());
    await settle();
    expect(demo.player.state).toBe('failed');
  });

  test('by another demo fails the run, without an offer', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.replaceEngine(new EngineError('The engine was restarted.', true));
    await settle();
    expect([demo.player.state, demo.shown.text]).toEqual(['failed', 'The engine was restarted.']);
    expect(demo.shown.offer).toBeNull();
    expect(demo.engine.runs).toHaveLength(0);
  });

  test('after a failure draws the graph again', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    demo.replaceEngine(died());
    await settle();
    demo.shown.offer?.();
    await settle();
    await plan(demo);
    expect(demo.state).toBe('ready');
  });
});

describe('the recording of `fallback`', () => {
  test('is played when the run takes longer than its limit', async () => {
    const demo = await readyDemo(withFallback);
    const outcome = demo.player.run().catch((error) => error.name);
    await settle();
    demo.run.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcome).toBe('LimitError');
    expect(demo.run.cancelled).toBe(1);
    expect(demo.player.state).toBe('failed');
    files.asked[0].resolve(recording);
    await settle();
    expect(demo.run.disposed).toBe(true);
    expect([demo.player.state, demo.player.recorded]).toEqual(['replaying', true]);
    expect(demo.shown.reason).toBe('the run took longer than 5 s');
    await demo.frame(0);
    await demo.frame(1e6);
    expect([demo.player.state, demo.shown.text]).toEqual(['replayed', 'value']);
    // The live run is back when it is wanted.
    demo.player.reset();
    await settle();
    await plan(demo);
    expect([demo.state, demo.player.recorded]).toEqual(['ready', false]);
  });

  test('is played when a busy engine does not start the run within its limit', async () => {
    const demo = await readyDemo(withFallback);
    const outcome = demo.player.run().catch((error) => error.name);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await outcome).toBe('LimitError');
    expect(demo.run.cancelled).toBe(1);
    files.asked[0].resolve(recording);
    await settle();
    expect(demo.player.state).toBe('replaying');
    // The answer of the engine is too late.
    demo.run.start();
    await settle();
    expect(demo.player.state).toBe('replaying');
  });

  test('stands in for no run with settings of the user, which has no limit', async () => {
    const demo = await readyDemo(withFallback);
    demo.panel.changed = true;
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(demo.player.state).toBe('running');
    demo.run.fail(new Error('task sum-3 erred'));
    await settle();
    expect(demo.player.state).toBe('failed');
    expect(files.asked).toHaveLength(0);
  });

  test('waits to be played when the engine does not start', async () => {
    const demo = fakeDemo(withFallback);
    demo.page.engine = () => Promise.reject(new EngineError('no workers here'));
    demo.player.seen();
    await settle();
    files.asked[0].resolve(recording);
    await settle();
    expect([demo.state, demo.player.state]).toEqual(['placed', 'ready']);
    expect(demo.shown.reason).toBe('no workers here');
    await demo.begin(() => demo.player.start());
    expect(demo.player.state).toBe('replaying');
    expect(demo.shown.reason).toBe('no workers here');
  });

  test('does not take the place of a run that was started meanwhile', async () => {
    const demo = await readyDemo(withFallback);
    await demo.begin(() => demo.player.run());
    demo.run.fail(new Error('task sum-3 erred'));
    await settle();
    await demo.begin(() => demo.player.run());
    files.asked[0].resolve(recording);
    await settle();
    expect([demo.player.state, demo.player.recorded]).toEqual(['running', false]);
  });
});

describe('leaving the page', () => {
  test('lets go of the run, whose answers are too late; coming back begins anew', async () => {
    const demo = await readyDemo();
    const outcome = demo.call(() => demo.player.run());
    await settle();
    demo.player.leave();
    expect(await outcome).toBe('the run was cancelled');
    expect([demo.run.disposed, demo.player.state]).toEqual([true, 'loading']);
    demo.player.open();
    demo.player.seen();
    await settle();
    await plan(demo);
    expect(demo.player.state).toBe('ready');
  });

  test('lets go of what is being loaded', async () => {
    const demo = fakeDemo({ program: 'array-mean', recording: 'mean.json.gz' });
    demo.player.seen();
    demo.player.leave();
    files.asked[0].resolve(recording);
    await settle();
    expect([demo.state, demo.player.recorded]).toEqual(['idle', false]);
  });
});

describe('slow motion', () => {
  const LATER_MS = 1e9;

  test('ends with what was shown before', async () => {
    const demo = await readyDemo();
    await finishedRun(demo);
    const before = { ...demo.shown };
    await demo.begin(() => demo.player.slowMotion());
    expect(demo.player.state).toBe('replaying');
    expect(demo.shown.speed).toMatch(/^Slow motion/);
    expect(demo.shown.model).not.toBe(before.model);
    await demo.frame(1000);
    await demo.frame(1016);
    expect(demo.player.state).toBe('replaying');
    await demo.frame(LATER_MS);
    expect(demo.player.state).toBe('finished');
    expect(demo.shown.model).toBe(before.model);
    expect(demo.shown).toEqual({ ...before, frames: demo.shown.frames });
  });

  test('is ended by the same key', async () => {
    const demo = await readyDemo();
    await finishedRun(demo);
    await demo.begin(() => demo.player.slowMotion());
    await demo.frame(0);
    await demo.begin(() => demo.player.slowMotion());
    await demo.frame(16);
    expect(demo.player.state).toBe('finished');
  });

  test('does nothing while the program runs', async () => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    await demo.player.slowMotion();
    expect([demo.player.state, demo.shown.slowMotion]).toEqual(['running', false]);
    await finish(demo);
    expect(demo.shown.slowMotion).toBe(true);
  });

  test.each([
    ['cancelled', aborted()],
    ['failed', new Error('task sum-3 erred')],
  ])('of a run that was %s goes back to that', async (state, error) => {
    const demo = await readyDemo();
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    demo.run.fail(error);
    await settle();
    await demo.begin(() => demo.player.slowMotion());
    expect(demo.player.state).toBe('replaying');
    demo.player.cancel();
    await demo.frame(0);
    expect(demo.player.state).toBe(state);
  });

  test('of a recording goes back to its end', async () => {
    const demo = fakeDemo();
    await demo.begin(() => demo.player.replay(recording));
    demo.player.cancel();
    await demo.frame(0);
    await demo.begin(() => demo.player.slowMotion());
    expect(demo.state).toBe('slow');
    demo.player.cancel();
    await demo.frame(16);
    expect([demo.player.state, demo.player.recorded]).toEqual(['replayed', true]);
  });

  test('gives way to a run, to other settings and to the recorded run', async () => {
    const demo = await readyDemo(withFallback);
    await finishedRun(demo);
    await demo.begin(() => demo.player.slowMotion());
    demo.player.showRecorded(true);
    expect([demo.state, demo.shown.speed]).toEqual(['fetching', '']);
    demo.player.showRecorded(false);
    expect(demo.state).toBe('finished');

    await demo.begin(() => demo.player.slowMotion());
    demo.player.changed();
    await vi.advanceTimersByTimeAsync(200);
    expect([demo.state, demo.shown.speed]).toEqual(['finished', '']);
    await plan(demo);
    expect(demo.state).toBe('ready');

    await finishedRun(demo);
    await demo.begin(() => demo.player.slowMotion());
    await demo.begin(() => demo.player.run());
    expect([demo.state, demo.shown.speed]).toEqual(['starting', '']);
    await finish(demo);
    expect(demo.state).toBe('finished');
  });
});

describe('a live run that a recording takes the place of', () => {
  test('is put back as it was', async () => {
    const demo = await readyDemo(withFallback);
    await finishedRun(demo);
    const { model, text, beside } = demo.shown;
    demo.player.showRecorded(true);
    files.asked[0].resolve(recording);
    await settle();
    await demo.begin(() => demo.player.start());
    demo.player.cancel();
    await demo.frame(0);
    expect(demo.player.state).toBe('replayed');
    expect(demo.shown.model).not.toBe(model);
    demo.player.showRecorded(false);
    expect(demo.player.state).toBe('finished');
    expect(demo.shown.model).toBe(model);
    expect([demo.shown.text, demo.shown.beside]).toEqual([text, beside]);
    await demo.begin(() => demo.player.measureOneWorker());
    expect(demo.state).toBe('measuring');
  });

  test('is cancelled if it is under way', async () => {
    const demo = await readyDemo(withFallback);
    await demo.begin(() => demo.player.run());
    demo.run.start();
    await settle();
    demo.player.showRecorded(true);
    await settle();
    expect([demo.run.disposed, demo.state]).toEqual([true, 'fetching']);
    demo.player.showRecorded(false);
    expect([demo.player.state, demo.shown.text]).toEqual(['cancelled', 'Cancelled.']);
  });

  test('comes back when the recording cannot be loaded, with a message', async () => {
    const demo = await readyDemo(withFallback);
    await finishedRun(demo);
    demo.player.showRecorded(true);
    files.asked[0].reject(new Error('mean.json.gz: the server answered 404'));
    await settle();
    expect(demo.player.state).toBe('finished');
    expect(demo.shown.notice).toBe('mean.json.gz: the server answered 404.');
  });

  test('is planned again if its attributes have changed meanwhile', async () => {
    const demo = await readyDemo(withFallback);
    await finishedRun(demo);
    demo.player.showRecorded(true);
    demo.player.follow(['n']);
    const before = demo.engine.plans.length;
    demo.player.showRecorded(false);
    await settle();
    expect(demo.engine.plans).toHaveLength(before + 1);
    await plan(demo);
    expect(demo.state).toBe('ready');
  });

  test('runs when Run is pressed in its place', async () => {
    const demo = await readyDemo(withFallback);
    await finishedRun(demo);
    demo.player.showRecorded(true);
    files.asked[0].resolve(recording);
    await settle();
    await demo.begin(() => demo.player.run());
    expect([demo.state, demo.player.recorded]).toEqual(['starting', false]);
  });
});

describe('a recording', () => {
  test('that cannot be loaded says so, and what Run does then', async () => {
    const demo = fakeDemo(withFallback);
    demo.player.showRecorded(true);
    demo.player.seen();
    demo.player.cancel();
    await settle();
    expect(demo.player.state).toBe('cancelled');
    expect(demo.shown.text).toBe(
      'Loading the recording was cancelled. Press Run to run the program live.',
    );
    await demo.begin(() => demo.player.start());
    expect(demo.player.state).toBe('running');
  });

  test('that is replaced while it is played leaves nothing behind', async () => {
    const demo = fakeDemo();
    const first = demo.player.replay(recording);
    const second = demo.player.replay({ ...recording, failure: 'task sum-3 erred', outcome: null });
    await first;
    expect(demo.player.state).toBe('replaying');
    demo.player.cancel();
    await demo.frame(0);
    await second;
    expect([demo.player.state, demo.shown.text]).toEqual(['replayed', 'task sum-3 erred']);
  });
});

describe('a plan', () => {
  test('that arrives after a run was started is not drawn', async () => {
    const demo = await readyDemo();
    demo.player.changed();
    await vi.advanceTimersByTimeAsync(200);
    await demo.begin(() => demo.player.run());
    await plan(demo);
    expect(demo.state).toBe('starting');
    await finish(demo);
    expect(demo.state).toBe('finished');
  });

  test('that fails clears the graph of the plan before', async () => {
    const demo = await readyDemo();
    demo.player.changed();
    await vi.advanceTimersByTimeAsync(200);
    demo.engine.plans.at(-1).reject(new Error('too many tasks'));
    await settle();
    expect([demo.player.state, demo.shown.text]).toEqual(['failed', 'too many tasks']);
    expect(demo.shown.model).toBeNull();
  });
});

test('a reset under a run ends it and draws the graph of the presets', async () => {
  const demo = await readyDemo();
  const outcome = demo.call(() => demo.player.run());
  await settle();
  demo.player.reset();
  expect(await outcome).toBe('the run was cancelled');
  expect(demo.run.disposed).toBe(true);
  await plan(demo);
  expect(demo.state).toBe('ready');
});

describe('measuring one worker', () => {
  test('repeats the first run of a program before it compares', async () => {
    const demo = await readyDemo({ program: 'no-op' });
    await finishedRun(demo);
    await demo.begin(() => demo.player.measureOneWorker());
    expect(demo.player.state).toBe('running');
    expect(demo.run.request.workers).toBe(1);
    await finish(demo);
    expect([demo.state, demo.run.request.workers]).toEqual(['starting', 3]);
    await finish(demo);
    expect(demo.engine.runs).toHaveLength(3);
    // A warm run stays.
    await demo.begin(() => demo.player.measureOneWorker());
    await finish(demo);
    expect([demo.player.state, demo.engine.runs.length]).toEqual(['finished', 4]);
  });

  test('can be cancelled, and the run stays', async () => {
    const demo = await readyDemo();
    await finishedRun(demo);
    const { model } = demo.shown;
    await demo.begin(() => demo.player.measureOneWorker());
    demo.player.cancel();
    await settle();
    expect([demo.player.state, demo.shown.text]).toEqual(['finished', 'value']);
    expect(demo.shown.model).toBe(model);
  });

  test('needs a run: it does nothing while another graph is planned', async () => {
    const demo = await readyDemo();
    await finishedRun(demo);
    demo.player.changed();
    await vi.advanceTimersByTimeAsync(200);
    await demo.player.measureOneWorker();
    expect(demo.engine.runs).toHaveLength(1);
  });
});

test('a state is told once, when it has been reached', async () => {
  const demo = await readyDemo();
  await finishedRun(demo);
  expect(demo.events).toEqual(['loading', 'change', 'ready', 'running', 'run', 'finished', 'end']);
});
