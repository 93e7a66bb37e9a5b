import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { jailsOverTime, serversOverTime } from '../../../src/report/sections/over-time.ts';
import { REPORT } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('bans over time');

section('have for each day the bans of each server in a tooltip, and for each server its sums', () => {
  const byServer = [
    { name: 'web1', counts: [1, 1_000] },
    { name: 'web2', counts: [0, 2] },
  ];
  const days = [Date.UTC(2026, 10, 26, 22), Date.UTC(2026, 10, 27, 22)];
  const { text } = serversOverTime({ days, byServer, drift: [] }, UTC);

  assert.match(text, /<title>Fri 27 Nov to 28 Nov 22:00: 1,002 bans – web1 1,000, web2 2<\/title>/);
  assert.match(textOf({ text }), /30 days Day before Last 24 h web1 1,001 1 1,000 web2 2 0 2$/);
});

section('have a mark for each drift, and name who did the newest', () => {
  const markup = serversOverTime(REPORT, UTC);

  assert.is(markup.text.match(/class="mark"/g)?.length, 3);
  assert.match(
    textOf(markup),
    /Drift, newest first: 28 Nov 20:00–21:00 ufw \(pid 4711\); 20 Nov 19:00–20:00 another program; 9 Nov 14:00–15:00 docker/,
  );
  assert.match(markup.text, /<title>28 Nov 20:00–21:00: drift by ufw \(pid 4711\), repaired once<\/title>/);
});

section('are told by jail, with a bar each', () => {
  const markup = jailsOverTime({ byJail: [{ name: 'sshd', counts: [1, 2] }] });

  assert.match(textOf(markup), /sshd 3 1 2$/);
  assert.match(markup.text, /width="100%"/);
});

section('say so where there are none', () => {
  assert.match(textOf(serversOverTime({ days: [], byServer: [], drift: [] }, UTC)), /No server has banned/);
  assert.match(textOf(jailsOverTime({ byJail: [] })), /No jail has banned/);
});

section.run();
