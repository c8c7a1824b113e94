/*
 * The cluster in the lab's URL: `lab.html?scheduler=dask&cluster=ws://127.0.0.1:8787/dagdeck#token`. The token stands
 * where the browser does not send it to a server. It is taken from the URL at once, so that it is not shown or shared.
 */

/**
 * @typedef {Object} Taken
 * @property {string} query without the cluster
 * @property {string | null} cluster its URL with the token; null if there is none
 */

/**
 * @param {string} query
 * @param {string} hash with its `#`; may be empty
 * @returns {Taken}
 */
export function takeCluster(query, hash) {
  const words = new URLSearchParams(query);
  const url = words.get('cluster');
  if (url === null) return { query, cluster: null };
  words.delete('cluster');
  const rest = words.toString();
  return {
    query: rest && `?${rest}`,
    cluster: url.includes('#') ? url : url + hash,
  };
}
