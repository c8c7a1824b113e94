/*
 * Hands out the blocks of a result while a run goes on, as long as that is cheap. Each block costs some
 * microseconds, so thousands of tiny ones would keep the engine busy long after the run: then the feed
 * ends, and the picture is drawn from the whole result.
 *
 *     time      |--- run ---|take|--- run ---|take|      `take` may be a fifth of the time
 */

/** The share of its time that the engine may spend on blocks. */
const MOST_SHARE = 0.2;

/** Fewer blocks at once than this are never too many, whatever the clock says of them. */
const FEW = 200;

/**
 * @template Block
 * @param {() => Block[]} take the blocks that have finished since the last call
 * @param {(blocks: Block[]) => void} post
 * @param {() => number} [now] ms
 * @returns {() => void} hands out what is new
 */
export function blockFeed(take, post, now = () => performance.now()) {
  let lastMs = now();
  let open = true;
  return () => {
    if (!open) return;
    const fromMs = now();
    const blocks = take();
    if (blocks.length > 0) post(blocks);
    const toMs = now();
    open = blocks.length < FEW || toMs - fromMs <= MOST_SHARE * (toMs - lastMs);
    lastMs = toMs;
  };
}
