import { expect, it } from 'vitest';
import { takeCluster } from '../../../src/lab/cluster-url.js';

it('takes the cluster with its token out of the URL', () => {
  expect(takeCluster('?n=3&cluster=ws://localhost:8787/dagdeck', '#secret')).toEqual({
    query: '?n=3',
    cluster: 'ws://localhost:8787/dagdeck#secret',
  });
  expect(takeCluster('?cluster=ws%3A%2F%2Fa%2F%23secret', '')).toEqual({
    query: '',
    cluster: 'ws://a/#secret',
  });
  expect(takeCluster('?n=3', '#top')).toEqual({ query: '?n=3', cluster: null });
});
