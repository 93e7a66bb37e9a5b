/** The laws of folding: the spool gives no order, a file may come twice, and a pass may end anywhere between two. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Intent } from '../../src/intent/intent.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { liveClaims } from '../../src/claims/live.ts';
import { nextEnd } from '../../src/claims/settle.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { anyIntent } from '../support/arbitraries.ts';

const laws = suite('fold laws');

const START = 1_795_330_000_000;
const SECOND = 1000;
const HOUR = 3_600_000;
/** Some bans have ended by then, and no unban is forgotten. */
const NOW = START + 15 * SECOND;

interface Speech {
  readonly servers?: readonly string[];
  readonly kinds?: readonly Intent['intent'][];
  /** Milliseconds. */
  readonly lengths?: readonly number[];
}

/** What servers say within twelve seconds, of three addresses in two jails. */
function speech({ servers = ['web1', 'mail', OPERATOR], kinds, lengths }: Speech = {}): fc.Arbitrary<
  SentIntent[]
> {
  const nets = fc.constantFrom('203.0.113.7', '203.0.113.8', '2001:db8::7').map(netOf);
  const intents = anyIntent({
    nets,
    jails: fc.constantFrom('sshd', 'web'),
    times: fc.integer({ min: 0, max: 12 }).map((seconds) => START + seconds * SECOND),
    lengths: fc.constantFrom(
      ...(lengths ?? [3 * SECOND, 14 * SECOND, 60 * SECOND, HOUR, 40 * HOUR, Infinity]),
    ),
  }).filter(({ intent }) => kinds?.includes(intent) ?? true);
  const said = fc.record({ server: fc.constantFrom(...servers), intent: intents, everywhere: fc.boolean() });
  return fc.array(
    said.map(({ server, intent, everywhere }) => ({
      server,
      intent:
        server === OPERATOR && intent.intent === 'unban' && everywhere
          ? { ...intent, jail: EVERY_JAIL }
          : intent,
    })),
    { minLength: 1, maxLength: 12 },
  );
}

/** The same words in another order, some twice, in batches. */
function retold(said: readonly SentIntent[]): fc.Arbitrary<SentIntent[][]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...said], { minLength: said.length }),
      fc.subarray([...said]),
      fc.array(fc.nat({ max: said.length * 2 }), { maxLength: 4 }),
    )
    .map(([all, again, cuts]) => {
      const words = [...all, ...again];
      const edges = [0, ...[...cuts].sort((a, b) => a - b), words.length];
      return edges.slice(1).map((end, index) => words.slice(edges[index], end));
    });
}

/**
 * What a snapshot ended, another may bring back, without what the ban had said: the ports and the reason then depend on
 * what came first. One that holds what an older one of the same jail did not is a contradiction, though.
 */
function oneSnapshotOfEach(said: readonly SentIntent[]): SentIntent[] {
  const seen = new Set<string>();
  return said.filter(({ server, intent }) => {
    const jail = `${server} ${intent.jail}`;
    if (intent.intent !== 'snapshot' || !seen.has(jail)) {
      if (intent.intent === 'snapshot') seen.add(jail);
      return true;
    }
    return false;
  });
}

const twice = (speeches: fc.Arbitrary<SentIntent[]>): fc.Arbitrary<[SentIntent[], SentIntent[][]]> =>
  speeches.chain((said) => fc.tuple(fc.constant(said), retold(said)));

function foldAll(batches: readonly (readonly SentIntent[])[], now = NOW): State {
  return batches.reduce<State>((state, batch) => fold(state, batch, now), EMPTY_STATE);
}

/** The state without the order of its maps. */
function contentOf(state: State): unknown {
  const servers = Array.from(state.servers, ([server, jails]) => [server, [...jails].sort()] as const);
  return { claims: claimsOf(state), servers: servers.sort(), flushedBy: state.flushedBy };
}

function claimsOf(state: State): readonly unknown[] {
  return Array.from(allClaims(state), ({ ip, ...rest }) => ({ ip: ip.text, ...rest })).sort(byText);
}

/** Who bans whom until when. */
function bansOf(state: State, now: number): readonly string[] {
  return Array.from(
    liveClaims(state, now),
    ({ ip, server, jail, since, until }) => `${ip.text} ${server} ${jail} ${since} ${until}`,
  ).sort();
}

interface Word {
  readonly server: string;
  readonly jail: string;
  readonly ip: string;
  readonly heard: number;
  readonly since: number;
  readonly until: number;
}

/** Who should ban whom until when, found without any state: by looking at all that was said at NOW, at once. */
function expectedBans(said: readonly SentIntent[], now: number): readonly string[] {
  const words = said.flatMap(({ server, intent }): Word[] => {
    const { jail, time: heard } = intent;
    if (intent.intent === 'ban' || intent.intent === 'prolong') {
      return [{ server, jail, ip: intent.ip.text, heard, since: heard, until: intent.until }];
    }
    if (intent.intent !== 'snapshot') return [];
    return intent.bans.map(({ ip, time, until }) => ({
      server,
      jail,
      ip: ip.text,
      heard,
      since: time,
      until,
    }));
  });
  const standing = words.filter(
    (word) => word.until > now && !said.some((each) => takesBack(each, word, { said, now })),
  );
  const keys = new Set(standing.map(({ ip, server, jail }) => `${ip} ${server} ${jail}`));
  return Array.from(keys, (key) => {
    const bans = standing.filter(({ ip, server, jail }) => `${ip} ${server} ${jail}` === key);
    const [newest] = [...bans].sort((a, b) => b.heard - a.heard || b.since - a.since);
    return `${key} ${newest?.since ?? 0} ${Math.max(...bans.map(({ until }) => until))}`;
  }).sort();
}

interface Moment {
  readonly said: readonly SentIntent[];
  readonly now: number;
}

function takesBack({ server, intent }: SentIntent, word: Word, { said, now }: Moment): boolean {
  const isJail = server === word.server && intent.jail === word.jail;
  switch (intent.intent) {
    case 'unban': {
      const isLift = server === OPERATOR && (intent.jail === EVERY_JAIL || intent.jail === word.jail);
      // What a server begins to ban is news to the operator; that it still bans, as its snapshots tell, is not.
      const began = isLift && word.server !== OPERATOR ? Math.min(word.since, word.heard) : word.heard;
      return (isJail || isLift) && intent.ip.text === word.ip && began <= intent.time;
    }
    case 'snapshot':
      return isJail && word.heard < intent.time;
    case 'flush':
      return (
        isJail && word.heard <= intent.time && now >= NOW + 10 * SECOND && !isStopping(intent, server, said)
      );
    case 'ban':
    case 'prolong':
    case 'start':
    case 'reload':
    case 'stop':
      return false;
  }
}

function isStopping(flush: Intent, server: string, said: readonly SentIntent[]): boolean {
  return said.some(
    ({ server: other, intent: { intent, jail, time } }) =>
      other === server &&
      intent === 'stop' &&
      jail === flush.jail &&
      time >= flush.time &&
      time <= flush.time + 10 * SECOND,
  );
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

const RUNS = { numRuns: 500 };

laws('the order, the batches and the repetitions in which servers are heard do not matter', () => {
  const kinds = ['ban', 'prolong', 'unban', 'start', 'reload', 'stop', 'flush'] as const;

  fc.assert(
    fc.property(twice(speech({ servers: ['web1', 'mail'], kinds })), ([said, batches]) => {
      assert.equal(contentOf(foldAll(batches)), contentOf(foldAll([said])));
    }),
    RUNS,
  );
});

laws('nor do they with a snapshot, or where an operator speaks', () => {
  const speeches = speech({ lengths: [3 * SECOND, 14 * SECOND, 60 * SECOND, HOUR] }).map(oneSnapshotOfEach);

  fc.assert(
    fc.property(twice(speeches), ([said, batches]) => {
      assert.equal(contentOf(foldAll(batches)), contentOf(foldAll([said])));
    }),
    RUNS,
  );
});

laws('whatever was said, the same bans stand and go on to stand', () => {
  fc.assert(
    fc.property(
      twice(speech()),
      fc.constantFrom(...[0, 9, 10, 11, 3600, 200_000]),
      ([said, batches], seconds) => {
        const later = NOW + seconds * SECOND;

        const state = fold(foldAll(batches), [], later);

        assert.equal(bansOf(state, later), bansOf(fold(foldAll([said]), [], later), later));
      },
    ),
    RUNS,
  );
});

laws('what stands is what was said and what nobody took back: the rules of SPEC.md, word for word', () => {
  fc.assert(
    fc.property(twice(speech()), fc.constantFrom(...[0, 9, 10, 60, 3600]), ([said, batches], seconds) => {
      const later = NOW + seconds * SECOND;

      const state = fold(foldAll(batches), [], later);

      assert.equal(bansOf(state, later), expectedBans(said, later));
    }),
    RUNS,
  );
});

laws('what was heard before changes nothing: the state is the same object', () => {
  const speeches = fc.oneof(
    speech({ servers: ['web1', 'mail'] }),
    speech({ lengths: [3 * SECOND, 14 * SECOND, 60 * SECOND, HOUR] }),
  );

  fc.assert(
    fc.property(twice(speeches.map(oneSnapshotOfEach)), fc.nat(30), ([said, batches], seconds) => {
      const later = NOW + seconds * SECOND;
      const state = fold(foldAll([said]), [], later);

      for (const batch of batches) assert.ok(fold(state, batch, later) === state);
    }),
    RUNS,
  );
});

laws('a ban that ended never comes back, however late its file comes again', () => {
  fc.assert(
    fc.property(
      twice(speech()),
      fc.constantFrom(...[0, 10, 60, 3600, 90_000, 200_000]),
      ([said, batches], seconds) => {
        const later = NOW + seconds * SECOND;
        const state = fold(foldAll([said]), [], later);

        const again = batches.reduce((old, batch) => fold(old, batch, later), state);

        assert.equal(bansOf(again, later), bansOf(state, later));
      },
    ),
    RUNS,
  );
});

laws("what one server says changes no other server's claims", () => {
  const ordinary = ['web1', 'mail'] as const;
  const claimsOfServer = (state: State, server: string): readonly unknown[] =>
    claimsOf(state).filter((claim) => (claim as { server: string }).server === server);

  fc.assert(
    fc.property(speech({ servers: ordinary }), (said) => {
      const together = foldAll([said]);

      for (const server of ordinary) {
        const alone = foldAll([said.filter((each) => each.server === server)]);
        assert.equal(claimsOfServer(together, server), claimsOfServer(alone, server));
      }
    }),
    RUNS,
  );
});

laws('nothing that has ended is left to be looked at: the next end is ahead', () => {
  fc.assert(
    fc.property(speech(), fc.nat(40), (said, seconds) => {
      const later = NOW + seconds * SECOND;

      const state = fold(foldAll([said]), [], later);

      assert.ok(nextEnd(state, later) > later);
    }),
    RUNS,
  );
});

laws('the clock alone changes nothing before the next end', () => {
  fc.assert(
    fc.property(speech(), (said) => {
      const state = foldAll([said]);
      const end = nextEnd(state, NOW);

      assert.ok(fold(state, [], Math.min(end - 1, NOW + 1e12)) === state);
      if (end < Infinity) assert.not(fold(state, [], end) === state);
    }),
    RUNS,
  );
});

laws('in the end nothing is left but what never ends', () => {
  fc.assert(
    fc.property(speech({ lengths: [3 * SECOND, 40 * HOUR] }), (said) => {
      const state = fold(foldAll([said]), [], NOW + 100 * HOUR);

      assert.is(state.shards.size, 0);
    }),
  );
});

laws.run();
