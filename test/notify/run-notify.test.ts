import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';
import { eventLine } from '../../src/feed/event.ts';
import { readNotifyContact } from '../../src/notify/contact.ts';
import type { Message } from '../../src/notify/message.ts';
import { readState, runNotify, type NotifyWorld } from '../../src/notify/run-notify.ts';
import type { Sent } from '../../src/notify/settle.ts';
import { files } from '../../src/system/files/files.ts';
import { writeStatusFile } from '../../src/system/files/status-file.ts';
import { askAsNobody } from '../support/as-nobody.ts';
import { eventually } from '../support/eventually.ts';
import { channelOf, driftOf, HOUR, mannerOf, MINUTE, NOON, recordOf } from '../support/messenger.ts';

const test = suite('the messenger runs');

const SENT: Sent = { kind: 'sent', answer: '250 ok' };

/** A firewall's folder, a clock that is turned by hand, and one channel. */
class Bench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'banspool-notify-'));
  readonly feed = join(this.folder, 'events', '1795933655000.jsonl');
  now = NOON;
  readonly log: string[] = [];
  readonly messages: Message[] = [];
  answer: (message: Message) => Promise<Sent> = () => Promise.resolve(SENT);
  readonly files: NotifyWorld['files'];
  #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(changed: Partial<NotifyWorld['files']> = {}) {
    this.files = { ...files, ...changed };
    mkdirSync(join(this.folder, 'events'));
    writeFileSync(this.feed, '');
  }

  get notifyFolder(): string {
    return join(this.folder, 'notify');
  }

  get world(): NotifyWorld {
    const read = readConfig(
      `state: ${this.folder}/state\nruntime: ${this.folder}\nspool: ${this.folder}/spool\n`,
    );
    if (read.kind !== 'config') throw new Error('no config');
    const write = (text: string): void => {
      this.log.push(text);
    };
    const log = { info: write, warn: write, error: write };
    return { config: read.config, files: this.files, log, now: () => this.now };
  }

  start(): void {
    const manner = mannerOf({ folder: this.notifyFolder, channels: [channelOf({ group: MINUTE })] });
    this.#stop = new AbortController();
    this.#running = runNotify(this.world, {
      ...{ manner, signal: this.#stop.signal, every: 5 },
      openSend: () => (message) => {
        this.messages.push(message);
        return this.answer(message);
      },
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Turns the clock; the controller goes on. */
  turn(length: number): void {
    this.now += length;
    this.record();
  }

  record(): void {
    writeStatusFile(
      join(this.folder, 'status.json'),
      JSON.stringify(recordOf(this.now, { state: join(this.folder, 'state') })),
    );
  }

  tell(culprit: string): void {
    appendFileSync(this.feed, eventLine(driftOf(this.now, [culprit])));
  }

  state(): string {
    return readFileSync(join(this.notifyFolder, 'private/state.json'), 'utf8');
  }

  /** Waits until the messenger wrote down how far it read. */
  async hasRead(): Promise<void> {
    const { size } = statSync(this.feed);
    await eventually(() => {
      assert.match(this.state(), `"offset":${size}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test('and tells nothing of what was before its first start, then of what happens', async () => {
  await using bench = new Bench();
  bench.record();
  bench.tell('before');
  bench.start();
  await bench.hasRead();

  bench.tell('nft (pid 7)');
  await bench.hasRead();
  bench.turn(MINUTE);
  await eventually(() => {
    assert.equal(
      bench.messages.map(({ subject }) => subject),
      ['fw1: drift: 114 changes by nft undone'],
    );
  });
});

test('and goes on after a stop where it was: nothing twice, nothing missing, nothing read by others', async () => {
  await using bench = new Bench();
  bench.record();
  bench.start();
  await bench.hasRead();
  bench.tell('first');
  await bench.hasRead();
  bench.turn(MINUTE);
  await eventually(() => {
    assert.match(bench.state(), '"lastSuccess":1');
  });
  await bench.stop();
  bench.tell('second');

  bench.start();
  await bench.hasRead();
  bench.turn(MINUTE);
  await eventually(() => {
    assert.equal(bench.messages.length, 2);
  });
  await bench.stop();

  assert.match(bench.messages[1]?.subject ?? '', 'by second undone');
  assert.is(statSync(join(bench.notifyFolder, 'private')).mode & 0o077, 0);
});

test('and keeps what a server that is away for an hour does not take, over restarts, and tries it ever less often', async () => {
  await using bench = new Bench();
  bench.record();
  bench.start();
  await bench.hasRead();
  bench.answer = () => Promise.resolve({ kind: 'failed', why: 'connect ECONNREFUSED', isRefusal: false });
  bench.tell('nft');
  await bench.hasRead();
  for (let minute = 0; minute < 60; minute += 1) {
    bench.turn(MINUTE);
    const tries = bench.log.filter((line) => line.includes('is not sent')).length;
    // One more look at the least.
    await eventually(async () => {
      const contact = await readNotifyContact(files, bench.notifyFolder);
      assert.ok(contact !== undefined && contact.at >= bench.now - MINUTE, `${tries}`);
    });
    if (minute % 20 === 0) {
      await bench.stop();
      bench.start();
    }
  }
  const tries = bench.messages.length;
  assert.ok(tries >= 5 && tries <= 12, `${tries} tries`);
  const contact = await readNotifyContact(files, bench.notifyFolder);
  assert.equal(
    contact?.channels.map(({ name, failure }) => [name, failure]),
    [['ops', 'connect ECONNREFUSED']],
  );

  bench.answer = () => Promise.resolve(SENT);
  bench.turn(HOUR);
  await eventually(() => {
    assert.match(bench.state(), '"outgoing":null');
  });
  assert.equal(new Set(bench.messages.map(({ id }) => id)).size, 1);
});

test('and sends nothing that it could not write down before', async () => {
  let isFull = false;
  await using bench = new Bench({
    write: (path, text) =>
      isFull ? Promise.reject(new Error('ENOSPC: no space left')) : files.write(path, text),
  });
  bench.record();
  bench.start();
  await bench.hasRead();

  isFull = true;
  bench.tell('nft');
  bench.turn(MINUTE);
  await eventually(() => {
    assert.ok(bench.log.includes('ENOSPC: no space left'));
  });
  bench.turn(MINUTE);
  assert.equal(bench.messages, []);
  isFull = false;
  await eventually(() => {
    assert.equal(bench.messages.length, 1);
  });

  assert.equal(bench.log.filter((line) => line.includes('ENOSPC')).length, 1);
});

test('and begins again where its file is damaged, which it says', async () => {
  await using bench = new Bench();
  bench.record();
  mkdirSync(join(bench.notifyFolder, 'private'), { recursive: true });
  writeFileSync(join(bench.notifyFolder, 'private/state.json'), '{"version":1,"cursor"');

  bench.start();
  await bench.hasRead();

  assert.match(bench.log[0] ?? '', /private\/state\.json is damaged; what waited is lost/);
  assert.ok(await readState({ files }, bench.notifyFolder));
});

test('and takes a status.json that it may not read for no controller that never ran', async () => {
  await using bench = new Bench();
  bench.record();
  chmodSync(bench.folder, 0o755);

  const said = await askAsNobody({
    module: 'notify/run-notify.js',
    expression:
      '(() => { try { return module.look({ config: { runtime: words[0] }, now: Date.now }, { cursor: null }).record } catch (error) { return error.message } })()',
    words: [bench.folder],
  });

  assert.match(String(said), /^this user cannot read .*status\.json$/);
});

test.run();
