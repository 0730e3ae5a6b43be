// The desk over HTTP.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Big from 'big.js';
import { checkInvariants } from './invariants.js';
import { Refusal } from './refusal.js';
import { readTicket } from './ticket.js';

const LONGEST_BODY = 16 << 10;
const LONGEST_BLOTTER = 200;
const KEY = /^[\x21-\x7e]{1,100}$/;

const file = (name, kind) => {
  const content = readFileSync(new URL(`../web/${name}`, import.meta.url));
  return () => ({ status: 200, kind, content });
};

export function makeServer(desk, settings, mark) {
  const routes = [
    ['GET', /^\/$/, file('index.html', 'text/html; charset=utf-8')],
    ['GET', /^\/web\/style\.css$/, file('style.css', 'text/css; charset=utf-8')],
    ['GET', /^\/web\/page\.js$/, file('page.js', 'text/javascript; charset=utf-8')],
    ['GET', /^\/health$/, () => json(200, { status: 'ok' })],
    ['GET', /^\/version$/, () => json(200, { mark, orders: desk.blotter.orders.size })],
    ['GET', /^\/invariants$/, () => json(200, { invariants: checkInvariants(desk.blotter, mark) })],
    ['GET', /^\/instruments$/, () => json(200, { currency: settings.currency, instruments: listed(settings) })],
    ['GET', /^\/blotter$/, (request) => json(200, { orders: desk.blotter.newest(countOf(request)).map(shown) })],
    ['GET', /^\/positions$/, () => json(200, { positions: positionsOf(desk.blotter) })],
    ['POST', /^\/orders$/, (request) => place(desk, settings, request)],
    ['GET', /^\/orders\/([0-9a-f-]{36})$/, (request, id) => json(200, shown(known(desk, id)))],
    ['DELETE', /^\/orders\/([0-9a-f-]{36})$/, async (request, id) => json(200, shown(await desk.cancel(id)))],
  ];
  return createServer((request, response) => answer(routes, request, response));
}

async function answer(routes, request, response) {
  let reply;
  try {
    const path = request.url.split('?')[0];
    const there = routes.filter(([, pattern]) => pattern.test(path));
    const route = there.find(([method]) => method === request.method);
    if (!there.length) throw new Refusal(404, 'Nothing here', `There is no ${path.slice(0, 100)}.`);
    if (!route) throw new Refusal(405, 'Not like this', `${request.method} is not for ${path}.`);
    reply = await route[2](request, ...route[1].exec(path).slice(1));
  } catch (wrong) {
    reply = wrong instanceof Refusal ? problem(wrong) : failure(wrong);
  }
  response.writeHead(reply.status, {
    'Content-Type': reply.kind,
    'Content-Length': reply.content.length,
    'Content-Security-Policy': "default-src 'self'",
    'X-Content-Type-Options': 'nosniff',
    ...reply.headers,
  });
  response.end(reply.content);
}

async function place(desk, settings, request) {
  const key = request.headers['idempotency-key'];
  if (!key || !KEY.test(key)) throw new Refusal(400, 'No key', 'Send an Idempotency-Key of 1 to 100 characters.');
  const order = await desk.place(key, readTicket(await bodyOf(request)));
  const worth = new Big(order.limit).times(order.quantity).toFixed(2);
  return { ...json(201, shown(order)), headers: { 'Mint-Value': `${worth} ${settings.currency}` } };
}

function known(desk, id) {
  const order = desk.blotter.orders.get(id);
  if (!order) throw new Refusal(404, 'No such order', `There is no order ${id}.`);
  return order;
}

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    parts.push(part);
    if ((length += part.length) > LONGEST_BODY) throw new Refusal(413, 'Too long', `At most ${LONGEST_BODY} bytes.`);
  }
  return Buffer.concat(parts).toString('utf8');
}

function countOf(request) {
  const wanted = new URL(request.url, 'http://desk').searchParams.get('limit') ?? '50';
  if (!/^[0-9]{1,3}$/.test(wanted) || wanted < 1 || wanted > LONGEST_BLOTTER) {
    throw new Refusal(400, 'Bad limit', `The limit is from 1 to ${LONGEST_BLOTTER}.`);
  }
  return Number(wanted);
}

function shown(order) {
  const worth = order.fills.reduce((sum, fill) => sum.plus(new Big(fill.price).times(fill.quantity)), new Big(0));
  const { id, trader, symbol, side, quantity, limit, filled, state, at } = order;
  const average = filled ? worth.div(filled).toFixed(4) : null;
  return { id, trader, symbol, side, quantity, limit, filled, average, state, at };
}

const listed = (settings) =>
  [...settings.instruments.values()].map(({ symbol, name, reference, tick }) => ({
    symbol,
    name,
    reference: reference.toFixed(),
    tick: tick.toFixed(),
  }));

const positionsOf = (blotter) =>
  [...blotter.positions]
    .filter(([, quantity]) => quantity)
    .map(([place, quantity]) => ({ trader: place.split(' ')[0], symbol: place.split(' ')[1], quantity }));

const json = (status, body, kind = 'application/json') => ({
  status,
  kind,
  content: Buffer.from(JSON.stringify(body)),
});

function problem({ status, title, message }) {
  const said = json(status, { title, status, detail: message }, 'application/problem+json');
  // What the desk refuses is counted and compared: docs/mint-yaml.md, Mint-Signal.
  return status === 422 ? { ...said, headers: { 'Mint-Signal': 'refused' } } : said;
}

function failure(wrong) {
  console.error(wrong);
  return json(500, { title: 'Failed', status: 500, detail: 'The desk has failed.' }, 'application/problem+json');
}
