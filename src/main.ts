#!/usr/bin/env node
/**
 * The program: words in, exit code out. Its rooms, in the order of the data: spool, intent, claims, sources, ledger,
 * policy, desired, firewall. pass has them all work once: pass/memory.ts makes their keepers, of world/real-world.ts,
 * and pass/reconcile.ts is the page from a file to a rule. daemon says when; status, doctor and cli tell.
 */
import { EXIT } from './cli/exit-codes.ts';
import { main } from './cli/main.ts';
import { Given } from './system/given.ts';
import { localZone } from './system/local-zone.ts';

// It would override how folders are watched.
delete process.env['CHOKIDAR_USEPOLLING'];

const { stdout, stderr } = process;
// A reader such as head may leave early; that is no failure of ours.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  stderr.write(`banspool: error: cannot write the output: ${error.message}\n`);
  process.exit(EXIT.failed);
});
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  color: stdout.isTTY && stdout.hasColors(),
  isTerminal: stderr.isTTY,
  // A terminal may have no size, as on a serial line.
  width: stdout.isTTY ? stdout.columns || 80 : undefined,
  zone: localZone(process.env),
  env: process.env,
  given: new Given(process.env),
});
