/**
 * From fail2ban's decision on a server to the drop on the firewall, in the lab: real fail2ban, sender, ssh, sshd, rsync
 * and controller. Each step is told by the files that it leaves; beside all of it stands a bare ssh over a connection
 * that is open already, to a login that runs `true`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import type { Machine } from '../lab/machine.ts';
import type { Bench } from './bench.ts';
import { figureOf, type Figure } from './figure.ts';
import { BARE_FOLDER, Witness, type Step, STEPS } from './witness.ts';

const ROUNDS = 20;
const ROWS = 6;
const BURSTS = 2;
const BURST = 100;

/** A ban that comes this long after the last is the first of a row: see pace() in action.d/send/ship.sh. */
const REST_MS = 3_200;

/** What a ban leaves to do once it is in force: the sender's end, and the pass's commit. */
const AFTER_MS = 700;

const BARE = '/tmp/.bare';
const SSH = `ssh -F /etc/banspool/ssh_config -o IdentityFile=/etc/bare -o ControlMaster=auto -o ControlPersist=600 \
-o ControlPath=${BARE}`;
const SSH_TRUE = `${SSH} firewall true </dev/null >/dev/null`;

export async function fromServer(bench: Bench): Promise<readonly Figure[]> {
  await using network = await GuardedNetwork.build({ servers: 1, project: bench.build.folder });
  const server = network.server(1);
  await openBare(network);
  using witness = new Witness(network);
  return [
    ...(await loneBans(bench, network, witness)),
    await secondsOfRows(bench, server, witness),
    ...(await bursts(bench, network, witness)),
  ];
}

/** A second key of the same account, without a forced command, a connection that stands, and a folder. */
async function openBare({ firewall, servers: [server] }: GuardedNetwork): Promise<void> {
  await firewall.sh(`install -d -o fail2ban ${BARE_FOLDER}`);
  const key = await server?.sh("ssh-keygen -q -t ed25519 -N '' -f /etc/bare; cat /etc/bare.pub");
  await firewall.exec(['sh', '-ec', 'cat >>/var/lib/banspool-keys/.ssh/authorized_keys'], {
    input: `restrict ${key ?? ''}`,
  });
  await server?.sh(`${SSH_TRUE} 2>&1`);
}

/** Milliseconds, by the clock of the server itself: to enter it is not counted. */
async function bareSsh(server: Machine): Promise<number> {
  return (
    Number(await server.sh(`a=$(date +%s%N); ${SSH_TRUE} 2>&1; echo $((($(date +%s%N) - a) / 1000))`)) / 1_000
  );
}

/** Milliseconds until a file is there that rsync alone brings over the same connection: no sender is faster. */
async function bareRsync(server: Machine, witness: Witness, name: string): Promise<number> {
  const files = `/etc/hostname firewall:${BARE_FOLDER}/${name}`;
  const rsync = `rsync --perms --chmod=F644 --whole-file --timeout=60 -e '${SSH}' ${files}`;
  const started = Number(await server.sh(`date +%s%N; exec ${rsync} </dev/null >/dev/null`)) / 1_000_000;
  return (await witness.arrivalOf(name)) - started;
}

async function loneBans(
  bench: Bench,
  { firewall, servers: [server] }: GuardedNetwork,
  witness: Witness,
): Promise<readonly Figure[]> {
  if (server === undefined) return [];
  const [bare, rsync]: [number[], number[]] = [[], []];
  const seen = new Map<Step, number[]>(STEPS.map((step) => [step, []]));
  const processes: Readonly<Record<'server' | 'firewall', number[]>> = { server: [], firewall: [] };
  for (let round = 1; round <= bench.rounds(ROUNDS); round += 1) {
    await bench.turn();
    await delay(REST_MS);
    bare.push(await bareSsh(server));
    rsync.push(await bareRsync(server, witness, String(round)));
    const before = [await lastProcess(server), await lastProcess(firewall)] as const;
    const address = `10.1.${Math.floor(round / 250)}.${round % 250}`;
    const times = await witness.see(address, () => banAt(server, [address]));
    for (const [step, list] of seen) list.push(times[step]);
    await delay(AFTER_MS);
    // One of them is of the look itself.
    processes.server.push((await lastProcess(server)) - before[0] - 1);
    processes.firewall.push((await lastProcess(firewall)) - before[1] - 1);
  }
  const lone = figureOf('from a server: a lone ban', seen.get('dropped') ?? [], {
    bare: { what: 'ssh true', samples: bare },
    goal: { words: '2 times bare', most: { ratio: 2 } },
  });
  const steps = STEPS.map((step) => figureOf(`  until ${step}`, seen.get(step) ?? []));
  const counts = (['server', 'firewall'] as const).map((where) =>
    figureOf(`  processes on the ${where}`, processes[where], { unit: 'count' }),
  );
  return [lone, ...steps, figureOf('  a bare rsync until its file is there', rsync), ...counts];
}

/** Two calls of fail2ban-client, one after the other: from the decision of the second to its drop. */
async function secondsOfRows(bench: Bench, server: Machine, witness: Witness): Promise<Figure> {
  const samples: number[] = [];
  for (let round = 1; round <= Math.min(ROWS, bench.rounds(ROWS)); round += 1) {
    await bench.turn();
    await delay(REST_MS);
    const [first, second] = [`10.2.${round}.1`, `10.2.${round}.2`];
    const times = await witness.see(second, async () => {
      await banAt(server, [first]);
      await banAt(server, [second]);
    });
    samples.push(times.dropped);
    await delay(AFTER_MS);
  }
  return figureOf('from a server: the second ban of a quick row', samples, {
    goal: { words: '250 ms', most: { median: 250 } },
  });
}

/** One call of fail2ban-client with many: from the decision on the last until all are delivered, and how often. */
async function bursts(
  bench: Bench,
  { servers: [server] }: GuardedNetwork,
  witness: Witness,
): Promise<readonly Figure[]> {
  if (server === undefined) return [];
  const [samples, deliveries]: [number[], number[]] = [[], []];
  for (let round = 1; round <= Math.min(BURSTS, bench.rounds(BURSTS)); round += 1) {
    await bench.turn();
    await delay(REST_MS);
    const addresses = Array.from({ length: BURST }, (_, index) => `10.3.${round}.${index + 1}`);
    samples.push(await witness.seeDelivered(addresses, () => banAt(server, addresses)));
    await delay(AFTER_MS);
    deliveries.push(witness.deliveries);
  }
  return [
    figureOf(`from a server: the last of a burst of ${BURST}, until delivered`, samples),
    figureOf('  deliveries of that burst', deliveries, { unit: 'count' }),
  ];
}

async function banAt(server: Machine, addresses: readonly string[]): Promise<void> {
  await server.sh(`fail2ban-client set sshd banip ${addresses.join(' ')} >/dev/null`);
}

/** Processes and threads have numbers in the order of their starts, in each machine its own. */
async function lastProcess(machine: Machine): Promise<number> {
  return Number(await machine.sh('cat /proc/sys/kernel/ns_last_pid'));
}
