// All orders with what became of them, and the positions that follow.

/** A fold over the journal: who reads the same lines has the same blotter. Lines that it does not know it leaves out. */
export class Blotter {
  orders = new Map();
  positions = new Map();
  #byKey = new Map();

  apply(record) {
    if (record.kind === 'order') this.#order(record);
    else if (record.kind === 'fill') this.#fill(record);
    else if (record.kind === 'cancel') this.#cancel(record);
  }

  /** The order that a key stands for. */
  withKey(key) {
    return this.orders.get(this.#byKey.get(key));
  }

  /** Newest first. */
  newest(count) {
    return [...this.orders.values()].slice(-count).reverse();
  }

  position(trader, symbol) {
    return this.positions.get(`${trader} ${symbol}`) ?? 0;
  }

  #order(record) {
    // Two versions may have taken the same key at the same moment: the first in the journal stands.
    if (this.#byKey.has(record.key)) return;
    this.#byKey.set(record.key, record.id);
    this.orders.set(record.id, { ...record, filled: 0, fills: [], state: 'open' });
  }

  #fill(record) {
    const order = this.orders.get(record.order);
    if (!order) return;
    order.filled += record.quantity;
    order.fills.push(record);
    if (order.filled >= order.quantity) order.state = 'filled';
    const place = `${order.trader} ${order.symbol}`;
    const signed = order.side === 'buy' ? record.quantity : -record.quantity;
    this.positions.set(place, (this.positions.get(place) ?? 0) + signed);
  }

  #cancel(record) {
    const order = this.orders.get(record.order);
    if (order?.state === 'open') order.state = 'cancelled';
  }
}
