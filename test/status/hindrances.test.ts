import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../src/domain/conditions.ts';
import { DriftWatch } from '../../src/firewall/drift-watch.ts';
import { findHindrances, logHindrances } from '../../src/status/hindrances.ts';
import type { Memory } from '../../src/pass/memory.ts';

const hindrances = suite('what is wrong between passes');

const UNPACKED: Problem = { condition: 'Committed', reason: 'GitFailed', message: 'cannot pack' };

const INTERVAL = 60_000;

hindrances('is a fight about the rules, a history that grows, and a silence about drift', () => {
  const drift = new DriftWatch(() => false);
  const firewall: unknown = { drift };
  const memory = { firewall } as Pick<Memory, 'firewall'>;
  const quiet = findHindrances(memory, {
    silence: undefined,
    interval: INTERVAL,
    unpacked: undefined,
    unexported: undefined,
  });
  for (let count = 0; count < 5; count += 1) drift.healed(performance.now(), ['ufw (pid 8)']);

  const found = findHindrances(memory, {
    silence: 'nft is missing',
    interval: INTERVAL,
    unpacked: UNPACKED,
    unexported: undefined,
  });

  assert.equal(quiet, []);
  assert.is(found.length, 3);
  assert.match(found[0]?.message ?? '', "ufw (pid 8) removed banspool's rules");
  assert.is(found[1], UNPACKED);
  assert.is(
    found[2]?.message,
    'nft is missing: only full passes detect changes by other programs, every 60 s',
  );
});

hindrances('is logged when it comes and when it goes', () => {
  const lines: string[] = [];
  const log = {
    error: (line: string) => lines.push(line),
    warn: (line: string) => lines.push(`warn: ${line}`),
    info: (line: string) => lines.push(`info: ${line}`),
  };

  logHindrances(log, [UNPACKED], []);
  logHindrances(log, [{ ...UNPACKED, message: 'still' }], [UNPACKED]);
  logHindrances(log, [], [UNPACKED]);

  assert.equal(lines, ['warn: Committed is false: cannot pack', 'info: Committed is true again']);
});

hindrances.run();
