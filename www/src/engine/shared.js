/*
 * One engine for the page: started when it is first asked for, shared by every demo and by
 * `window.dagdeck`, and started anew after it broke.
 */
import { connect } from './client.js';

/** @import { Engine } from './client.js' */

/** @type {Promise<Engine> | null} */
let engine = null;

/** @returns {Promise<Engine>} */
export async function sharedEngine() {
  const mine = (engine ??= connect());
  try {
    const connected = await mine;
    if (!connected.lost) return connected;
  } catch (error) {
    if (engine === mine) engine = null;
    throw error;
  }
  if (engine === mine) engine = null;
  return sharedEngine();
}
