// One file of lines that several versions of the desk add to and read at the same time.
import { closeSync, fdatasync, openSync, readSync, writeSync } from 'node:fs';

const CHUNK = 256 << 10;

/**
 * Records are only ever added, each batch by one write at the file's end, which is the order that all readers see. A
 * batch begins with a line break, so that half a line of a process that died spoils nothing but itself.
 */
export class Journal {
  #file;
  #offset = 0;
  #rest = Buffer.alloc(0);
  #syncing = null;
  #next = null;

  constructor(path) {
    this.#file = openSync(path, 'a+', 0o600);
  }

  add(records) {
    const bytes = Buffer.from(`\n${records.map((record) => JSON.stringify(record)).join('\n')}\n`);
    if (writeSync(this.#file, bytes) !== bytes.length) throw new Error('the journal took half a batch: is the disk full?');
  }

  /** What was added since the last call, by whoever added it. */
  read() {
    const records = [];
    const buffer = Buffer.alloc(CHUNK);
    for (let length; (length = readSync(this.#file, buffer, 0, CHUNK, this.#offset)) > 0; ) {
      this.#offset += length;
      this.#take(Buffer.concat([this.#rest, buffer.subarray(0, length)]), records);
    }
    return records;
  }

  /** Resolves when all that was added before is on disk; those who wait at the same time share one write. */
  durable() {
    this.#next ??= (this.#syncing ?? Promise.resolve()).catch(() => {}).then(() => {
      this.#syncing = this.#next;
      this.#next = null;
      return new Promise((done, failed) => fdatasync(this.#file, (error) => (error ? failed(error) : done())));
    });
    return this.#next;
  }

  close() {
    closeSync(this.#file);
  }

  #take(bytes, records) {
    const end = bytes.lastIndexOf(10) + 1;
    this.#rest = Buffer.from(bytes.subarray(end));
    for (const line of bytes.subarray(0, end).toString('utf8').split('\n')) {
      const record = line && parsed(line);
      if (record) records.push(record);
    }
  }
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
