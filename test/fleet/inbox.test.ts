import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { Inbox } from '../../src/fleet/inbox.ts';
import { encodePeerFile, MAX_PUBLISHED_BYTES, type PeerFile } from '../../src/fleet/peer-file.ts';
import type { PeerTrouble } from '../../src/fleet/peer-problems.ts';
import { ban, HOUR, IP, millis, unban } from '../claims/said.ts';
import { filesOf, keyOf, openMemoryFleet, type MemoryFirewall } from '../support/fleet-of-memory.ts';

const test = suite('the inbox of a peer');

const OTHER = '198.51.100.7';
const SHARDS = ['ipv4/198.yaml', 'ipv4/203.yaml', 'lifts.yaml'];

/** The inbox of fw1 at fw2, and what fw1 published. */
class Box {
  readonly fw1: MemoryFirewall;
  readonly disk: Map<string, string>;
  readonly inbox: Inbox;

  private constructor(fw1: MemoryFirewall, fw2: MemoryFirewall) {
    this.fw1 = fw1;
    this.disk = fw2.disk;
    this.inbox = new Inbox(filesOf(fw2.disk), '/fleet/in/fw1');
  }

  static async open(): Promise<Box> {
    const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2']);
    if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
    const lift = unban(1, { server: OPERATOR, jail: EVERY_JAIL, ip: '192.0.2.7' });
    await fw1.pass(millis(5), { sent: [ban(0, HOUR), ban(0, HOUR, { ip: OTHER }), lift] });
    fw1.carryTo(fw2);
    return new Box(fw1, fw2);
  }

  async head(): Promise<PeerFile | PeerTrouble> {
    return this.inbox.readPeerFile('fw1', keyOf('fw1').key);
  }

  async list(): Promise<PeerFile> {
    const head = await this.head();
    if ('code' in head) throw new Error(head.code);
    return head;
  }

  set(name: string, text: string): void {
    this.disk.set(`/fleet/in/fw1/${name}`, text);
  }
}

test('gives a list that its peer signed, and of any other only what is wrong', async () => {
  const box = await Box.open();

  const list = await box.list();
  const byAnother = await box.inbox.readPeerFile('fw1', keyOf('fw2').key);
  box.set('peer.yaml', encodePeerFile({ ...list, sequence: list.sequence + 1 }));
  const changed = await box.head();
  const text = encodePeerFile({ ...list, name: 'fw3' });
  box.set('peer.yaml', text);
  box.set('peer.yaml.sig', await box.fw1.sign(text));
  const named = await box.head();
  box.disk.clear();

  assert.equal(
    list.files.map(({ path }) => path),
    SHARDS,
  );
  assert.equal(
    [byAnother, changed, named, await box.head()],
    [
      { code: 'bad-signature' },
      { code: 'bad-signature' },
      { code: 'other-name', name: 'fw3' },
      { code: 'missing' },
    ],
  );
});

test('reads some of very much at once, and the rest the next times, until all is read', async () => {
  const box = await Box.open();
  const line = (reason: string): string =>
    `- { "ip": "${IP}", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": null, "reason": "${reason}" }\n`;
  const text = line('x'.repeat(MAX_PUBLISHED_BYTES - line('').length));
  const sha256 = createHash('sha256').update(text).digest('hex');
  const paths = Array.from({ length: 17 }, (_, index) => `ipv4/${index}.yaml`);
  for (const path of paths) box.set(path, text);
  box.set('ipv4/3.yaml', 'x');
  const list = {
    ...(await box.list()),
    files: paths.map((path) => ({ path, bytes: MAX_PUBLISHED_BYTES, sha256 })),
  };
  const taken = new Map<string, string>();
  const counts: number[] = [];
  const lacking: (string | undefined)[] = [];

  for (let reading = 0; reading < 3; reading += 1) {
    if (reading === 2) box.set('ipv4/3.yaml', text);
    const read = await box.inbox.readFiles(list, taken);
    for (const { path } of read.told) taken.set(path, sha256);
    counts.push(read.told.length);
    lacking.push(read.lacking?.path);
    assert.is(read.trouble?.code, reading === 2 ? undefined : 'incomplete');
    // So that the rest is news.
    if (reading === 0) assert.is.not(read.lacking?.stamp, box.inbox.stampOf('ipv4/9.yaml'));
  }

  assert.equal(
    [counts, lacking],
    [
      [8, 8, 1],
      ['ipv4/9.yaml', 'ipv4/3.yaml', undefined],
    ],
  );
});

test('gives claims and lifts of files that were not taken in before', async () => {
  const box = await Box.open();
  const list = await box.list();
  const [first] = list.files;
  const before = new Map([
    [first?.path ?? '', first?.sha256 ?? ''],
    ['ipv4/203.yaml', 'of other lines'],
  ]);

  const { told, lacking, trouble } = await box.inbox.readFiles(list, before);

  assert.equal(
    told.map(({ path, lines }) => [path, lines.map(({ server, ip }) => `${server} ${ip.text}`)]),
    [
      ['ipv4/203.yaml', [`web1 ${IP}`]],
      ['lifts.yaml', ['local 192.0.2.7']],
    ],
  );
  assert.equal(
    told.map(({ sha256 }) => sha256),
    list.files.slice(1).map(({ sha256 }) => sha256),
  );
  assert.equal([lacking, trouble], [undefined, undefined]);
});

test('reads around a file that is not as the list names it, and tells when it is another', async () => {
  const box = await Box.open();
  const list = await box.list();
  box.disk.delete('/fleet/in/fw1/ipv4/198.yaml');
  box.set('ipv4/203.yaml', '[]\n');

  const { told, lacking, trouble } = await box.inbox.readFiles(list, new Map());

  assert.equal(
    told.map(({ path }) => path),
    ['lifts.yaml'],
  );
  assert.equal(lacking, { path: 'ipv4/198.yaml', stamp: undefined });
  assert.is(trouble?.code, 'incomplete');
  box.set('ipv4/198.yaml', 'something\n');
  assert.is.not(box.inbox.stampOf('ipv4/198.yaml'), undefined);
});

test('has a stamp that changes with the list and with its signature, and none while it is empty', async () => {
  const box = await Box.open();

  const stamps = [box.inbox.stamp()];
  box.set('ipv4/203.yaml', 'other\n');
  stamps.push(box.inbox.stamp());
  box.set('peer.yaml', 'other\n');
  stamps.push(box.inbox.stamp());
  box.set('peer.yaml.sig', 'other\n');
  stamps.push(box.inbox.stamp());
  box.disk.clear();

  assert.is(stamps[0], stamps[1]);
  assert.is(new Set(stamps).size, 3);
  assert.is(box.inbox.stamp(), undefined);
});

test.run();
