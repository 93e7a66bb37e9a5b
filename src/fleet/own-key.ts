/**
 * The key that this firewall signs its publications with. It belongs to the owner of the state, who signs. Root creates
 * and reads it as that user, so that a link that this account put in its place cannot mislead root.
 */
import { ownerOfState } from '../ledger/state-owner.ts';
import { parsePublicKey, type PublicKey } from '../domain/public-key.ts';
import { BanspoolError } from '../system/error.ts';
import { isRoot } from '../system/host.ts';
import type { Identity } from '../system/user.ts';
import type { World } from '../world/world.ts';

type Needs = Pick<World, 'config' | 'files' | 'run'>;

interface OwnKey {
  readonly key: PublicKey;
  /** True if this call created it. */
  readonly isNew: boolean;
}

/** The public half of the private key at `path`. Creates the key if there is none, and never overwrites one. */
export async function ownKey(world: Needs, path: string, comment: string): Promise<OwnKey> {
  const isNew = world.files.stamp(path) === undefined;
  if (isNew) {
    const words = ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path];
    await keygen(world, words, `cannot make the key ${path}`);
  }
  // The .pub file beside it may belong to another key, or be missing.
  const said = await keygen(world, ['-y', '-P', '', '-f', path], `cannot read the key ${path}`);
  const parsed = parsePublicKey(said);
  if (parsed.kind === 'key' && parsed.key.type === 'ssh-ed25519') return { key: parsed.key, isNew };
  const reason = parsed.kind === 'key' ? `it is of type ${parsed.key.type}` : parsed.reason;
  throw new BanspoolError('config', `the key ${path} cannot sign for a fleet: ${reason}`, {
    hint: 'name a key of type ssh-ed25519 in the config (fleet, key), or move this one away and run banspool peers key',
  });
}

/** The public half of an existing key; undefined if there is none or it cannot be read. */
export async function knownOwnKey(world: Needs, path: string): Promise<PublicKey | undefined> {
  if (world.files.stamp(path) === undefined) return undefined;
  return ownKey(world, path, '').then(
    ({ key }) => key,
    () => undefined,
  );
}

async function keygen({ config, run }: Needs, words: readonly string[], failure: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run('ssh-keygen', words, { as: signerOf(config) });
  if (exitCode === 0) return stdout;
  const why = stderr.trim().split('\n').at(-1) ?? '';
  throw new BanspoolError('command-failed', `${failure}: ${why}`, {
    hint: 'the key must have no passphrase, and only the owner of the state may read it',
  });
}

/** The user as whom root runs ssh-keygen; undefined: the caller. */
function signerOf(config: World['config']): Identity | undefined {
  const owner = isRoot() ? ownerOfState(config) : undefined;
  return owner?.uid === 0 ? undefined : owner;
}
