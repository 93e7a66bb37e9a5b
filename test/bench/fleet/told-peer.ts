/**
 * A peer without a firewall: claims that it makes up, published as a firewall publishes them. So that what hears it is
 * measured alone.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { claimKey, type Claim } from '../../../src/claims/claim.ts';
import { shardOf } from '../../../src/claims/state.ts';
import { netOf } from '../../../src/domain/net.ts';
import { encodePeerFile, type PublishedFile } from '../../../src/fleet/peer-file.ts';
import { fileOf } from '../../../src/fleet/told.ts';
import { encodeClaims } from '../../../src/ledger/store/codec.ts';
import { keyOf, signingRun } from '../../support/fleet-of-memory.ts';

const DAY_MS = 24 * 3600 * 1000;

export class ToldPeer {
  readonly name: string;
  /** By path, then by key. */
  readonly #shards = new Map<string, Map<string, Claim>>();
  readonly #files = new Map<string, PublishedFile>();
  readonly #changed = new Set<string>();
  #sequence = Date.now();

  constructor(name: string) {
    this.name = name;
  }

  /** Its public key, as policy.yaml has it. */
  get key(): string {
    return `ssh-ed25519 ${keyOf(this.name).key.base64}`;
  }

  /** The part of a policy that believes it. */
  get policy(): string {
    return `peers:\n  ${this.name}: { key: "${this.key}", claims: 1000000 }\n`;
  }

  /** Claims these for a day, or ends what it claimed, by tombstones. */
  claim(ips: readonly string[], { isBanned = true } = {}): void {
    const since = Date.now();
    const until = since + DAY_MS;
    const details = { said: since, ports: 'all', protocols: 'all' };
    for (const ip of ips) {
      const head = { ip: netOf(ip), server: 'web1', jail: 'sshd' };
      const claim: Claim = isBanned
        ? { ...head, bans: [{ heard: since, since, until }], details }
        : { ...head, bans: [], unbanned: since, forget: until };
      const path = `${shardOf(claim.ip)}.yaml`;
      const shard = this.#shards.get(path) ?? new Map<string, Claim>();
      this.#shards.set(path, shard.set(claimKey(claim), claim));
      this.#changed.add(path);
    }
  }

  /** Publishes into the folder. */
  async publish(folder: string): Promise<void> {
    this.#sequence = Math.max(this.#sequence + 1, Date.now());
    for (const path of this.#changed) {
      const text = encodeClaims(this.#shards.get(path)?.values() ?? []);
      this.#files.set(path, { ...fileOf(path, text), since: this.#sequence });
      write(join(folder, path), text);
    }
    this.#changed.clear();
    const files = Array.from(this.#files.values());
    const text = encodePeerFile({
      ...{ name: this.name, files },
      ...{ sequence: this.#sequence, published: Date.now() },
    });
    const { stdout } = await signingRun(keyOf(this.name))('ssh-keygen', [], { input: text });
    write(join(folder, 'peer.yaml.sig'), stdout);
    write(join(folder, 'peer.yaml'), text);
  }
}

/** As a mover writes it: whole at once. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}
