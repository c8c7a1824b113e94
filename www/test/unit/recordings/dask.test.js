/*
 * The recorded run on a real Dask cluster shows what the page shows of one.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { COMPUTE, TRANSFER } from '../../../src/model/actions.js';
import { parseRecording } from '../../../src/model/parse-recording.js';

const file = new URL('../../../../dask/examples/array-mean.dagdeck.json.gz', import.meta.url);

test('the recording of a Dask cluster has its workers, all tasks and transfers', () => {
  const { options, graph, trace, outcome } = parseRecording(
    gunzipSync(readFileSync(file)).toString(),
  );
  expect(options.scheduler).toBe('dask');
  expect(new Set(trace.workers.map(({ lane }) => lane?.node))).toEqual(new Set(['0', '1']));
  const events = trace.workers.flatMap(({ task, action, bytes, peer }) =>
    [...action].map((code, i) => ({ code, task: task[i], bytes: bytes?.[i], peer: peer?.[i] })),
  );
  const computed = events.filter(({ code }) => code === COMPUTE).map(({ task }) => task);
  expect(computed.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: graph.tasks }, (_, i) => i),
  );
  const moved = events.filter(({ code }) => code === TRANSFER);
  expect(moved.length).toBeGreaterThan(0);
  expect(
    moved.every(({ bytes, peer }) => Number(bytes) > 0 && Number(peer) < trace.workers.length),
  ).toBe(true);
  expect(outcome?.value?.kind).toBe('array');
});
