// The page of the desk: a ticket, the blotter and the positions. All addresses are relative to where it is served.
const REFRESH_MS = 2000;

const at = (id) => document.getElementById(id);
const form = at('ticket');
let instruments = [];
let currency = '';
// One key for each ticket: pressing twice, or again after a broken connection, sends the same order.
let key = newKey();

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? body.title);
  return body;
}

function say(text, wrong = false) {
  at('said').textContent = text;
  at('said').classList.toggle('wrong', wrong);
}

function row(cells) {
  const line = document.createElement('tr');
  for (const [content, name = ''] of cells) {
    const cell = line.insertCell();
    cell.className = name;
    cell.append(content);
  }
  return line;
}

function fill(body, rows, columns, none) {
  if (rows.length) return at(body).replaceChildren(...rows);
  const empty = row([[none, 'none']]);
  empty.cells[0].colSpan = columns;
  return at(body).replaceChildren(empty);
}

function cancelButton(order) {
  if (order.state !== 'open') return '';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Cancel';
  button.setAttribute('aria-label', `Cancel ${order.side} of ${order.quantity} ${order.symbol}`);
  button.addEventListener('click', () => cancel(order.id));
  return button;
}

const orderRow = (order) =>
  row([
    [new Date(order.at).toLocaleTimeString('en-GB')],
    [order.trader],
    [order.symbol],
    [order.side, order.side],
    [String(order.quantity), 'number'],
    [order.limit, 'number'],
    [String(order.filled), 'number'],
    [order.average ?? '–', 'number'],
    [order.state],
    [cancelButton(order)],
  ]);

async function refresh() {
  const [{ orders }, { positions }] = await Promise.all([ask('blotter?limit=25'), ask('positions')]);
  // A button that has the focus must not be taken from under the finger.
  if (!at('blotter').contains(document.activeElement)) fill('blotter', orders.map(orderRow), 10, 'No orders yet.');
  const rows = positions.map((p) => row([[p.trader], [p.symbol], [String(p.quantity), 'number']]));
  fill('positions', rows, 3, 'No positions yet.');
}

async function cancel(id) {
  try {
    const order = await ask(`orders/${id}`, { method: 'DELETE' });
    say(`Cancelled: ${order.quantity - order.filled} ${order.symbol}.`);
    document.activeElement.blur();
    await refresh();
  } catch (wrong) {
    say(wrong.message, true);
  }
}

function chosen() {
  const instrument = instruments.find((one) => one.symbol === at('symbol').value);
  at('reference').textContent = `Reference ${instrument.reference} ${currency}, tick ${instrument.tick}`;
  at('limit').value = instrument.reference;
  changed();
}

function changed() {
  key = newKey();
  const worth = Number(at('quantity').value) * Number(at('limit').value);
  at('worth').textContent = Number.isFinite(worth)
    ? `${worth.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency}`
    : '–';
}

async function send(event) {
  event.preventDefault();
  const said = new FormData(form);
  const ticket = { ...Object.fromEntries(said), quantity: Number(said.get('quantity')) };
  at('quantity').setAttribute('aria-invalid', String(!Number.isInteger(ticket.quantity)));
  try {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
    const order = await ask('orders', { method: 'POST', headers, body: JSON.stringify(ticket) });
    say(`${order.state === 'filled' ? 'Filled' : 'Sent'}: ${order.filled} of ${order.quantity} ${order.symbol} done.`);
    key = newKey();
    await refresh();
  } catch (wrong) {
    say(wrong.message, true);
  }
}

async function begin() {
  ({ instruments, currency } = await ask('instruments'));
  at('symbol').replaceChildren(...instruments.map((one) => new Option(`${one.symbol} – ${one.name}`, one.symbol)));
  at('version').textContent = (await ask('version')).mark;
  chosen();
  at('symbol').addEventListener('change', chosen);
  form.addEventListener('input', (event) => event.target !== at('symbol') && changed());
  form.addEventListener('submit', send);
  await refresh();
  setInterval(() => refresh().catch((wrong) => say(wrong.message, true)), REFRESH_MS);
}

begin().catch((wrong) => say(wrong.message, true));
