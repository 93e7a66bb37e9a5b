/**
 * `nft monitor` as a child: the kernel tells it of every change of iptables-nft's tables, and whose process made it. It
 * is started again, later each time, when it ends; without it drift is found by the interval.
 */
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { errnoOf, messageOf } from '../error.ts';
import { programEnv } from '../processes/run.ts';
import { startChild } from '../processes/start-child.ts';

/** One transaction of somebody's, in the tables of a family that rules of ours are in. */
export interface TableChange {
  readonly family: 'ipv4' | 'ipv6';
  readonly pid: number;
  readonly program: string;
  /** The chain of each new rule. */
  readonly added: readonly string[];
  /** The chain of each rule that went. */
  readonly deleted: readonly string[];
  /** All in which something changed, but for those that were only named. */
  readonly chains: readonly string[];
}

export interface NftMonitor {
  /** Why nothing is heard; undefined while it listens. */
  readonly silence: () => string | undefined;
  readonly close: () => void;
}

interface NftMonitorOptions {
  /** The table raw is listened to as well: rules of ours are in it. */
  readonly early: boolean;
  readonly heard: (change: TableChange) => void;
  /** It began to listen, or ceased to. */
  readonly turned: () => void;
}

/** Nothing tells that it listens; what comes before is not heard, but it has begun long before that. */
const SUBSCRIBED_MS = 200;

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

export type OpenNftMonitor = (options: NftMonitorOptions) => NftMonitor;

/** Listens until it is closed. */
export const openNftMonitor: OpenNftMonitor = ({ early, heard, turned }) => {
  let silence: string | undefined = 'nft monitor has not been started';
  let wait = FIRST_WAIT_MS;
  let timer: NodeJS.Timeout | undefined;
  let child: ChildProcess | undefined;
  let isClosed = false;

  const start = (): void => {
    let words = '';
    let own: Monitor;
    try {
      own = startChild(() =>
        spawn('nft', ['monitor'], { stdio: ['ignore', 'pipe', 'pipe'], env: programEnv() }),
      );
    } catch (error) {
      end(messageOf(error));
      return;
    }
    child = own;
    own.once('spawn', () => {
      timer = setTimeout(() => {
        silence = undefined;
        turned();
      }, SUBSCRIBED_MS);
    });
    own.once('error', (error) => {
      words = errnoOf(error) === 'ENOENT' ? 'nft is not installed' : messageOf(error);
      if (own.pid === undefined) end(words);
    });
    own.stderr.setEncoding('utf8').on('data', (text: string) => (words = text.trim().slice(0, MAX_SAID)));
    const parse = changeParser(early);
    createInterface(own.stdout).on('line', (line) => {
      // What it says shows that it works: the next end is another story.
      wait = FIRST_WAIT_MS;
      for (const change of parse(line)) heard(change);
    });
    own.once('close', (code, signal) => {
      end(words === '' ? `nft monitor ended (${signal ?? code ?? ''})` : words);
    });
  };
  const end = (why: string): void => {
    clearTimeout(timer);
    if (isClosed) return;
    silence = why;
    turned();
    timer = setTimeout(start, wait);
    wait = Math.min(wait * 2, MAX_WAIT_MS);
  };

  start();
  return {
    silence: () => silence,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      child?.kill();
    },
  };
};

type Monitor = ChildProcessByStdio<null, Readable, Readable>;

const MAX_SAID = 200;

const LINE = /^(add|create|insert|replace|delete|destroy) (\w+) (ip6?) (filter|raw)(?: (\S+)|$)/;
const ADDS: ReadonlySet<string> = new Set(['add', 'insert', 'replace']);
const DELETES: ReadonlySet<string> = new Set(['delete', 'destroy']);

interface Touched {
  readonly added: string[];
  readonly deleted: string[];
  readonly chains: Set<string>;
}

/** Takes line after line, and gives the changes of a transaction at its end, with `early` those of raw too. */
export function changeParser(early = false): (line: string) => readonly TableChange[] {
  let families = new Map<TableChange['family'], Touched>();
  return (line) => {
    const [, verb = '', what, protocol, table, chain] = LINE.exec(line) ?? [];
    if (table === 'filter' || (early && table === 'raw')) {
      const family = protocol === 'ip' ? 'ipv4' : 'ipv6';
      const touched = families.get(family) ?? { added: [], deleted: [], chains: new Set() };
      families.set(family, touched);
      if (what === 'rule' && chain !== undefined) touched.chains.add(chain);
      if (what === 'rule' && chain !== undefined && ADDS.has(verb)) touched.added.push(chain);
      if (what === 'rule' && chain !== undefined && DELETES.has(verb)) touched.deleted.push(chain);
    }
    const [, pid, program = ''] = /^# new generation \d+ by process (\d+) \((.*)\)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    const changes = Array.from(families, ([family, { added, deleted, chains }]) => ({
      ...{ family, pid: Number(pid), program },
      ...{ added, deleted, chains: [...chains] },
    }));
    families = new Map();
    return changes;
  };
}
