/** What only this machine knows: its addresses, and its names of ports, which are read again by full passes alone. */
import { parseNet, type Net } from '../domain/net.ts';
import { parseServices, type Services } from '../domain/services.ts';
import type { World } from '../world/world.ts';

export interface MachineReading {
  readonly services: Services;
  readonly ownAddresses: readonly Net[];
}

export class Machine {
  readonly #world: Pick<World, 'servicesText' | 'ownAddresses'>;
  #services: Services | undefined;

  constructor(world: Pick<World, 'servicesText' | 'ownAddresses'>) {
    this.#world = world;
  }

  /** Reads; `isFull`: also what seldom changes. */
  read({ isFull }: { readonly isFull: boolean }): MachineReading {
    if (this.#services === undefined || isFull) this.#services = parseServices(this.#world.servicesText());
    const ownAddresses = this.#world.ownAddresses().flatMap((text) => parseNet(text) ?? []);
    return { services: this.#services, ownAddresses };
  }
}
