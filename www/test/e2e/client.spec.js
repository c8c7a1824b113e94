/*
 * `dagdeck.distributed.Client`: futures on a cluster in the page, with and without the isolation headers.
 */
import { addresses } from '../../playwright.config.js';
import { expect, test } from './site.js';

for (const [name, address] of /** @type {const} */ ([
  ['with the isolation headers', addresses.isolated],
  ['without the isolation headers', addresses.plain],
])) {
  test(`a client ${name} submits, maps, gathers, scatters and says who has what`, async ({
    page,
  }) => {
    await page.goto(address);
    const told = await page.evaluate(async () => {
      const client = new window.dagdeck.distributed.Client({ nodes: 3 });
      const one = client.submit('inc', 0);
      const sums = client.map('add', [1, 2, 3], [one, one, one]);
      const [data, list] = client.scatter([5, Float64Array.of(1, 2, 3)]);
      const more = client.submit('inc', data);
      const array = client.submit({ reshape: [3, 1] }, list);
      const values = await client.gather([one, ...sums, data, more]);
      const { shape, data: elements } = await array.result();
      const where = await client.who_has([one, data]);
      const status = [one.status, data.status];
      one.release();
      const left = Object.keys(await client.who_has()).includes(one.key);
      await client.close();
      return {
        values,
        shape,
        elements: [...elements],
        where,
        status,
        left,
        keys: [one.key, data.key],
      };
    });
    expect(told.values).toEqual([1, 2, 3, 4, 5, 6]);
    expect([told.shape, told.elements]).toEqual([
      [3, 1],
      [1, 2, 3],
    ]);
    expect(told.status).toEqual(['finished', 'finished']);
    for (const key of told.keys) expect(told.where[key]?.length).toBeGreaterThan(0);
    expect(told.left).toBe(false);
  });
}

test('a client sees errors, cancels, and takes futures as they end', async ({ page }) => {
  await page.goto(addresses.isolated);
  const told = await page.evaluate(async () => {
    const { Client, as_completed: asCompleted } = window.dagdeck.distributed;
    const client = new Client({ nodes: 1 });
    const bad = client.submit('flaky', 1, 1, 7);
    const needs = client.submit('inc', bad);
    const why = String(await needs.exception());
    const lucky = await client.submit('flaky', 4, 0.5, 3, { retries: 20 }).result();
    const unknown = String(await client.submit('no-such-thing').exception());
    const [slow, quick] = [client.submit('sleep', 0.3, 1), client.submit('sleep', 0.01, 2)];
    const waits = client.submit('inc', slow);
    client.cancel(slow);
    const cancelled = await waits.exception();
    const order = [];
    const others = client.map('sleep', [0.05, 0.02], [8, 9]);
    for await (const [, value] of asCompleted([quick, ...others], { with_results: true })) {
      order.push(value);
    }
    await client.close();
    const after = await client.submit('inc', 1).exception();
    return { why, lucky, unknown, cancelled: cancelled?.name, order, after: after?.name };
  });
  expect(told.why).toMatch(/inc-\w+ .*flaky-/);
  expect(told.lucky).toBe(4);
  expect(told.unknown).toContain("unknown operation 'no-such-thing'");
  expect(told.cancelled).toBe('CancelledError');
  // The one node runs one after the other, in the order in which they were asked for.
  expect(told.order).toEqual([2, 8, 9]);
  expect(told.after).toBe('CancelledError');
});

test('nodes come and die in the middle, and a persisted array stays on them', async ({ page }) => {
  await page.goto(addresses.isolated);
  const told = await page.evaluate(async () => {
    const { array: da, delayed, distributed, ready } = window.dagdeck;
    await ready();
    const client = new distributed.Client({ nodes: 2 });
    const tasks = client.map('sleep', Array(60).fill(0.01), [...Array(60).keys()]);
    const total = client.submit('sum', ...tasks);
    await client.wait_for_workers(2);
    await tasks[5]?.result();
    client.killNode(0);
    client.scale(4);
    const sum = await total.result();
    await client.wait_for_workers(4);
    const x = da.arange(12, { chunks: 5 }).add(1);
    const kept = client.persist(x);
    const whole = await kept.result();
    const held = Object.values(await client.who_has(kept));
    const more = await client.submit({ reshape: [5, 1] }, kept.futures[0]).result();
    const mean = await client.compute(x.sum()).result();
    const three = await client.compute(delayed.add(delayed.inc(1), 1)).result();
    const data = client.scatter(7);
    const [home] = (await client.who_has(data))[data.key] ?? [];
    await data.result();
    const [node] = (await client.who_has(data))[data.key] ?? [home];
    client.killNode(Number(node));
    const lost = await new Promise((resolve) => {
      const look = () => (data.status === 'lost' ? resolve(true) : setTimeout(look, 10));
      look();
    });
    const again = await kept.result();
    await client.close();
    return {
      sum,
      whole: Array.from(whole.data, Number),
      again: Array.from(again.data, Number),
      held: held.length,
      more: Array.from(more.data, Number),
      mean: Number(mean),
      three,
      lost,
    };
  });
  expect(told.sum).toBe((60 * 59) / 2);
  const all = Array.from({ length: 12 }, (_, i) => i + 1);
  expect(told).toMatchObject({
    whole: all,
    again: all,
    held: 3,
    more: [1, 2, 3, 4, 5],
    mean: 78,
    three: 3,
    lost: true,
  });
});

test('what was cancelled runs again, errors reach all that need them, and int64 is exact', async ({
  page,
}) => {
  await page.goto(addresses.isolated);
  const told = await page.evaluate(async () => {
    const client = new window.dagdeck.distributed.Client({ nodes: 2 });
    const chain = () => {
      const slow = client.submit('sleep', 0.2, 1);
      return [slow, client.submit('inc', slow)];
    };
    const [slow, next] = chain();
    client.cancel(/** @type {any} */ (slow));
    const again = await Promise.all(chain().map((future) => future.result()));
    await next?.settled;
    const bad = client.submit('no-such-thing');
    const needs = client.submit('inc', client.submit('inc', bad));
    const [error, same] = [await needs.exception(), await bad.exception()];
    const big = await client.submit('add', 2n ** 60n, client.scatter(1n)).result();
    await client.close();
    return {
      again,
      status: [slow?.status, next?.status, needs.status],
      message: error?.message,
      isSame: error === same,
      big: String(big),
    };
  });
  expect(told).toMatchObject({
    again: [1, 2],
    status: ['cancelled', 'cancelled', 'error'],
    isSame: true,
    big: String(2n ** 60n + 1n),
  });
  expect(told.message).toContain("unknown operation 'no-such-thing'");
});

test('a client may put more on a node than its memory limit: the node spills', async ({ page }) => {
  await page.goto(addresses.isolated);
  const told = await page.evaluate(async () => {
    const client = new window.dagdeck.distributed.Client({ nodes: 1, memoryLimit: 1_000_000 });
    // 2 MB, which cannot be computed again.
    const parts = Array.from({ length: 20 }, (_, i) => new Float64Array(12_500).fill(i));
    const data = client.scatter(parts);
    const sums = data.map((part) => client.submit({ reshape: [12_500, 1] }, part));
    const shapes = await Promise.all(sums.map(async (sum) => (await sum.result()).shape));
    for (const sum of sums) sum.release();
    const values = await client.gather(data);
    await client.close();
    return {
      shapes,
      firsts: values.map((value) => value.data[0]),
      sizes: values.map((value) => value.data.length),
    };
  });
  expect(told.firsts).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(told.sizes).toEqual(Array(20).fill(12_500));
  expect(told.shapes).toEqual(Array(20).fill([12_500, 1]));
});
