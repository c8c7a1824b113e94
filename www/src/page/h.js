/*
 * Preact's `h`, which makes an element or a component, under a stricter type: the type checker refuses an attribute that
 * an element does not have, which Preact's own type allows. Children are one argument, an array if there are several.
 */
import { h as create, render } from 'preact';

/** @import { Attributes, ComponentChildren, ComponentType, JSX, VNode } from 'preact' */

/**
 * @typedef {{ [name: `data-${string}`]: string | boolean | undefined }} DataAttributes
 *
 * @typedef {{
 *   <Name extends keyof JSX.IntrinsicElements>(
 *     name: Name,
 *     attributes: (JSX.IntrinsicElements[Name] & DataAttributes) | null,
 *     children?: ComponentChildren,
 *   ): VNode<any>,
 *   <Props extends {}>(component: ComponentType<Props>, props: Attributes & Props): VNode<any>,
 * }} Create
 */

export const h = /** @type {Create} */ (create);

/**
 * Renders an element that does not change any more.
 *
 * @param {VNode} node
 */
export function elementOf(node) {
  const place = document.createDocumentFragment();
  render(node, place);
  return /** @type {HTMLElement} */ (place.firstElementChild);
}
