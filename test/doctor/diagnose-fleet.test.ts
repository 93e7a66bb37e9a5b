/** What doctor says of a fleet, and that its mends mend. */
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetFindings } from '../../src/doctor/diagnose-fleet.ts';
import { NOBODY } from '../support/as-nobody.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';
import { worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('doctor on a fleet');

const DAY = 24 * 3600 * 1000;

/** What is not good, with its mend. */
async function complaintsAt(sandbox: Sandbox, parts: Parameters<typeof worldOf>[1] = {}) {
  const findings = await fleetFindings(worldOf(sandbox, parts));
  return findings
    .filter(({ level }) => level !== 'good')
    .map(({ level, what, mend }) => `${level} ${what} | ${mend ?? ''}`);
}

test('finds nothing without one, but that the policy has peers all the same', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  await using sandbox = await Sandbox.open();
  const before = await complaintsAt(sandbox);

  sandbox.writePolicy(fleet.peersOf('fw1'));

  assert.equal(before, []);
  assert.equal(await complaintsAt(sandbox), [
    'warn policy.yaml has 1 peer, but the config has no fleet: their bans do not count | add to the config: fleet: { name: NAME }',
  ]);
});

test('is content with one whose firewalls hear each other, and names key and peers', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');

  const findings = await fleetFindings(worldOf(fleet.at('fw1')));

  assert.equal(
    findings.map(({ level, what }) => `${level} ${what.replace(/ (?:now|\d.*)$/, '')}`),
    [
      `good ${fleet.at('fw1').folder}/fleet_key: the key of fw1, ${findings[0]?.what.split(', ')[1] ?? ''}`,
      'good fw2: last published',
    ],
  );
});

test('has against the key that it is gone, another’s, open, or not one', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1']);
  const fw1 = fleet.at('fw1');
  const key = join(fw1.folder, 'fleet_key');
  const keyComplaint = async () => (await complaintsAt(fw1)).filter((line) => line.includes(key));

  chmodSync(key, 0o640);
  const open = await keyComplaint();
  chmodSync(key, 0o600);
  chownSync(key, NOBODY.uid, NOBODY.gid);
  const foreign = await keyComplaint();
  rmSync(key);
  const gone = await keyComplaint();
  writeFileSync(key, 'nothing\n', { mode: 0o600 });
  const broken = await keyComplaint();
  rmSync(key);
  await fw1.cli('peers', 'key');

  assert.equal(open, [
    `bad ${key} can be read by other users: such a user can publish as fw1 | chmod 600 ${key}`,
  ]);
  assert.equal(foreign, [`bad ${key} does not belong to root, who signs with it | chown root: ${key}`]);
  assert.equal(gone, [`bad ${key}, the signing key of fw1, is missing | banspool peers key`]);
  assert.match(broken[0] ?? '', `bad cannot read the key ${key}: `);
  assert.equal(await keyComplaint(), []);
});

test('has against peers that there are none, that one never published, and what is refused of one', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  const fw1 = fleet.at('fw1');
  const never = await complaintsAt(fw1);
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');
  for (const name of ['peer.yaml', 'peer.yaml.sig']) {
    const path = join(fleet.inbox('fw1', 'fw2'), name);
    FleetOfSandboxes.rewrite(path, (text) => text.replace('fw2', 'fw3').replace('AAA', 'AAB'));
  }
  const refused = await complaintsAt(fw1);
  fw1.writePolicy('{}\n');

  assert.equal(never, [
    'warn fw2: published nothing yet, or its files do not arrive | run banspool doctor on fw2, and check the mover or the program that copies its files here',
  ]);
  assert.equal(refused, [
    'bad fw2: peer.yaml is not signed with the key that policy.yaml has for it | run banspool peers key on fw2, and here banspool peers add fw2 --key FILE',
  ]);
  assert.equal(await complaintsAt(fw1), [
    'warn fw1 has no peer | run banspool peers key on another firewall, and here banspool peers add NAME --key FILE',
    `warn ${fw1.folder}/fleet/in has publications of fw2, which policy.yaml does not name: they do not count | banspool peers add fw2 --key FILE, or stop the copies and remove ${fw1.folder}/fleet/in/fw2`,
  ]);
});

test('has against the policy that it takes this firewall for a peer, or gives two one key', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  const [own, other] = [fleet.keyOf('fw1'), fleet.keyOf('fw2')];
  const peers = { fw1: other, fw2: own, fw3: other };
  fleet.at('fw1').writePolicy(
    `peers:\n${Object.entries(peers)
      .map(([name, key]) => `  ${name}: { key: "${key}" }\n`)
      .join('')}`,
  );

  assert.equal(await complaintsAt(fleet.at('fw1')), [
    'bad policy.yaml names fw1, this firewall itself, as a peer | banspool peers remove fw1',
    'bad fw2 has the same key in policy.yaml as fw1, this firewall itself | run banspool peers key on fw2, and here banspool peers add fw2 --key FILE',
    'bad fw3 has the same key in policy.yaml as fw1 | run banspool peers key on fw3, and here banspool peers add fw3 --key FILE',
  ]);
});

test('has against a peer that its clock is another, and that it is silent', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  await fleet.exchange('fw1', 'fw2');
  const lateBy = async (difference: number): Promise<readonly string[]> => {
    const { files } = worldOf(fleet.at('fw1'));
    const changed = (path: string): number => (files.changed(path) ?? 0) + difference;
    return complaintsAt(fleet.at('fw1'), { files: { ...files, changed } });
  };
  const mend = 'compare timedatectl on fw2 and here';

  assert.equal(await lateBy(4 * 60_000), []);
  assert.equal(await lateBy(10 * 60_000), [
    `warn fw2: its last publication came 10 min late: its clock is behind, or the line was down | ${mend}`,
  ]);
  const [ahead = ''] = await lateBy(-3600_000);
  assert.match(ahead, /^warn fw2: its clock is 3[56]\d\d s ahead of this one \| compare timedatectl/);
  const silent = await complaintsAt(fleet.at('fw1'), { now: () => Date.now() + DAY });
  assert.match(
    silent[0] ?? '',
    /^warn fw2: last published .* ago \| run banspool doctor on fw2; if fw2 is lost/,
  );
});

test('has against the folders what keeps the owner of the state from writing and reading', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1']);
  const fw1 = fleet.at('fw1');
  const folder = join(fw1.folder, 'fleet');
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  renameSync(folder, `${folder}-away`);
  mkdirSync(`${folder}-away/out`, { recursive: true });
  // A file system that nobody writes to.
  mkdirSync(folder);
  await outputOf(['mount', '--bind', '-o', 'ro', `${folder}-away`, folder]);

  const complaints = await complaintsAt(fw1);
  await outputOf(['umount', folder]);

  assert.ok(
    complaints.includes(
      `bad ${folder}/out cannot be written: banspool publishes nothing | make its file system writable`,
    ),
    complaints.join('\n'),
  );
});

test.run();
