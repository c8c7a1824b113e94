import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  openSpillFile,
  removeLeftFiles,
  removeSpillFile,
} from '../../../src/engine/spill-files.js';

/** A folder in which some files are open. */
class FakeFolder {
  /** Whether each file is open. @type {Map<string, boolean>} */
  files = new Map();

  async *keys() {
    yield* this.files.keys();
  }

  /** @param {string} name */
  async removeEntry(name) {
    if (!this.files.has(name)) throw new DOMException('', 'NotFoundError');
    if (this.files.get(name)) throw new DOMException('', 'NoModificationAllowedError');
    this.files.delete(name);
  }

  /** @param {string} name */
  async getFileHandle(name) {
    this.files.set(name, false);
    return {
      createSyncAccessHandle: async () => {
        this.files.set(name, true);
        return { close: () => this.files.set(name, false) };
      },
    };
  }
}

/** @param {() => Promise<unknown>} getDirectory */
const storageOf = (getDirectory) => vi.stubGlobal('navigator', { storage: { getDirectory } });

afterEach(() => vi.unstubAllGlobals());

describe('the file of a node', () => {
  test('is opened, and no other is removed: a node may be about to open it', async () => {
    const folder = new FakeFolder();
    folder.files.set('of a node that starts', false).set('of another node', true);
    storageOf(async () => ({ getDirectoryHandle: async () => folder }));
    const opened = await openSpillFile();
    expect([...folder.files]).toEqual([
      ['of a node that starts', false],
      ['of another node', true],
      [opened?.name, true],
    ]);
  });

  test('is removed by a later page if its page was closed, and stays while it is open', async () => {
    const folder = new FakeFolder();
    folder.files.set('left', false).set('of another tab', true);
    storageOf(async () => ({ getDirectoryHandle: async () => folder }));
    await removeLeftFiles();
    expect([...folder.files]).toEqual([['of another tab', true]]);
    storageOf(() => Promise.reject(new DOMException('', 'SecurityError')));
    await removeLeftFiles();
  });

  test('is removed as soon as the node has ended', async () => {
    const folder = new FakeFolder();
    storageOf(async () => ({ getDirectoryHandle: async () => folder }));
    const opened = await openSpillFile();
    const removed = removeSpillFile(opened?.name ?? '');
    expect(folder.files.size).toBe(1);
    opened?.file.close();
    await removed;
    expect(folder.files.size).toBe(0);
  });

  test('is missing where the browser has no such storage', async () => {
    storageOf(() => Promise.reject(new DOMException('', 'SecurityError')));
    expect(await openSpillFile()).toBeNull();
    vi.stubGlobal('navigator', {});
    expect(await openSpillFile()).toBeNull();
  });
});
