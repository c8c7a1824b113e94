/*
 * A WebSocket whose other end is the test.
 */

export class FakeSocket {
  /** All sockets that were made, the last one last. @type {FakeSocket[]} */
  static made = [];
  static OPEN = 1;

  /** @type {any[]} */
  said = [];
  readyState = 1;
  binaryType = '';
  /** @type {() => void} */
  onopen = () => {};
  /** @type {(event: { data: unknown }) => void} */
  onmessage = () => {};
  /** @type {(event: { reason: string }) => void} */
  onclose = () => {};

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    FakeSocket.made.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.said.push(JSON.parse(text));
  }

  close(reason = '') {
    if (this.readyState !== 1) return;
    this.readyState = 3;
    this.onclose({ reason });
  }

  /** @param {unknown} message */
  tell(message) {
    this.onmessage({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }

  /** The scheduler lets the page in. */
  welcome() {
    this.onopen();
    this.tell({ type: 'ready', dask: '2026.8.0', workers: 2, threads: 4 });
  }
}
