// What may change without code: config/desk.json.
import { readFileSync } from 'node:fs';
import Big from 'big.js';

/** Prices and the collar (a share of the reference price) are decimals; quantities are whole numbers of shares. */
export function readSettings(path) {
  const said = JSON.parse(readFileSync(path, 'utf8'));
  const instruments = said.instruments.map((one) => ({
    symbol: one.symbol,
    name: one.name,
    reference: new Big(one.reference),
    tick: new Big(one.tick),
    displayed: one.displayed,
  }));
  return {
    currency: said.currency,
    collar: new Big(said.collar),
    largestOrder: said.largestOrder,
    positionLimit: said.positionLimit,
    instruments: new Map(instruments.map((one) => [one.symbol, one])),
  };
}
