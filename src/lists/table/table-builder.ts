/** Takes ranges in any order, as many as there are, and makes the table of all their addresses. */
import { sameSections, type Section } from './section.ts';
import { NetPart } from './net-part.ts';
import { countNets } from './next-net.ts';
import { NetTable, type NetParts } from './net-table.ts';
import { Ranges4 } from './ranges4.ts';
import { Ranges6 } from './ranges6.ts';
import type { Range } from '../range.ts';

export class TableBuilder {
  readonly #ranges4 = new Ranges4();
  readonly #ranges6 = new Ranges6();

  #most = 0;

  add(range: Range): void {
    this.#most += countNets(range);
    if (range.family === 'ipv4') this.#ranges4.add(range);
    else this.#ranges6.add(range);
  }

  /** How many nets the table has at the most: fewer where some overlap or touch. */
  get most(): number {
    return this.#most;
  }

  /** Makes the table; where a region holds the same as in the one before, the part is the same object. Once only. */
  build(before?: NetTable): NetTable {
    const slices = this.buildInSlices(before);
    for (;;) {
      const slice = slices.next();
      if (slice.done === true) return slice.value;
    }
  }

  /** The same, which stops after some milliseconds of work, so that others may work meanwhile. */
  *buildInSlices(before?: NetTable): Generator<undefined, NetTable> {
    const ipv4 = new Map<string, NetPart>();
    for (const octet of this.#ranges4.octets()) {
      const region = `ipv4/${octet}`;
      ipv4.set(region, partOf(this.#ranges4.takeSection(octet), before?.parts('ipv4').get(region)));
      yield;
    }
    const sections = yield* this.#ranges6.takeSections();
    const ipv6: NetParts = new Map(
      Array.from(sections, ([region, section]) => [
        region,
        partOf(section, before?.parts('ipv6').get(region)),
      ]),
    );
    return new NetTable({ ipv4, ipv6 });
  }
}

function partOf(section: Section, before: NetPart | undefined): NetPart {
  return before !== undefined && sameSections(before.section, section) ? before : new NetPart(section);
}
