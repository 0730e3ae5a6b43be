import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve, ticket } from './running.js';

const refused = [
  ['ORD-2: a limit above the collar', { limit: '105.01' }, 'Outside of the collar'],
  ['ORD-2: a limit below the collar', { limit: '94.99', side: 'sell' }, 'Outside of the collar'],
  ['ORD-2: a limit between two ticks', { symbol: 'BAY', limit: '20.001' }, 'Between two ticks'],
  ['ORD-2: more than the largest order', { quantity: 1001 }, 'Too large'],
  ['an instrument that nobody knows', { symbol: 'NONE' }, 'Unknown instrument'],
];

for (const [what, changes, title] of refused) {
  test(`${what} is refused, and counted as refused`, async (t) => {
    const ask = await serve(t);
    const answer = await ask('POST', '/orders', ticket(changes));
    assert.deepEqual([answer.status, answer.body.title], [422, title]);
    assert.equal(answer.headers.get('mint-signal'), 'refused');
    assert.deepEqual((await ask('GET', '/blotter')).body.orders, []);
  });
}

const senseless = [
  ['no JSON', '{', 'The body is no JSON.'],
  ['half a share', ticket({ quantity: 1.5 }), 'quantity must be integer.'],
  ['no shares', ticket({ quantity: 0 }), 'quantity must be >= 1.'],
  ['a limit that is no decimal', ticket({ limit: '1e2' }), 'limit must match pattern'],
  ['a side that there is not', ticket({ side: 'short' }), 'side must be equal to one of the allowed values.'],
  ['an unknown field', ticket({ colour: 'red' }), 'ticket must NOT have additional properties.'],
];

for (const [what, body, said] of senseless) {
  test(`ORD-2: ${what} is a bad ticket`, async (t) => {
    const answer = await (await serve(t))('POST', '/orders', body);
    assert.equal(answer.status, 400);
    assert.ok(answer.body.detail.startsWith(said), answer.body.detail);
  });
}

test('ORD-2: the very edge of the collar is within it', async (t) => {
  const ask = await serve(t);
  assert.equal((await ask('POST', '/orders', ticket({ limit: '105.00' }))).status, 201);
  assert.equal((await ask('POST', '/orders', ticket({ limit: '95.00', side: 'sell' }))).status, 201);
});

test('ORD-3: a position beyond its limit is refused, in either direction', async (t) => {
  const ask = await serve(t);
  const bay = { symbol: 'BAY', limit: '20', quantity: 1000 };
  assert.equal((await ask('POST', '/orders', ticket(bay))).status, 201);
  assert.equal((await ask('POST', '/orders', ticket(bay))).body.title, 'Beyond the position limit');
  assert.equal((await ask('POST', '/orders', ticket({ ...bay, side: 'sell' }))).status, 201);
});

test('ORD-1: what the market does not display stays open', async (t) => {
  const { body } = await (await serve(t))('POST', '/orders', ticket({ quantity: 1000 }));
  assert.deepEqual([body.filled, body.state], [600, 'open']);
});

test('ORD-1: a limit that the market does not reach fills nothing', async (t) => {
  const { body } = await (await serve(t))('POST', '/orders', ticket({ limit: '99.99' }));
  assert.deepEqual([body.filled, body.state, body.average], [0, 'open', null]);
});

test('ORD-6: an open order can be cancelled, and again; a filled one cannot', async (t) => {
  const ask = await serve(t);
  const { id } = (await ask('POST', '/orders', ticket({ quantity: 1000 }))).body;
  assert.equal((await ask('DELETE', `/orders/${id}`)).body.state, 'cancelled');
  assert.equal((await ask('DELETE', `/orders/${id}`)).status, 200);
  const filled = (await ask('POST', '/orders', ticket())).body.id;
  assert.equal((await ask('DELETE', `/orders/${filled}`)).status, 409);
  assert.equal((await ask('GET', `/orders/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`)).status, 404);
});

test('ORD-4: a repeated key is the same order', async (t) => {
  const ask = await serve(t);
  const first = await ask('POST', '/orders', ticket(), { 'Idempotency-Key': 'a' });
  const again = await ask('POST', '/orders', ticket(), { 'Idempotency-Key': 'a' });
  assert.equal(again.status, 201);
  assert.deepEqual(again.body, first.body);
  assert.equal((await ask('GET', '/blotter')).body.orders.length, 1);
});

test('ORD-4: a key that was used for another ticket is refused', async (t) => {
  const ask = await serve(t);
  await ask('POST', '/orders', ticket(), { 'Idempotency-Key': 'a' });
  const other = await ask('POST', '/orders', ticket({ quantity: 101 }), { 'Idempotency-Key': 'a' });
  assert.deepEqual([other.status, other.body.title], [422, 'Another ticket']);
});

test('ORD-4: an order without a key is refused', async (t) => {
  assert.equal((await (await serve(t))('POST', '/orders', ticket(), { 'Idempotency-Key': '' })).status, 400);
});

test('elsewhere there is nothing, and nothing too long is read', async (t) => {
  const ask = await serve(t);
  assert.equal((await ask('GET', '/nothing')).status, 404);
  assert.equal((await ask('PUT', '/orders', ticket())).status, 405);
  assert.equal((await ask('POST', '/orders', ' '.repeat(20_000))).status, 413);
  assert.equal((await ask('GET', '/blotter?limit=0')).status, 400);
});
