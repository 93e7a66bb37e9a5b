/** Promise 5: a file of the state that goes while a pass runs is missed, not taken for one that was meant to go. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import type { World } from '../../src/world/world.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, intentText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a file of the state that goes while a pass runs');

const SHARD = 'claims/ipv4/198.yaml';

/** The policy, but for its note, which makes it another one. */
function policyText(note: string): string {
  return `allow:\n  - { net: 192.0.2.0/24, note: ${note} }\n`;
}

/** A ban that stands, and one of an address that the policy allows. */
async function begin(sandbox: Sandbox): Promise<void> {
  await makePass(worldOf(sandbox));
  writeFileSync(join(sandbox.state, 'policy.yaml'), policyText('office'));
  sandbox.drop('web1', intentText({ intent: 'start', jail: 'sshd', ports: 'ssh' }));
  sandbox.drop('web1', banText('192.0.2.5'));
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
}

function takeAway(sandbox: Sandbox, path: string): void {
  renameSync(join(sandbox.state, path), join(sandbox.folder, 'away'));
}

interface Fault {
  path?: string;
}

/** In this world the file that the fault names goes right before git is to add what changed. */
function goneAtAdd(sandbox: Sandbox, fault: Fault): World {
  const { run } = worldOf(sandbox);
  return worldOf(sandbox, {
    run: (program, args, options) => {
      if (fault.path !== undefined && program === 'git' && args.includes('add')) {
        takeAway(sandbox, fault.path);
        delete fault.path;
      }
      return run(program, args, options);
    },
  });
}

/** In this world the file that the fault names goes right before it is read, when others have been looked at. */
function goneAtRead(sandbox: Sandbox, fault: Fault): World {
  const { files } = worldOf(sandbox);
  const goIfNamed = (name: string): void => {
    if (fault.path === undefined || name !== join(sandbox.state, fault.path)) return;
    takeAway(sandbox, fault.path);
    delete fault.path;
  };
  return worldOf(sandbox, {
    files: {
      ...files,
      read: (name) => {
        goIfNamed(name);
        return files.read(name);
      },
      readBytesNow: (name) => {
        goIfNamed(name);
        return files.readBytesNow(name);
      },
    },
  });
}

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

/** Why the pass failed. */
async function failureOf(pass: Promise<unknown>): Promise<string> {
  return pass.then(() => 'the pass went on', String);
}

for (const path of ['policy.yaml', SHARD, 'servers/web1.yaml']) {
  test(`is not committed as gone: ${path}`, async () => {
    await using sandbox = await Sandbox.open();
    await begin(sandbox);
    const fault: Fault = {};
    const world = goneAtAdd(sandbox, fault);
    const memory = freshMemory(world);
    await makePass(world, memory);
    writeFileSync(join(sandbox.state, 'policy.yaml'), policyText('the same office'));
    sandbox.drop('web1', banText('203.0.113.7'));

    fault.path = path;
    await makePass(world, memory, 'quick');
    const missed = await failureOf(makePass(world, memory));
    const restarted = await failureOf(makePass(worldOf(sandbox)));
    const dropped = await drops();
    renameSync(join(sandbox.folder, 'away'), join(sandbox.state, path));
    const back = await makePass(world, memory);

    for (const said of [missed, restarted]) assert.match(said, `${path} is missing, but git has it`);
    assert.is(await sandbox.git('log', '--format=%h', '--diff-filter=D'), '');
    assert.equal(back.problems, []);
    assert.equal(dropped, ['198.51.100.7', '203.0.113.7']);
    assert.equal(await drops(), dropped);
  });
}

test('is no empty policy where it goes right before it is read', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const fault: Fault = {};
  const world = goneAtRead(sandbox, fault);
  const memory = freshMemory(world);
  await makePass(world, memory);
  writeFileSync(join(sandbox.state, 'policy.yaml'), policyText('the same office'));
  fault.path = 'policy.yaml';

  const during = await makePass(world, memory, 'quick');
  const missed = await failureOf(makePass(world, memory, 'quick'));

  assert.equal(
    during.problems.map(({ condition }) => condition),
    ['PolicyValid'],
  );
  assert.match(missed, 'policy.yaml is missing, but git has it');
  assert.is(await sandbox.git('log', '--format=%h', '--diff-filter=D'), '');
  assert.equal(await drops(), ['198.51.100.7']);
});

for (const path of ['policy.yaml', SHARD])
  test(`is missed by the first pass of a start: ${path}`, async () => {
    await using sandbox = await Sandbox.open();
    await begin(sandbox);

    const failed = await failureOf(makePass(goneAtRead(sandbox, { path })));

    assert.match(failed, `${path} is missing, but git has it`);
    assert.equal(await drops(), ['198.51.100.7']);
  });

test('that is none of ours is committed as gone', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  writeFileSync(join(sandbox.state, 'NOTES'), 'a note\n');
  writeFileSync(join(sandbox.state, 'policy.yaml'), policyText('the same office'));
  await makePass(world, memory);
  takeAway(sandbox, 'NOTES');
  sandbox.drop('web1', banText('198.51.100.8'));

  const pass = await makePass(world, memory);

  assert.equal(pass.problems, []);
  assert.match(await sandbox.git('log', '-1', '--format=', '--name-status'), 'D\tNOTES');
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test.run();
