import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Blotter } from '../src/blotter.js';
import { checkInvariants } from '../src/invariants.js';
import { folder, openDesk, ticket } from './running.js';

test('ORD-8: two versions on one journal see the same orders', async (t) => {
  const path = folder(t);
  const [old, next] = [openDesk(t, path, 'desk-1'), openDesk(t, path, 'desk-2')];
  const order = await old.place('a', ticket());
  assert.deepEqual(next.blotter.orders.get(order.id), order);
  assert.equal(next.blotter.position('desk-1', 'ALPS'), 100);
});

test('ORD-4: a key that one version took is taken at the other', async (t) => {
  const path = folder(t);
  const [old, next] = [openDesk(t, path, 'desk-1'), openDesk(t, path, 'desk-2')];
  const order = await old.place('a', ticket());
  assert.equal((await next.place('a', ticket())).id, order.id);
  assert.equal(next.blotter.orders.size, 1);
});

test('ORD-8: where both took it at the same moment the first in the journal stands', () => {
  const blotter = new Blotter();
  for (const id of ['first', 'second']) {
    blotter.apply({ kind: 'order', id, key: 'a', ...ticket(), mark: id });
    blotter.apply({ kind: 'fill', order: id, quantity: 100, price: '100', mark: id });
  }
  assert.deepEqual([...blotter.orders.keys()], ['first']);
  assert.equal(blotter.position('desk-1', 'ALPS'), 100);
});

test('ORD-8: half a line of one that died spoils nothing but itself', async (t) => {
  const path = folder(t);
  const desk = openDesk(t, path);
  await desk.place('a', ticket());
  appendFileSync(join(path, 'journal.jsonl'), '{"kind":"order","id":"ha');
  await desk.place('b', ticket());
  assert.equal(openDesk(t, path).blotter.orders.size, 2);
});

test('ORD-8: lines of a later version are left alone', async (t) => {
  const path = folder(t);
  const desk = openDesk(t, path);
  await desk.place('a', ticket());
  appendFileSync(join(path, 'journal.jsonl'), '{"kind":"amend","order":"x"}\n');
  assert.equal(desk.blotter.orders.size, 1);
});

const broken = (blotter, mark) =>
  checkInvariants(blotter, mark)
    .filter((one) => !one.ok)
    .map((one) => one.name);

test('ORD-9: more filled than ordered is found, at the version that did it', () => {
  const blotter = new Blotter();
  blotter.apply({ kind: 'order', id: 'x', key: 'a', ...ticket(), mark: 'desk-1' });
  blotter.apply({ kind: 'fill', order: 'x', quantity: 101, price: '100', mark: 'desk-2' });
  assert.deepEqual(broken(blotter, 'desk-2'), ['filled-within-ordered']);
  assert.deepEqual(broken(blotter, 'desk-1'), []);
});

test('ORD-9: a position that is not the sum of its fills is found', () => {
  const blotter = new Blotter();
  blotter.apply({ kind: 'order', id: 'x', key: 'a', ...ticket(), mark: 'desk-1' });
  blotter.apply({ kind: 'fill', order: 'x', quantity: 50, price: '100', mark: 'desk-1' });
  blotter.positions.set('desk-1 ALPS', 49);
  assert.deepEqual(broken(blotter, 'desk-1'), ['blotter-sums-to-positions']);
});

test('ORD-9: two orders with one key are found, at the version that made the second', () => {
  const blotter = new Blotter();
  for (const mark of ['desk-1', 'desk-2']) blotter.orders.set(mark, { key: 'a', ...ticket(), filled: 0, fills: [], mark });
  assert.deepEqual(broken(blotter, 'desk-2'), ['no-key-twice']);
  assert.deepEqual(broken(blotter, 'desk-1'), []);
});
