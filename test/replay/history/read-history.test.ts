/** The claims of a time out of git, by whatever hands it was written. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReadGit } from '../../../src/ledger/git/commit-log.ts';
import { readCommitLine } from '../../../src/replay/history/commit-line.ts';
import { readHistory, type Gaps } from '../../../src/replay/history/read-history.ts';
import { Timeline } from '../../../src/replay/timeline.ts';
import { BanspoolError } from '../../../src/system/error.ts';
import { isoTime } from '../../../src/yaml/time.ts';
import { MadeUpHistory } from '../made-up-history.ts';

const test = suite('replay/read-history');

const START = Date.UTC(2026, 10, 1);
const at = (second: number): number => START + second * 1000;
const FILE = 'claims/ipv4/203.yaml';

/** As banspool writes it. */
function line(ip: string, since: number, until: number): string {
  const [from, to] = [isoTime(at(since)), isoTime(at(until))];
  return `- { "ip": "${ip}", "server": "web1", "jail": "sshd", "since": "${from}", "until": "${to}" }\n`;
}

/** As a person may write it. */
function block(ip: string): string {
  return `- ip: ${ip}\n  server: web1\n  jail: sshd\n  since: 2026-11-01T00:00:00Z\n  until: null\n`;
}

interface Found {
  /** `203.0.113.7 10-20`, in seconds. */
  readonly pieces: readonly string[];
  readonly gaps: Gaps;
}

async function found(history: MadeUpHistory, read: ReadGit = history.read): Promise<Found> {
  const pieces: string[] = [];
  const timeline = new Timeline(
    ({ live, from, to }) =>
      void pieces.push(`${live.ip.text} ${(from - START) / 1000}-${(to - START) / 1000}`),
  );
  const commits = await readCommitLine(history.read, START - 1);
  const gaps = await readHistory(read, {
    ...{ line: commits, timeline, end: at(100), onPage: () => undefined, onCommit: () => undefined },
  });
  return { pieces: pieces.sort(), gaps };
}

const NO_GAPS = { unreadable: 0, late: 0, latest: 0 };

test('leaves out lines that are damaged, counts them, and takes in the others', async () => {
  const history = new MadeUpHistory();
  history.commit(at(0), { [FILE]: line('203.0.113.1', 0, 90) });
  history.commit(at(10), {
    [FILE]: `${line('203.0.113.1', 0, 90)}${line('203.0.113.2', 10, 90)}<<<<<<< HEAD\n- { "ip": "203.0\n`,
  });
  history.commit(at(20), { [FILE]: line('203.0.113.2', 10, 90) });
  await history.write();

  const { pieces, gaps } = await found(history);

  assert.equal(pieces, [
    ...['203.0.113.1 0-10', '203.0.113.1 10-20', '203.0.113.2 10-20', '203.0.113.2 20-90'],
  ]);
  assert.equal(gaps, { ...NO_GAPS, unreadable: 2 });
});

test('follows a person who writes a claim in several lines, and ends it', async () => {
  const history = new MadeUpHistory();
  const own = line('203.0.113.1', 0, 90);
  history.commit(at(0), { [FILE]: own });
  history.commit(at(10), { [FILE]: `${own}${block('203.0.113.8')}${block('203.0.113.9')}` });
  history.commit(at(20), { [FILE]: `${own}${block('203.0.113.9')}` });
  history.commit(at(30), { [FILE]: own });
  await history.write();

  const { pieces, gaps } = await found(history);

  assert.equal(pieces, [
    ...['203.0.113.1 0-10', '203.0.113.1 10-20', '203.0.113.1 20-30', '203.0.113.1 30-90'],
    ...['203.0.113.8 10-20', '203.0.113.9 10-20', '203.0.113.9 20-30'],
  ]);
  assert.equal(gaps, NO_GAPS);
});

test('starts no git for each of many commits that nobody can read', async () => {
  const history = new MadeUpHistory();
  for (let second = 0; second < 150; second += 1) history.commit(at(second), { [FILE]: `${second}\n` });
  await history.write();
  let asked = 0;

  const { gaps } = await found(history, async (args, input) => {
    asked += 1;
    return history.read(args, input);
  });

  assert.ok(asked < 120, String(asked));
  assert.is(gaps.unreadable, 150);
});

test('reads what a commit holds where what it changed is too much for one answer', async () => {
  const history = new MadeUpHistory();
  history.commit(at(0), { [FILE]: line('203.0.113.1', 0, 90) });
  history.commit(at(10), { [FILE]: line('203.0.113.2', 10, 90) });
  history.commit(at(20), { [FILE]: line('203.0.113.3', 20, 90) });
  await history.write();
  const second = (await history.read(['rev-parse', 'main~1'])).trim();

  const { pieces } = await found(history, async (args, input = '') => {
    const isTooMuch = args[0] === 'diff-tree' && input.split('\n').some((each) => each.startsWith(second));
    if (isTooMuch) throw new BanspoolError('too-much-output', 'maxBuffer exceeded');
    return history.read(args, input);
  });

  assert.equal(pieces, ['203.0.113.1 0-10', '203.0.113.2 10-20', '203.0.113.3 20-90']);
});

test('counts bans that came long after they began', async () => {
  const history = new MadeUpHistory();
  history.commit(at(0), { [FILE]: line('203.0.113.1', -9_000, 90) });
  history.commit(at(10), { [FILE]: `${line('203.0.113.1', -9_000, 90)}${line('203.0.113.2', -7_190, 90)}` });
  await history.write();

  const { gaps } = await found(history);

  assert.equal(gaps, { ...NO_GAPS, late: 1, latest: 7_200_000 });
});

test('takes in what stands in no file of its own, and what moves', async () => {
  const history = new MadeUpHistory();
  const own = line('2001:db8::1', 0, 90);
  history.commit(at(0), { 'claims/ipv6/2001.yaml': own });
  history.commit(at(10), { 'claims/ipv6/94.yaml': own });
  history.commit(at(20), { 'claims/ipv6/94.yaml': own, 'claims/ipv6/2001.yaml': own });
  history.commit(at(30), { 'claims/ipv6/94.yaml': '[]\n' });
  await history.write();

  const { pieces } = await found(history);

  assert.is(pieces.at(-1), '2001:db8::1 20-30');
});

test.run();
