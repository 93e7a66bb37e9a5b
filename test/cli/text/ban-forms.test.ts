import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banCsv, banTable, plainLines, totalLines, wideTable } from '../../../src/cli/text/ban-forms.ts';
import { SORTS } from '../../../src/cli/text/select-bans.ts';
import { netOf } from '../../../src/domain/net.ts';
import { UTC } from '../../../src/domain/words.ts';
import { ANY_BAN, claimBy, madeBan } from './made-bans.ts';

const forms = suite('the forms of a list');

const TWENTY = Array.from({ length: 20 }, (_, index) => claimBy(`web${index + 1}`));

const BANS = [
  madeBan('203.0.113.7', {
    claims: [claimBy('web1', { failures: 5, reason: '=x,\u001b[31m' }), claimBy('mail')],
  }),
  madeBan('2001:db8:1111:2222:3333:4444:5555:6666', { claims: TWENTY, jail: 'j'.repeat(63) }),
  madeBan('198.51.100.0/24', {
    ...{ jail: 'policy', protocol: 'all', ports: 'all' },
    claims: [claimBy('policy', { since: undefined, until: Infinity })],
  }),
];

const NOW = 1_800_000;
const dropsOf = ({ jail }: { jail: string }) =>
  jail === 'sshd' ? { packets: 1_234, bytes: 74_040 } : undefined;
const told = { dropsOf, now: NOW, zone: undefined, sort: 'ip' } as const;

forms('have all of it where a file or a program takes the table, with times from now on', () => {
  const [head, first, , last] = banTable(
    [BANS[0], BANS[0], BANS[2]].flatMap((each) => each ?? []),
    {
      ...{ ...told, width: undefined },
    },
  );

  assert.equal(
    [head, first, last],
    [
      'ADDRESS          JAIL    PORTS      SERVERS     SINCE       UNTIL           PACKETS',
      '203.0.113.7      sshd    22/tcp     web1, mail  30 min ago  in 1 h            1,234',
      '198.51.100.0/24  policy  all ports  policy      -           until unbanned        -',
    ],
  );
});

forms('leave out columns on a terminal, but for the one that the list is sorted by', () => {
  const headAt = (width: number, sort: (typeof SORTS)[number] = 'ip'): string =>
    banTable(BANS, { ...told, width, sort })[0]?.replaceAll(/ +/g, ' ') ?? '';

  assert.equal(
    [200, 120, 100, 80, 60, 40].map((width) => headAt(width)),
    [
      'ADDRESS JAIL PORTS SERVERS SINCE UNTIL PACKETS',
      'ADDRESS JAIL PORTS SERVERS SINCE UNTIL PACKETS',
      ...['ADDRESS JAIL SERVERS UNTIL PACKETS', 'ADDRESS JAIL UNTIL', 'ADDRESS UNTIL', 'ADDRESS'],
    ],
  );
  assert.is(headAt(60, 'packets'), 'ADDRESS PACKETS');
});

forms('have no line wider than a terminal of 40 columns or more, whatever servers say', () => {
  fc.assert(
    fc.property(
      fc.array(ANY_BAN, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 40, max: 250 }),
      fc.constantFrom(...SORTS),
      (bans, width, sort) => {
        const lines = [...banTable(bans, { ...told, width, sort }), ...totalLines(bans, { shown: 1, width })];

        for (const line of lines) assert.ok(line.length <= width && !/[\r\n\t]/.test(line), line);
      },
    ),
  );
});

forms('are wide with dates in a zone, bytes, failures and reasons, of which nothing moves a cursor', () => {
  const lines = wideTable(BANS.slice(0, 1), { dropsOf, now: NOW, zone: UTC });

  assert.equal(
    lines.map((line) => line.replace(/^.*(SERVERS|mail) +/, '')),
    [
      'SINCE                 UNTIL                 PACKETS   BYTES  FAILURES  REASON',
      '1970-01-01 00:00 UTC  1970-01-01 01:30 UTC    1,234  74,040         5  =x, [31m',
    ],
  );
});

forms('are for scripts ten fields without blanks', () => {
  const since = '1970-01-01T00:00:00.000Z';

  assert.equal(
    plainLines(
      [BANS[0], BANS[2]].flatMap((each) => each ?? []),
      dropsOf,
    ).map((line) => line.split('\t')),
    [
      [
        '203.0.113.7',
        'sshd',
        'tcp',
        '22',
        'web1,mail',
        since,
        '1970-01-01T01:30:00.000Z',
        '1234',
        '74040',
        '203.0.113.7',
      ],
      ['198.51.100.0/24', 'policy', 'all', 'all', 'policy', '-', '-', '-', '-', '198.51.100.0/24'],
    ],
  );
  fc.assert(
    fc.property(ANY_BAN, (ban) => {
      assert.match(plainLines([ban], dropsOf)[0] ?? '', /^([^\s]+\t){9}[^\s]+$/);
    }),
  );
});

forms('are for spreadsheets cells without formulas, and empty where nothing is known', () => {
  const [head, first, last] = banCsv(
    [BANS[0], BANS[2]].flatMap((each) => each ?? []),
    dropsOf,
  ).split('\r\n');

  assert.is(
    head,
    'address,family,jail,protocol,ports,servers,since,until,packets,bytes,failures,reason,dropped',
  );
  assert.is(
    first,
    `203.0.113.7,ipv4,sshd,tcp,22,web1 mail,1970-01-01T00:00:00.000Z,1970-01-01T01:30:00.000Z,1234,74040,5,"'=x, [31m",203.0.113.7`,
  );
  assert.is(last, '198.51.100.0/24,ipv4,policy,all,all,policy,,,,,,,198.51.100.0/24');
});

forms('tell beside an address the length of the network that is dropped for it', () => {
  const wide = madeBan('2001:db8::7', { dropped: netOf('2001:db8::/64') });

  const [, row] = banTable([wide], { ...told, width: undefined });

  assert.match(row ?? '', /^2001:db8::7 \(\/64\) {2}sshd/);
  assert.match(plainLines([wide], dropsOf)[0] ?? '', /^2001:db8::7\t.*\t2001:db8::\/64$/);
});

forms('end with totals of all that is meant, and say what a limit left out', () => {
  assert.equal(totalLines(BANS, { shown: 1, width: 200 }), [
    '3 bans of 3 addresses: 2 ipv4, 1 ipv6; by web1 2, mail 1, policy 1, web10 1, web11 1 and 17 more servers; 2 more left out by --limit',
  ]);
});

forms('name all servers where only one would be left', () => {
  const [six, seven] = [6, 7].map((count) => {
    const claims = TWENTY.slice(0, count);
    return totalLines([madeBan('203.0.113.7', { claims })], { shown: 1, width: 200 }).join('');
  });

  assert.match(six ?? '', /; by web1 1, .*, web6 1$/);
  assert.match(seven ?? '', / and 2 more servers$/);
});

forms.run();
