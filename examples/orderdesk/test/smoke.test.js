import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve, ticket } from './running.js';

test('ORD-1: an order within its limits is taken and filled', async (t) => {
  const ask = await serve(t);
  const { status, body } = await ask('POST', '/orders', ticket());
  assert.equal(status, 201);
  assert.deepEqual([body.filled, body.state, body.average], [100, 'filled', '100.0000']);
});

test('ORD-5: it is in the blotter and in the position', async (t) => {
  const ask = await serve(t);
  const order = (await ask('POST', '/orders', ticket({ side: 'sell' }))).body;
  assert.deepEqual((await ask('GET', '/blotter')).body.orders, [order]);
  const expected = [{ trader: 'desk-1', symbol: 'ALPS', quantity: -100 }];
  assert.deepEqual((await ask('GET', '/positions')).body.positions, expected);
});

test('ORD-7: the page is there', async (t) => {
  const ask = await serve(t);
  for (const path of ['/', '/web/style.css', '/web/page.js']) assert.equal((await ask('GET', path)).status, 200);
});

test('the desk is healthy, says who it is, and its invariants hold', async (t) => {
  const ask = await serve(t);
  await ask('POST', '/orders', ticket());
  assert.equal((await ask('GET', '/health')).status, 200);
  assert.equal((await ask('GET', '/version')).body.mark, 'desk-1');
  const { invariants } = (await ask('GET', '/invariants')).body;
  assert.deepEqual(
    invariants.map((one) => [one.name, one.ok]),
    [
      ['filled-within-ordered', true],
      ['blotter-sums-to-positions', true],
      ['no-key-twice', true],
    ],
  );
});
