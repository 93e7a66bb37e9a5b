/**
 * The nets of one region as the members of a set: what src/desired calls a Part, with no end for any. Texts are made
 * when they are asked for, and nothing keeps them.
 */
import { parseNet, type Net } from '../../domain/net.ts';
import { netAt, NOWHERE, placeAround, placeOf, textAt, type Section } from './section.ts';

/** By canonical text; each is Infinity. */
export class NetPart implements ReadonlyMap<string, number> {
  readonly section: Section;

  constructor(section: Section) {
    this.section = section;
  }

  get size(): number {
    return this.section.size;
  }

  get(text: string): number | undefined {
    return this.has(text) ? Infinity : undefined;
  }

  /** True for exactly that net, in its canonical text. */
  has(text: string): boolean {
    const net = parseNet(text);
    return net?.text === text && placeOf(this.section, net) !== NOWHERE;
  }

  forEach(look: (until: number, text: string, part: ReadonlyMap<string, number>) => void): void {
    for (const text of this.keys()) look(Infinity, text, this);
  }

  *keys(): Generator<string, undefined> {
    for (let place = 0; place < this.section.size; place += 1) yield textAt(this.section, place);
    return undefined;
  }

  *values(): Generator<number, undefined> {
    for (let place = 0; place < this.section.size; place += 1) yield Infinity;
    return undefined;
  }

  *entries(): Generator<[string, number], undefined> {
    for (const text of this.keys()) yield [text, Infinity];
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, number], undefined> {
    return this.entries();
  }

  /** The net that holds all of this one. */
  around(net: Net): Net | undefined {
    const place = placeAround(this.section, net);
    return place === NOWHERE ? undefined : netAt(this.section, place);
  }

  *nets(): Generator<Net, undefined> {
    for (let place = 0; place < this.section.size; place += 1) yield netAt(this.section, place);
    return undefined;
  }
}
