/*
 * The page with a Dask cluster that has TLS, with a certificate that has signed itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '../e2e/site.js';
import { startCluster } from './cluster.js';

test.describe.configure({ timeout: 180_000 });

// As if its user had accepted the certificate.
test.use({ ignoreHTTPSErrors: true });

/** @type {Awaited<ReturnType<typeof startCluster>>} */
let cluster;
/** @type {string} */
let folder;

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dagdeck-tls-'));
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(folder, name));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-out', cert, '-keyout', key, ...subject],
    { stdio: 'pipe' },
  );
  const roles = ['SCHEDULER__DASHBOARD__TLS', 'COMM__TLS__SCHEDULER', 'COMM__TLS__WORKER'];
  cluster = await startCluster(['--workers', '1'], {
    DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION: 'true',
    DASK_DISTRIBUTED__COMM__TLS__CA_FILE: cert,
    ...Object.fromEntries(
      [...roles, 'COMM__TLS__CLIENT'].flatMap((role) => [
        [`DASK_DISTRIBUTED__${role}__CERT`, cert],
        [`DASK_DISTRIBUTED__${role}__KEY`, key],
      ]),
    ),
  });
});

test.afterAll(async () => {
  await cluster?.end();
  await rm(folder, { recursive: true });
});

test('a page connects with TLS, and runs a graph', async ({ page }) => {
  expect(cluster.url).toMatch(/^wss:/);
  expect(cluster.address).toMatch(/^tls:/);
  await page.goto('lab.html');
  const { here, there } = await page.evaluate(async (url) => {
    const { dagdeck } = window;
    dagdeck.useCluster(url);
    const small = { n: 100, chunk: 50 };
    return {
      here: await dagdeck.run('chunks', small, { scheduler: 'sync' }),
      there: await dagdeck.run('chunks', small, { scheduler: 'dask' }),
    };
  }, cluster.url);
  expect(there.notes ?? []).toEqual([]);
  expect(there.value).toBeCloseTo(Number(here.value), 9);
});
