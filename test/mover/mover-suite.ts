/** A suite with a hub, which is a bare repository in a folder, and firewalls that publish files written by hand. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type Test } from 'uvu';
import type { FleetConfig } from '../../src/config/config.ts';
import { encodePeerFile } from '../../src/fleet/peer-file.ts';
import { files } from '../../src/system/files/files.ts';
import { run } from '../../src/system/processes/run.ts';
import { keyOf, signatureOf } from '../support/fleet-of-memory.ts';

const SIGNER = keyOf('signer');

type Texts = Readonly<Record<string, string>>;

export const MOVER_WORLD = { files, run };

/** In milliseconds since 1970. */
export const PUBLISHED = 1_800_000_000_000;

export interface Context {
  folder: string;
  hub: string;
}

export function moverSuite(title: string): Test<Context> {
  const test = suite<Context>(title);

  test.before.each((context) => {
    context.folder = mkdtempSync(join(tmpdir(), 'banspool-mover-'));
    context.hub = join(context.folder, 'hub.git');
    makeHub(context.hub);
  });

  test.after.each(({ folder }) => {
    rmSync(folder, { recursive: true });
  });

  return test;
}

export function makeHub(hub: string): void {
  git(dirname(hub), ['init', '--quiet', '--bare', '--initial-branch=main', hub]);
}

/** What a firewall of this name is configured with. */
export function fleetOf({ folder, hub }: Context, name: string): FleetConfig {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  return {
    ...{ name, engine: 'git', folder: own, remote: hub, every: 3_600_000 },
    ...{ key: join(own, 'key'), identity: join(own, 'identity') },
    ...{ password: join(own, 'password'), ca: undefined, certificate: undefined },
  };
}

/** Runs git as a person does, with none of its configuration. */
export function git(cwd: string, words: readonly string[], input?: string): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const options = { cwd, env: { ...env, GIT_NO_LAZY_FETCH: '1' }, encoding: 'utf8' } as const;
  return execFileSync('git', words, { ...options, input: input ?? '', stdio: 'pipe' });
}

/** What a firewall publishes: these files, with what names them and signed with a key that nobody knows. */
export function publication(name: string, sequence: number, texts: Texts): Texts {
  const listed = Object.entries(texts).map(([path, text]) => ({
    path,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
  const head = encodePeerFile({ name, sequence, published: PUBLISHED + sequence, files: listed });
  return { ...texts, 'peer.yaml': head, 'peer.yaml.sig': signatureOf(head, SIGNER) };
}

/** Has a firewall publish these files, and nothing else; returns all that it published. */
export function publish({ name, folder }: FleetConfig, sequence: number, texts: Texts): Texts {
  const all = publication(name, sequence, texts);
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  writeTexts(join(folder, 'out'), all);
  return all;
}

export function writeTexts(folder: string, texts: Texts): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What a firewall got of another, by path. */
export function inboxOf({ folder }: FleetConfig, peer: string): Texts {
  const inbox = join(folder, 'in', peer);
  return textsBelow(inbox);
}

function textsBelow(folder: string): Texts {
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const paths = found.map((one) => join(one.parentPath, one.name).slice(folder.length + 1)).sort();
    return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  } catch {
    // Nothing came.
    return {};
  }
}

/** The message of what a piece of work fails with; fails where it does not. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return String(error);
  }
  throw new Error('it did not fail');
}
