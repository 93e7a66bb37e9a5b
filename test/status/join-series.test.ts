import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { joinSeries } from '../../src/status/join-series.ts';
import { SeriesNames } from '../../src/status/series-names.ts';

const test = suite('the series of jails');

test('are one for each jail and family, and one of each family for all jails beyond the bound', () => {
  const rows = [
    { jail: 'sshd', family: 'ipv4', bans: 1 },
    { jail: 'sshd', family: 'ipv4', bans: 2 },
    { jail: 'a', family: 'ipv4', bans: 3 },
    { jail: 'sshd', family: 'ipv6', bans: 4 },
    { jail: 'b', family: 'ipv6', bans: 5 },
    { jail: 'c', family: 'ipv4', bans: 6 },
  ];

  const joined = joinSeries(rows, new SeriesNames(1), (a, b) => ({ ...a, bans: a.bans + b.bans }));

  assert.equal(joined, [
    { jail: 'sshd', family: 'ipv4', bans: 3 },
    { jail: 'other', family: 'ipv4', bans: 9 },
    { jail: 'sshd', family: 'ipv6', bans: 4 },
    { jail: 'other', family: 'ipv6', bans: 5 },
  ]);
});

test.run();
