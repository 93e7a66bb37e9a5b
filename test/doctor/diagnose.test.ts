/** What doctor says of a machine. */
import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { BanspoolError } from '../../src/system/error.ts';
import type { World } from '../../src/world/world.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { complaintsOf, openOfNobody, openWorld } from './examined.ts';

const doctor = suite('doctor');

doctor('has nothing to say against a machine that has all', async () => {
  await using sandbox = await Sandbox.open();

  assert.equal(await complaintsOf(await openWorld(sandbox)), []);
});

for (const [what, make] of [
  ['a FIFO', ['mkfifo']],
  ['a folder', ['mkdir']],
] as const) {
  doctor(`goes on past ${what} in the place of policy.yaml, and says so`, async () => {
    await using sandbox = await Sandbox.open();
    const world = await openWorld(sandbox);
    const path = join(sandbox.state, 'policy.yaml');
    rmSync(path);
    await outputOf([...make, path]);

    const complaints = await complaintsOf(world);

    const takeBack = `git -C ${sandbox.state} checkout HEAD -- policy.yaml`;
    assert.equal(complaints, [
      `bad policy.yaml cannot be read: ${path} is not a plain file | move ${path} away, and restore the last one: ${takeBack}`,
    ]);
  });
}

doctor('names the command that takes the last good policy back, after which it is content', async () => {
  await using sandbox = await Sandbox.open();
  const world = await openWorld(sandbox);
  sandbox.writePolicy('deny: 5\n');
  await sandbox.git('commit', '--all', '--quiet', '--message', 'Deny');

  const [complaint = '', ...others] = await complaintsOf(world);
  const [, command = ''] = / restore the last good one: (.*)$/.exec(complaint) ?? [];
  await outputOf(['sh', '-c', command]);

  assert.match(
    complaint,
    /^bad policy\.yaml line 1: .* \| fix .*policy\.yaml \(banspool check shows all\), or restore/,
  );
  assert.match(command, /^git -C \S+ checkout [0-9a-f]{8} -- policy\.yaml$/);
  assert.equal(others, []);
  assert.equal(await complaintsOf(world), []);
});

doctor('tells of a file that is missing, and how to take it back', async () => {
  await using sandbox = await Sandbox.open();
  const world = await openWorld(sandbox);
  const { state } = sandbox;
  rmSync(join(state, 'servers/web1.yaml'));
  rmSync(join(state, 'policy.yaml'));

  const findings = await diagnose(world);

  assert.equal(await complaintsOf(world), [
    `bad policy.yaml and servers/web1.yaml are missing, but git has them | git -C ${state} checkout HEAD -- policy.yaml servers/web1.yaml`,
  ]);
  assert.not.ok(findings.some(({ what }) => /^(the state|policy.yaml) can be read$/.test(what)));
});

doctor('tells of many files that are missing in one line, with one command for all', async () => {
  if (isUserNamespace()) return;
  for (const isAll of [true, false]) {
    await using sandbox = await Sandbox.open();
    for (const first of [1, 2, 3, 4, 5, 6]) sandbox.drop('web1', banText(`${first}.0.2.7`));
    const world = await openOfNobody(sandbox);
    const claims = join(sandbox.state, 'claims/ipv4');
    const before = readdirSync(claims);
    for (const name of before.slice(0, isAll ? 6 : 5)) rmSync(join(claims, name));

    const complaints = await complaintsOf(world);
    const pass = await makePass(world).catch((error: unknown) => error);
    await outputOf(['sh', '-c', complaints[0]?.split(' | ')[1] ?? 'false']);

    assert.is(complaints.length, 1);
    assert.match(
      complaints[0] ?? '',
      /^bad \S+, \S+, \S+ and [23] more files are missing, but git has them \| /,
    );
    assert.match(complaints[0] ?? '', isAll ? /HEAD -- claims$/ : /HEAD -- (claims\/ipv4\/\S+ ?){5}$/);
    assert.match(String(pass), / more files are missing, but git has them/);
    assert.equal(await complaintsOf(world), []);
    assert.equal(readdirSync(claims), before);
  }
});

doctor('tells of a broken index, and of a lost HEAD, and how git reads the state again', async () => {
  await using sandbox = await Sandbox.open();
  const world = await openWorld(sandbox);
  const { state } = sandbox;
  const git = join(state, '.git');

  truncateSync(join(git, 'index'), 0);
  const ofIndex = await complaintsOf(world);
  truncateSync(join(git, 'HEAD'), 0);
  const ofHead = await complaintsOf(world);
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  await outputOf(ofIndex[0]?.split(/ or run: /)[1]?.split(' ') ?? []);

  assert.equal(ofIndex, [
    `bad ${git}/index is corrupt: git cannot tell which files the repository contains | the next pass rebuilds it; or run: git -C ${state} read-tree HEAD`,
  ]);
  assert.is(ofHead.length, 1);
  assert.match(ofHead[0] ?? '', /^bad cannot tell whether a state file is missing: git /);
  assert.match(ofHead[0] ?? '', ` | echo "ref: refs/heads/main" > ${git}/HEAD`);
  assert.equal(await complaintsOf(world), []);
});

doctor(
  'names the commands that go back to the newest commit that is whole, where objects are lost',
  async () => {
    await using sandbox = await Sandbox.open();
    const world = await openWorld(sandbox);
    sandbox.drop('web1', banText('198.51.100.7'));
    const before = (await sandbox.git('rev-parse', 'HEAD')).trim();
    await makePass(world);
    const commit = (await sandbox.git('rev-parse', 'HEAD')).trim();
    const object = join(sandbox.state, '.git/objects', commit.slice(0, 2), commit.slice(2));
    rmSync(object);
    writeFileSync(object, '');

    const mend = (await complaintsOf(world)).at(-1)?.split(' | ')[1] ?? '';
    const [, commands = ''] = /^(.*) && banspool accept$/.exec(mend) ?? [];
    await outputOf(['sh', '-c', commands]);
    await sandbox.cli('accept');
    const mended = await complaintsOf(world);
    const pass = await makePass(world);

    assert.is.not(commit, before);
    assert.equal(mended, [], mend);
    assert.equal(pass.problems, []);
    assert.is((await sandbox.git('rev-parse', 'HEAD~1')).trim(), before);
    assert.match(await sandbox.git('show', 'HEAD:claims/ipv4/198.yaml'), '198.51.100.7');
  },
);

doctor('says where nothing of the history is left how a new one begins', async () => {
  await using sandbox = await Sandbox.open();
  const world = await openWorld(sandbox);
  await outputOf(['sh', '-c', 'rm -rf "$1"/.git/objects/??', 'sh', sandbox.state]);

  const mend = (await complaintsOf(world)).at(-1)?.split(' | ')[1] ?? '';
  const [, commands = ''] = /, or, to start a new history: (.*) && banspool accept$/.exec(mend) ?? [];
  await outputOf(['sh', '-c', commands]);
  await sandbox.cli('accept');
  const pass = await makePass(world);

  assert.equal(pass.problems, [], mend);
  assert.equal(await complaintsOf(world), []);
});

doctor(
  'has root write nothing of a lost HEAD: the owner of the state may have put a link there',
  async () => {
    if (isUserNamespace()) return;
    await using sandbox = await Sandbox.open();
    const world = await openOfNobody(sandbox);
    rmSync(join(sandbox.state, '.git/HEAD'));

    const [complaint = ''] = await complaintsOf(world);
    await outputOf(['sh', '-c', complaint.split(' | ')[1] ?? '']);

    assert.match(complaint, ` | runuser -u nobody -- sh -c 'echo "ref: refs/heads/main" > `);
    assert.equal(await complaintsOf(world), []);
  },
);

doctor('without git says so once, and what to install', async () => {
  await using sandbox = await Sandbox.open();
  const world = await openWorld(sandbox);
  const run: World['run'] = async (file, ...rest) =>
    file === 'git'
      ? Promise.reject(new BanspoolError('command-missing', 'git is not installed'))
      : world.run(file, ...rest);

  const complaints = await complaintsOf(worldOf(sandbox, { run }));

  assert.equal(complaints, ['bad git is not installed | apt install git']);
});

doctor('takes a file back as the owner of the state, since git refuses to do it for another', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await Sandbox.open();
  const world = await openOfNobody(sandbox);
  rmSync(join(sandbox.state, 'servers/web1.yaml'));

  const findings = await diagnose(world);
  const mend = findings.find(({ what }) => what === 'servers/web1.yaml is missing, but git has it')?.mend;
  await outputOf(mend?.split(' ') ?? []);

  assert.match(mend ?? '', /^runuser -u nobody -- git -C /);
  assert.equal(await complaintsOf(world), []);
});

doctor.run();
