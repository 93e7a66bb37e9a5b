import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import type { Family } from '../../src/domain/net.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { Beginning, type Begun } from '../../src/pass/beginning.ts';
import type { PassKind } from '../../src/domain/pass-kind.ts';
import type { Tools } from '../../src/system/firewall/iptables.ts';
import type { World } from '../../src/world/world.ts';
import { ban, heard, millis } from '../claims/said.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';

const beginning = suite('the beginning of a state');

/** A first start of two bans that stand, on families that read as `list` says. */
class FirstStart {
  /** How often each family was read. */
  readonly reads = { ipv4: 0, ipv6: 0 };
  isBegun = false;
  mode: 'enforce' | 'observe' = 'enforce';
  list: Partial<Record<Family, () => Promise<string>>> = {};
  #pending: readonly Family[] = [];
  readonly #beginning: Beginning;
  readonly #tools: Tools;

  constructor() {
    const firewall = new FakeFirewall();
    firewall.edit('ipv4', '-N fail2ban-sshd', '-A fail2ban-sshd -s 203.0.113.7/32 -j DROP');
    firewall.edit('ipv4', '-A fail2ban-sshd -s 203.0.113.8/32 -j DROP');
    firewall.edit('ipv6', '-N fail2ban-sshd', '-A fail2ban-sshd -s 2001:db8::7/128 -j DROP');
    const tools: Tools = firewall;
    this.#tools = {
      ...tools,
      list: (family) => {
        this.reads[family] += 1;
        return this.list[family]?.() ?? firewall.list(family);
      },
    };
    const ledger: unknown = {
      history: { isFirstStart: () => Promise.resolve(!this.isBegun) },
      mark: {
        read: () => Promise.resolve(this.isBegun ? {} : undefined),
        pendingFamilies: () => Promise.resolve(this.#pending),
        begin: (pending: readonly Family[]) => {
          [this.isBegun, this.#pending] = [true, pending];
          return Promise.resolve();
        },
      },
      save: () => Promise.resolve(undefined),
    };
    const config = { chainPrefix: 'fail2ban-', families: ['ipv4', 'ipv6'] };
    Object.defineProperty(config, 'mode', { get: () => this.mode });
    const world: unknown = { config };
    this.#beginning = new Beginning(world as World, ledger as Ledger, new Map());
  }

  get isHanging(): boolean {
    return this.#beginning.isHanging;
  }

  begin(state: State = EMPTY_STATE, kind: PassKind = 'full'): Promise<Begun> {
    return this.#beginning.begin({ state, kind, tools: this.#tools, now: millis(2) });
  }
}

const claimsOf = ({ state }: Begun): readonly string[] =>
  Array.from(allClaims(state), ({ ip, server }) => `${ip.text} ${server}`).sort();

beginning('takes over what stands, but for what is claimed already', async () => {
  const begun = await new FirstStart().begin(heard(1, ban(0, 600)));

  assert.equal(claimsOf(begun), ['2001:db8::7 adopted', '203.0.113.7 web1', '203.0.113.8 adopted']);
});

beginning('is still to come where no family can be read', async () => {
  const start = new FirstStart();
  start.list = { ipv4: () => Promise.reject(new Error('no')), ipv6: () => Promise.reject(new Error('no')) };

  const failure = await start.begin().catch((error: unknown) => error);
  const isBegun = start.isBegun;
  start.list = {};
  const begun = await start.begin();

  assert.match(String(failure), 'no');
  assert.is(isBegun, false);
  assert.is(claimsOf(begun).length, 3);
});

beginning('takes a family over with the first full pass that can read it', async () => {
  const start = new FirstStart();
  start.list = { ipv6: () => Promise.reject(new Error('no')) };
  const first = await start.begin();
  start.list = {};

  const next = await start.begin(first.state);

  assert.equal([claimsOf(first).length, [...first.pending.keys()]], [2, ['ipv6']]);
  assert.equal([claimsOf(next).length, next.pending.size], [3, 0]);
});

beginning('reads no family a second time while the first one hangs', async () => {
  const start = new FirstStart();
  start.list = { ipv4: () => new Promise(() => undefined) };
  // Nobody has patience here.
  const patience = mock.method(
    globalThis,
    'setTimeout',
    (end: (...args: unknown[]) => void, _: number, ...args: unknown[]) => setImmediate(end, ...args),
  );
  try {
    const first = await start.begin();
    const next = await start.begin(first.state);

    assert.equal([claimsOf(first), start.reads.ipv4], [['2001:db8::7 adopted'], 1]);
    assert.equal([[...next.pending.keys()], start.isHanging], [['ipv4'], true]);
  } finally {
    patience.mock.restore();
  }
});

beginning(
  'is to come while banspool observes: nothing is read, and all is taken over once it enforces',
  async () => {
    const start = new FirstStart();
    start.mode = 'observe';

    const [first, second] = [await start.begin(), await start.begin()];
    const { ipv4, ipv6 } = start.reads;
    start.mode = 'enforce';
    const begun = await start.begin();

    for (const { untouched, state } of [first, second])
      assert.equal([[...untouched], state], [['ipv4', 'ipv6'], EMPTY_STATE]);
    assert.equal([ipv4, ipv6, begun.untouched.size], [0, 0, 0]);
    assert.equal(claimsOf(begun), ['2001:db8::7 adopted', '203.0.113.7 adopted', '203.0.113.8 adopted']);
  },
);

beginning('is over where something was enforced before banspool observes: what is ours may go', async () => {
  const start = new FirstStart();
  await start.begin();
  start.mode = 'observe';

  assert.is((await start.begin()).untouched.size, 0);
});

beginning.run();
