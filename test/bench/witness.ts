/** Notes when what a ban leaves on its way is seen: in the outbox, in the spool and in the firewall. */
import { watch, type FSWatcher } from 'node:fs';
import * as assert from 'uvu/assert';
import type { GuardedNetwork } from '../lab/guarded-network.ts';
import type { Machine } from '../lab/machine.ts';
import { enter } from '../lab/topology.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';

/** What a ban comes through, in order. */
export const STEPS = [
  'queued',
  'the shipper looks',
  'rsync starts',
  'the firewall writes it',
  'it is delivered',
  'dropped',
  'the shipper is done',
] as const;

export type Step = (typeof STEPS)[number];

/** A folder on the firewall that is no spool. */
export const BARE_FOLDER = '/var/spool/bare';

interface Event {
  readonly at: number;
  readonly where: 'outbox' | 'spool' | 'bare' | 'firewall';
  readonly text: string;
}

/** How each step shows. `.wanted` says that a shipper is wanted: it changes when one looks, as the last of all. */
const SIGNS: Readonly<Record<Exclude<Step, 'dropped'>, readonly [Event['where'], RegExp, 'first' | 'last']>> =
  {
    queued: ['outbox', /^\d+-\d+-\d+\.yaml$/, 'first'],
    'the shipper looks': ['outbox', /^\.wanted$/, 'last'],
    'rsync starts': ['outbox', /^\.error$/, 'first'],
    'the firewall writes it': ['spool', /^\.\d+-\d+-\d+\.yaml/, 'first'],
    'it is delivered': ['spool', /^\d+-\d+-\d+\.yaml$/, 'first'],
    'the shipper is done': ['outbox', /^\.delivered$/, 'last'],
  };

export class Witness implements Disposable {
  readonly #server: Machine;
  readonly #watchers: readonly FSWatcher[];
  readonly #monitor: Child;
  #events: Event[] = [];

  constructor({ firewall, servers: [server] }: GuardedNetwork) {
    if (server === undefined) throw new Error('a network has a server');
    this.#server = server;
    this.#watchers = [
      this.#watch('outbox', server.path('/var/spool/banspool-send')),
      this.#watch('spool', firewall.path(`/var/spool/banspool/${server.name}`)),
      this.#watch('bare', firewall.path(BARE_FOLDER)),
    ];
    this.#monitor = new Child([...enter(firewall.name), 'nft', 'monitor']);
    let line = '';
    this.#monitor.process.stdout?.on('data', (text: string) => {
      // nft writes a rule word by word.
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) this.#note('firewall', each);
    });
  }

  /** When each step was seen, in milliseconds after fail2ban decided to ban the address. */
  async see(address: string, act: () => Promise<void>): Promise<Readonly<Record<Step, number>>> {
    this.#events = [];
    await act();
    const rule = new RegExp(`rule .* saddr ${address.replaceAll('.', '\\.')} `);
    await eventually(() => {
      const isSeen = (place: Event['where'], sign: RegExp): boolean =>
        this.#events.some(({ where, text }) => where === place && sign.test(text));
      assert.ok(isSeen('firewall', rule) && isSeen('outbox', /^\.delivered$/), this.#told);
    });
    const since = this.#decided(address);
    const at = (where: Event['where'], sign: RegExp, which: 'first' | 'last'): number => {
      const seen = this.#events.filter((event) => event.where === where && sign.test(event.text));
      return (seen.at(which === 'first' ? 0 : -1)?.at ?? Number.NaN) - since;
    };
    const entries = Object.entries(SIGNS).map(([step, sign]) => [step, at(...sign)]);
    return { ...Object.fromEntries(entries), dropped: at('firewall', rule, 'first') } as Record<Step, number>;
  }

  /** When a file of this name came to the bare folder, in milliseconds since 1970. */
  async arrivalOf(name: string): Promise<number> {
    return eventually(() => {
      const seen = this.#events.find(({ where, text }) => where === 'bare' && text === name);
      if (seen === undefined) throw new Error(`${name} has not arrived`);
      return seen.at;
    });
  }

  /** The time from fail2ban's decision on the last of so many new addresses to the delivery of them all. */
  async seeDelivered(addresses: readonly string[], act: () => Promise<void>): Promise<number> {
    this.#events = [];
    await act();
    const arrived = new Map<string, number>();
    await eventually(() => {
      for (const { where, text, at } of this.#events)
        if (where === 'spool' && /^\d/.test(text) && !arrived.has(text)) arrived.set(text, at);
      assert.is(arrived.size, addresses.length);
    });
    return Math.max(...arrived.values()) - this.#decided(addresses.at(-1) ?? '');
  }

  /** How often the sender was done with a delivery. */
  get deliveries(): number {
    return this.#events.filter(({ text }) => text === '.delivered').length;
  }

  /** All that was seen, a line each. */
  get #told(): string {
    return this.#events.map(({ where, text }) => `${where}: ${text}`).join('\n');
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#monitor.process.kill('SIGKILL');
  }

  #watch(where: Event['where'], folder: string): FSWatcher {
    return watch(folder, (_, name) => {
      this.#note(where, name ?? '');
    });
  }

  #note(where: Event['where'], text: string): void {
    this.#events.push({ at: performance.timeOrigin + performance.now(), where, text });
  }

  /** What fail2ban's log says, which it writes ahead of the action: milliseconds since 1970. */
  #decided(address: string): number {
    const line = new RegExp(`^(\\S+) (\\S+),(\\d+) .* Ban ${address.replaceAll('.', '\\.')}$`, 'm');
    const [, day = '', time = '', thousandths = ''] =
      line.exec(this.#server.read('/var/log/fail2ban.log')) ?? [];
    return Date.parse(`${day}T${time}.${thousandths}Z`);
  }
}
