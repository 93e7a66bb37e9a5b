import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isOfCsf, parseCsf } from '../../../src/lists/formats/csf.ts';
import { exampleList, readList } from '../examples.ts';

const csf = suite('a line of csf.deny');

csf('names an address, and what lfd saw; filters of ports and other files are not read', () => {
  const seen = readList(exampleList('csf.deny'));

  assert.equal(seen.told, [
    [
      '203.0.113.7',
      {
        reason:
          'lfd: (sshd) Failed SSH login from 203.0.113.7 (FR/France/-): 5 in the last 3600 secs - ' +
          'Sat Nov 28 18:37:08 2026',
      },
    ],
    ['203.0.113.8', { reason: 'Manually denied: 203.0.113.8 (FR/France/-) - Sat Nov 28 19:00:00 2026' }],
    ['198.51.100.0/24', { reason: 'do not delete' }],
    ['2001:db8::7', undefined],
  ]);
  assert.equal(
    seen.unread.examples.map(({ line }) => line),
    [23, 24, 25],
  );
});

csf('that is a filter bans no address, whatever it names', () => {
  for (const line of ['tcp|in|d=22|s=203.0.113.7', 's=203.0.113.7|d=22', 'udp|out|d=53|d=203.0.113.7 # x'])
    assert.is(parseCsf(line), 'unread', line);
});

csf('is told from a plain one by what only csf writes', () => {
  assert.ok(isOfCsf('d=22|s=203.0.113.7'));
  assert.ok(isOfCsf('203.0.113.7 # lfd: (sshd) Failed SSH login'));
  assert.not(isOfCsf('203.0.113.7 # a|b'));
  assert.not(isOfCsf('203.0.113.7 # seen 3|s=4'));
});

csf.run();
