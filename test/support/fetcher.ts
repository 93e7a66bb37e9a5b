/** A fetcher with a folder of its own, a clock that is turned by hand, and short limits. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config/config.ts';
import type { Needs } from '../../src/fetch/fetch-list.ts';
import type { Limits } from '../../src/fetch/follow.ts';
import type { Order } from '../../src/fetch/orders.ts';
import type { FetchWorld } from '../../src/fetch/run-fetch.ts';
import { openDraft } from '../../src/system/web/draft.ts';
import { files } from '../../src/system/files/files.ts';
import { ask } from '../../src/system/web/ask.ts';

export const NOON = Date.UTC(2027, 0, 1, 12);

/** Nothing is waited for that comes. */
export const LIMITS: Limits = {
  patience: { connect: 60_000, answer: 60_000, data: 60_000 },
  total: 120_000,
  bytes: 1024 * 1024,
};

export function orderOf(url: string, changed: Partial<Order> = {}): Order {
  return { name: 'drop', url, every: 43_200, max: 200_000, ...changed };
}

export class Fetcher implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'banspool-fetch-'));
  readonly log: string[] = [];
  now = NOON;
  readonly needs: Omit<Needs, 'now'> = {
    ...{ ask, openDraft, chance: () => 0, version: '1.2.3' },
    readAuthority: (path) => Promise.resolve(path),
  };

  get fetched(): string {
    return join(this.folder, 'lists/fetched');
  }

  get world(): FetchWorld {
    const read = readConfig(`state: ${this.folder}/state\nspool: ${this.folder}/spool\n`);
    if (read.kind !== 'config') throw new Error('no config');
    const write = (text: string): void => {
      this.log.push(text);
    };
    return {
      config: read.config,
      files,
      log: { info: write, warn: write, error: write },
      now: () => this.now,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
