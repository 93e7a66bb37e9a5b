/** `banspool fetch`: fetches lists from the network. */
import { decodeOrders, type Order } from '../../fetch/orders.ts';
import { ordersPath } from '../../fetch/order-writer.ts';
import { previewFetch } from '../../fetch/preview-fetch.ts';
import { runFetch } from '../../fetch/run-fetch.ts';
import { fetchedFolder } from '../../lists/fetched-note.ts';
import { makeAccounts } from '../../system/accounts.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import { access } from '../../system/files/access.ts';
import { openDraft } from '../../system/web/draft.ts';
import { readGiven } from '../../system/host.ts';
import { packageVersion } from '../../system/package-version.ts';
import { runAnewAs } from '../../system/processes/act-anew.ts';
import type { Identity } from '../../system/user.ts';
import { ask } from '../../system/web/ask.ts';
import type { World } from '../../world/world.ts';
import { newCommand, withUtc, type AddCommand, type CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { zoneOf } from '../io.ts';
import { openWorld, ownerToActAs } from '../open-world.ts';

interface Options {
  readonly config: string;
  readonly list?: string;
  readonly now?: true;
  readonly dryRun?: true;
  readonly utc?: true;
}

export const addFetch: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'fetch', 'fetch the lists of policy.yaml that have a url, if they are due'))
    .option('--list <name>', 'fetch this list alone')
    .option('--now', 'fetch lists that are not due, too')
    .option('--dry-run', 'print which lists are due, and fetch none')
    .addHelpText(
      'after',
      '\nIt changes no rule: the controller reads what it fetched. banspool-fetch.timer runs it.\n' +
        'If a list cannot be fetched, its last content stays.',
    )
    .action(async (options: Options) => {
      const world = await openWorld(context.io, options.config);
      const known = await readOrders(world, context);
      // Root speaks with no stranger, and writes nothing where the owner of the state may have put a link.
      if (ownerToActAs(world.config) !== undefined)
        process.exit(await runAnewAs(await findFetcher(world), context.io.given));
      const orders = chosen(known ?? [], options.list);
      const all = options.now === true;
      if (known === undefined) {
        const path = ordersPath(world.config);
        world.log.info(
          `nothing to fetch: the controller writes ${path} when a list in policy.yaml has a url`,
        );
      } else if (options.dryRun === true)
        context.io.out(await previewFetch(world, { orders, all, zone: zoneOf(context.io, options) }));
      else await fetchAll(world, context, { orders, all });
    });
};

const ACCOUNT = 'banspool-fetch';

async function findFetcher({ run }: World): Promise<Identity> {
  const account = await makeAccounts(run).find(ACCOUNT);
  if (account !== undefined) return account;
  throw new BanspoolError('io', `there is no account ${ACCOUNT}, as which root fetches lists`, {
    hint: `useradd --system --no-create-home --shell /usr/sbin/nologin ${ACCOUNT} creates it`,
  });
}

const STOPPED_BY = ['SIGTERM', 'SIGINT'] as const;

const MOST_BYTES = 4 * 1024 * 1024;

/** Undefined where the controller wants none. */
async function readOrders(world: World, { io }: CommandContext): Promise<readonly Order[] | undefined> {
  const path = ordersPath(world.config);
  const text = await io.given
    .read(path, () => world.files.readAtMost(path, MOST_BYTES))
    .catch((error: unknown) => {
      throw new BanspoolError('io', `cannot read ${path}: ${messageOf(error)}`, {
        cause: error,
        hint: 'run it as root, or as a member of the group that owns the file',
      });
    });
  if (text === undefined) return undefined;
  const orders = decodeOrders(text);
  if (orders === undefined)
    throw new BanspoolError('io', `${path} is damaged, or of another version of banspool`, {
      hint: 'restart the controller, which writes it again: systemctl restart banspool',
    });
  return orders;
}

function chosen(orders: readonly Order[], name: string | undefined): readonly Order[] {
  if (name === undefined) return orders;
  const found = orders.filter((order) => order.name === name);
  if (found.length > 0) return found;
  const names = orders.map((order) => order.name).join(', ');
  throw new BanspoolError('usage', `no list "${name}" is to be fetched`, {
    hint:
      names === '' ? 'docs/lists.md describes lists from the network' : `lists from the network are ${names}`,
  });
}

async function fetchAll(
  world: World,
  context: CommandContext,
  { orders, all }: { readonly orders: readonly Order[]; readonly all: boolean },
): Promise<void> {
  const folder = fetchedFolder(world.config);
  if (access(folder, 'write') === 'forbidden')
    throw new BanspoolError('io', `this user cannot write to ${folder}`, {
      hint: 'run it as root; the folder must belong to banspool-fetch',
    });
  const stop = new AbortController();
  const end = (name: NodeJS.Signals): void => {
    if (name === 'SIGINT') context.exitCode = EXIT.interrupted;
    stop.abort();
  };
  for (const name of STOPPED_BY) process.on(name, end);
  const needs = { ask, openDraft, readAuthority, chance: Math.random, version: packageVersion() };
  const failures = await runFetch(world, { needs, orders, all, signal: stop.signal }).finally(() => {
    for (const name of STOPPED_BY) process.off(name, end);
  });
  if (failures > 0 && !stop.signal.aborted) context.exitCode = EXIT.failed;
}

/** Whoever may not read it is told of its path. */
async function readAuthority(path: string): Promise<string> {
  const text = await readGiven(path);
  if (text === undefined) throw new BanspoolError('io', 'there is no such file');
  return text;
}
