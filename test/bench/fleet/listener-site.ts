/** A firewall that believes a peer, which publishes into its folder. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { outputOf, runProgram } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { crowd } from '../crowd.ts';
import { ToldPeer } from './told-peer.ts';

export interface Site extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly peer: ToldPeer;
  /** Where what the peer published is brought. */
  readonly inbox: string;
}

/** A firewall of a fleet. */
export interface Member {
  readonly name: string;
  readonly sandbox: Sandbox;
}

/** Opens the firewall fw2 with the peer fw1, which claims so many; nothing is published yet. */
export async function openSite(claims: number, config: Readonly<Record<string, string>> = {}): Promise<Site> {
  const sandbox = await Sandbox.open();
  const peer = new ToldPeer('fw1');
  await joinFleet(sandbox, 'fw2', config);
  sandbox.writePolicy(peer.policy);
  peer.claim(crowd(claims));
  return {
    ...{ sandbox, peer, inbox: join(sandbox.folder, 'fleet/in/fw1') },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

/** Makes it a member, on the engine `folder` unless the config says otherwise. */
export async function joinFleet(
  sandbox: Sandbox,
  name: string,
  { fleet = '', ...config }: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [folder, key] = [join(sandbox.folder, 'fleet'), join(sandbox.folder, 'fleet_key')];
  await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
  mkdirSync(join(folder, 'in'), { recursive: true });
  sandbox.configure({ ...config, fleet: `{ name: ${name}, folder: ${folder}, key: ${key}${fleet} }` });
}

/** How many a set of the kernel holds. */
export async function membersOf(set: string): Promise<number> {
  const { stdout } = await runProgram(['ipset', 'list', '-terse', set]);
  return Number(/Number of entries: (\d+)/.exec(stdout)?.[1] ?? 0);
}

/** Waits until the controller has enforced and saved so many claims. */
export async function settledWith(sandbox: Sandbox, claims: number): Promise<void> {
  await eventually(() => {
    const status = sandbox.status();
    const isUnderWay = status.conditions.some(({ reason }) => reason === 'PassUnderWay');
    if (status.claims < claims || isUnderWay) throw new Error(`${status.claims} claims of ${claims}`);
  });
}
