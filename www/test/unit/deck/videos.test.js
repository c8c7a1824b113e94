import { expect, test } from 'vitest';
import { parseTalk } from '../../../src/deck/markdown.js';

test.for([
  [
    '![Words](a.mp4){width=50%}',
    '<figure><video controls src="a.mp4" style="width:50%;" aria-label="Words"></video><figcaption>Words</figcaption></figure>',
  ],
  ['see ![](a.webm?x#t=3)', '<p>see <video controls src="a.webm?x#t=3"></video></p>'],
  ['![](a.mp4.png)', '<p><img src="a.mp4.png" alt=""></p>'],
])('an image that is a video is one: %s', ([text, html]) => {
  expect(parseTalk(`# A\n\n${text}\n`).slides[0].html).toBe(`<h1>A</h1>\n${html}\n`);
});
