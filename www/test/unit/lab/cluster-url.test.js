import { expect, it } from 'vitest';
import { startsAtOnce, takeCluster } from '../../../src/lab/cluster-url.js';

it('takes the cluster with its token out of the URL', () => {
  expect(takeCluster('?n=3&cluster=ws://localhost:8787/dagdeck', '#secret')).toEqual({
    query: '?n=3',
    cluster: 'ws://localhost:8787/dagdeck#secret',
    watch: false,
  });
  expect(takeCluster('?cluster=ws%3A%2F%2Fa%2F%23secret', '')).toEqual({
    query: '',
    cluster: 'ws://a/#secret',
    watch: false,
  });
  expect(takeCluster('?watch=ws://localhost:8787/dagdeck', '#secret')).toEqual({
    query: '',
    cluster: 'ws://localhost:8787/dagdeck#secret',
    watch: true,
  });
  expect(takeCluster('?watch', '')).toEqual({ query: '', cluster: '', watch: true });
  expect(takeCluster('?n=3', '#top')).toEqual({ query: '?n=3', cluster: null, watch: false });
});

it.each([
  ['ws://localhost:8787/dagdeck#t', true],
  ['wss://127.0.0.1:1/#t', true],
  ['ws://[::1]:8787/#t', true],
  ['ws://localhost.evil.example/#t', false],
  ['ws://localhost@evil.example/#t', false],
  ['wss://hub.example/dagdeck#t', false],
  ['', false],
])('a link starts to watch a cluster on this machine only: %s, %s', (cluster, starts) => {
  expect(startsAtOnce(cluster)).toBe(starts);
});
