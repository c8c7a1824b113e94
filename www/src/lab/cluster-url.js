/*
 * The cluster in the lab's URL: `lab.html?scheduler=dask&cluster=ws://127.0.0.1:8787/dagdeck#token` for runs there,
 * `lab.html?watch=ws://127.0.0.1:8787/dagdeck#token` to watch what others run. The token stands where the browser does not
 * send it to a server. It is taken from the URL at once, so that it is not shown or shared.
 */

/** The names of this machine, as they stand in URLs. */
const HERE = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a link may start to watch this cluster. Anyone can write a link, so the user first sees which cluster it is,
 * unless it is on this machine.
 *
 * @param {string} cluster
 */
export function startsAtOnce(cluster) {
  return URL.canParse(cluster) && HERE.includes(new URL(cluster).hostname);
}

/**
 * @typedef {Object} Taken
 * @property {string} query without the cluster
 * @property {string | null} cluster its URL with the token; null if there is none
 * @property {boolean} watch whether it is to be watched
 */

/**
 * @param {string} query
 * @param {string} hash with its `#`; may be empty
 * @returns {Taken}
 */
export function takeCluster(query, hash) {
  const words = new URLSearchParams(query);
  const watch = words.has('watch');
  const url = words.get(watch ? 'watch' : 'cluster');
  if (url === null) return { query, cluster: null, watch };
  words.delete('cluster');
  words.delete('watch');
  const rest = words.toString();
  return {
    query: rest && `?${rest}`,
    cluster: url === '' || url.includes('#') ? url : url + hash,
    watch,
  };
}
