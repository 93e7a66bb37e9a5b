/** Reads all that a pass folds and judges by, but for the spool: state, policy, and what only this machine knows. */
import type { Reading } from '../ledger/ledger.ts';
import { parseNet, type Net } from '../domain/net.ts';
import { parseServices, type Services } from '../domain/services.ts';
import type { Memory } from './memory.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { World } from '../world/world.ts';

export interface Inputs extends Reading {
  readonly services: Services;
  readonly ownAddresses: readonly Net[];
}

interface LoadOptions {
  readonly kind: PassKind;
  /** For who only looks: see ledger/policy-in-force.ts. */
  readonly mayGuess?: boolean;
}

/** Loads; throws when the state cannot be read: then nothing may be concluded from what is missing. */
export async function loadInputs(
  world: World,
  memory: Memory,
  { kind, mayGuess = false }: LoadOptions,
): Promise<Inputs> {
  const reading = await memory.ledger.read({ isFull: kind === 'full', mayGuess });
  if (memory.services === undefined || kind === 'full') memory.services = parseServices(world.servicesText());
  const ownAddresses = world.ownAddresses().flatMap((text) => parseNet(text) ?? []);
  return { ...reading, services: memory.services, ownAddresses };
}
