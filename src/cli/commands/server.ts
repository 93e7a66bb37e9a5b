/** `banspool server`: which servers may drop intents, and how they get in. */
import type { Command } from 'commander';
import type { Gate } from '../../access/gate.ts';
import { letIn, listLetIn, shutOut } from '../../access/let-in.ts';
import { realGate } from '../../access/real-gate.ts';
import { BanspoolError } from '../../system/error.ts';
import { isRoot } from '../../system/host.ts';
import { serverOf } from '../arguments.ts';
import { newCommand, type AddCommand, type CommandContext } from '../command.ts';
import { fromOf, readKey } from '../../access/given-key.ts';
import { columns, json, type Io } from '../io.ts';
import { loadConfig } from '../open-world.ts';

export const addServer: AddCommand = (program, context) => {
  const group = program.command('server').description('add, list and remove servers that may send bans');
  addAdd(group, context);
  addList(group, context);
  addRemove(group, context);
};

interface AddOptions {
  readonly config: string;
  readonly key?: string;
  readonly from?: string;
  readonly scp?: boolean;
}

function addAdd(group: Command, { io }: CommandContext): void {
  newCommand(
    group,
    'add <name>',
    'create a folder in the spool for a server, and allow its ssh key to write there only',
  )
    .option(
      '--key <file>',
      "the server's public ssh key (a .pub file), - for standard input (default: its current key)",
    )
    .option('--from <patterns>', 'addresses from which the key is accepted, as in authorized_keys')
    .option('--scp', 'use scp and a separate account instead of rsync')
    .action(async (name: string, options: AddOptions) => {
      const server = serverOf(name);
      const gate = await openGate(io, options.config);
      const key = options.key === undefined ? {} : { key: await readKey(options.key, KEY_HINT) };
      const transport = options.scp === true ? ({ transport: 'scp' } as const) : {};
      const from = options.from === undefined ? {} : { from: fromOf(options.from) };
      const done = await letIn(gate, { server, ...key, ...transport, ...from });
      for (const line of done) io.err(`banspool: ${line}\n`);
      const bound = from.from === undefined ? '' : `, from ${from.from}`;
      io.err(`banspool: ${server} ${done.length === 0 ? 'is already allowed' : 'is allowed'}${bound}\n`);
    });
}

function addList(group: Command, { io }: CommandContext): void {
  newCommand(group, 'list', 'list the allowed servers')
    .option('--json', 'print JSON')
    .action(async (options: { config: string; json?: boolean }) => {
      const servers = await listLetIn(await openGate(io, options.config));
      if (options.json === true) json(io, { servers });
      else if (servers.length === 0)
        io.err('banspool: no server is allowed yet; fix: banspool server add NAME\n');
      else {
        const rows = servers.map(({ server, transport, from = 'anywhere', fingerprint }) => [
          ...[server, transport, from, fingerprint],
        ]);
        io.out(columns(io, ['SERVER', 'BY', 'FROM', 'KEY'], rows));
      }
    });
}

function addRemove(group: Command, { io }: CommandContext): void {
  newCommand(group, 'remove <name>', "remove a server's key; its bans stay until they expire").action(
    async (name: string, options: { config: string }) => {
      const gate = await openGate(io, options.config);
      for (const line of await shutOut(gate, name)) io.err(`banspool: ${line}\n`);
      io.err(
        `banspool: ${name} is removed; its bans stay until they expire: see banspool list and banspool unban\n`,
      );
    },
  );
}

/** Everything here belongs to root. */
async function openGate(io: Io, config: string): Promise<Gate> {
  if (!isRoot())
    throw new BanspoolError('usage', 'only root may list and change the allowed servers', {
      hint: 'run it as root',
    });
  return realGate(await loadConfig(io, config));
}

const KEY_HINT =
  'run on the server: ssh-keygen -t ed25519 -N "" -f /etc/banspool/key; then copy /etc/banspool/key.pub here';
