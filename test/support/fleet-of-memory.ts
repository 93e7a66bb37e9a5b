/**
 * Firewalls that share their bans, without files, programs or iptables: the parts that publish and hear are the real
 * ones, and so are the signatures. For properties, which try thousands of histories.
 */
import { generateKeyPairSync, sign, createHash, type KeyObject } from 'node:crypto';
import { foldWith, type SentIntent } from '../../src/claims/fold.ts';
import { liveClaims } from '../../src/claims/live.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { readConfig, type Config } from '../../src/config/config.ts';
import { explain } from '../../src/desired/conclude.ts';
import type { PublicKey } from '../../src/domain/public-key.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { encodePeerFile } from '../../src/fleet/peer-file.ts';
import { NAMESPACE } from '../../src/fleet/ssh-signature.ts';
import { DEFAULT_PEER_LIMITS, type PeerPolicy } from '../../src/policy/peer-policy.ts';
import { EMPTY_POLICY, type Policy } from '../../src/policy/policy.ts';
import type { Files } from '../../src/system/files/files.ts';
import type { Run } from '../../src/system/processes/run.ts';

/** Paths to texts. */
type Disk = Map<string, string>;

export class MemoryFirewall {
  readonly name: string;
  readonly disk: Disk = new Map();
  state: State = EMPTY_STATE;
  policy: Policy = EMPTY_POLICY;
  readonly #config: Config;
  readonly #run: Run;
  #fleet: Fleet;

  constructor(name: string, { run }: { readonly run: Run }) {
    this.name = name;
    this.#run = run;
    this.#config = configOf(name);
    this.#fleet = this.#open();
  }

  /** One pass, which publishes at its end unless it is stopped before. */
  async pass(
    now: number,
    { sent = [], isStopped = false, isFull = true, isUnsaved = false }: PassOptions = {},
  ): Promise<void> {
    const { policy } = this;
    const liftMemory = this.#fleet.liftMemory(policy);
    const folded = foldWith(this.state, sent, { now, liftMemory });
    const heard = await this.#fleet.hear(folded, { policy, now, isFull });
    if (isUnsaved) return;
    this.state = heard;
    this.#fleet.noteSaved();
    if (!isStopped) await this.#fleet.publish(this.state, { policy, ownAddresses: [], now }, true);
  }

  /** A new process, which knows what is on the disk alone. */
  restart(): void {
    this.#fleet = this.#open();
  }

  /** What is wrong with its peers. */
  troubles(now: number): readonly string[] {
    return this.#fleet.listener.problems(now).map(({ condition, reason }) => `${condition} ${reason}`);
  }

  /** `203.0.113.7 sshd` of each that is dropped. */
  bans(now: number): readonly string[] {
    const { policy } = this;
    const { enforced } = explain(this.state, { policy, ownAddresses: [], now }).judgement;
    return [...new Set(enforced.map(({ ip, jail }) => `${ip.text} ${jail}`))].sort();
  }

  /** The same of what its own servers and operator claim. */
  ownBans(now: number): readonly string[] {
    const own = Array.from(liveClaims(this.state, now)).filter(({ server }) => !server.includes('/'));
    return [...new Set(own.map(({ ip, jail }) => `${ip.text} ${jail}`))].sort();
  }

  /** Has what it published brought to another; `paths` says of what not, as when a copy is cut. */
  carryTo(other: MemoryFirewall, isLeftOut: (path: string) => boolean = () => false): void {
    for (const [path, text] of this.disk) {
      if (path.startsWith('/fleet/out/') && !isLeftOut(path))
        other.disk.set(path.replace('/fleet/out/', `/fleet/in/${this.name}/`), text);
    }
  }

  /** The signature of a text by its key. */
  async sign(text: string): Promise<string> {
    return (await this.#run('ssh-keygen', [], { input: text })).stdout;
  }

  /** Publishes one file of any text, and no other, as one does who has its key. */
  async publishFile(path: string, text: string, now: number): Promise<void> {
    const sha256 = createHash('sha256').update(text).digest('hex');
    const files = [{ path, bytes: Buffer.byteLength(text), sha256 }];
    const list = encodePeerFile({ name: this.name, sequence: now, published: now, files });
    this.disk.set(`/fleet/out/${path}`, text);
    this.disk.set('/fleet/out/peer.yaml', list);
    this.disk.set('/fleet/out/peer.yaml.sig', await this.sign(list));
  }

  #open(): Fleet {
    return new Fleet({ config: this.#config, files: filesOf(this.disk), run: this.#run });
  }
}

interface PassOptions {
  readonly sent?: readonly SentIntent[];
  readonly isStopped?: boolean;
  readonly isFull?: boolean;
  /** Nothing of it comes to the disk: the next pass begins from the state before. */
  readonly isUnsaved?: boolean;
}

/** Firewalls of these names, each of which is a peer of all others. */
export function openMemoryFleet(
  names: readonly string[],
  limits: Partial<PeerPolicy> = {},
): readonly MemoryFirewall[] {
  const keys = new Map(names.map((name) => [name, keyOf(name)]));
  return names.map((name) => {
    const own = keys.get(name);
    if (own === undefined) throw new Error(`there is no key of ${name}`);
    const firewall = new MemoryFirewall(name, { run: signingRun(own) });
    const peers = Array.from(keys).filter(([other]) => other !== name);
    firewall.policy = {
      ...EMPTY_POLICY,
      peers: new Map(peers.map(([other, { key }]) => [other, { ...DEFAULT_PEER_LIMITS, ...limits, key }])),
    };
    return firewall;
  });
}

export interface KeyPair {
  readonly secret: KeyObject;
  readonly key: PublicKey;
}

const KEYS = new Map<string, KeyPair>();

/** Made once: that takes its time. */
export function keyOf(name: string): KeyPair {
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const base64 = fields(['ssh-ed25519', raw]).toString('base64');
  const pair = { secret: privateKey, key: { type: 'ssh-ed25519', base64 } };
  KEYS.set(name, pair);
  return pair;
}

/** Signs as ssh-keygen does; test/fleet/ssh-signature.test.ts holds the two against each other. */
export function signingRun(pair: KeyPair): Run {
  return (_file, _words, { input = '' } = {}) =>
    Promise.resolve({ pid: 0, exitCode: 0, stdout: signatureOf(input, pair), stderr: '' });
}

/** As `ssh-keygen -Y sign` makes it. */
export function signatureOf(text: string, { secret, key }: KeyPair): string {
  const digest = createHash('sha512').update(text).digest();
  const message = Buffer.concat([Buffer.from('SSHSIG'), fields([NAMESPACE, '', 'sha512', digest])]);
  const signature = fields(['ssh-ed25519', sign(null, message, secret)]);
  const version = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    ...[Buffer.from('SSHSIG'), version],
    fields([Buffer.from(key.base64, 'base64'), NAMESPACE, '', 'sha512', signature]),
  ]);
  return `-----BEGIN SSH SIGNATURE-----\n${blob.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
}

function fields(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

const CONFIGS = new Map<string, Config>();

/** Read once, too. `more` are keys of its fleet, such as `, engine: git`. */
export function configOf(name: string, more = ''): Config {
  const text = `fleet: { name: ${name}, folder: /fleet, key: /key${more} }\n`;
  const known = CONFIGS.get(text);
  if (known !== undefined) return known;
  const read = readConfig(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  CONFIGS.set(text, read.config);
  return read.config;
}

export function filesOf(disk: Disk): Files {
  const files: Partial<Files> = {
    read: (path) => Promise.resolve(disk.get(path)),
    readAtMost: (path, most) => {
      const text = disk.get(path);
      return Promise.resolve(text === undefined || Buffer.byteLength(text) > most ? undefined : text);
    },
    write: (path, text) => {
      disk.set(path, text);
      return Promise.resolve();
    },
    makeOpenFolder: () => Promise.resolve(),
    // Long ago: nothing is a copy under way.
    modified: (path) => (disk.has(path) ? 0 : undefined),
    changed: () => undefined,
    // Whatever differs where the text does.
    stamp: (path) => disk.get(path),
  };
  return files as Files;
}
