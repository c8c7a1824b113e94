/*
 * The one owner of requestAnimationFrame. Every participant first reads (events into its model), and
 * only then does any draw, so that no drawing waits behind another's layout and all views of a frame
 * show one moment. When nobody is busy the loop stops and costs nothing; `wake` starts it again.
 *
 * It does not know what is dirty: views do, and a clean view's `draw` returns at once.
 */

/**
 * @typedef {object} Participant
 * @property {(now: number) => void} [read] takes in what has happened; draws nothing
 * @property {(now: number) => void} draw draws what is dirty and visible
 * @property {() => boolean} busy whether it wants another frame after this one
 */

/**
 * @typedef {object} FrameLoop
 * @property {(participant: Participant) => () => void} add takes part from the next frame on; the
 *   returned function ends that
 * @property {() => void} wake asks for a frame, whether or not anyone is busy
 * @property {() => void} flush makes a frame at once: printing waits for none
 * @property {() => boolean} running whether a frame is asked for
 */

/**
 * @param {(callback: (now: number) => void) => number} request
 * @returns {FrameLoop}
 */
export function createFrameLoop(request) {
  /** @type {Set<Participant>} */
  const participants = new Set();
  let asked = false;

  const wake = () => {
    if (asked) return;
    asked = true;
    request(frame);
  };

  /** @param {number} now */
  const frame = (now) => {
    asked = false;
    const present = [...participants];
    /** @type {unknown[]} */
    const errors = [];
    // One participant's error must not stop the others.
    const each = (/** @type {(participant: Participant) => void} */ act) => {
      for (const participant of present) {
        if (!participants.has(participant)) continue;
        try {
          act(participant);
        } catch (error) {
          errors.push(error);
        }
      }
    };
    each((participant) => participant.read?.(now));
    each((participant) => participant.draw(now));
    each((participant) => participant.busy() && wake());
    if (errors.length > 0) throw errors[0];
  };

  return {
    add(participant) {
      participants.add(participant);
      wake();
      return () => participants.delete(participant);
    },
    wake,
    flush: () => frame(performance.now()),
    running: () => asked,
  };
}

/** The page's loop. */
export const frameLoop = createFrameLoop((callback) => requestAnimationFrame(callback));
