/** A report as that of a firewall with five servers, 3,285 bans and 30 days of history: the same one each time. */
import type { FeedEvent } from '../../src/feed/event.ts';
import { isoTime } from '../../src/yaml/time.ts';
import type { BanLine, Report, Stubborn } from '../../src/report/report.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const NOW = Date.UTC(2026, 10, 28, 21, 40, 12);

const SERVERS = ['web1', 'web2', 'mail', 'db1', 'shop.example.net'];
const SHARES = [41, 32, 27, 6, 18];
const JAILS = ['sshd', 'postfix-sasl', 'nginx-botsearch', 'dovecot', 'recidive'];

/** A number from 0 to 1 that depends on `seed` alone. */
function chance(seed: number): number {
  const wave = Math.sin(seed * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
}

function dayCount(server: number, day: number): number {
  if (server === 3 && day > 26) return 0;
  const storm = day === 17 && server < 2 ? 2.4 : 1;
  return Math.round((SHARES[server] ?? 0) * (0.6 + chance(server * 100 + day)) * storm);
}

const DAYS = Array.from({ length: 30 }, (_, day) => Date.UTC(2026, 9, 29 + day, 22));
const byServer = SERVERS.map((name, server) => ({
  name,
  counts: DAYS.map((_, day) => dayCount(server, day)),
}));
const shares = [0.52, 0.2, 0.14, 0.09, 0.05];
const byJail = JAILS.map((name, jail) => ({
  name,
  counts: DAYS.map((_, day) =>
    Math.round(byServer.reduce((sum, { counts }) => sum + (counts[day] ?? 0), 0) * (shares[jail] ?? 0)),
  ),
}));

function address(index: number): string {
  return index % 9 === 8
    ? `2001:db8:${(index * 7).toString(16)}::${index.toString(16)}`
    : `198.51.${index % 250}.${(index * 37) % 250}`;
}

const bans = Array.from({ length: 2_000 }, (_, index): BanLine => ({
  ip: address(index),
  jail: JAILS[index % JAILS.length] ?? 'sshd',
  servers: SERVERS.slice(index % 4, (index % 4) + 1 + (index % 3 === 0 ? 1 : 0)),
  since: NOW - index * 640_000,
  until: index % 50 === 0 ? Infinity : NOW + (index + 1) * 120_000,
}));

const stubborn = Array.from({ length: 20 }, (_, index): Stubborn => ({
  ip: address(index * 3 + 2),
  net: index % 3 === 2 ? `2001:db8:${(index * 21).toString(16)}::/48` : `198.51.${index * 3 + 2}.0/24`,
  inNet: 1 + ((index * 7) % 23),
  jail: JAILS[index % 3] ?? 'sshd',
  servers: SERVERS.slice(0, 1 + (index % 4)),
  packets: Math.round(182_345 / (index + 1) ** 1.2),
  bytes: Math.round((182_345 / (index + 1) ** 1.2) * 58),
  since: NOW - (index + 1) * 7 * HOUR,
}));

const at = (minutes: number): string => isoTime(NOW - minutes * 60_000);

const events: readonly FeedEvent[] = [
  {
    kind: 'banned',
    time: at(1),
    ip: '198.51.7.44',
    jail: 'sshd',
    server: 'web1',
    until: at(-60),
    failures: 5,
    reason: null,
  },
  {
    kind: 'banned',
    time: at(2),
    ip: '2001:db8:7::44',
    jail: 'postfix-sasl',
    server: 'mail',
    until: null,
    failures: 9,
    reason: 'password guessing on three accounts of <b>accounting</b>',
  },
  { kind: 'ended', time: at(4), ip: '198.51.9.4', jail: 'sshd', server: 'web2', why: 'expired', peer: null },
  {
    kind: 'drift',
    time: at(95),
    family: 'ipv4',
    changes: 3,
    culprits: ['ufw (pid 4711)'],
    line: 'iptables emptied fail2ban-sshd (114 rules); restored in 33 ms',
  },
  {
    kind: 'refused',
    time: at(130),
    server: 'shop.example.net',
    file: '1795-1-1.yaml',
    code: 'too-wide',
    reason: '198.51.0.0/16 is wider than /24, the limit of shop.example.net',
  },
  {
    kind: 'condition',
    time: at(180),
    condition: 'Committed',
    status: 'True',
    reason: 'AsExpected',
    message: '',
  },
  {
    kind: 'condition',
    time: at(190),
    condition: 'Committed',
    status: 'False',
    reason: 'GitFailed',
    message: 'git cannot write: no space left on device',
  },
  { kind: 'policy', time: at(220), line: 'policy: allows 203.0.113.0/28 (office), lifts 2 bans' },
  { kind: 'more', time: at(230), of: 'banned', count: 412 },
];

const week = Array.from({ length: 7 }, (_, day) =>
  Array.from({ length: 24 }, (__, hour) => {
    const night = hour < 7 || hour > 20 ? 1.6 : 0.7;
    return Math.round(24 * night * (0.4 + chance(day * 24 + hour)) * (day > 4 ? 0.7 : 1));
  }),
);

/** One server is silent; all else is well. */
export const REPORT: Report = {
  firewall: 'fw1.example.net',
  version: '0.1.0',
  writtenAt: NOW,
  oldAfterMs: 180_000,
  silentAfterMs: 3_600_000,
  isRenewed: true,
  verdict: {
    level: 'attention',
    isObserving: false,
    bans: 3_285,
    checkedAt: NOW - 12_000,
    problems: [],
    alarming: 0,
    silent: [{ server: 'db1', heardAt: NOW - 2.2 * DAY }],
  },
  yesterday: {
    bans: { now: 132, before: 118 },
    refused: { now: 3, before: 1 },
    drift: { now: 1, before: 0 },
    culprits: ['ufw (pid 4711)'],
    policyEdits: 1,
    rise: { server: 'web1', bans: { now: 61, before: 40 } },
  },
  tiles: {
    ...{ bans: 3_285, addresses: 3_102, bansOfDay: 132, median: 0.042, shared: 214 },
    dropped: { packets: 1_284_113, bytes: 74_471_554 },
    endsSoon: [{ list: 'allow', net: '203.0.113.64/28', note: 'contractor', until: NOW + 3.4 * DAY }],
    ...{ refusedOfDay: 3, refusedKept: 17 },
  },
  ...{ days: DAYS, byServer, byJail, week },
  drift: [
    { at: NOW - 19.3 * DAY, repairs: 1, culprits: ['docker (pid 812)'] },
    { at: NOW - 8.1 * DAY, repairs: 1, culprits: [] },
    { at: NOW - 95 * 60_000, repairs: 1, culprits: ['ufw (pid 4711)'] },
  ],
  ahead: {
    servers: SERVERS,
    first: [1204, 941, 780, 171, 512],
    spared: SERVERS.map((_, row) =>
      SERVERS.map((__, column) =>
        row === column ? 0 : Math.round((SHARES[row] ?? 0) * 24 * (0.8 + 0.2 * chance(row * 5 + column))),
      ),
    ),
  },
  stubborn,
  uncounted: [],
  servers: SERVERS.map((name, index) => ({
    name,
    heardAt: index === 3 ? NOW - 2.2 * DAY : NOW - (index + 1) * 47_000,
    isSilent: index === 3,
    bans: [1301, 1040, 702, 96, 417][index] ?? 0,
    waiting: index === 2 ? 3 : 0,
    moreWaiting: false,
    refused: index === 4 ? 17 : 0,
    days: byServer[index]?.counts ?? [],
  })),
  events,
  latency: { counts: [3, 1240, 1832, 611, 140, 51, 18, 6, 2, 0, 1, 0], sum: 211 },
  bans: { total: 3_285, shown: bans },
  policy: [
    { list: 'allow', net: '192.0.2.0/24', note: 'office', until: Infinity },
    { list: 'allow', net: '203.0.113.64/28', note: 'contractor', until: NOW + 3.4 * DAY },
    { list: 'deny', net: '198.51.100.0/24', note: undefined, until: Infinity },
  ],
  lists: [],
  refused: [
    {
      ...{
        server: 'shop.example.net',
        path: '/var/lib/banspool/rejected/shop.example.net/1795-1-1.yaml',
        kept: 17,
      },
      ...{ reason: '198.51.0.0/16 is wider than /24, the limit of shop.example.net', at: NOW - 130 * 60_000 },
    },
  ],
  conditions: ['Converged', 'StateReadable', 'Committed'].map((type) => ({
    type,
    status: 'True' as const,
    reason: 'AsExpected',
    message: '',
  })),
  peers: [],
};
