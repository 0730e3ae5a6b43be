// Takes orders and lets the market fill them.
import { createHash, randomUUID } from 'node:crypto';
import Big from 'big.js';
import { Blotter } from './blotter.js';
import { Refusal } from './refusal.js';
import { checkTicket } from './ticket.js';

export class Desk {
  #journal;
  #settings;
  #mark;
  #clock;
  #blotter = new Blotter();

  constructor(journal, settings, mark, clock = () => new Date()) {
    this.#journal = journal;
    this.#settings = settings;
    this.#mark = mark;
    this.#clock = clock;
  }

  /** Up to date with all versions that write. */
  get blotter() {
    for (const record of this.#journal.read()) this.#blotter.apply(record);
    return this.#blotter;
  }

  /** The order that the ticket makes; the same key with the same ticket is the same order. */
  async place(key, ticket) {
    const digest = createHash('sha256').update(JSON.stringify(ticket)).digest('hex');
    const blotter = this.blotter;
    if (!blotter.withKey(key)) {
      const instrument = checkTicket(ticket, this.#settings, blotter.position(ticket.trader, ticket.symbol));
      this.#journal.add(this.#recordsOf(key, digest, ticket, instrument));
    }
    // Read back: where another version took the key in between, its order stands and ours is void.
    const order = this.blotter.withKey(key);
    if (order.digest !== digest) throw new Refusal(422, 'Another ticket', 'The key was used for another ticket.');
    await this.#journal.durable();
    return order;
  }

  async cancel(id) {
    const order = this.blotter.orders.get(id);
    if (!order) throw new Refusal(404, 'No such order', `There is no order ${id}.`);
    if (order.state === 'filled') throw new Refusal(409, 'Filled', 'A filled order cannot be cancelled.');
    if (order.state === 'open') this.#journal.add([{ kind: 'cancel', order: id, mark: this.#mark }]);
    await this.#journal.durable();
    return this.blotter.orders.get(id);
  }

  #recordsOf(key, digest, ticket, instrument) {
    const id = randomUUID();
    const order = { kind: 'order', id, key, digest, ...ticket, at: this.#clock().toISOString(), mark: this.#mark };
    const quantity = filledAtOnce(ticket, instrument);
    if (!quantity) return [order];
    return [order, { kind: 'fill', order: id, quantity, price: instrument.reference.toFixed(), mark: this.#mark }];
  }
}

/** What the market takes at its price: as much as it displays, where the limit reaches it. */
export function filledAtOnce(ticket, instrument) {
  const limit = new Big(ticket.limit);
  const reached = ticket.side === 'buy' ? limit.gte(instrument.reference) : limit.lte(instrument.reference);
  return reached ? Math.min(ticket.quantity, instrument.displayed) : 0;
}
