/*
 * The only caller of requestAnimationFrame. In each frame every participant first reads events into its model, and
 * then all of them draw, so that all views show the same moment. When nobody is busy the loop stops and costs
 * nothing; `wake` starts it again.
 *
 * It does not know what has to be drawn again. Participants know, and return at once when nothing has changed.
 */

/**
 * @typedef {object} Participant
 * @property {(now: number) => void} [read] reads what has happened; draws nothing
 * @property {(now: number) => void} draw draws what has changed and is visible
 * @property {() => boolean} busy whether it wants another frame after this one
 */

/**
 * @typedef {object} FrameLoop
 * @property {(participant: Participant) => () => void} add adds a participant from the next frame on; the
 *   returned function removes it
 * @property {() => void} wake requests a frame, whether or not anyone is busy
 * @property {() => void} flush runs a frame at once: printing does not wait for one
 * @property {() => boolean} running whether a frame is requested
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
