/*
 * The nodes of a cluster while it runs a demo: a button to add one, and one for each to kill it.
 */
import { h } from '../page/h.js';

/** @import { Place } from '../engine/protocol.js' */

/**
 * @typedef {Object} Nodes
 * @property {Place[]} places those that have a node
 * @property {() => void} add
 * @property {(place: number) => void} kill
 */

/** The largest number of nodes of a cluster: MOST_NODES in src/scheduler/options.rs. */
const MOST_NODES = 16;

/** @param {{ nodes: Nodes | null }} props `nodes`: null while no cluster runs */
export function NodesPanel({ nodes }) {
  if (!nodes) return null;
  const { places, add, kill } = nodes;
  const killer = (/** @type {Place} */ { place, isUp }) =>
    h(
      'button',
      {
        key: place,
        type: 'button',
        class: isUp ? 'kill' : 'kill starts',
        title: `Ends node ${place} at once. What only it has is computed again.`,
        'aria-label': `Kill node ${place}`,
        onClick: () => kill(place),
      },
      `${place} ✕`,
    );
  return h('div', { class: 'node-buttons', role: 'group', 'aria-label': 'Nodes of the cluster' }, [
    h('span', { key: 'label' }, 'Nodes'),
    ...places.map(killer),
    h(
      'button',
      {
        key: 'add',
        type: 'button',
        class: 'add',
        disabled: places.length >= MOST_NODES,
        onClick: add,
      },
      'Add a node',
    ),
  ]);
}
