/*
 * Saves a file to the reader's disk.
 */

/**
 * @param {string} name
 * @param {Blob} file
 */
export function download(name, file) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // By then the browser has started to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
