/*
 * A demo without a page: an element that is only attributes and events, parts that note what they are told, an
 * engine whose answers the test gives, and a frame loop that the test turns.
 */
import { vi } from 'vitest';
import { Player } from '../../../src/demo/player.js';
import { ProgramEngine } from '../../../src/demo/program-engine.js';
import { withResolvers } from '../../../src/engine/with-resolvers.js';
import { fetchRecording } from '../../../src/model/recording-file.js';
import { seeded } from '../model/graphs.js';
import { randomRecording } from '../model/recordings.js';
import { programs, schedulersOf } from '../schemas.js';

/** @import { Engine } from '../../../src/engine/client.js' */
/** @import { Stage } from '../../../src/demo/stage.js' */

/** Of a run of 40 tasks. */
export const recording = randomRecording(seeded(3));

export const aborted = () => new DOMException('the run was cancelled', 'AbortError');

/** Lets everything happen that waits for nothing but promises. */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** A promise that a test settles, whose rejection nobody has to hear. */
function answer() {
  /** @type {PromiseWithResolvers<any>} */
  const given = withResolvers();
  given.promise.catch(() => {});
  return given;
}

class FakeHost extends EventTarget {
  /** @param {Record<string, string>} attributes */
  constructor(attributes) {
    super();
    this.attributes = attributes;
  }
  /** @param {string} name */
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  /** @param {string} name */
  hasAttribute(name) {
    return name in this.attributes;
  }
}

/** An engine whose plans and runs wait for the test. */
function fakeEngine() {
  /** @type {any[]} */
  const plans = [];
  /** @type {any[]} */
  const runs = [];
  return {
    version: '1.2.3',
    /** @type {Error | null} */
    lost: null,
    programs,
    schedulers: schedulersOf(true),
    plans,
    runs,
    planOf(/** @type {unknown[]} */ ...asked) {
      const plan = { asked, ...answer() };
      plans.push(plan);
      return plan.promise;
    },
    runOf(/** @type {any[]} */ ...[work, request]) {
      const [started, finished] = [answer(), answer()];
      const lanes = recording.trace.workers.map(({ lane = null }) => lane);
      const run = {
        work,
        request,
        started,
        finished,
        cancelled: 0,
        disposed: false,
        start: () => started.resolve({ graph: recording.graph, live: null, lanes, mode: null }),
        finish: () => finished.resolve({ outcome: recording.outcome, trace: recording.trace }),
        /** @param {unknown} error */
        fail(error) {
          started.reject(error);
          finished.reject(error);
        },
      };
      runs.push(run);
      request.signal?.addEventListener('abort', () => run.fail(request.signal.reason));
      return {
        started: started.promise,
        finished: finished.promise,
        cancel: () => void run.cancelled++,
        dispose() {
          run.disposed = true;
          run.fail(aborted());
        },
      };
    },
  };
}

/**
 * @param {Record<string, string>} [attributes]
 */
export function fakeDemo(attributes = { program: 'array-mean' }) {
  const host = new FakeHost(attributes);
  /** @type {string[]} */
  const events = [];
  for (const type of ['run', 'end', 'change']) {
    host.addEventListener(`dag-demo-${type}`, () => events.push(type));
  }
  host.addEventListener('dag-demo-state', () => events.push(player.state));

  const shown = {
    /** @type {any} */
    model: null,
    text: '',
    notice: '',
    speed: '',
    compared: '',
    /** @type {any} */
    value: null,
    /** @type {any} */
    beside: {},
    /** @type {any} */
    state: null,
    /** @type {string | null} */
    reason: null,
    slowMotion: false,
    /** @type {(() => void) | null} */
    offer: null,
    frames: 0,
  };
  const keep = (/** @type {(keyof typeof shown)[]} */ ...names) => {
    const kept = Object.fromEntries(names.map((name) => [name, shown[name]]));
    return () => void Object.assign(shown, kept);
  };
  const settings = {
    params: { n: 40 },
    scheduler: /** @type {const} */ ('threads'),
    workers: 3,
    policy: /** @type {const} */ ('ordered'),
    seed: 0,
    keepGoing: false,
    memoryLimit: null,
  };
  /** @type {any} */
  const panel = {
    schema: null,
    settings: null,
    changed: false,
    get values() {
      return this.settings && { n: this.settings.params.n, workers: this.settings.workers };
    },
    open(/** @type {any} */ schema) {
      Object.assign(this, { schema, settings });
    },
    close() {
      Object.assign(this, { schema: null, settings: null });
    },
    read(/** @type {string[] | null} */ names) {
      return this.schema !== null && (names === null || names.includes('n'));
    },
    show() {},
    showListing() {},
    setState() {},
    notify: (/** @type {string} */ text) => void (shown.notice = text),
  };
  /** @type {Stage} */
  const stage = {
    panel,
    views: {
      openPicture() {},
      putBlocks() {},
      showValue: ({ value }) => void (shown.value = value),
      setModel: (model) => void Object.assign(shown, { model, beside: {} }),
      setBeside: (beside) => void (shown.beside = beside),
      showSpeed: (text) => void (shown.speed = text),
      offerSlowMotion: (offered) => void (shown.slowMotion = offered),
      compare: (text) => void (shown.compared = text),
      clear: () => void Object.assign(shown, { model: null, compared: '' }),
      keep: () => keep('model', 'beside', 'compared'),
    },
    result: {
      say: (_, text) => void (shown.text = text),
      show: ({ value }) => void Object.assign(shown, { value, text: 'value' }),
      offer: (text, _, act) => void Object.assign(shown, { notice: text, offer: act }),
      withdraw: () => void (shown.offer = null),
      keep: () => keep('text', 'value'),
    },
    showState: (state) => void (shown.state = state),
    showNodes() {},
    showRecording: (_, reason) => void (shown.reason = reason),
  };

  const engines = [fakeEngine()];
  /** How the page's engine starts. */
  const page = {
    engine: async () => /** @type {Engine} */ (/** @type {unknown} */ (engines.at(-1))),
    restart: async () => {},
  };
  /** @type {[from: string, event: string, to: string][]} */
  const taken = [];
  const player = new Player({
    host: /** @type {Element} */ (/** @type {unknown} */ (host)),
    stage,
    engine: new ProgramEngine({ engine: () => page.engine(), restart: () => page.restart() }),
    loop: { wake: () => void shown.frames++ },
    onTransition: (from, event, to) => taken.push([from, event, to]),
  });
  return {
    player,
    host,
    panel,
    shown,
    events,
    taken,
    page,
    engines,
    /** The engine that is used now. */
    get engine() {
      return engines[engines.length - 1];
    },
    /** The run that was started last. */
    get run() {
      return this.engine.runs.at(-1);
    },
    get state() {
      return taken.at(-1)?.[2] ?? 'idle';
    },
    /** The engine dies, and the page has a new one. @param {Error} error */
    replaceEngine(error) {
      const dead = this.engine;
      dead.lost = error;
      engines.push(fakeEngine());
      for (const { fail } of dead.runs) fail(error);
      for (const { reject } of dead.plans) reject(error);
    },
    /** @param {number} nowMs on the page's clock */
    async frame(nowMs) {
      player.source?.read(nowMs);
      await settle();
    },
    /** Calls what must not be waited for. @param {() => Promise<unknown>} act */
    async call(act) {
      const outcome = act().then(
        () => 'resolved',
        (/** @type {Error} */ error) => error.message,
      );
      await settle();
      return outcome;
    },
    /** Starts to call something, and goes on. @param {() => Promise<unknown>} act */
    async begin(act) {
      act().catch(() => {});
      await settle();
    },
  };
}

/**
 * Takes the place of recording-file.js.
 *
 * @returns {{ asked: { url: string, resolve: (recording: any) => void, reject: (error: Error) => void }[] }}
 */
export function fakeFiles() {
  /** @type {{ url: string, resolve: (recording: any) => void, reject: (error: Error) => void }[]} */
  const asked = [];
  vi.mocked(fetchRecording).mockImplementation((url) => {
    const file = answer();
    asked.push({ url, ...file });
    return file.promise;
  });
  return { asked };
}
