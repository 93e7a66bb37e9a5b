/** What becomes of passes beside the firewall, as the controller tells it. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeedEvent } from '../../src/feed/event.ts';
import { lastEvents, readOn, BEGINNING } from '../../src/feed/follow.ts';
import { eventually } from '../support/eventually.ts';
import { iptables } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the audience of passes');

const ATTACKER = '198.51.100.7';

const wordOf = (event: FeedEvent): string => {
  if (event.kind === 'condition') return `${event.condition} ${event.status}`;
  return event.kind === 'refused' ? `refused ${event.code}` : event.kind;
};

function words(sandbox: Sandbox): readonly string[] {
  return lastEvents(join(sandbox.folder, 'events'), 100).map(wordOf);
}

async function until(sandbox: Sandbox, word: string): Promise<void> {
  await eventually(() => {
    assert.ok(words(sandbox).includes(word), words(sandbox).join());
  }, 30_000);
}

test('hears of bans, refusals and drift with who did it, and of the start and the end', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  await until(sandbox, 'banned');
  sandbox.drop('web1', 'intent: nonsense\n...\n');
  await until(sandbox, 'refused wrong-field');
  await iptables(['-F']);
  await until(sandbox, 'drift');
  sandbox.drop('web1', unbanText(ATTACKER));
  await until(sandbox, 'ended');

  controller.process.kill('SIGTERM');
  await until(sandbox, 'stopped');

  const seen = words(sandbox);
  assert.equal([seen[0], seen.at(-1)], ['started', 'stopped']);
  const drift = lastEvents(join(sandbox.folder, 'events'), 100).find(({ kind }) => kind === 'drift');
  assert.match(JSON.stringify(drift), /"family":"ipv4","changes":\d+,"culprits":\["\S+ \(pid \d+\)"\]/);
});

test('hears of a condition that is false when it comes and when it goes, and not again after a restart', async () => {
  await using sandbox = await Sandbox.open({ config: { hooks: '[INPUT, MISSING]', families: '[ipv4]' } });
  const first = await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  await until(sandbox, 'HooksPresent False');
  await first.stop('SIGKILL');

  await sandbox.startController();
  await iptables(['-N', 'MISSING']);
  await until(sandbox, 'HooksPresent True');

  assert.equal(
    words(sandbox).filter((word) => word.startsWith('HooksPresent')),
    ['HooksPresent False', 'HooksPresent True'],
  );
});

test('is told of by a pass of the timer too, and goes on where the folder was removed', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  await sandbox.cli('reconcile');
  const { events, cursor } = readOn(join(sandbox.folder, 'events'), BEGINNING);
  rmSync(join(sandbox.folder, 'events'), { recursive: true });
  sandbox.drop('web1', unbanText(ATTACKER));

  await sandbox.cli('reconcile');

  assert.equal(events.map(wordOf), ['banned']);
  const after = readOn(join(sandbox.folder, 'events'), cursor);
  assert.equal([after.lost, after.events.map(wordOf)], [true, ['ended']]);
  // Whoever may read the one may read the other.
  assert.is(statSync(join(sandbox.folder, 'events', after.cursor.segment)).mode & 0o777, 0o640);
  assert.match(readFileSync(join(sandbox.folder, 'events', after.cursor.segment), 'utf8'), ATTACKER);
});

test.run();
