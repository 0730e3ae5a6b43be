// An order as a trader writes it, and what is wrong with it.
import Ajv from 'ajv';
import Big from 'big.js';
import { Refusal } from './refusal.js';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['trader', 'symbol', 'side', 'quantity', 'limit'],
  properties: {
    trader: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' },
    symbol: { type: 'string', maxLength: 12 },
    side: { enum: ['buy', 'sell'] },
    quantity: { type: 'integer', minimum: 1 },
    limit: { type: 'string', pattern: '^[0-9]{1,9}(\\.[0-9]{1,6})?$' },
  },
};

const fits = new Ajv({ allErrors: true }).compile(schema);

/** The ticket, where it makes sense by itself. */
export function readTicket(text) {
  let ticket;
  try {
    ticket = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'No ticket', 'The body is no JSON.');
  }
  if (!fits(ticket)) {
    const wrong = fits.errors.map((error) => `${error.instancePath.slice(1) || 'ticket'} ${error.message}`);
    throw new Refusal(400, 'Bad ticket', `${wrong.join('; ')}.`);
  }
  return ticket;
}

/** Refuses what the desk must not send to the market. */
export function checkTicket(ticket, settings, exposure) {
  const instrument = settings.instruments.get(ticket.symbol);
  if (!instrument) throw new Refusal(422, 'Unknown instrument', `Nobody knows ${ticket.symbol}.`);
  const limit = new Big(ticket.limit);
  if (!limit.mod(instrument.tick).eq(0)) {
    throw new Refusal(422, 'Between two ticks', `The limit must be a multiple of ${instrument.tick}.`);
  }
  const away = limit.minus(instrument.reference).abs();
  if (away.gt(instrument.reference.times(settings.collar))) {
    const share = settings.collar.times(100);
    throw new Refusal(422, 'Outside of the collar', `The limit is more than ${share} % from ${instrument.reference}.`);
  }
  if (ticket.quantity > settings.largestOrder) {
    throw new Refusal(422, 'Too large', `An order has at most ${settings.largestOrder} shares.`);
  }
  const after = exposure + (ticket.side === 'buy' ? ticket.quantity : -ticket.quantity);
  if (Math.abs(after) > settings.positionLimit) {
    throw new Refusal(422, 'Beyond the position limit', `A trader holds or owes at most ${settings.positionLimit}.`);
  }
  return instrument;
}
