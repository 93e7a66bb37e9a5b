import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { allBans, foldedSections } from '../../../src/report/sections/folded.ts';
import { NOW, REPORT } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('what is folded');

const joined = (total: number, count: number): string => {
  const shown = REPORT.bans.shown.slice(0, count);
  return textOf({ text: Array.from(allBans({ total, shown }, UTC), ({ text }) => text).join('') });
};

section('has all bans, and says how to list those that there is no room for', () => {
  assert.match(
    joined(3_285, 150),
    /^All bans 3,285 The newest 150 of 3,285\. For the others, run banspool list/,
  );
  assert.not.match(joined(2, 2), /The newest/);
  assert.match(joined(1, 1), /198\.51\.0\.0 sshd web1, web2 2026-11-28 21:40:12 UTC until unbanned$/);
});

section('has policy, refused files and conditions, and peers where there are any', () => {
  const text = textOf(foldedSections(REPORT, UTC));

  assert.match(
    text,
    /Policy 3 .*allow 203\.0\.113\.64\/28 contractor 2026-12-02 07:16:12 UTC deny 198\.51\.100\.0\/24 no end/,
  );
  assert.match(
    text,
    /Refused files 17 .*shop\.example\.net 2026-11-28 19:30:12 UTC \/var\/lib.* wider than .* 17 files/,
  );
  assert.match(text, /Conditions 3 .*Converged true AsExpected/);
  assert.not.match(text, /Peers/);
  const peers = [{ name: 'fw2', publishedAt: NOW, bans: 1_200, refused: 0 }];
  assert.match(
    textOf(foldedSections({ ...REPORT, peers, policy: [] }, UTC)),
    /There are none\..*Peers 1 .*fw2 2026-11-28 21:40:12 UTC 1,200 0$/,
  );
});

section.run();
