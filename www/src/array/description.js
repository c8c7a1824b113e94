/*
 * What is known of an array before it is computed: shape, dtype, chunks, and the text that Dask
 * prints. Rust works it out from the array's operation and from what it holds of the operands
 * (engine/describer.js): each array is described once, and a chain of them in time linear in its
 * length.
 */
import { currentDescriber } from '../engine/describer.js';
import { inOrder, nodeData } from './expression.js';

/** @import { Describer, Description } from '../engine/describer.js' */
/** @import { Lazy, Node } from './node.js' */

/** @typedef {{ id: number, description: Description }} Described */

/** @type {WeakMap<Lazy, Described>} */
const described = new WeakMap();

/** Tells the describer what nobody can ask for any more. */
const collected = new FinalizationRegistry((/** @type {number} */ id) =>
  currentDescriber()?.release(id),
);

let nextId = 1;

const NOT_READY = 'the engine is still starting: await dagdeck.ready() first';

/**
 * @param {Lazy} array
 * @returns {Description}
 * @throws {Error} what is wrong with the expression; or that the engine is not ready
 */
export function descriptionOf(array) {
  return entryOf(array).description;
}

/**
 * An array whose blocks the engine holds is described as the one that it was computed from. Lengths that were unknown
 * before are known now.
 *
 * @param {Lazy} held
 * @param {Lazy} source
 * @param {Float64Array[]} [chunks] the lengths of its blocks along each axis
 */
export function describeAs(held, source, chunks) {
  const entry = entryOf(source);
  const describer = currentDescriber();
  if (!chunks || !describer || entry.description.shape.every(Number.isFinite)) {
    described.set(held, entry);
    return;
  }
  const { dtype, text } = entry.description;
  const lengths = chunks.map((axis) => [...axis]);
  const shape = lengths.map((axis) => axis.reduce((sum, length) => sum + length, 0));
  const node = { op: 'zeros', args: [], keywords: { shape, dtype, chunks: lengths } };
  const known = describe({ node, operands: [] }, describer);
  known.description.text = known.description.text.replace(
    '<zeros_like,',
    /<.*?,/.exec(text)?.[0] ?? '<',
  );
  described.set(held, known);
}

/**
 * @param {Lazy} array
 * @returns {Described}
 */
function entryOf(array) {
  const describer = currentDescriber();
  if (!describer) throw new Error(NOT_READY);
  const isDescribed = (/** @type {Lazy} */ each) => described.has(each);
  for (const each of inOrder([array], ({ operands }) => operands, isDescribed)) {
    described.set(each, describe(each, describer));
  }
  return /** @type {Described} */ (described.get(array));
}

/**
 * @param {Lazy} array its operands are described: to the describer they are arrays that it holds
 * @param {Describer} describer
 * @returns {Described}
 */
function describe({ node, operands }, describer) {
  const held = operands.map((operand) => ({ op: 'persisted', id: described.get(operand)?.id }));
  const arrays = [...held, nodeData(outlineOf(node), (operand) => operands.indexOf(operand))];
  const id = nextId++;
  const text = JSON.stringify({ dagdeck: 1, arrays, targets: [operands.length] });
  try {
    const description = describer.describe(text, id);
    // Dask's name for what comes from data.
    if (node.op === 'from_array') {
      description.text = description.text.replace('zeros_like', 'array');
    }
    const entry = { id, description };
    collected.register(entry, id);
    return entry;
  } catch (error) {
    // Which of the arrays it was says nothing to who has made just one.
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.replace(/^arrays\[\d+\]: [^:]+:/, `${node.op}:`), { cause: error });
  }
}

/**
 * A node as it is described: elements may be many, and say nothing of the shape that they have.
 *
 * @param {Node<Lazy>} node
 * @returns {Node<Lazy>}
 */
function outlineOf(node) {
  if (node.op !== 'from_array') return node;
  const { data: _, ...keywords } = node.keywords;
  return { ...node, op: 'zeros', keywords };
}
