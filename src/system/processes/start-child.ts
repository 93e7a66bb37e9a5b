/**
 * Starts a program by `spawn`, or throws. Where this process may open no more files, Node gives a child without the
 * pipes that it promises, and whoever takes one of them would end this process.
 */
import type { ChildProcess } from 'node:child_process';
import { BanspoolError } from '../error.ts';

export function startChild<C extends ChildProcess>(spawn: () => C): C {
  const child = spawn();
  if ((child as Partial<C>).stdio !== undefined) return child;
  // It comes later, and says the same.
  child.on('error', () => undefined);
  throw new BanspoolError('command-failed', `cannot start ${child.spawnfile}: too many open files`);
}
