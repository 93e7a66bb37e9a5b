/**
 * What applying a plan has to bring about, for the fake firewall that other tests use and for the real ones: iptables
 * in both variants, for both families.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { transactionsOf, type Transaction } from '../../src/firewall/iptables/apply/transactions.ts';
import { IptablesDataplane } from '../../src/firewall/iptables/iptables-dataplane.ts';
import { netOf, type Family } from '../../src/domain/net.ts';
import { observe, type Observed } from '../../src/firewall/iptables/observed/observe.ts';
import { openFirewall, type Table, type Tools } from '../../src/system/firewall/iptables.ts';
import { openStandingTools } from '../../src/system/firewall/standing-tools.ts';
import type { Variant } from '../../src/domain/variant.ts';
import { run } from '../../src/system/processes/run.ts';
import { earlyTable } from '../../src/firewall/iptables/wanted/early.ts';
import type { Ruleset } from '../../src/firewall/iptables/wanted/ruleset.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';
import { clearFirewall, ipset } from '../support/firewall.ts';
import { rulesetFor, textsOf } from '../support/rules.ts';
import { outputOf } from '../support/run-program.ts';
import { anyDrift, FOREIGN_SET, HOOKS, PREFIX } from './drift.ts';
import { printedSet } from '../support/printed-set.ts';

const contract = suite('contract');

/** One firewall that can be edited as another program would. */
interface Subject {
  readonly firewall: Tools;
  readonly edit: (lines: readonly string[]) => Promise<void>;
  /** The same of the table raw. */
  readonly editRaw: (lines: readonly string[]) => Promise<void>;
  /** Lines as `ipset restore` takes them. */
  readonly editSets: (lines: readonly string[]) => Promise<void>;
}

interface Kind {
  readonly name: string;
  readonly family: Family;
  readonly open: () => Promise<Subject>;
  readonly runs: number;
}

const KINDS: readonly Kind[] = (['ipv4', 'ipv6'] as const).flatMap((family) => [
  ...(['nft', 'legacy'] as const).map((variant) => ({
    name: `the fake as iptables-${variant}`,
    family,
    open: () => Promise.resolve(openFake(variant, family)),
    runs: 60,
  })),
  ...(['nft', 'legacy'] as const).map((variant) => ({
    name: `iptables-${variant}`,
    family,
    open: () => openReal(variant, family),
    runs: 5,
  })),
]);

function openFake(variant: Variant, family: Family): Subject {
  const firewall = new FakeFirewall(variant);
  return {
    firewall,
    edit: (lines) => {
      firewall.edit(family, ...lines);
      return Promise.resolve();
    },
    editRaw: (lines) => {
      firewall.editRaw(family, ...lines);
      return Promise.resolve();
    },
    editSets: (lines) => firewall.sets.restore(lines.map((line) => `${line}\n`).join('')),
  };
}

/** As controllers have them; the first texts of each are taken by processes. */
const STANDING = openStandingTools();

/** An empty one; its tools stand by for one of the families. */
async function openReal(variant: Variant, family: Family): Promise<Subject> {
  await clearFirewall();
  const program = `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${variant}-restore`;
  const load = async (table: Table, lines: readonly string[]): Promise<void> => {
    const input = [`*${table}`, ...lines, 'COMMIT', ''].join('\n');
    await outputOf([program, '-w', '--noflush'], { input });
  };
  return {
    firewall: await openFirewall(run, variant, family === 'ipv4' ? STANDING : undefined),
    edit: (lines) => load('filter', lines),
    editRaw: (lines) => load('raw', lines),
    editSets: (lines) => ipset(...lines),
  };
}

interface Applied {
  readonly before: string;
  readonly transactions: readonly Transaction[];
  readonly after: string;
}

/** A plan may have to be made in two parts, where a set of another type stands in the way. */
const PARTS = 2;

const NOW = 1_795_330_000_000;

/** Makes a plan, applies it, and looks again; throws when more would have to be done. */
async function apply({ firewall }: Subject, desired: Ruleset): Promise<Applied> {
  const { family } = desired;
  const config = { ...desired.means, hooks: [...HOOKS], chainPrefix: PREFIX };
  const dataplane = new IptablesDataplane(firewall, { family, config, now: () => NOW });
  const before = await firewall.list(family);
  const transactions: Transaction[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    const observed = await dataplane.read();
    const plan = dataplane.plan(desired, observed);
    transactions.push(...transactionsOf(plan.changes));
    await dataplane.apply(plan);
    const known = await dataplane.after(plan, observed);
    if (plan.isPartial) continue;
    assert.equal(dataplane.plan(desired, known.observed).changes, []);
    break;
  }
  const after = await firewall.list(family);
  const { changes } = dataplane.plan(desired, await dataplane.read());
  assert.equal([...dataplane.noise], []);
  const texts = transactions.map(({ text }) => text);
  assert.equal(changes, [], [before, ...texts, after].join('\n'));
  return { before, transactions, after };
}

function observedIn(listing: string, family: Family): Observed {
  const observation = observe(listing, { family, prefix: PREFIX });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  assert.equal(observation.noise, []);
  return observation.observed;
}

/** A set that is not ours, but for how many rules look into it. */
async function foreignSetOf({ firewall: { sets } }: Subject): Promise<string> {
  if (sets.kind === 'unusable') throw new Error(sets.reason);
  return (await printedSet(sets, FOREIGN_SET)).replace(/^References: .*$/m, '');
}

/** The lines that are none of ours, told by their text alone. */
function foreignLines(listing: string): readonly string[] {
  return listing.split('\n').filter((line) => {
    const unquoted = line.replace(/"(?:\\.|[^"\\])*"/g, '""');
    return !/^-[AN] fail2ban-/.test(unquoted) && !/ -[jg] fail2ban-\S*$/.test(unquoted);
  });
}

const OWN_SET_LINE = /^((create|add|del|destroy) fail2ban-.*|swap fail2ban-\S+ fail2ban-\S+|)$/;

/** Lines that can change nothing but a chain of ours, or a jump to one. */
const OWN_LINE =
  /^(\*filter|\*raw|COMMIT|:fail2ban-\S+ - \[0:0\]|-[AIDFX] fail2ban-.*|-[ID] \S+ .*-[jg] fail2ban-\S*|)$/;

for (const { name, family, open, runs } of KINDS) {
  const words = `${name}, ${family}`;

  contract(`from any ruleset one pass reaches the desired one (${words})`, async () => {
    await fc.assert(
      fc.asyncProperty(anyDrift(family), async ({ lines, rawLines, setLines, desired }) => {
        const subject = await open();
        await subject.editSets(setLines);
        await subject.edit(lines);
        await subject.editRaw(rawLines);
        const rawBefore = await subject.firewall.listRaw(family);
        const foreignSet = await foreignSetOf(subject);

        const { before, transactions, after } = await apply(subject, desired);

        assert.equal(foreignLines(after), foreignLines(before));
        const raw = await subject.firewall.listRaw(family);
        assert.equal(foreignLines(raw), foreignLines(rawBefore));
        assertRaw(desired, raw);
        assert.is(await foreignSetOf(subject), foreignSet);
        for (const { tool, text } of transactions) {
          for (const line of text.split('\n'))
            assert.match(line, tool === 'iptables' ? OWN_LINE : OWN_SET_LINE);
        }
        assertJumps(desired, after);
      }),
      { numRuns: runs },
    );
  });

  contract(
    `rules that stay keep their counters, also when their chain is written anew (${words})`,
    async () => {
      for (const surplus of [1, 300]) {
        const subject = await open();
        const hosts = Array.from({ length: surplus }, (_, index) => hostOf(family, index));
        await subject.edit([
          '-N fail2ban-sshd',
          ...hosts.map((host) => `-A fail2ban-sshd -c 1 60 -s ${host} -j DROP`),
          `-A fail2ban-sshd -c 7 420 -s ${hostOf(family, 1000)} -j DROP`,
          '-A fail2ban-sshd -c 9 540 -j RETURN',
          '-A INPUT -c 16 960 -j fail2ban-sshd',
        ]);

        const { before, after } = await apply(subject, desiredFor(family, hostOf(family, 1000)));

        // ip6tables-nft 1.8.9 takes counters from no one, so there are none to keep.
        const [host, end, jump] = before.includes('-c 7 420')
          ? ['7 420', '9 540', '16 960']
          : ['0 0', '0 0', '0 0'];
        const kept = [
          `-A fail2ban-sshd -s ${hostOf(family, 1000)} -c ${host} -j DROP`,
          `-A fail2ban-sshd -c ${end} -j RETURN`,
          `-A INPUT -c ${jump} -j fail2ban-sshd`,
        ];
        for (const line of kept) assert.ok(after.split('\n').includes(line), line);
        assert.is(after.match(/-j DROP$/gm)?.length, 1);
      }
    },
  );

  contract(
    `nets that stay banned count on, whatever held them and whatever holds them now (${words})`,
    async () => {
      const set = `fail2ban-sshd${family === 'ipv4' ? '' : ':6'}`;
      const [host, chain] = [hostOf(family, 7), 'fail2ban-sshd'];
      const ip = host.replace(/\/.*/, '');
      const options = `hash:net family ${family === 'ipv4' ? 'inet' : 'inet6'} timeout 0`;
      const inSet = ['-N fail2ban-sshd', `-A ${chain} -m set --match-set ${set} src -j DROP`];
      const asSet = (maxelem: number): readonly string[] => [
        `create ${set} ${options} maxelem ${maxelem} counters`,
        `add ${set} ${ip} timeout 0 packets 7 bytes 420`,
      ];
      const asRule = ['-N fail2ban-sshd', `-A ${chain} -c 7 420 -s ${host} -j DROP`];

      for (const [backend, setLines, lines] of [
        ['ipset', [], asRule],
        ['ipset', asSet(1), inSet],
        ['rules', asSet(9), inSet],
      ] as const) {
        const subject = await open();
        await subject.editSets(setLines);
        await subject.edit(lines);
        const desired = desiredFor(family, host, backend);

        const { before, after } = await apply(subject, desired);

        // ip6tables-nft 1.8.9 takes counters from no one.
        const isTaken =
          backend === 'ipset' ? lines === inSet || before.includes('-c 7 420') : takesCounters(name, family);
        const { sets } = subject.firewall;
        const found = backend === 'rules' || sets.kind === 'unusable' ? after : await printedSet(sets, set);
        const counts = isTaken ? (backend === 'rules' ? '-c 7 420 -j DROP' : 'packets 7 bytes 420') : ip;
        assert.ok(found.includes(counts), `${backend}\n${found}`);
      }
    },
  );

  contract(`a restore that fails in its last line changes nothing (${words})`, async () => {
    const subject = await open();
    await subject.edit(['-N fail2ban-sshd', '-A INPUT -j fail2ban-sshd']);
    const before = await subject.firewall.list(family);
    const text =
      '*filter\n:fail2ban-web - [0:0]\n-A fail2ban-web -j RETURN\n-D INPUT -j fail2ban-web\nCOMMIT\n';

    let thrown: unknown;
    await subject.firewall.restore(family, text).catch((error: unknown) => (thrown = error));

    assert.instance(thrown, Error);
    assert.is(await subject.firewall.list(family), before);
  });

  contract(
    `what the firewall would refuse is refused, and what it would take is taken (${words})`,
    async () => {
      const refused = [
        ['-A fail2ban-none -j RETURN'],
        ['-A INPUT -j fail2ban-none'],
        ['-I INPUT 5 -j fail2ban-sshd'],
        ['-D INPUT -p tcp -j fail2ban-sshd'],
        ['-X fail2ban-sshd'],
        ['-X fail2ban-full'],
        ['-N fail2ban-sshd'],
        [':fail2ban-a-name-of-more-than-28 - [0:0]'],
        ['-A fail2ban-sshd -p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16 -j RETURN'],
      ];
      const taken = [
        ['-I INPUT 2 -j fail2ban-full'],
        [':fail2ban-sshd - [0:0]', '-A fail2ban-sshd -j RETURN'],
        ['-F fail2ban-full', '-X fail2ban-full'],
        [':fail2ban-a-name-of-28-letter - [0:0]'],
        ['-A fail2ban-sshd -p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15 -j RETURN'],
      ];

      for (const lines of [...refused, ...taken]) {
        const subject = await open();
        await subject.edit([
          '-N fail2ban-sshd',
          '-A INPUT -j fail2ban-sshd',
          '-N fail2ban-full',
          '-A fail2ban-full -j RETURN',
        ]);
        const text = ['*filter', ...lines, 'COMMIT', ''].join('\n');
        const outcome = await subject.firewall.restore(family, text).then(
          () => 'taken',
          () => 'refused',
        );

        assert.is(outcome, taken.includes(lines) ? 'taken' : 'refused', lines.join('\n'));
      }
    },
  );
}

/** Each hook begins with the desired jumps, and no other chain that is not ours has any. */
function assertJumps(desired: Ruleset, listing: string): void {
  const { chains } = observedIn(listing, desired.family);
  for (const [chain, rules] of chains) {
    if (chain.startsWith(PREFIX)) continue;
    const jumps = rules.flatMap((rule) => (rule.kind === 'ours' ? [rule.rule?.text ?? rule.printed] : []));
    const top = rules.slice(0, jumps.length).every(({ kind }) => kind === 'ours');
    const isHook = (HOOKS as readonly string[]).includes(chain);
    assert.equal(jumps, isHook ? textsOf(desired.jumps) : [], `${chain}\n${listing}`);
    assert.ok(top, `${chain}\n${listing}`);
  }
}

/** All of it is dropped ahead of connection tracking, by a jump at the top; and nothing of ours is elsewhere in it. */
function assertRaw(desired: Ruleset, listing: string): void {
  const { jumps, chains } = earlyTable(desired);
  const lines = listing.split('\n').map((line) => line.replace(/ -c \d+ \d+/, ''));
  const ours = lines.filter((line) => /^-[AN] fail2ban-/.test(line) || / -[jg] fail2ban-/.test(line));
  if (chains.size === 0) assert.equal(ours, [], listing);
  const top = lines.filter((line) => line.startsWith('-A PREROUTING ')).slice(0, jumps.length);
  assert.equal(
    top,
    jumps.map(({ text }) => `-A PREROUTING ${text}`),
    listing,
  );
  for (const [chain, { allows, verdicts }] of chains)
    assert.equal(
      lines.filter((line) => line.startsWith(`-A ${chain} `)).length,
      allows.length + verdicts.size + 1,
      listing,
    );
}

function hostOf(family: Family, index: number): string {
  return family === 'ipv4' ? `10.0.${index >> 8}.${index & 255}/32` : `2001:db8::1:${index.toString(16)}/128`;
}

/** ip6tables-nft 1.8.9 takes them from no one. */
function takesCounters(name: string, family: Family): boolean {
  return family === 'ipv4' || name !== 'iptables-nft';
}

function desiredFor(family: Family, host: string, backend: 'rules' | 'ipset' = 'rules'): Ruleset {
  const wanted = { ip: netOf(host), jail: 'sshd', ports: 'all', protocols: 'all' };
  return rulesetFor([wanted], {
    family,
    prefix: PREFIX,
    verdict: 'DROP',
    backend,
    deny: [],
    allowed: [],
  });
}

contract.run();
