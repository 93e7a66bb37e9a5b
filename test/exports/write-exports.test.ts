import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { portionsOf } from '../../src/desired/portion.ts';
import { netOf } from '../../src/domain/net.ts';
import { Collector } from '../../src/exports/collect.ts';
import { writeExports } from '../../src/exports/write-exports.ts';
import type { ExportPolicy } from '../../src/policy/export-schema.ts';
import { ExportFolder } from '../../src/system/files/export-folder.ts';
import { Stopped } from '../../src/system/processes/turns.ts';
import { failureOf } from '../support/failure-of.ts';

const test = suite('writing exports');

const CLAIM = { jail: 'sshd', ports: 'all', protocols: 'all' };

const STANDING = {
  portions: {
    ipv4: portionsOf(
      ['192.0.2.6', '192.0.2.7'].map((text) => ({ ...CLAIM, ip: netOf(text) })),
      'ipv4',
    ),
    ipv6: new Map(),
  },
  ...{ deny: [], allowed: [] },
};

function exportTo(file: string, change: Partial<ExportPolicy> = {}): ExportPolicy {
  return { file, format: 'plain', jails: undefined, aggregate: false, families: ['ipv4', 'ipv6'], ...change };
}

const turn = (): Promise<void> => Promise.resolve();

test('writes each as its line of the policy says, and the others where one cannot be written', async () => {
  const path = mkdtempSync(join(tmpdir(), 'exports-'));
  mkdirSync(join(path, 'taken'));
  const exports = [
    exportTo('bans.txt'),
    exportTo('taken'),
    exportTo('merged.txt', { aggregate: true }),
    exportTo('others.txt', { jails: ['postfix'] }),
    exportTo('bans.geo', { format: 'nginx' }),
  ];

  const exported = await writeExports(STANDING, exports, {
    collector: new Collector(),
    folder: new ExportFolder(path),
    turn,
  });

  const read = (file: string): string => readFileSync(join(path, file), 'utf8');
  assert.equal(['bans.txt', 'merged.txt', 'others.txt'].map(read), [
    '192.0.2.6\n192.0.2.7\n',
    '192.0.2.6/31\n',
    '',
  ]);
  assert.match(read('bans.geo'), '192.0.2.7 1;');
  assert.equal(
    exported.map(({ file, written }) => [file, written?.entries]),
    [
      ['bans.txt', 2],
      ['taken', undefined],
      ['merged.txt', 1],
      ['others.txt', 0],
      ['bans.geo', 2],
    ],
  );
  assert.match(exported[1]?.problem ?? '', /taken is there, .*; fix: move it away/);
  rmSync(path, { recursive: true });
});

test('ends where it is no longer wanted, and leaves no half of a file', async () => {
  const path = mkdtempSync(join(tmpdir(), 'exports-'));
  const stopped = (): Promise<void> => Promise.reject(new Stopped('no longer wanted'));

  const failure = await failureOf(
    writeExports(STANDING, [exportTo('bans.txt')], {
      collector: new Collector(),
      folder: new ExportFolder(path),
      turn: stopped,
    }),
  );

  assert.match(failure, 'no longer wanted');
  assert.not.ok(existsSync(join(path, 'bans.txt')));
  rmSync(path, { recursive: true });
});

test.run();
