/** Reads files of the spool into intents that may be folded, and reasons to refuse; changes none of them. */
import { clampTime } from '../intent/clamp.ts';
import type { Intent } from '../intent/intent.ts';
import { parseIntent, type ParsedIntent } from '../intent/parse.ts';
import { originOf } from '../domain/origin.ts';
import type { Services } from '../domain/services.ts';
import type { Policy } from '../policy/policy.ts';
import { Quota } from '../policy/quota.ts';
import type { Growing } from './growing.ts';
import { fileStateOf } from './file-state.ts';
import type { SentIntent } from '../claims/fold.ts';
import type { Census } from '../policy/census.ts';
import type { State } from '../claims/state.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { SpoolEntry } from '../system/files/spool-files.ts';
import type { World } from '../world/world.ts';

export interface TakenFile {
  readonly server: string;
  readonly entry: SpoolEntry;
  readonly stamp: string;
}

export interface RefusedFile {
  readonly server: string;
  readonly entry: SpoolEntry;
  readonly refusal: Refusal;
}

export interface ReaderOptions {
  readonly state: State;
  readonly policy: Policy;
  readonly services: Services;
  readonly now: number;
  readonly census: Census;
  readonly growing: Growing;
}

/** What a file said, and which content of it that was. */
export interface ReadIntent {
  readonly stamp: string;
  readonly value: ParsedIntent;
}

export class SpoolReader {
  readonly sent: SentIntent[] = [];
  /** To be removed once what they say is on disk. */
  readonly files: TakenFile[] = [];
  readonly refused: RefusedFile[] = [];
  readonly warnings: string[] = [];
  /** When the file of each ban was last written, in milliseconds since 1970. */
  readonly banArrivals: number[] = [];
  /** How many milliseconds each ban waited that was enforced ahead of this reading. */
  readonly waited: number[] = [];
  /** Files that could not be opened; they stay. */
  readonly forbidden: string[] = [];
  /** How many bans the snapshots of a server listed. */
  readonly listed = new Map<string, number>();
  /** By SERVER/NAME, so that a later reading needs not to do it again. */
  readonly parsed = new Map<string, ReadIntent>();
  readonly #world: World;
  readonly #options: ReaderOptions;
  readonly #known: ReadonlyMap<string, ReadIntent>;
  #quota: Quota | undefined;

  /** `known`: what an earlier reading parsed. */
  constructor(world: World, options: ReaderOptions, known: ReadonlyMap<string, ReadIntent>) {
    this.#world = world;
    this.#options = options;
    this.#known = known;
  }

  /** `enforcedAt`: when what it says was enforced already, in milliseconds since 1970. */
  read(server: string, entry: SpoolEntry, enforcedAt?: number): void {
    const { config, spoolFiles } = this.#world;
    const { growing, now } = this.#options;
    const place = `${server}/${entry.name}`;
    const folder = `${config.spool}/${server}`;
    if (growing.has(place) && growing.isUnchanged(place, spoolFiles.measure(folder, entry)?.stamp)) return;
    const state = fileStateOf(entry, spoolFiles.read(folder, entry), now);
    growing.forget(place);
    if (state.kind === 'gone') return;
    if (state.kind === 'growing') growing.note(place, state);
    else if (state.kind === 'forbidden') this.forbidden.push(`${place}: ${state.reason}`);
    else if (state.kind === 'refused') this.refused.push({ server, entry, refusal: state.refusal });
    else {
      const taken = this.#take(server, place, state);
      if (taken.kind === 'refused') this.refused.push({ server, entry, refusal: taken.refusal });
      else {
        const { intent, warnings } = taken;
        this.sent.push({ server, intent });
        this.files.push({ server, entry, stamp: state.stamp });
        if (intent.intent === 'ban') {
          if (enforcedAt === undefined) this.banArrivals.push(state.changedAt);
          else this.waited.push(enforcedAt - state.changedAt);
        }
        if (intent.intent === 'snapshot')
          this.listed.set(server, (this.listed.get(server) ?? 0) + intent.bans.length);
        this.warnings.push(...warnings.map((warning) => `${place}: ${warning}`));
      }
    }
  }

  #take(server: string, place: string, { bytes, stamp }: { bytes: Uint8Array; stamp: string }): Taken {
    const parsed = this.#parse(server, place, { bytes, stamp });
    if (parsed.kind === 'refused') return parsed;
    const { now } = this.#options;
    this.#quota ??= new Quota(this.#options);
    const { intent, aheadSeconds } = clampTime(parsed.intent, now);
    const refusal = this.#quota.refusalOf(server, intent);
    if (refusal !== undefined) return { kind: 'refused', refusal };

    this.#quota.accept(server, intent);
    const warnings = [...parsed.warnings];
    if (aheadSeconds !== undefined) {
      warnings.push(`its time is ${aheadSeconds} s ahead of this machine's clock and was set to now`);
    }
    if ('until' in intent && intent.until <= now) {
      const seconds = Math.round((now - intent.until) / 1000);
      warnings.push(
        `the ban ended ${seconds} s before it arrived and is not enforced: it arrived late, or the clock of ${server} is behind`,
      );
    }
    return { kind: 'taken', intent, warnings };
  }

  #parse(server: string, place: string, file: { bytes: Uint8Array; stamp: string }): ParsedIntent {
    const known = this.#known.get(place);
    const { services } = this.#options;
    const value =
      known?.stamp === file.stamp
        ? known.value
        : parseIntent(file.bytes, { services, operator: originOf(server).isTrusted });
    this.parsed.set(place, { stamp: file.stamp, value });
    return value;
  }
}

type Taken =
  | { readonly kind: 'taken'; readonly intent: Intent; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
