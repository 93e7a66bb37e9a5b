/** A policy in a file that a person names, to be supposed: it is not written anywhere. */
import type { Policy } from '../../policy/policy.ts';
import { readPolicy } from '../../policy/policy.ts';
import { printable } from '../../domain/printable.ts';
import { paint, type Io } from '../io.ts';
import { readGivenText } from '../read-given-text.ts';

/** Undefined where it has mistakes, which are told. */
export async function readSupposedPolicy(io: Io, file: string): Promise<Policy | undefined> {
  const read = readPolicy(await readGivenText(io, file));
  if (read.kind === 'policy') return read.policy;
  for (const { line, column, message } of read.mistakes)
    io.err(`${printable(file)}:${line}:${column}: ${paint(io, 'red', printable(message))}\n`);
  return undefined;
}
