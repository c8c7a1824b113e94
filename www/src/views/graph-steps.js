/*
 * The arrow keys in a graph: from a task to the nearest one in a direction. A task that is off to the side counts as
 * further away than one straight ahead.
 */

/** @typedef {import('./graph-scene.js').Scene} Scene */

/** How much further away a task is that is off to the side. */
const SIDE = 2.5;

/**
 * O(tasks).
 *
 * @param {Scene} scene
 * @param {import('./view.js').Step} step
 * @param {number} from -1: there is no task to go on from
 * @returns {number} the task; -1 when there is none in that direction
 */
export function nextTask({ arrangement: { x, y }, sites }, step, from) {
  const { tasks } = sites;
  if (tasks.length === 0) return -1;
  if (step === 'last') return tasks[tasks.length - 1];
  if (step === 'first' || from < 0) return tasks[0];
  const across = step === 'left' || step === 'right';
  const forth = step === 'right' || step === 'down' ? 1 : -1;
  let nearest = -1;
  let least = Infinity;
  for (let task = 0; task < x.length; task++) {
    const [dx, dy] = [x[task] - x[from], y[task] - y[from]];
    const ahead = (across ? dx : dy) * forth;
    const aside = Math.abs(across ? dy : dx);
    // Less ahead than aside: that is another direction.
    if (ahead <= 0.5 || ahead < aside * 0.3) continue;
    const distance = ahead + SIDE * aside;
    if (distance >= least) continue;
    least = distance;
    nearest = task;
  }
  return nearest;
}
