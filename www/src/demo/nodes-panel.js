/*
 * The nodes of a cluster while it runs a demo: a button to add one, and one for each to kill it.
 */
import { Component, createRef } from 'preact';
import { MOST_NODES } from '../engine/schedulers.js';
import { h } from '../page/h.js';

/** @import { Place, Places } from '../engine/protocol.js' */

/** @typedef {Places & { add: () => void, kill: (place: number) => void }} Nodes */

/** `nodes`: null while no cluster runs. @typedef {{ nodes: Nodes | null }} Props */

/** @extends {Component<Props>} */
export class NodesPanel extends Component {
  #group = createRef();

  /**
   * Returns the button that has the focus.
   *
   * @override
   */
  getSnapshotBeforeUpdate() {
    /** @type {HTMLElement | null} */
    const group = this.#group.current;
    const root = group?.getRootNode();
    const focused = root && 'activeElement' in root ? root.activeElement : null;
    return group?.contains(/** @type {Element | null} */ (focused)) ? { focused, root } : null;
  }

  /**
   * Moves the focus on when its button is gone. Otherwise the next key would turn the slide.
   *
   * @override
   * @param {Props} _
   * @param {object} __
   * @param {{ focused: Element, root: ParentNode } | null} snapshot
   */
  componentDidUpdate(_, __, snapshot) {
    if (!snapshot || snapshot.focused.isConnected) return;
    const { focused, root } = snapshot;
    const killed = Number(/** @type {HTMLElement} */ (focused).dataset.place);
    /** @type {HTMLButtonElement[]} */
    const buttons = [...(this.#group.current?.querySelectorAll('button') ?? [])];
    const next = buttons.find(({ dataset }) => !(Number(dataset.place) < killed));
    /** @type {HTMLButtonElement | null} */
    const run = root.querySelector('button.run');
    (next ?? run)?.focus();
  }

  /**
   * @override
   * @param {Props} props
   */
  render({ nodes }) {
    if (!nodes) return null;
    const { places, lastDeath, add, kill } = nodes;
    const noNode = 'No node is left, so the run waits. Add a node.';
    const status = places.length > 0 ? lastDeath : noNode;
    const isFull = places.length >= MOST_NODES;
    const killer = (/** @type {Place} */ { place, isUp }) =>
      h(
        'button',
        {
          key: place,
          type: 'button',
          class: isUp ? 'kill' : 'kill starts',
          title: `Terminates node ${place}. Values that only it held are computed again.`,
          'aria-label': isUp ? `Kill node ${place}` : `Kill node ${place}, which is starting`,
          'data-place': String(place),
          onClick: () => kill(place),
        },
        `${place} ✕`,
      );
    const adder = {
      key: 'add',
      type: /** @type {const} */ ('button'),
      class: 'add',
      title: isFull ? `A cluster has at most ${MOST_NODES} nodes.` : undefined,
      // A button that is disabled would lose the focus.
      'aria-disabled': isFull,
      onClick: () => {
        if (!isFull) add();
      },
    };
    const group = { role: /** @type {const} */ ('group'), 'aria-label': 'Nodes of the cluster' };
    return h('div', { ref: this.#group, class: 'node-buttons', ...group }, [
      h('span', { key: 'label' }, 'Nodes'),
      ...places.map(killer),
      h('button', adder, 'Add a node'),
      h('p', { key: 'status', role: 'status' }, status ?? ''),
    ]);
  }
}
