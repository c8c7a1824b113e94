/*
 * Where a demo asks for the Dask cluster that the scheduler `dask` uses: the field for its URL. The URL belongs to the
 * page and not to the demo's settings, since its token is a secret (engine/dask/address.js).
 */
import { addressOf, clusterText, setClusterText } from '../engine/dask/address.js';
import { h } from '../page/h.js';

const HELP =
  'Runs take place on this cluster. `make cluster` starts one on this machine and prints its URL; the URL is kept in this tab only.';

/** The scheduler that needs the field. */
export const NEEDS_CLUSTER = 'dask';

/** What is wrong with a URL; empty if nothing is. @param {string} text */
function problemOf(text) {
  try {
    addressOf(text);
    return '';
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}

/** The attributes of a field for the URL of a cluster. */
export const CLUSTER_INPUT = /** @type {const} */ ({
  type: 'text',
  id: 'control-cluster',
  placeholder: 'ws://127.0.0.1:8787/dagdeck#token',
  spellcheck: false,
  autocomplete: 'off',
});

/** @param {{ onChange: () => void }} props called when the URL was changed */
export function ClusterField({ onChange }) {
  const text = clusterText();
  return h('div', { class: 'control cluster', 'data-name': 'cluster', title: HELP }, [
    h('label', { for: 'control-cluster' }, 'cluster'),
    h('input', {
      ...CLUSTER_INPUT,
      'aria-describedby': 'control-cluster-help control-cluster-problem',
      value: text,
      onChange({ currentTarget }) {
        setClusterText(currentTarget.value);
        onChange();
      },
    }),
    h('div', { class: 'why', id: 'control-cluster-problem' }, problemOf(text)),
    h('span', { id: 'control-cluster-help', hidden: true }, HELP),
  ]);
}
