/** The laws of escalation: what follows from bans does not hang on the order, the repetition or the passes. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SentIntent } from '../../src/claims/fold.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { explain } from '../../src/desired/conclude.ts';
import { assemble, encodePart, partsOf, readPart } from '../../src/ledger/store/parts.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { ban, DAY, HOUR, millis, unban } from '../claims/said.ts';
import { escalated, passed, reasons, rules } from '../escalation/rules.ts';

const laws = suite('laws of escalation');

const RULES = [
  'name: two, servers: 2, within: 20m, ban: 2d',
  'name: three, servers: 3, within: 30m, ban: 2d, jails: [sshd]',
  'name: again, bans: 3, within: 2h, ban: 3d',
  'name: net, addresses: 3, within: 1h, net4: 28, ban: 2d',
];

const ALL = rules(RULES);

const SERVERS = ['web1', 'web2', 'mail'];
const ADDRESSES = ['203.0.113.1', '203.0.113.2', '203.0.113.7', '203.0.113.99', '2001:db8::7', '2001:db8::8'];

interface Word {
  readonly at: number;
  readonly length: number;
  readonly isUnban: boolean;
  readonly where: { readonly server: string; readonly jail: string; readonly ip: string };
}

/** What servers say within two hours. */
function speech(servers: readonly string[] = SERVERS): fc.Arbitrary<SentIntent[]> {
  const word: fc.Arbitrary<Word> = fc.record({
    at: fc.oneof(
      fc.nat(2 * HOUR),
      fc.nat(12).map((tens) => tens * 605.5),
    ),
    length: fc.constantFrom(30, 600, 1800, 2 * HOUR, Infinity),
    isUnban: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
    where: fc.record({
      server: fc.constantFrom(...servers),
      jail: fc.constantFrom('sshd', 'web'),
      ip: fc.constantFrom(...ADDRESSES),
    }),
  });
  return fc.array(
    word.map(({ at, length, isUnban, where }) => (isUnban ? unban(at, where) : ban(at, length, where))),
    { minLength: 1, maxLength: 40 },
  );
}

interface Told {
  readonly said: readonly SentIntent[];
  /** The same in another order, some twice, in passes; before some of these the controller was started anew. */
  readonly passes: readonly { readonly said: readonly SentIntent[]; readonly isStart: boolean }[];
}

const told = (speeches: fc.Arbitrary<SentIntent[]>): fc.Arbitrary<Told> =>
  speeches.chain((said) =>
    fc
      .tuple(
        fc.shuffledSubarray(said, { minLength: said.length }),
        fc.subarray(said),
        fc.array(fc.tuple(fc.nat(said.length * 2), fc.boolean()), { maxLength: 6 }),
      )
      .map(([all, again, cuts]) => {
        const words = [...all, ...again];
        const edges = [...cuts.sort(([a], [b]) => a - b), [words.length, false] as const];
        const passes = edges.map(([end, isStart], index) => ({
          said: words.slice(index === 0 ? 0 : edges[index - 1]?.[0], end),
          isStart,
        }));
        return { said, passes };
      }),
  );

/** As another process finds it on the disk. */
function reread(state: State): State {
  const parts = Array.from(
    partsOf(state, () => undefined),
    ([path, part]) => {
      const read = readPart(path, encodePart(path, part));
      if (read.kind !== 'part') throw new Error(`${path} is damaged`);
      return [path, read.part] as const;
    },
  );
  return assemble(parts, []);
}

/** After these passes, spread over the day that a file may be late. */
function through({ passes }: Told, begin: State = EMPTY_STATE): State {
  return passes.reduce((state, { said, isStart }, index) => {
    const at = 3 * HOUR + ((DAY - 2 * HOUR) * index) / passes.length;
    return passed(at, { policy: ALL, state: isStart ? reread(state) : state, isStart }, ...said);
  }, begin);
}

const LATER = 3 * HOUR + DAY - 2 * HOUR;

const outcomeOf = (state: State): unknown => [escalated(state), reasons(state)];

const RUNS = { numRuns: 100 };

laws('no order of arrival, no repetition, no crash and no division into passes changes the outcome', () => {
  fc.assert(
    fc.property(told(speech()), (each) => {
      const atOnce = passed(3 * HOUR, { policy: ALL }, ...each.said);
      const state = passed(LATER, { policy: ALL, state: through(each) });

      assert.equal(outcomeOf(state), outcomeOf(passed(LATER, { policy: ALL, state: atOnce })));
      assert.equal(
        outcomeOf(passed(LATER, { policy: ALL, state: reread(state), isStart: true })),
        outcomeOf(state),
      );
    }),
    RUNS,
  );
});

laws('nor does it where an operator lifted something before', () => {
  const lift = fc.record({
    at: fc.nat(2 * HOUR),
    jail: fc.constantFrom('*', 'sshd', 'two', 'net'),
    ip: fc.constantFrom('203.0.113.1', '203.0.113.7', '203.0.113.0/28', '2001:db8::7'),
  });
  fc.assert(
    fc.property(told(speech()), fc.array(lift, { maxLength: 3 }), (each, lifts) => {
      const said = lifts.map(({ at, ...where }) => unban(at, { server: 'local', ...where }));
      const begin = passed(2 * HOUR, { policy: ALL }, ...said);

      const atOnce = passed(LATER, { policy: ALL, state: begin }, ...each.said);

      assert.equal(outcomeOf(passed(LATER, { policy: ALL, state: through(each, begin) })), outcomeOf(atOnce));
    }),
    RUNS,
  );
});

laws('fewer servers than a rule asks for never ban, whatever they say', () => {
  const policy = rules(
    RULES.filter((rule) => rule.includes('servers')).map((rule) => rule.replace('2,', '3,')),
  );
  fc.assert(
    fc.property(told(speech(SERVERS.slice(1))), ({ said, passes }) => {
      const state = passes.reduce(
        (sum, pass) => passed(3 * HOUR, { policy, state: sum, ...pass }, ...pass.said),
        EMPTY_STATE,
      );

      assert.equal([escalated(state), escalated(passed(3 * HOUR, { policy }, ...said))], [[], []]);
    }),
    RUNS,
  );
});

laws('a rule that is taken out lifts what it alone banned, and gives it back when it is there again', () => {
  const enforced = (state: State, policy: Policy): readonly string[] =>
    explain(state, { policy, ownAddresses: [], now: millis(LATER) })
      .judgement.enforced.map(({ ip, server, jail, until }) => `${ip.text} ${server} ${jail} ${until}`)
      .sort();
  fc.assert(
    fc.property(told(speech()), fc.nat(RULES.length - 1), (each, out) => {
      const fewer = rules(RULES.filter((_, index) => index !== out));
      const name = RULES[out]?.slice('name: '.length).split(',')[0] ?? '';
      const state = passed(LATER, { policy: ALL, state: through(each) });

      const without = passed(LATER, { policy: fewer, state, isStart: true });
      const again = passed(LATER, { policy: ALL, state: without, isStart: true });

      const others = enforced(state, ALL).filter((text) => !text.includes(` escalation ${name} `));
      assert.equal(enforced(without, fewer), others);
      assert.equal(enforced(again, ALL), enforced(state, ALL));
    }),
    RUNS,
  );
});

laws('what rules ban is never counted: once no server says more, nothing more follows', () => {
  fc.assert(
    fc.property(told(speech()), (each) => {
      const state = passed(LATER, { policy: ALL, state: through(each) });

      assert.is(passed(LATER, { policy: ALL, state, isStart: true }), state);
      assert.ok(
        Array.from(allClaims(state)).every(({ server }) => ['escalation', ...SERVERS].includes(server)),
      );
    }),
    RUNS,
  );
});

laws.run();
