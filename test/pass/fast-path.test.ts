/** What is enforced ahead of a pass: soon, with no look at the others, and with what a look at everything comes to. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import type { Pass } from '../../src/pass/pass.ts';
import { reconcile } from '../../src/pass/reconcile.ts';
import { READ_BUDGET } from '../../src/spool/take-in.ts';
import { takeLock } from '../../src/system/files/lock.ts';
import { spoolFiles, type SpoolFiles } from '../../src/system/files/spool-files.ts';
import type { World } from '../../src/world/world.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const going = suite('the fast path');

const SERVERS = 200;
const WAITING = 10_000;

/** As the controller makes them. */
async function quickPass(world: World, memory: Memory): Promise<Pass> {
  return reconcile(world, memory, {
    kind: 'quick',
    lockWait: 5_000,
    // So that a flood is not read at once.
    readBudget: { ...READ_BUDGET, milliseconds: 5 },
    commitAll: false,
  });
}

/** Delivers a file, of which the watches tell; resolves when it is enforced, or left to a pass. */
async function tell(
  sandbox: Sandbox,
  { spool, fastPath }: Memory,
  [server, text]: readonly [string, string],
): Promise<void> {
  spool.inbox.heard(server, Buffer.from(sandbox.drop(server, text)));
  await fastPath.heard();
}

/** A file of which the watches tell, and nobody waits for what comes of it. */
function tellOnly(...words: Parameters<typeof tell>): void {
  void tell(...words);
}

/** The real files, with a count of the calls. */
function counted(): { readonly files: SpoolFiles; readonly calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const count = (name: keyof SpoolFiles): unknown => {
    const call = spoolFiles[name] as (...words: readonly unknown[]) => unknown;
    return (...words: readonly unknown[]) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return call(...words);
    };
  };
  const names = Object.keys(spoolFiles) as (keyof SpoolFiles)[];
  const files: unknown = Object.fromEntries(names.map((name) => [name, count(name)]));
  return { files: files as SpoolFiles, calls };
}

going(
  'enforces a ban with one file looked at and read, and no folder listed, whoever else waits',
  async () => {
    await using sandbox = await Sandbox.open();
    const { files, calls } = counted();
    const real = worldOf(sandbox);
    const tools = await real.openFirewall();
    let atRestore: Readonly<Record<string, number>> = {};
    let isAtRestore = true;
    const restore: typeof tools.restore = async (family, text) => {
      if (!isAtRestore) atRestore = { ...calls };
      isAtRestore = true;
      return tools.restore(family, text);
    };
    const world = worldOf(sandbox, {
      spoolFiles: files,
      openFirewall: () => Promise.resolve({ ...tools, restore }),
    });
    const memory = freshMemory(world);
    for (let server = 0; server < SERVERS; server += 1) mkdirSync(join(sandbox.spool, `web${server}`));
    sandbox.drop('web0', banText('198.51.100.1'));
    await makePass(world, memory);
    for (let file = 0; file < WAITING; file += 1) sandbox.dropInPlace('flood', banText('203.0.113.1'));
    assert.ok((await quickPass(world, memory)).more, 'all of the flood was read at once');
    for (const name of Object.keys(calls)) calls[name] = 0;
    isAtRestore = false;

    await tell(sandbox, memory, ['web7', banText('198.51.100.7')]);
    const isHeard = memory.spool.isHeard(new Set());

    assert.ok(isHeard);
    const { find, read, ...others } = atRestore;
    assert.equal([find, read], [1, 1]);
    assert.equal(
      Object.values(others).filter((count) => count > 0),
      [],
    );
  },
);

going('ends where a look at everything ends, whatever is heard of, and when', async () => {
  await using sandbox = await Sandbox.open();
  const real = worldOf(sandbox);
  let besides: (() => void)[] = [];
  // What is told while git works is enforced beside it.
  const world = worldOf(sandbox, {
    run: async (...words) => {
      for (const beside of besides.splice(0)) beside();
      return real.run(...words);
    },
  });
  const memory = freshMemory(world);
  await makePass(world, memory);
  const said: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let number = 0; number < 4; number += 1) {
      const [server, ip] = [pick(['web1', 'web2']), `198.51.100.${pick([7, 8, 9])}`];
      const text = pick([banText, unbanText])(ip);
      const how = pick(['told', 'at once', 'beside', 'missed']);
      said.push(`${how} ${server} ${text.split('\n').slice(0, 4).join(' ')}`);
      if (how === 'told') tellOnly(sandbox, memory, [server, text]);
      else if (how === 'at once') await tell(sandbox, memory, [server, text]);
      else if (how === 'missed') sandbox.drop(server, text);
      else
        besides.push(() => {
          tellOnly(sandbox, memory, [server, text]);
        });
    }
    await quickPass(world, memory);
  }
  for (const beside of besides) beside();
  besides = [];
  await quickPass(world, memory);
  await quickPass(world, memory);

  assert.equal([await countPlanned(world), sandbox.waiting()], [0, []], said.join('\n'));
  await makePass(world, memory);
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

going('enforces beside a commit; the pass that follows keeps and tells of it', async () => {
  await using sandbox = await Sandbox.open();
  const real = worldOf(sandbox);
  let isTold = true;
  const world = worldOf(sandbox, {
    run: async (...words) => {
      if (words[0] === 'git' && words[1].includes('commit') && !isTold) {
        isTold = true;
        tellOnly(sandbox, memory, ['web1', banText('198.51.100.8')]);
        await eventually(async () => {
          assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.8/32 -j DROP'));
        });
      }
      return real.run(...words);
    },
  });
  const memory = freshMemory(world);
  await makePass(world, memory);
  isTold = false;
  sandbox.drop('web1', banText('198.51.100.7'));

  const first = await makePass(world, memory, 'quick');
  const left = [sandbox.waiting().length, memory.spool.isHeard(new Set())];
  const second = await makePass(world, memory, 'quick');

  const banned = (pass: Pass): readonly string[] => pass.claimChanges.map(({ ip }) => ip.text);
  assert.equal([isTold, left], [true, [1, true]]);
  assert.equal([banned(first), banned(second)], [['198.51.100.7'], ['198.51.100.8']]);
  assert.is(second.changes.flatMap(({ changes }) => changes).length, 1);
  assert.equal([second.banArrivals.length, sandbox.waiting()], [1, []]);
  assert.match(await sandbox.git('log', '-1', '--format=%s'), /198\.51\.100\.8/);
});

going(
  'enforces between two passes; the one that follows keeps it, and waits where it begins meanwhile',
  async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    await makePass(world, memory);

    await tell(sandbox, memory, ['web1', banText('198.51.100.7')]);
    const rules = await iptablesRules();
    tellOnly(sandbox, memory, ['web1', banText('198.51.100.8')]);
    const pass = await quickPass(world, memory);

    assert.ok(rules.includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'));
    assert.equal([pass.claimChanges.length, pass.bans, sandbox.waiting()], [2, 2, []]);
  },
);

going('leaves a ban to the pass where another process holds the state', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  const lock = await takeLock(sandbox.state, 0);
  await tell(sandbox, memory, ['web1', banText('198.51.100.7')]);
  const before = [...memory.spool.ahead.files];
  await lock.release();

  const pass = await quickPass(world, memory);

  assert.equal([before, pass.bans, sandbox.waiting()], [[], 1, []]);
});

going('goes on for a moment after a pass in a row of bans, so that the next one keeps several', async () => {
  await using sandbox = await Sandbox.open();
  const real = worldOf(sandbox);
  let besides: (() => void)[] = [];
  const world = worldOf(sandbox, {
    run: async (...words) => {
      for (const beside of besides.splice(0)) beside();
      return real.run(...words);
    },
  });
  const memory = freshMemory(world);
  await makePass(world, memory);
  const { spool } = memory;
  const end = spool.end.bind(spool);
  mock.method(spool, 'end', (...words: Parameters<typeof end>) => {
    process.nextTick(() => {
      tellOnly(sandbox, memory, ['web1', banText('198.51.100.9')]);
    });
    return end(...words);
  });
  besides = [
    () => {
      tellOnly(sandbox, memory, ['web1', banText('198.51.100.8')]);
    },
  ];
  sandbox.drop('web1', banText('198.51.100.7'));

  await makePass(world, memory, 'quick');

  const rules = await iptablesRules();
  assert.equal(
    [7, 8, 9].map((host) => rules.includes(`-A fail2ban-sshd -s 198.51.100.${host}/32 -j DROP`)),
    [true, true, true],
  );
  assert.is(sandbox.waiting().length, 2);
});

going('stays where it is when the policy was edited, or another process made a pass', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  sandbox.writePolicy('allow: [{ net: 198.51.100.7, note: us }]\n');
  await tell(sandbox, memory, ['web1', banText('198.51.100.7')]);
  const edited = await makePass(world, memory, 'quick');
  await makePass(world);
  await tell(sandbox, memory, ['web1', banText('198.51.100.8')]);
  const before = [...memory.spool.ahead.files];

  const shared = await makePass(world, memory, 'quick');

  assert.equal([edited.changes.flatMap(({ changes }) => changes), edited.ignored], [[], 1]);
  assert.equal([before, shared.bans, shared.intents], [[], 1, 1]);
});

going('keeps nobody’s bans from a pass, whatever becomes of what was heard of or enforced', async () => {
  await using sandbox = await Sandbox.open();
  const real = worldOf(sandbox);
  const besides: (() => void)[] = [];
  const failures: Error[] = [];
  const world = worldOf(sandbox, {
    run: async (...words) => {
      if (words[1].includes('commit')) for (const beside of besides.splice(0)) beside();
      return real.run(...words);
    },
    spoolFiles: {
      ...spoolFiles,
      find: (...words) => {
        for (const failure of failures) throw failure;
        return spoolFiles.find(...words);
      },
    },
  });
  const memory = freshMemory(world);
  await makePass(world, memory);
  sandbox.drop('web1', banText('198.51.100.1'));
  besides.push(() => {
    tellOnly(sandbox, memory, ['web1', banText('198.51.100.2')]);
  });
  await makePass(world, memory);
  const ahead = memory.spool.ahead.size;
  rmSync(join(sandbox.spool, 'web1'), { recursive: true });
  writeFileSync(join(sandbox.spool, 'web1'), '');
  await tell(sandbox, memory, ['web2', banText('198.51.100.3')]);
  const gone = await makePass(world, memory, 'quick');
  failures.push(new Error('EIO: i/o error, lstat'));
  await tell(sandbox, memory, ['web2', banText('198.51.100.4')]);
  const broken = await makePass(world, memory, 'quick');

  const banned = ({ claimChanges }: Pass): readonly string[] => claimChanges.map(({ ip }) => ip.text);
  assert.equal([ahead, banned(gone), banned(broken)], [1, ['198.51.100.3'], ['198.51.100.4']]);
});

/** So many passes, of four words each. */
const ROUNDS = 6;

function pick<T>(from: readonly [T, ...T[]]): T {
  return from[Math.floor(Math.random() * from.length)] ?? from[0];
}

going.run();
