// Starts the desk: PORT, MINTMARK (its mark) and MINTMARK_DATA (a folder that its versions share) tell it where.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Desk } from './src/desk.js';
import { makeServer } from './src/http.js';
import { Journal } from './src/journal.js';
import { readSettings } from './src/settings.js';

const { PORT = '5082', MINTMARK = 'orderdesk-dev', MINTMARK_DATA = 'data' } = process.env;

mkdirSync(MINTMARK_DATA, { recursive: true, mode: 0o700 });
const settings = readSettings(new URL('config/desk.json', import.meta.url));
const desk = new Desk(new Journal(join(MINTMARK_DATA, 'journal.jsonl')), settings, MINTMARK);
const server = makeServer(desk, settings, MINTMARK);

server.listen(Number(PORT), '127.0.0.1', () => console.log(`the desk listens on 127.0.0.1:${PORT}`));
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
