import { describe, expect, it } from 'vitest';
import { policyOrigins } from '../../../src/deck/policy.js';

const base = 'https://talks.example/deck/index.html';

describe('policyOrigins', () => {
  it('is the page’s own origin for its own talk', () => {
    expect(policyOrigins(null, base)).toBe("'self'");
  });

  it('adds the origin of a talk from elsewhere, without its path', () => {
    expect(policyOrigins('https://other.example:8443/a/b.md?c', base)).toBe(
      "'self' https://other.example:8443",
    );
    expect(policyOrigins('a/talk.md', base)).toBe("'self' https://talks.example");
  });

  it('takes nothing else for a talk, and nothing into the policy', () => {
    for (const text of [
      'data:text/plain,a',
      'javascript:1',
      'http://',
      "https://a.example;img-src */'",
    ]) {
      const origins = policyOrigins(text, base);
      expect(origins).toMatch(/^'self'(?: https:\/\/[\w.;*'-]+)?$/);
      expect(origins).not.toContain(';');
    }
  });
});
