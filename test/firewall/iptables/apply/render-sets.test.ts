import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { longTextOf, renderSets } from '../../../../src/firewall/iptables/apply/render-sets.ts';
import { observeSetHeads } from '../../../../src/firewall/iptables/observed/observe-sets.ts';
import type { SetChange, SetMember } from '../../../../src/firewall/iptables/plan/change.ts';
import { setOf, SET_FAMILY } from '../../../../src/firewall/iptables/rules/set.ts';
import type { Family } from '../../../../src/domain/net.ts';
import { netIn } from '../../../support/arbitraries.ts';
import { clearFirewall, ipset, iptables, setMembers } from '../../../support/firewall.ts';
import { requirePrivateNetwork } from '../../../support/namespaces.ts';
import { outputOf, runProgram } from '../../../support/run-program.ts';

const test = suite('changes of sets');

test.before(requirePrivateNetwork);
test.after(clearFirewall);

const PREFIX = 'fail2ban-';

/** As `ipset -exist restore` takes them. */
async function restore(changes: readonly SetChange[]): Promise<void> {
  await outputOf(['ipset', '-exist', 'restore'], { input: renderSets(changes) });
}

/** ipset lists a single address without its prefix. */
const listed = (text: string, family: Family): string =>
  text.replace(family === 'ipv4' ? /\/32$/ : /\/128$/, '');

for (const family of ['ipv4', 'ipv6'] as const)
  test(`make ipset hold what is wanted, in a set that is fit, whatever it held before (${family})`, async () => {
    const set = setOf('fail2ban-x', family);
    // The kernel spells some addresses of IPv6 otherwise, and takes no net of all addresses.
    const net = netIn(family).filter(({ text, prefix }) => prefix > 0 && !/^::(?:ffff:)?[0-9a-f]/.test(text));
    const nets = fc.uniqueArray(
      net.map(({ text }) => text),
      { maxLength: 9 },
    );

    await fc.assert(
      fc.asyncProperty(nets, nets, fc.boolean(), async (before, after, isMadeAnew) => {
        const member = (text: string): { text: string; timeout: number } => ({ text, timeout: 900 });
        const make = (instead: boolean, texts: readonly string[]): SetChange => {
          const made = { name: set, family: SET_FAMILY[family], capacity: 65_536 };
          return { kind: 'make-set', set: { ...made, members: texts.map(member) }, instead };
        };
        const change: SetChange = {
          ...{
            kind: 'change-set',
            set,
            refreshed: after.filter((text) => before.includes(text)).map(member),
          },
          added: after.filter((text) => !before.includes(text)).map(member),
          removed: before.filter((text) => !after.includes(text)),
        };

        await restore([make(false, before), isMadeAnew ? make(true, after) : change]);

        const heads = await outputOf(['ipset', 'list', '-terse']);
        const held = await setMembers(set);
        await restore([{ kind: 'destroy-set', set }]);
        assert.equal(
          observeSetHeads(heads, { family, prefix: PREFIX }).map(({ name, make: way }) => [name, way]),
          [[set, 'fit']],
        );
        assert.equal(held, after.map((text) => listed(text, family)).sort());
        assert.is(await setMembers(set), undefined);
      }),
      { numRuns: 8 },
    );
  });

test('put a set in the place of another while a rule looks into it', async () => {
  await ipset('create fail2ban-x hash:net', 'add fail2ban-x 203.0.113.7');
  await iptables(['-A', 'INPUT', '-m', 'set', '--match-set', 'fail2ban-x', 'src', '-j', 'DROP']);
  const members = [{ text: '203.0.113.8', timeout: 0 }];

  await restore([
    {
      ...{ kind: 'make-set', instead: true },
      set: { name: 'fail2ban-x', family: 'inet', capacity: 65_536, members },
    },
  ]);

  assert.equal(await setMembers('fail2ban-x'), ['203.0.113.8']);
  assert.is(await setMembers('fail2ban-x:t'), undefined);
});

test('give a set buckets for its members, and ipset’s own number where these are few', () => {
  const bucketsFor = (count: number): string | undefined => {
    const members = Array.from({ length: count }, (_, index) => ({ text: `10.${index}`, timeout: 0 }));
    const set = { name: 'fail2ban-x', family: 'inet', capacity: 65_536, members } as const;
    return /hashsize (\d+) /.exec(renderSets([{ kind: 'make-set', set, instead: false }]))?.[1];
  };

  assert.equal([0, 4_096, 4_097, 10_000].map(bucketsFor), ['1024', '1024', '2048', '4096']);
});

for (const isPlain of [false, true])
  test(`send many members for a set that stands in few messages${isPlain ? ', also of a list' : ''}`, async () => {
    const [set, family] = ['fail2ban-x', 'inet'] as const;
    const texts = Array.from({ length: 3_000 }, (_, index) => `10.9.${index >> 8}.${index & 255}`);
    const [old, added] = [texts.slice(0, 1_500), texts.slice(1_500)];
    const members = (some: readonly string[]): SetMember[] =>
      some.map((text) => ({ text, timeout: isPlain ? 0 : 900 }));
    const [capacity, isCounted] = [131_072, !isPlain];
    await clearFirewall();
    await restore([
      {
        kind: 'make-set',
        set: { name: set, family, capacity, members: members(old), isPlain },
        instead: false,
      },
    ]);
    const change: SetChange = {
      ...{ kind: 'change-set', set, isPlain, standing: { family, capacity, isCounted } },
      ...{ added: members(added), refreshed: members(old.slice(1_000)), removed: old.slice(0, 1_000) },
    };

    const messages = await messagesOf([change]);

    assert.equal(await setMembers(set), texts.slice(1_000).sort());
    assert.ok(messages < 100, `${messages} messages for 3,000 members`);
  });

/** How many ipset sends to the kernel to carry them out. */
async function messagesOf(changes: readonly SetChange[]): Promise<number> {
  const argv = ['strace', '-qq', '-e', 'trace=sendto,sendmsg', 'ipset', '-exist', 'restore'];
  const { code, stderr } = await runProgram(argv, { input: renderSets(changes) });
  assert.is(code, 0, stderr);
  return stderr.split('\n').filter((line) => /^send(?:to|msg)\(/.test(line)).length;
}

test('are made piece by piece as they are made at once', () => {
  const members = Array.from({ length: 2_500 }, (_, index) => ({ text: `10.9.${index}`, timeout: 5 }));
  const set = { name: 'fail2ban-x', family: 'inet', capacity: 65_536, members } as const;
  const changes: SetChange[] = [
    { kind: 'make-set', set, instead: true },
    { kind: 'change-set', set: 'fail2ban-y', added: members, refreshed: [], removed: ['10.8.0.1'] },
    { kind: 'destroy-set', set: 'fail2ban-z' },
  ];

  const { lines, pieces } = longTextOf(changes);

  const made = Array.from(pieces());
  assert.ok(made.length > 2);
  assert.ok(made.every((piece) => piece.endsWith('\n')));
  assert.is(made.join(''), renderSets(changes));
  assert.ok(renderSets(changes).split('\n').length - 1 <= lines);
});

test.run();
