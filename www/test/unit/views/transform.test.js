import { expect, test } from 'vitest';
import { identity, shifted, zoomedAbout } from '../../../src/views/transform.js';
import { seeded } from '../model/graphs.js';

const box = { left: 10, top: 20, width: 600, height: 300 };

test('a zoom keeps the point it is about', () => {
  const near = zoomedAbout(identity, 4, 300, 150, box, 100);
  expect(300 * 1).toBeCloseTo(((300 - identity.tx) / identity.k) * near.k + near.tx);
  expect(near.k).toBe(4);
});

test('no gesture uncovers the box', () => {
  const random = seeded(1);
  let now = identity;
  for (let i = 0; i < 500; i++) {
    now =
      random() < 0.5
        ? zoomedAbout(now, 0.3 + random() * 2, random() * 600, random() * 300, box, 50)
        : shifted(now, (random() - 0.5) * 900, (random() - 0.5) * 900, box);
    expect(box.left * now.k + now.tx).toBeLessThanOrEqual(box.left + 1e-6);
    expect((box.left + box.width) * now.k + now.tx).toBeGreaterThanOrEqual(610 - 1e-6);
    expect(box.top * now.k + now.ty).toBeLessThanOrEqual(box.top + 1e-6);
    expect((box.top + box.height) * now.k + now.ty).toBeGreaterThanOrEqual(320 - 1e-6);
  }
});

test('zooming all the way out is the beginning again', () => {
  const near = shifted(zoomedAbout(identity, 8, 100, 100, box, 50), 50, 50, box);
  const { k, tx, ty } = zoomedAbout(near, 0.01, 400, 200, box, 50);
  expect(k).toBe(1);
  expect(tx).toBeCloseTo(0);
  expect(ty).toBeCloseTo(0);
});
