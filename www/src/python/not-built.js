/*
 * Takes the place of the package of Python's module in a site that is built without it.
 */
export function start() {}
export const [run, warm_up, serve, module, words] = Array.from({ length: 5 }, () => start);

export default async function init() {
  throw new Error('this site was built without Python');
}
