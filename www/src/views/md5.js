/*
 * MD5 (RFC 1321), because Dask colours a prefix by its MD5. It is of no other use today, so it is
 * kept to what colours need: text in, hexadecimal digits out. Not for anything secret.
 */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Uint32Array.from({ length: 64 }, (_, i) => Math.abs(Math.sin(i + 1)) * 2 ** 32);

/**
 * @param {string} text hashed as UTF-8
 * @returns {string} 32 hexadecimal digits
 */
export function md5(text) {
  const bytes = new TextEncoder().encode(text);
  const words = new Uint32Array((((bytes.length + 8) >> 6) + 1) * 16);
  const view = new DataView(words.buffer);
  new Uint8Array(words.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setUint32(words.byteLength - 8, bytes.length * 8, true);

  const sum = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < words.byteLength; block += 64) {
    let [a, b, c, d] = sum;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [mixed, word] = [
        () => [(b & c) | (~b & d), i],
        () => [(d & b) | (~d & c), (5 * i + 1) & 15],
        () => [b ^ c ^ d, (3 * i + 5) & 15],
        () => [c ^ (b | ~d), (7 * i) & 15],
      ][round]();
      const total = (a + mixed + sines[i] + view.getUint32(block + word * 4, true)) | 0;
      const shift = shifts[round * 4 + (i & 3)];
      a = d;
      d = c;
      c = b;
      b = (b + ((total << shift) | (total >>> (32 - shift)))) | 0;
    }
    sum[0] += a;
    sum[1] += b;
    sum[2] += c;
    sum[3] += d;
  }
  const digest = new Uint8Array(16);
  const out = new DataView(digest.buffer);
  sum.forEach((word, i) => out.setInt32(i * 4, word, true));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
