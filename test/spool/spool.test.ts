import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Spool } from '../../src/spool/spool.ts';
import { READ_BUDGET } from '../../src/spool/take-in.ts';
import type { World } from '../../src/world/world.ts';
import { parseServices } from '../../src/domain/services.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import type { RejectedFiles } from '../../src/system/files/rejected-files.ts';
import {
  spoolFiles,
  type SpoolEntry,
  type SpoolFiles,
  type SpoolRead,
} from '../../src/system/files/spool-files.ts';
import { banText } from '../support/intent-text.ts';

const keeping = suite('the spool');

const NOW = Date.parse('2026-10-11T12:00:00Z');

/** More than one short reading comes to, at a fifth of a millisecond each. */
const MANY = 600;

/** A folder of files that stay whatever is done, and one ban behind them. */
function spoolBehind(read: (name: string) => SpoolRead, rejects: Partial<RejectedFiles> = {}): Spool {
  const entry = (name: string, isFolder: boolean): SpoolEntry => ({
    ...{ bytes: Buffer.from(name), name, isFolder },
    isFile: !isFolder,
  });
  const names = new Set(
    Array.from({ length: MANY }, (_, index) => `${1000 + index}.yaml`).concat('9999.yaml'),
  );
  const files: SpoolFiles = {
    ...spoolFiles,
    isFolder: () => true,
    entries: (folder) =>
      folder === '/spool' ? [entry('web1', true)] : Array.from(names, (name) => entry(name, false)),
    measure: (_, { name }) => ({ bytes: 10, changedAt: NOW, stamp: name }),
    read: (_, { name }) => {
      const until = performance.now() + 0.2;
      while (performance.now() < until);
      if (name !== '9999.yaml') return read(name);
      return { kind: 'bytes', bytes: Buffer.from(banText('198.51.100.7')), stamp: name, changedAt: NOW };
    },
    remove: (_, { name }) => names.delete(name),
  };
  const config = { spool: '/spool', rejected: '/rejected' };
  const world: unknown = { config, spoolFiles: files, rejectedFiles: rejects, now: () => NOW };
  return new Spool(world as World);
}

/** Passes until no more are asked for; how many, and what was banned. */
function passUntilRead(spool: Spool): { readonly passes: number; readonly banned: readonly string[] } {
  const banned: string[] = [];
  for (let passes = 1; ; passes += 1) {
    const intake = spool.read({
      ...{ state: EMPTY_STATE, policy: EMPTY_POLICY, services: parseServices('') },
      ...{ now: NOW, budget: READ_BUDGET },
    });
    for (const { intent } of intake.sent) if (intent.intent === 'ban') banned.push(intent.ip.text);
    const rejection = spool.reject(intake.refused);
    spool.remove(intake.files);
    const { more } = spool.end({ kind: 'quick', intake, rejection, removed: true, isLast: false });
    if (!more || passes === 20) return { passes, banned };
  }
}

const STAYING: readonly (readonly [string, (name: string) => SpoolRead, Partial<RejectedFiles>])[] = [
  ['may not be opened', () => ({ kind: 'forbidden', reason: 'permission denied' }), {}],
  [
    'have no end yet',
    (name) => ({ kind: 'bytes', bytes: Buffer.from('intent: ban\n'), stamp: name, changedAt: NOW }),
    {},
  ],
  [
    'are refused and cannot be moved away',
    () => ({ kind: 'odd', what: 'a FIFO', size: 0 }),
    {
      stamp: () => undefined,
      list: () => [],
      placeFor: (folder, name) => `${folder}/${name}`,
      discard: () => undefined,
      writeReason: () => {
        throw new Error('EROFS: read-only file system');
      },
    },
  ],
];

for (const [what, read, rejects] of STAYING)
  keeping(`of a server with ${MANY} files that ${what} is read to its end, where a ban waits`, () => {
    const { passes, banned } = passUntilRead(spoolBehind(read, rejects));

    assert.equal(banned, ['198.51.100.7']);
    assert.ok(passes < 10, `${passes} passes`);
  });

keeping('keeps temporaries within their room where nothing else waits', () => {
  const entry = (name: string, isFolder: boolean): SpoolEntry => ({
    ...{ bytes: Buffer.from(name), name, isFolder },
    isFile: !isFolder,
  });
  const names = new Set(Array.from({ length: 300 }, (_, index) => `.${1_000 + index}.yaml`));
  const files: SpoolFiles = {
    ...spoolFiles,
    isFolder: () => true,
    entries: (folder) =>
      folder === '/spool' ? [entry('web1', true)] : Array.from(names, (name) => entry(name, false)),
    measure: (_, { name }) => ({ bytes: 1024 * 1024, changedAt: NOW, stamp: name }),
    remove: (_, { name }) => names.delete(name),
  };
  const config = { spool: '/spool', rejected: '/rejected' };
  const world: unknown = { config, spoolFiles: files, rejectedFiles: NOTHING_REFUSED, now: () => NOW };
  const spool = new Spool(world as World);
  const intake = spool.read({
    ...{ state: EMPTY_STATE, policy: EMPTY_POLICY, services: parseServices('') },
    ...{ now: NOW, budget: READ_BUDGET },
  });
  const rejection = spool.reject(intake.refused);

  const { problems } = spool.end({ kind: 'quick', intake, rejection, removed: true, isLast: true });

  assert.is(names.size, 256);
  assert.match(problems.map(({ message }) => message).join(), /^web1 sends more than .*: 44 files removed/);
});

const NOTHING_REFUSED: Partial<RejectedFiles> = { stamp: () => undefined, list: () => [] };

keeping.run();
