import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFail2ban } from '../../../src/lists/formats/fail2ban.ts';
import { exampleList, readList } from '../examples.ts';

const fail2ban = suite('a line of fail2ban’s bans with their times');

fail2ban('names an address, and when its ban ends in local time', () => {
  assert.equal(readList(exampleList('banip.txt')).told, [
    ['203.0.113.7', { until: new Date(2026, 10, 29, 9, 38, 18).getTime() }],
    ['2001:db8::7', { until: Infinity }],
  ]);
});

for (const line of [
  ...[
    '203.0.113.7',
    '203.0.113.7 \t2026-11-29 09:28:18 + 600',
    'x \t2026-11-29 09:28:18 + 6 = 2026-11-29 09:28:24',
  ],
  ...['203.0.113.7 \t2026-11-29 09:28:18 + x = 2026-11-29 09:38:18'],
])
  fail2ban(`"${line}" is not understood`, () => {
    assert.is(parseFail2ban(line), 'unread');
  });

fail2ban.run();
