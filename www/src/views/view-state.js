/*
 * What linked views share, so that they highlight the same thing: the task and the time that are pointed at, the
 * selected task, and the part of the run that is shown. `version` grows with every change. It knows no view.
 */

/** A part of a run, in ms since its start. @typedef {{ startMs: number, endMs: number }} TimeWindow */

export class ViewState {
  /** The task that is pointed at, -1 for none. */
  hover = -1;
  /** The selected task, -1 for none. */
  selection = -1;
  /** The time that is pointed at. @type {number | null} */
  cursorMs = null;
  /** The part of the run that is shown; null shows all of it. @type {TimeWindow | null} */
  window = null;
  version = 0;
  /** The view that was used last: only one at a time points at something. @type {unknown} */
  active = null;
  /** The view in which something is pointed at. @type {unknown} */
  #by = null;

  /**
   * Something is pointed at in a view, or no longer.
   *
   * @param {unknown} by the view
   * @param {{ task: number, timeMs: number | null } | null} at
   */
  point(by, at) {
    // What another view points at is not this one's to clear.
    if (!at && by !== this.#by) return;
    this.#by = at ? by : null;
    const task = at?.task ?? -1;
    const timeMs = at?.timeMs ?? null;
    if (task === this.hover && timeMs === this.cursorMs) return;
    this.hover = task;
    this.cursorMs = timeMs;
    this.version++;
  }

  /** Selects a task, or nothing (-1). @param {number} task */
  select(task) {
    if (task === this.selection) return;
    this.selection = task;
    this.version++;
  }

  /** @param {TimeWindow | null} window */
  show(window) {
    if (window === this.window) return;
    this.window = window;
    this.version++;
  }

  /** Back to nothing, for another graph. */
  clear() {
    this.point(this.#by, null);
    this.select(-1);
    this.show(null);
  }
}
