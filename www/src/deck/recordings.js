/*
 * The recorded runs that ship with the deck: each demo that has one gets it as its `fallback`, and a run of its program
 * that was recorded on a real Dask cluster as `fallback-dask`.
 */
import { recordingName } from './recording-name.js';

/** The URLs of the files, by name. */
const files = /** @type {Record<string, string>} */ (
  import.meta.glob('../../recordings/*.json.gz', { query: '?url', import: 'default', eager: true })
);

/** Recordings of programs on a Dask cluster. */
const onDask = /** @type {Record<string, string>} */ (
  import.meta.glob('../../../dask/examples/*.json.gz', {
    query: '?url',
    import: 'default',
    eager: true,
  })
);

/** @param {Iterable<Element>} demos */
export function giveFallbacks(demos) {
  for (const demo of demos) {
    const url = files[`../../recordings/${recordingName(demo.attributes)}.json.gz`];
    if (url && !demo.hasAttribute('fallback')) demo.setAttribute('fallback', url);
    const daskUrl =
      onDask[`../../../dask/examples/${demo.getAttribute('program')}.dagdeck.json.gz`];
    if (daskUrl) demo.setAttribute('fallback-dask', daskUrl);
  }
}
