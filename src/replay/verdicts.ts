/**
 * What a policy, or one after the other, makes of claims and of itself over a time: judged by the same function as in
 * a pass, many claims at once, and again where an entry of the policy ends. Pure.
 */
import type { Net } from '../domain/net.ts';
import { DENY_JAIL } from '../domain/names.ts';
import { judgePast } from '../desired/conclude.ts';
import { droppedFor } from '../policy/dropped-claim.ts';
import { whyIgnoredText, type WhyIgnored } from '../policy/why-ignored.ts';
import type { Epoch } from './epochs.ts';
import type { Piece } from './timeline.ts';

/** Who bans, and whether that counts. */
export interface Label {
  readonly server: string;
  readonly jail: string;
  /** Undefined: it is enforced. */
  readonly why: WhyIgnored | undefined;
  /** Of what policy.yaml denies. */
  readonly denied:
    { readonly net: Net; readonly line: number; readonly note: string | undefined } | undefined;
}

/** It held of the net from then to then, in milliseconds since 1970. */
export interface Span {
  readonly net: Net;
  readonly label: Label;
  readonly from: number;
  readonly to: number;
}

interface VerdictsOptions {
  readonly epochs: readonly Epoch[];
  readonly ownAddresses: readonly Net[];
  /** The same for all policies that are compared. */
  readonly labels: Labels;
}

export class Verdicts {
  readonly #epochs: readonly Epoch[];
  readonly #ownAddresses: readonly Net[];
  readonly #labels: Labels;

  constructor({ epochs, ownAddresses, labels }: VerdictsOptions) {
    this.#epochs = epochs;
    this.#ownAddresses = ownAddresses;
    this.#labels = labels;
  }

  /** What becomes of each piece. */
  of(pieces: readonly Piece[]): readonly (readonly Span[])[] {
    const spans = pieces.map((): Span[] => []);
    for (const epoch of this.#epochs) {
      const inside = Array.from(pieces.entries()).filter(
        ([, { from, to }]) => from < epoch.to && to > epoch.from,
      );
      this.#judge(epoch, inside, (index, span) => spans[index]?.push(span));
    }
    return spans;
  }

  /** What the policies themselves deny. */
  denied(): readonly Span[] {
    return this.#epochs.flatMap(({ from, to, policy }) =>
      judgePast([], { policy, ownAddresses: this.#ownAddresses, now: from }).deny.map(
        ({ net, line, note }): Span => {
          const denied = { server: DENY_JAIL, jail: DENY_JAIL, why: undefined, denied: { net, line, note } };
          return { net, label: this.#labels.same(denied), from, to };
        },
      ),
    );
  }

  #judge(
    { from: start, to: end, policy }: Epoch,
    pieces: readonly (readonly [number, Piece])[],
    take: (index: number, span: Span) => void,
  ): void {
    if (pieces.length === 0) return;
    const lives = pieces.map(([, { live }]) => live);
    const { enforced, ignored } = judgePast(lives, { policy, ownAddresses: this.#ownAddresses, now: start });
    let [nextEnforced, nextIgnored] = [0, 0];
    for (const [index, { live, ...piece }] of pieces) {
      const [from, to] = [Math.max(piece.from, start), Math.min(piece.to, end)];
      const { server, jail } = live;
      const give = (
        net: Net,
        why: WhyIgnored | undefined,
        [since, until]: readonly [number, number],
      ): void => {
        const label = this.#labels.same({ server, jail, why, denied: undefined });
        if (since < until) take(index, { net, label, from: since, to: until });
      };
      // Both are in the order of what was judged.
      const refused = ignored[nextIgnored];
      if (refused?.claim === live) {
        nextIgnored += 1;
        give(live.ip, refused.why, [from, to]);
        continue;
      }
      const counted = enforced[nextEnforced++] ?? live;
      const { until } = counted;
      give(droppedFor(counted), undefined, [from, Math.min(until, to)]);
      give(live.ip, { code: 'too-long', server }, [Math.max(from, until), to]);
    }
  }
}

/** There are few, and each is one object. */
export class Labels {
  readonly #known = new Map<string, Label>();

  same(label: Label): Label {
    const { server, jail, why, denied } = label;
    const key = [
      server,
      jail,
      denied === undefined ? '' : `${denied.line} ${denied.net.text}`,
      why === undefined ? '' : `${why.code} ${whyIgnoredText(why)}`,
    ];
    const joined = key.join(' ');
    const known = this.#known.get(joined);
    if (known === undefined) this.#known.set(joined, label);
    return known ?? label;
  }
}
