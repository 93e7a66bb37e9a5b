/** Ipsets in memory, with as much of ipset as banspool has to do with; it knows of rules only who looks into a set. */
import { netOf } from '../../src/domain/net.ts';
import type { LongText, Sets } from '../../src/system/firewall/ipset.ts';
import { BanspoolError } from '../../src/system/error.ts';

interface FakeSet {
  readonly type: string;
  readonly options: string;
  readonly capacity: number;
  /** By text, with what follows it in a line. */
  readonly members: Map<string, Member>;
}

interface Member {
  readonly timeout: string;
  readonly packets: string;
  readonly bytes: string;
}

export class FakeSets {
  readonly kind = 'usable';

  /** Refuses this line of the next restore, counted from 1; those before it are done. */
  failNextLine: number | undefined;
  /** The restores that were asked for. */
  readonly restores: string[] = [];

  readonly #sets = new Map<string, FakeSet>();
  readonly #countReferences: (set: string) => number;

  constructor(countReferences: (set: string) => number) {
    this.#countReferences = countReferences;
  }

  readonly heads = (): Promise<string> =>
    Promise.resolve(Array.from(this.#sets.keys(), (name) => this.#head(name)).join('\n'));

  readonly list = (name: string, take: (chunk: Buffer) => void): Promise<void> => {
    const { members: all, options } = this.#get(name);
    const isCounted = options.includes('counters');
    const members = Array.from(all, ([text, { timeout, packets, bytes }]) => {
      const counts = isCounted ? ` packets ${packets} bytes ${bytes}` : '';
      return `${text}${timeout === '' ? '' : ` timeout ${timeout}`}${counts}\n`;
    });
    take(Buffer.from(`${this.#head(name)}Members:\n${members.join('')}`));
    return Promise.resolve();
  };

  readonly restore = (text: string): Promise<void> => {
    this.restores.push(text);
    const fails = this.failNextLine;
    this.failNextLine = undefined;
    for (const [index, line] of text.split('\n').filter(Boolean).entries()) {
      if (fails === index + 1) return Promise.reject(refusal(`made to fail in line ${fails}`));
      try {
        this.#change(line.split(' '));
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return Promise.resolve();
  };

  readonly restoreLong = ({ pieces }: LongText): Promise<void> => this.restore(Array.from(pieces()).join(''));

  has(name: string): boolean {
    return this.#sets.has(name);
  }

  get asSets(): Sets {
    return this;
  }

  #get(name: string): FakeSet {
    const set = this.#sets.get(name);
    if (set === undefined) throw refusal(`the set ${name} does not exist`);
    return set;
  }

  #head(name: string): string {
    const { type, options, members } = this.#get(name);
    const header = `Header: ${options} bucketsize 12 initval 0x1`;
    const size = `Size in memory: 216\nReferences: ${this.#countReferences(name)}`;
    return `Name: ${name}\nType: ${type}\nRevision: 7\n${header}\n${size}\nNumber of entries: ${members.size}\n`;
  }

  #change([verb = '', name = '', ...rest]: readonly string[]): void {
    switch (verb) {
      case 'create': {
        if (name.length > 31) throw refusal(`the name ${name} is too long`);
        const [type = '', ...words] = rest;
        const options = words.join(' ');
        const known = this.#sets.get(name);
        if (known !== undefined && (known.type !== type || makeOf(known.options) !== makeOf(options)))
          throw refusal(`the set ${name} exists with other options`);
        const capacity = Number(/maxelem (\d+)/.exec(options)?.[1] ?? 65_536);
        if (known === undefined) this.#sets.set(name, { type, options, capacity, members: new Map() });
        return;
      }
      case 'add': {
        const { members, capacity, options } = this.#get(name);
        const [given = '', ...words] = rest;
        const { text } = netOf(given);
        if (text.endsWith('/0')) throw refusal(`hash:net takes no ${text}`);
        if (!members.has(text) && members.size >= capacity) throw refusal('the hash is full');
        const [, timeout = '', packets, bytes] =
          /^(?:timeout (\d+))?(?: ?packets (\d+) bytes (\d+))?$/.exec(words.join(' ')) ??
          refuse(words.join(' '));
        if (packets !== undefined && !options.includes('counters')) throw refusal(`${name} does not count`);
        const known = members.get(text);
        members.set(text, {
          timeout,
          packets: packets ?? known?.packets ?? '0',
          bytes: bytes ?? known?.bytes ?? '0',
        });
        return;
      }
      case 'del':
        this.#get(name).members.delete(netOf(rest[0] ?? '').text);
        return;
      case 'swap': {
        const [one, other] = [this.#get(name), this.#get(rest[0] ?? '')];
        if (one.type !== other.type || familyOf(one) !== familyOf(other))
          throw refusal('their types do not match');
        this.#sets.set(name, other).set(rest[0] ?? '', one);
        return;
      }
      case 'destroy':
        if (this.#countReferences(name) > 0) throw refusal(`the set ${name} is in use`);
        this.#sets.delete(name);
        return;
      default:
        throw refusal(`it cannot be read: ${verb}`);
    }
  }
}

/** A set of other buckets is the same to the kernel, which makes more of them itself. */
function makeOf(options: string): string {
  return options.replace(/hashsize \d+ /, '');
}

function familyOf({ options }: FakeSet): string {
  return /family (\S+)/.exec(options)?.[1] ?? 'inet';
}

function refuse(words: string): never {
  throw refusal(`it cannot be read: ${words}`);
}

function refusal(why: string): BanspoolError {
  return new BanspoolError('command-failed', `the fake ipset refused: ${why}`);
}
