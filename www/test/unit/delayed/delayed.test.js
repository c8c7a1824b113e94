import { describe, expect, it } from 'vitest';
import { Float } from '../../../src/array/scalar.js';
import { delayed } from '../../../src/delayed/index.js';

const { inc, add, sum, sleep, flaky, identity } = delayed;

describe('delayed calls', () => {
  it('are written with what they need, each once', () => {
    const one = inc(0);
    const total = sum([one, add(one, 2), new Float(3)], { retries: 2, priority: -1 });
    expect(JSON.parse(JSON.stringify(total))).toEqual({
      dagdeck: 1,
      delayed: [
        { op: 'inc', args: [0] },
        { op: 'add', args: [{ delayed: 0 }, 2] },
        {
          op: 'sum',
          args: [{ delayed: 0 }, { delayed: 1 }, { float: '3' }],
          retries: 2,
          priority: -1,
        },
      ],
      targets: [2],
    });
  });

  it('are calls of their own, even if they are equal', () => {
    expect(add(inc(1), inc(1)).toJSON().delayed).toHaveLength(3);
  });

  it('sleep with or without an argument and options', () => {
    expect(sleep(1).toJSON().delayed).toEqual([{ op: 'sleep', args: [1] }]);
    expect(sleep(0.5, 2, { priority: 1 }).toJSON().delayed).toEqual([
      { op: 'sleep', args: [0.5, 2], priority: 1 },
    ]);
    expect(sleep(1, { retries: 1 }).toJSON().delayed).toEqual([
      { op: 'sleep', args: [1], retries: 1 },
    ]);
  });

  it('fail by seeds that differ from call to call, unless one is given', () => {
    expect(flaky(1).args[2]).not.toBe(flaky(1).args[2]);
    const { delayed: calls } = flaky(1, { probability: 0.25, seed: 7, retries: 3 }).toJSON();
    expect(calls).toEqual([{ op: 'flaky', args: [1, 0.25, 7], retries: 3 }]);
  });

  it('write a chain that is deeper than the stack', () => {
    let last = inc(0);
    for (let i = 0; i < 100_000; i++) last = inc(last);
    expect(last.toJSON().delayed).toHaveLength(100_001);
  });

  it('refuse what is neither a number nor delayed', () => {
    const wrong = (/** @type {() => unknown} */ call) => expect(call);
    wrong(() => inc(/** @type {any} */ ('1'))).toThrow(
      'inc: argument 0 must be delayed or a number, got “1”',
    );
    wrong(() => sum(/** @type {any} */ (1))).toThrow('sum: a list is needed');
    wrong(() => identity(1, /** @type {any} */ ({ retry: 1 }))).toThrow(
      'identity: unknown option “retry”; the options are retries, priority',
    );
    wrong(() => add(1, 2, /** @type {any} */ (3))).toThrow('add: 3 is not an object of options');
  });
});
