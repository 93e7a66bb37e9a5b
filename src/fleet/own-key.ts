/**
 * The key that this firewall signs its publications with. It is the owner's of the state, who signs: root makes and
 * reads it as that user, so that whatever that account has put in its place leads root nowhere.
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
  /** It was made for this call. */
  readonly isNew: boolean;
}

/** The public half of the private key at `path`, which is made where there is none and is never written over. */
export async function ownKey(world: Needs, path: string, comment: string): Promise<OwnKey> {
  const isNew = world.files.stamp(path) === undefined;
  if (isNew) {
    const words = ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path];
    await keygen(world, words, `cannot make the key ${path}`);
  }
  // The file beside it may be of another key, or gone.
  const said = await keygen(world, ['-y', '-P', '', '-f', path], `cannot read the key ${path}`);
  const parsed = parsePublicKey(said);
  if (parsed.kind === 'key' && parsed.key.type === 'ssh-ed25519') return { key: parsed.key, isNew };
  const reason = parsed.kind === 'key' ? `it is of type ${parsed.key.type}` : parsed.reason;
  throw new BanspoolError('config', `the key ${path} cannot sign for a fleet: ${reason}`, {
    hint: 'name a key of type ssh-ed25519 in the config (fleet, key), or move this one away and run banspool peers key',
  });
}

/** The same of a key that is there; undefined where there is none, or where it cannot be read. */
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

/** As whom root runs ssh-keygen; undefined: as itself. */
function signerOf(config: World['config']): Identity | undefined {
  const owner = isRoot() ? ownerOfState(config) : undefined;
  return owner?.uid === 0 ? undefined : owner;
}
