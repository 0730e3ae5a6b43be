// Calls a gateway as Node and ws do: node peer.cjs socket|events URL, with node_modules in NODE_PATH.
const http = require('node:http');
const [, , what, url] = process.argv;

// Messages of several sizes go there and back, and one comes unasked at the end, with a code.
async function socket() {
  const { WebSocket } = require('ws');
  const peer = new WebSocket(url, ['bank.v1'], { headers: { 'Mint-Client': 'node' } });
  const next = () => new Promise((got, lost) => { peer.once('message', got); peer.once('error', lost); });
  await new Promise((open, lost) => { peer.once('open', open); peer.once('error', lost); });
  let echoed = 0;
  for (const size of [0, 1, 125, 126, 65535, 65536, 300000]) {
    const message = Buffer.alloc(size, size % 251);
    const answer = next();
    peer.send(message);
    if (!(await answer).equals(message)) throw new Error(`${size} bytes came back otherwise`);
    echoed++;
  }
  const pong = new Promise((got) => peer.once('pong', got));
  peer.ping('still there?');
  await pong;
  const closed = new Promise((got) => peer.once('close', (code, reason) => got(`${code} ${reason}`)));
  const farewell = next();
  peer.send('bye');
  console.log(`${peer.protocol} echoed ${echoed}, ${await farewell}, closed ${await closed}`);
}

// Each event is sent only once the one before was heard of: so whoever holds any back ends this.
async function events() {
  const heard = (i) => new Promise((done, lost) =>
    http.get(`${url}heard?${i}`, (answer) => answer.resume().once('end', done)).once('error', lost));
  const stream = await new Promise((got, lost) => http.get(`${url}events`, got).once('error', lost));
  let count = 0;
  stream.setEncoding('utf8');
  for await (const text of stream) {
    for (const event of text.split('\n\n').filter((e) => e)) {
      if (event !== `data: ${count}`) throw new Error(`'${event}' came after ${count} events`);
      await heard(count++);
    }
  }
  console.log(`${stream.headers['content-type']} ${count} events`);
}

({ socket, events })[what]().catch((error) => { console.error(error); process.exitCode = 1; });
