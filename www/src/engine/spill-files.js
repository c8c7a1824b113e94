/*
 * Files for the values that a node of a cluster has no room for, in the browser's storage (OPFS). A node keeps its file
 * open for as long as it lives, and nobody can remove an open file. So what can be removed is left from before, or of a node
 * that has ended.
 *
 * https://developer.mozilla.org/docs/Web/API/FileSystemSyncAccessHandle
 */

/** The folder of this origin that has the files. */
const FOLDER = 'dagdeck-spill';

/** Somebody else may remove a file before it is open. */
const MOST_ATTEMPTS = 3;

/** How often, and how many times, it is tried to remove the file of a node that ends. */
const AGAIN_MS = 50;
const MOST_TIMES = 40;

/**
 * An open file, as Rust uses it (src/web/cluster.rs).
 *
 * @typedef {{ read: Function, write: Function, truncate: Function, close: () => void }} SpillFile
 */

/** Removes the files that are left from before: of pages that were closed while nodes had spilled values. */
export async function removeLeftFiles() {
  try {
    await removeAll(await folderOf(false));
  } catch {
    // There are none, or there is no such storage.
  }
}

/**
 * Opens a new file. To be called by a node. It removes none: another node may be about to open one.
 *
 * @returns {Promise<{ file: SpillFile, name: string } | null>} null where there is no such storage
 */
export async function openSpillFile() {
  try {
    const folder = await folderOf(true);
    for (let attempt = 1; ; attempt++) {
      const name = `${performance.timeOrigin} ${Math.random()}`;
      const handle = await folder.getFileHandle(name, { create: true });
      try {
        const file = await /** @type {any} */ (handle).createSyncAccessHandle();
        return { file, name };
      } catch (error) {
        if (attempt === MOST_ATTEMPTS) throw error;
      }
    }
  } catch {
    return null;
  }
}

/**
 * Removes the file of a node that has been ended, as soon as it is closed.
 *
 * @param {string} name
 */
export async function removeSpillFile(name) {
  for (let time = 0; time < MOST_TIMES; time++) {
    try {
      await (await folderOf(false)).removeEntry(name);
      return;
    } catch (error) {
      if (/** @type {Error} */ (error).name === 'NotFoundError') return;
    }
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
}

/** @param {boolean} create */
async function folderOf(create) {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create });
}

/** @param {FileSystemDirectoryHandle} folder */
async function removeAll(folder) {
  for await (const name of /** @type {any} */ (folder).keys()) {
    // Those of nodes that are alive stay.
    await folder.removeEntry(name).catch(() => {});
  }
}
