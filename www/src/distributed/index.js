/*
 * `dagdeck.distributed`: Dask's client, on a cluster in the page.
 */
import { Client } from './client.js';
import { asCompleted, CancelledError } from './future.js';

export const distributed = Object.freeze({ Client, CancelledError, as_completed: asCompleted });
