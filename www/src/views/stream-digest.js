/*
 * The digest of a worker's timeline in the task stream: its kinds are lane colours. Those of prefixes come first,
 * then those of other actions; idle is the last.
 */
import {
  ACTIONS,
  COMPUTE,
  COMPUTE_ERRED,
  DESERIALIZE,
  IDLE,
  LOST,
  NO_TASK,
  OVERHEAD,
  RETRY,
  SERIALIZE,
  SPILL,
  STEAL,
  TRANSFER,
  UNSPILL,
  WAIT,
} from '../model/actions.js';
import { prefixColourIndex, viridis } from './colours.js';
import { TimelineDigest } from './timeline-digest.js';

/** @typedef {import('../model/graph.js').GraphData} GraphData */
/** @typedef {import('../model/timeline.js').Timeline} Timeline */

export const LANE_ERRED = viridis.length;
export const LANE_STEAL = LANE_ERRED + 1;
export const LANE_TRANSFER = LANE_ERRED + 2;
export const LANE_SERIALIZE = LANE_ERRED + 3;
export const LANE_DESERIALIZE = LANE_ERRED + 4;
export const LANE_WAIT = LANE_ERRED + 5;
export const LANE_RETRY = LANE_ERRED + 6;
export const LANE_OVERHEAD = LANE_ERRED + 7;
export const LANE_OTHER = LANE_ERRED + 8;
export const LANE_IDLE = LANE_ERRED + 9;
/** How many lane colours there are. */
export const LANES = LANE_IDLE + 1;

/** The lane colour of each action; a compute has the one of its prefix. */
const laneOfAction = new Uint8Array(ACTIONS).fill(LANE_OTHER);
laneOfAction[COMPUTE_ERRED] = LANE_ERRED;
laneOfAction[IDLE] = LANE_IDLE;
laneOfAction[STEAL] = LANE_STEAL;
laneOfAction[TRANSFER] = LANE_TRANSFER;
laneOfAction[SERIALIZE] = LANE_SERIALIZE;
laneOfAction[DESERIALIZE] = LANE_DESERIALIZE;
// Dask's task stream has one colour for what is written to a disk and read from it, too.
laneOfAction[SPILL] = LANE_SERIALIZE;
laneOfAction[UNSPILL] = LANE_DESERIALIZE;
laneOfAction[WAIT] = LANE_WAIT;
laneOfAction[RETRY] = LANE_RETRY;
laneOfAction[OVERHEAD] = LANE_OVERHEAD;
laneOfAction[LOST] = LANE_ERRED;

export class StreamDigest extends TimelineDigest {
  /**
   * @param {Timeline} timeline
   * @param {GraphData} graph
   */
  constructor(timeline, { prefixes, prefixOf }) {
    const laneOfPrefix = Uint8Array.from(prefixes, prefixColourIndex);
    const laneOf = (/** @type {number} */ task, /** @type {number} */ action) => {
      if (action !== COMPUTE) return laneOfAction[action];
      return task === NO_TASK ? LANE_IDLE : laneOfPrefix[prefixOf[task]];
    };
    super(timeline, {
      count: LANES,
      of: laneOf,
      now: ({ running }) => (running < 0 ? LANE_IDLE : laneOf(running, COMPUTE)),
    });
  }
}
