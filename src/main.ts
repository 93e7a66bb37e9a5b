/**
 * The program: words in, exit code out. Its rooms, in the order of the data: spool, intent, claims, sources, ledger,
 * policy, desired, firewall. pass has them all work once: pass/memory.ts makes their keepers, of world/real-world.ts,
 * and pass/reconcile.ts is the page from a file to a rule. daemon says when; status, doctor and cli tell.
 */
import { begin } from './cli/begin.ts';
import { makeProgram } from './cli/program.ts';

await begin(makeProgram);
