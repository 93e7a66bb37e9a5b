/** The data plane of iptables and ipset: rules and sets of the filter table. */
import { byLinesAlone, longTextOf, renderSets } from './apply/render-sets.ts';
import { transactionsOf, type Transaction } from './apply/transactions.ts';
import type { Config } from '../../config/config.ts';
import type { Desired } from '../../desired/desire.ts';
import type { Problem } from '../../domain/conditions.ts';
import type { Family, Net } from '../../domain/net.ts';
import { droppedTraffic, rulesOn } from './observed/about-address.ts';
import { adopt } from './observed/adopt.ts';
import { droppedSince, netDrops, uncountedChains } from './observed/count-drops.ts';
import type { Observed, RawTable } from './observed/observe.ts';
import type { Change, SetChange } from './plan/change.ts';
import { emptiedChains, isEmptied } from './plan/emptied.ts';
import { newlyDropped } from './plan/newly-dropped.ts';
import { plan, type Plan } from './plan/plan.ts';
import { earlyTable } from './wanted/early.ts';
import { rulesetOf, type Ruleset } from './wanted/ruleset.ts';
import { afterChanges } from './plan/after-changes.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import type { Tools } from '../../system/firewall/iptables.ts';
import { untilQuiet } from '../../system/firewall/quiet-table.ts';
import { untilAllEnded } from '../../system/patience.ts';
import { isSetChange } from '../change.ts';
import type { Adoptable, Dataplane, SetSize, Signs, StandingRule } from '../dataplane.ts';
import type { JailDrops, NetDrops } from '../drops.ts';
import { backendProblems } from './backend-problems.ts';
import { notAdoptable } from './not-adoptable.ts';
import {
  listTable,
  readFirewall,
  readRaw,
  readTable,
  type TableReading,
  type ReadFirewallOptions,
} from './read-firewall.ts';
import { rulesetMeans } from './ruleset-means.ts';
import { sizesOf } from './sizes.ts';

/** Some milliseconds of work, and one megabyte. */
const MAX_LINES_AT_ONCE = 20_000;

interface IptablesSettings {
  readonly family: Family;
  readonly config: Pick<Config, 'backend' | 'chainPrefix' | 'hooks' | 'verdict'> &
    Partial<Pick<Config, 'early'>>;
  readonly now: () => number;
}

interface After {
  readonly observed: Observed;
  readonly isRead: boolean;
}

/** What stood before, of this data plane. */
interface IptablesSigns extends Signs {
  readonly trusted: Observed | undefined;
}

export class IptablesDataplane implements Dataplane {
  readonly noise = new Set<string>();
  /** Sets that only rules of ours were in the way of: the kernel counts these for a while after they went. */
  readonly #free = new Set<string>();
  readonly #tools: Tools;
  readonly #settings: IptablesSettings;
  readonly #place: ReadFirewallOptions;
  #refused: RawTable | undefined;

  constructor(tools: Tools, settings: IptablesSettings) {
    const { family, config, now } = settings;
    this.#tools = tools;
    this.#settings = settings;
    this.#place = { family, prefix: config.chainPrefix, now };
  }

  rulesetOf(desired: Desired, before?: Ruleset): Ruleset {
    return rulesetOf(desired, rulesetMeans(this.#settings.config, this.#tools), before);
  }

  async read(known?: Observed): Promise<Observed> {
    const [raw, reading] = await untilAllEnded([
      this.#readRaw(known),
      readFirewall(this.#tools, { ...this.#place, known }),
    ]);
    return { ...this.#note(reading), raw };
  }

  /** The table as it is, with the sets as they were: of these nothing is heard. */
  async readAgain(known: Observed): Promise<Observed> {
    const raw = await this.#readRaw(known);
    return { ...this.#note(await readTable(this.#tools, this.#place)), sets: known.sets, raw };
  }

  plan(wanted: Ruleset, observed: Observed, settled?: Ruleset): Plan {
    const { config, now } = this.#settings;
    const { hooks, chainPrefix: prefix } = config;
    const { variant } = this.#tools;
    return plan(wanted, observed, { hooks, prefix, variant, now: now(), free: this.#free, settled });
  }

  async apply({ changes }: Plan): Promise<void> {
    for (const transaction of transactionsOf(changes)) {
      const tried = this.#carryOut(transaction);
      await (beginsRaw(transaction) ? tried.catch(this.#noteRefusal) : tried);
    }
  }

  async after({ ruleset, changes, isPartial, blockedSets }: Plan, before: Observed): Promise<After> {
    const isRead = changes.some((change) => !isSetChange(change));
    for (const set of blockedSets) this.#free.add(set);
    if (isPartial) return { observed: await this.read(), isRead };
    // That ipset took each line is the check of a set; of a table what it holds is read.
    const observed = isRead ? await this.readAgain(before) : before;
    return { observed: afterChanges(observed, ruleset, changes), isRead };
  }

  isEmptied(observed: Observed, before: Ruleset | undefined, signs: IptablesSigns): boolean {
    const { hooks } = this.#settings.config;
    const early = before !== undefined && earlyTable(before).jumps.length > 0;
    return isEmptied(observed, before, { ...signs, hooks, early });
  }

  async untilQuiet(): Promise<void> {
    const { family, config } = this.#settings;
    await untilQuiet(async () => {
      const raw = config.early === true ? await this.#tools.listRaw(family).catch(() => '') : '';
      return raw + (await listTable(this.#tools, this.#place));
    });
  }

  problemsOf(ruleset: Ruleset, observed: Observed): readonly Problem[] {
    return backendProblems(ruleset, observed, { tools: this.#tools, config: this.#settings.config });
  }

  sizesOf(ruleset: Ruleset, observed: Observed): readonly SetSize[] {
    return sizesOf(ruleset, observed);
  }

  newlyDropped(changes: readonly Change[], ruleset: Ruleset): ReadonlySet<string> {
    return newlyDropped(changes, ruleset);
  }

  emptiedChains(observed: Observed, wanted: Ruleset): readonly string[] {
    return emptiedChains(observed, wanted);
  }

  rulesIn({ chains }: Observed, chain: string): readonly string[] {
    return (chains.get(chain) ?? []).flatMap((rule) =>
      rule.kind === 'ours' ? [rule.rule?.text ?? rule.printed] : [],
    );
  }

  rulesOn(observed: Observed, touches: (net: Net) => boolean): readonly StandingRule[] {
    return rulesOn(observed, touches);
  }

  droppedTraffic(observed: Observed, ip: Net): readonly string[] | undefined {
    return droppedTraffic(observed, ip, this.#settings.config.hooks);
  }

  drops(ruleset: Ruleset, observed: Observed): Iterable<NetDrops> {
    return netDrops(ruleset, observed);
  }

  uncounted(ruleset: Ruleset, observed: Observed): readonly string[] {
    return uncountedChains(ruleset, observed);
  }

  droppedSince(before: Observed | undefined, ruleset: Ruleset, observed: Observed): readonly JailDrops[] {
    return droppedSince(before, ruleset, observed);
  }

  adoptable(observed: Observed): Adoptable {
    const { family, config, now } = this.#settings;
    const { bans, others } = adopt(observed, { prefix: config.chainPrefix, now: now() });
    return { bans, obstacle: others.length > 0 ? notAdoptable(family, others) : undefined };
  }

  /** All of filter stands without the table raw: where a kernel or a container has none, no ban is to wait for it. */
  readonly #noteRefusal = (error: unknown): void => {
    if (!(error instanceof BanspoolError) || error.code === 'unacknowledged') throw error;
    this.#refused = { kind: 'refused', reason: messageOf(error) };
  };

  async #readRaw(known: Observed | undefined): Promise<RawTable> {
    this.#refused ??= known?.raw?.kind === 'refused' ? known.raw : undefined;
    if (this.#refused !== undefined) return this.#refused;
    const { family, prefix } = this.#place;
    const isUsed = this.#settings.config.early === true;
    return readRaw(this.#tools, { family, prefix, isUsed, known: known?.raw });
  }

  async #carryOut(transaction: Transaction): Promise<void> {
    const { sets, piecemeal, restore } = this.#tools;
    if (transaction.tool === 'iptables') return restore(this.#settings.family, transaction.text);
    if (transaction.tool === 'nft') return piecemeal?.change(transaction.text);
    if (sets.kind === 'usable') return this.#changeSets(sets, transaction.changes);
    throw new Error(`a plan for sets where there are none: ${sets.reason}`);
  }

  /** Where ipset refuses it as it is cheapest, by single lines alone: a set may be made as nobody here knows of. */
  async #changeSets(sets: UsableSets, changes: readonly SetChange[]): Promise<void> {
    try {
      await restoreSets(sets, changes);
    } catch (error) {
      const plain = changes.map(byLinesAlone);
      if (plain.every((change, index) => change === changes[index])) throw error;
      await restoreSets(sets, plain);
    }
  }

  #note({ observed, noise }: TableReading): Observed {
    for (const line of noise) this.noise.add(line);
    return observed;
  }
}

/** True for what puts our chain into the table raw. */
function beginsRaw(transaction: Transaction): boolean {
  return (
    transaction.tool === 'iptables' &&
    transaction.changes.some(({ kind, table }) => kind === 'create' && table === 'raw')
  );
}

type UsableSets = Extract<Tools['sets'], { readonly kind: 'usable' }>;

async function restoreSets(sets: UsableSets, changes: readonly SetChange[]): Promise<void> {
  const text = longTextOf(changes);
  await (text.lines > MAX_LINES_AT_ONCE ? sets.restoreLong(text) : sets.restore(renderSets(changes)));
}
