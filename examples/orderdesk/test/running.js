// A desk in a folder of its own, over HTTP or directly; gone after the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Big from 'big.js';
import { Desk } from '../src/desk.js';
import { makeServer } from '../src/http.js';
import { Journal } from '../src/journal.js';

export const settings = {
  currency: 'EUR',
  collar: new Big('0.05'),
  largestOrder: 1000,
  positionLimit: 1500,
  instruments: new Map([
    ['ALPS', { symbol: 'ALPS', name: 'Alps', reference: new Big('100'), tick: new Big('0.01'), displayed: 600 }],
    ['BAY', { symbol: 'BAY', name: 'Bay', reference: new Big('20'), tick: new Big('0.005'), displayed: 5000 }],
  ]),
};

export const ticket = (changes = {}) => ({
  trader: 'desk-1',
  symbol: 'ALPS',
  side: 'buy',
  quantity: 100,
  limit: '100.00',
  ...changes,
});

export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'orderdesk-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

export function openDesk(t, path, mark = 'desk-1') {
  const journal = new Journal(join(path, 'journal.jsonl'));
  t.after(() => journal.close());
  return new Desk(journal, settings, mark, () => new Date(0));
}

export async function serve(t, desk = openDesk(t, folder(t))) {
  const server = makeServer(desk, settings, 'desk-1');
  await new Promise((up) => server.listen(0, '127.0.0.1', up));
  t.after(() => server.close() && server.closeAllConnections());
  let keys = 0;
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, {
      method,
      headers: body === undefined ? headers : { 'Idempotency-Key': `key-${++keys}`, ...headers },
      body: typeof body === 'object' ? JSON.stringify(body) : body,
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type').includes('json');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
}
