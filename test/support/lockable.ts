/** What a lock is taken on, and the module that other processes take it by. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

export const LOCK = join(import.meta.dirname, '../../src/system/files/lock.js');

/** A folder to lock, alone in one of its own. */
export function newState(): string {
  const state = join(mkdtempSync('/run/lock-'), 'state');
  mkdirSync(state);
  return state;
}
