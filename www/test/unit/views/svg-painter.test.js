import { describe, expect, test } from 'vitest';
import { COMPUTE } from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { prefixColour } from '../../../src/views/colours.js';
import { progress } from '../../../src/views/progress.js';
import { SvgPainter } from '../../../src/views/svg-painter.js';
import { taskStream } from '../../../src/views/task-stream.js';
import { graphOf, sliceOf } from '../model/graphs.js';
import { frameOf } from './frames.js';

const painterOf = (width = 600, height = 200) =>
  new SvgPainter(width, height, (text) => /** @type {TextMetrics} */ ({ width: text.length * 7 }));

/** Two `a<b`, then one `sum`, on two workers. */
function smallRun() {
  const graph = graphOf([[], [], [0, 1]], { prefixes: ['a<b', 'sum'], prefixOf: [0, 0, 1] });
  const model = createRunModel(graph, 2);
  model.append(0, sliceOf([{ task: 0, action: COMPUTE, stopMs: 10 }]));
  model.append(
    1,
    sliceOf([
      { task: 1, action: COMPUTE, stopMs: 12 },
      { task: 2, action: COMPUTE, stopMs: 20 },
    ]),
  );
  return model;
}

describe('an SVG', () => {
  test('has an element for each thing that is drawn, in the style of its time', () => {
    const painter = painterOf();
    painter.fillStyle = '#ff0000';
    painter.fillRect(1, 2, 3.456, 4);
    painter.strokeStyle = '#00ff00';
    painter.globalAlpha = 0.5;
    painter.beginPath();
    painter.moveTo(0, 0);
    painter.bezierCurveTo(1, 2, 3, 4, 5, 6);
    painter.stroke();
    const svg = painter.toString('a title');
    expect(svg).toContain('<rect x="1" y="2" width="3.46" height="4" fill="#ff0000"/>');
    expect(svg).toContain('d="M0 0C1 2 3 4 5 6" fill="none" stroke="#00ff00"');
    expect(svg).toContain('opacity="0.5"');
    expect(svg).toContain('<title>a title</title>');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="600" height="200"/);
  });

  test('escapes its text', () => {
    const painter = painterOf();
    painter.font = '450 14px "Inter", sans-serif';
    painter.fillText('<script>&"', 0, 0);
    const svg = painter.toString('1 < 2');
    expect(svg).toContain('>&lt;script&gt;&amp;&quot;</text>');
    expect(svg).toContain('font-family="&quot;Inter&quot;, sans-serif"');
    expect(svg).toContain('<title>1 &lt; 2</title>');
    expect(svg).not.toContain('<script>');
  });

  test('of the progress has a bar in the colour of each prefix', () => {
    const model = smallRun();
    const painter = painterOf();
    progress.draw(painter, frameOf(progress, model, { vector: true }));
    const svg = painter.toString();
    expect(svg).toContain(prefixColour('sum'));
    expect(svg).toContain('>a&lt;b</text>');
  });

  test('of the task stream has a rectangle for each task', () => {
    const model = smallRun();
    const painter = painterOf();
    taskStream.draw(painter, frameOf(taskStream, model, { vector: true }));
    const svg = painter.toString();
    const count = (/** @type {string} */ colour) => svg.split(`fill="${colour}"/>`).length - 1;
    expect(count(prefixColour('a<b'))).toBe(2);
    expect(count(prefixColour('sum'))).toBe(1);
  });
});
