import { describe, expect, it } from 'vitest';
import { addressOf, clusterText, setClusterText } from '../../../../src/engine/dask/address.js';

describe('the URL of a cluster', () => {
  it('has the token after a #, which is not part of the URL that is opened', () => {
    expect(addressOf(' ws://127.0.0.1:8787/dagdeck#a%20b ')).toEqual({
      url: 'ws://127.0.0.1:8787/dagdeck',
      token: 'a b',
    });
    expect(addressOf('wss://hub.example/proxy/dagdeck#t').url).toBe(
      'wss://hub.example/proxy/dagdeck',
    );
  });

  it('needs no path', () => {
    expect(addressOf('ws://localhost:8787#t').url).toBe('ws://localhost:8787/dagdeck');
  });

  it.each([
    ['', 'No cluster is set.'],
    ['localhost:8787', 'must start with ws:// or wss://'],
    ['http://localhost:8787#t', 'must start with ws:// or wss://'],
    ['javascript:alert(1)#t', 'must start with ws:// or wss://'],
    ['ws://localhost:8787/dagdeck', 'has no token'],
    ['ws://localhost:8787/dagdeck#%zz', 'The token in the URL of the cluster is damaged'],
  ])('is refused with a reason: %s', (text, reason) => {
    expect(() => addressOf(text)).toThrow(reason);
  });

  it('is kept for the page, even without storage', () => {
    setClusterText(' ws://localhost:1/#t ');
    expect(clusterText()).toBe('ws://localhost:1/#t');
    setClusterText('');
  });
});
