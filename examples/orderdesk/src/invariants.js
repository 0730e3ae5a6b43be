// What must hold of all that one version wrote.

export function checkInvariants(blotter, mark) {
  const orders = [...blotter.orders.values()];
  const overfilled = orders.filter((order) => order.filled > order.quantity && wroteFill(order, mark));
  return [
    said('filled-within-ordered', overfilled.map((order) => order.id)),
    said('blotter-sums-to-positions', differing(orders, blotter.positions)),
    said('no-key-twice', repeated(orders, mark)),
  ];
}

const wroteFill = (order, mark) => order.fills.some((fill) => fill.mark === mark);

function differing(orders, positions) {
  const sums = new Map();
  for (const order of orders) {
    const place = `${order.trader} ${order.symbol}`;
    const filled = order.fills.reduce((sum, fill) => sum + fill.quantity, 0);
    sums.set(place, (sums.get(place) ?? 0) + (order.side === 'buy' ? filled : -filled));
  }
  return [...sums.keys()].filter((place) => sums.get(place) !== (positions.get(place) ?? 0));
}

function repeated(orders, mark) {
  const seen = new Set();
  return orders.filter((order) => seen.size === seen.add(order.key).size && order.mark === mark).map((order) => order.id);
}

function said(name, broken) {
  if (!broken.length) return { name, ok: true };
  return { name, ok: false, broken: `${broken.length} times, such as ${broken.slice(0, 3).join(', ')}` };
}
