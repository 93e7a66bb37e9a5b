/** Lists of policy.yaml on a real firewall: what they drop, what they leave alone, and what ends nothing. */
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { iptablesRules, listSet, setMembers } from '../support/firewall.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { sendPackets } from '../support/send-packets.ts';

const test = suite('lists');

const CHAIN = 'fail2ban-.list.drop';

/** As who makes lists is to write them: whole. */
function writeList({ folder }: Sandbox, lines: readonly string[], name = 'drop.txt'): string {
  mkdirSync(join(folder, 'lists'), { recursive: true });
  const path = join(folder, 'lists', name);
  writeFileSync(`${path}.new`, lines.map((line) => `${line}\n`).join(''));
  renameSync(`${path}.new`, path);
  return path;
}

const hosts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `9.9.${index >> 7}.${(index & 127) * 2}`);

/** What the rules of the list's chain dropped. */
async function droppedPackets(): Promise<number> {
  const rules = await iptablesRules({ counters: true });
  const counts = rules
    .filter((rule) => rule.startsWith(`-A ${CHAIN} `) && rule.endsWith('DROP'))
    .map((rule) => Number(/-c (\d+) /.exec(rule)?.[1] ?? 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

const drops = async (): Promise<readonly string[]> =>
  (await iptablesRules()).flatMap(
    (rule) => /^-A fail2ban-\.list\.drop -s (\S+) -j DROP$/.exec(rule)?.[1] ?? [],
  );

test('are dropped on all ports, follow their file, and go with their line in the policy', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  sandbox.writePolicy('lists: [{ name: drop, file: drop.txt }]\n');
  writeList(sandbox, ['# mine', '9.9.9.0/24', '9.9.8.7', '10.0.0.0/8']);

  const { problems } = await makePass(world, memory);
  await sendPackets('9.9.9.7', 3);
  const first = [await drops(), await droppedPackets(), await countPlanned(world)];
  writeList(sandbox, ['9.9.9.0/24', '9.9.7.0/24']);
  await makePass(world, memory, 'quick');
  const second = await drops();
  sandbox.writePolicy('lists: []\n');
  await makePass(world, memory, 'quick');

  assert.equal(problems, []);
  assert.equal(first, [['9.9.8.7/32', '9.9.9.0/24'], 3, 0]);
  assert.equal(second, ['9.9.7.0/24', '9.9.9.0/24']);
  assert.equal(
    (await iptablesRules()).filter((rule) => rule.includes('.list.')),
    [],
  );
});

test('of more than a thousand nets are a set without timeouts, which is looked after as any', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  sandbox.writePolicy('lists: [{ name: drop, file: drop.txt }]\nallow: [{ net: 9.9.0.0/30 }]\n');
  writeList(sandbox, [...hosts(1500), '2a00:1:2::/48']);

  await makePass(world, memory);
  const set = await listSet(CHAIN);
  const planned = await countPlanned(world);
  writeList(sandbox, [...hosts(1499), '9.8.7.6', '2a00:1:2::/48']);
  const changed = await makePass(world, memory, 'quick');
  const members = await setMembers(CHAIN);
  const again = await countPlanned(world);

  assert.match(set, /^Header: (?!.*(?:timeout|counters)).*$/m);
  assert.is(planned, 0);
  assert.equal(
    changed.changes.flatMap(({ changes }) => changes.map(({ kind }) => kind)),
    ['change-set'],
  );
  assert.equal(members, [...hosts(1499), '9.8.7.6'].sort());
  assert.is(again, 0);
  assert.ok((await iptablesRules()).includes(`-A ${CHAIN} -s 9.9.0.0/30 -j RETURN`));
});

test('that are missing, empty, shrunk or no lists keep what they had, across processes', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.writePolicy('lists: [{ name: drop, file: drop.txt, max: 9 }]\n');
  const good = ['9.9.1.1', '9.9.1.3', '9.9.1.5', '9.9.1.7'];
  const path = writeList(sandbox, good);
  await makePass(world);
  const before = await drops();
  const reasons: (string | undefined)[] = [];
  const look = async (): Promise<void> => {
    const { problems } = await makePass(world);
    reasons.push(...problems.map(({ reason }) => reason));
    assert.equal(await drops(), before);
  };

  rmSync(path);
  await look();
  for (const bad of [[], ['9.9.1.1'], ['what is this?'], [...hosts(20)]]) {
    writeList(sandbox, bad);
    await look();
  }
  writeList(sandbox, good);
  utimesSync(path, 0, 0);
  await look();

  assert.equal(reasons, ['Missing', 'Empty', 'Shrunk', 'Unreadable', 'TooLong', 'Stale']);
});

test.run();
