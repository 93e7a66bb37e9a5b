/** A firewall with words that completions offer, and a `banspool` that shells find. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { banText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';

export async function sandboxWithWords(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web-1', banText('203.0.113.70'));
  sandbox.drop('web-1', banText('203.0.113.8'));
  sandbox.drop('mail', banText('2001:db8:7::7', { jail: 'nginx-limit_req.x' }));
  await sandbox.cli('reconcile');
  const [node = '', program = ''] = sandbox.command();
  mkdirSync(join(sandbox.folder, 'bin'));
  const path = join(sandbox.folder, 'bin/banspool');
  writeFileSync(path, `#!/bin/sh\nexec ${node} ${program} "$@"\n`);
  chmodSync(path, 0o755);
  return sandbox;
}

/** An environment in which that one is the first. */
export function pathWith({ folder }: Sandbox): Readonly<Record<string, string>> {
  return { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
}

/** What somebody typed: a command, which may be two words, and what follows. */
export function lineOf({ configPath }: Sandbox, [command = '', ...rest]: readonly string[]): string {
  return ['banspool', command, '--config', configPath, ...rest].join(' ');
}
