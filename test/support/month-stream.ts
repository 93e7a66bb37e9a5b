/** The history of a made-up month, as git fast-import reads it: a commit for each hour in which a ban came or ended. */
import type { Claim } from '../../src/claims/claim.ts';
import type { ClaimChange } from '../../src/claims/diff.ts';
import { shardOf } from '../../src/claims/state.ts';
import { compareNets } from '../../src/domain/net.ts';
import { commitMessage } from '../../src/ledger/commit-message.ts';
import { encodeClaims, encodeJails } from '../../src/ledger/store/codec.ts';
import { isoTime } from '../../src/yaml/time.ts';
import { DAY_MS, HOUR_MS, type Attack } from './month-attacks.ts';

/** A commit. */
export interface Moment {
  readonly time: number;
  /** Who made it; the controller where nobody is named. */
  readonly author?: string;
  readonly message: string;
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** What happened to one claim. */
interface Step {
  readonly time: number;
  readonly claim: Claim;
  readonly change: ClaimChange;
}

/** All commits, with those that people made. */
export function monthStream(attacks: readonly Attack[], others: readonly Moment[], end: number): Buffer {
  const steps = attacks.flatMap(stepsOf).filter(({ time }) => time <= end);
  const first = others.reduce((least, { time }) => Math.min(least, time), end);
  const moments = [
    ...others,
    { time: first + 1_000, message: 'Record the settings of jails\n', files: jailFiles(attacks, first) },
    ...hoursOf(steps),
  ].sort((a, b) => a.time - b.time);
  return streamOf(moments);
}

function stepsOf({ ip, jail, hits, until, failures, reason }: Attack): readonly Step[] {
  return hits.flatMap(({ server, since }): Step[] => {
    const named = { ip, server, jail };
    const details = { said: since, failures, reason };
    const claim: Claim = { ...named, bans: [{ heard: since, since, until }], details };
    return [
      { time: since, claim, change: { kind: 'banned', ...named, since, until, details } },
      { time: until, claim, change: { kind: 'ended', ...named, why: 'expired' } },
    ];
  });
}

/** What stands in a file, in order. */
interface Line {
  readonly claim: Claim;
  readonly text: string;
}

function hoursOf(steps: readonly Step[]): readonly Moment[] {
  const byHour = new Map<number, Step[]>();
  for (const step of [...steps].sort((a, b) => a.time - b.time)) {
    const hour = Math.floor(step.time / HOUR_MS);
    byHour.set(hour, [...(byHour.get(hour) ?? []), step]);
  }
  const files = new Map<string, Line[]>();
  return Array.from(byHour.values(), (own) => {
    const changed = new Set(own.map(({ claim }) => `claims/${shardOf(claim.ip)}.yaml`));
    for (const step of own) applyStep(files, step);
    const texts = Array.from(changed, (path) => {
      const text = (files.get(path) ?? []).map((line) => line.text).join('');
      return [path, text === '' ? '[]\n' : text] as const;
    });
    return {
      time: own.at(-1)?.time ?? 0,
      message: commitMessage(own.map(({ change }) => change)),
      files: Object.fromEntries(texts),
    };
  });
}

function applyStep(files: Map<string, Line[]>, { claim, change }: Step): void {
  const path = `claims/${shardOf(claim.ip)}.yaml`;
  const lines = files.get(path) ?? [];
  files.set(path, lines);
  if (change.kind === 'ended') {
    lines.splice(
      lines.findIndex((line) => line.claim === claim),
      1,
    );
    return;
  }
  const at = lines.findIndex((line) => compareClaims(line.claim, claim) > 0);
  lines.splice(at === -1 ? lines.length : at, 0, { claim, text: encodeClaims([claim]) });
}

function compareClaims(a: Claim, b: Claim): number {
  return compareNets(a.ip, b.ip) || (a.server < b.server ? -1 : 1);
}

const PORTS: Readonly<Record<string, string>> = {
  sshd: '22',
  'postfix-sasl': '25,465,587',
  'mysqld-auth': '3306',
};

function jailFiles(attacks: readonly Attack[], said: number): Readonly<Record<string, string>> {
  const servers = new Map<string, Set<string>>();
  for (const { jail, hits } of attacks)
    for (const { server } of hits) servers.set(server, (servers.get(server) ?? new Set()).add(jail));
  return Object.fromEntries(
    Array.from(servers, ([server, jails]) => {
      const scopes = Array.from(jails, (jail) => {
        const scope = { said, ports: PORTS[jail] ?? '80,443', protocols: 'tcp' };
        return [jail, { scope, flushes: [], stops: [] }] as const;
      });
      return [`servers/${server}.yaml`, encodeJails(new Map(scopes))];
    }),
  );
}

/** policy.yaml at three times of the month. */
export function monthPolicy(end: number, stage: 'first' | 'denied' | 'allowed'): string {
  const at = (days: number): string => isoTime(end + days * DAY_MS).slice(0, 10);
  const allow = [
    '  - { net: 192.0.2.0/28, note: office }',
    '  - { net: "2001:db8:1::/48", note: office }',
    ...(stage === 'allowed' ? [`  - { net: 198.51.100.9, note: auditors, until: ${at(2)} }`] : []),
  ];
  const deny =
    stage === 'first'
      ? ['  []']
      : [
          '  - { net: 203.0.113.128/25, note: comes back each week }',
          `  - { net: 198.18.200.0/24, note: abuse desk does not answer, until: ${at(5)} }`,
        ];
  const limits = ['limits:', '  default: { claims: 20000, prefix4: 24, prefix6: 48, bantime: never }'];
  return [`allow:`, ...allow, 'deny:', ...deny, ...limits, ''].join('\n');
}

/** Texts of one file stand one after the other, so that git finds what is the same. */
function streamOf(moments: readonly Moment[]): Buffer {
  const parts: Buffer[] = [];
  const add = (text: string): void => void parts.push(Buffer.from(text));
  const marks = moments.map(() => new Map<string, number>());
  let mark = 0;
  for (const path of new Set(moments.flatMap(({ files }) => Object.keys(files)))) {
    for (const [index, { files }] of moments.entries()) {
      const text = files[path];
      if (text === undefined) continue;
      mark += 1;
      marks[index]?.set(path, mark);
      const bytes = Buffer.from(text);
      add(`blob\nmark :${mark}\ndata ${bytes.length}\n`);
      parts.push(bytes);
      add('\n');
    }
  }
  for (const [index, { time, author = 'banspool', message }] of moments.entries()) {
    const who = `${author} <${author.toLowerCase()}@fw.example> ${Math.floor(time / 1000)} +0000`;
    const own = Array.from(marks[index] ?? [], ([path, own]) => `M 100644 :${own} ${path}\n`).join('');
    add(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n`);
    add(`data ${Buffer.byteLength(message)}\n${message}\n${own}\n`);
  }
  return Buffer.concat(parts);
}
