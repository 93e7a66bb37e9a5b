/** `banspool hub`: makes the repository of a fleet, and adds, lists and removes the ssh keys of its firewalls. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { fingerprintOf } from '../../domain/public-key.ts';
import { addFirewall, listFirewalls, removeFirewall } from '../../hub/firewalls.ts';
import { openHub } from '../../hub/hub.ts';
import { makeHub } from '../../hub/make-hub.ts';
import { realHubGate } from '../../hub/real-hub-gate.ts';
import { BanspoolError } from '../../system/error.ts';
import { firewallOf } from '../arguments.ts';
import type { AddCommand, CommandContext } from '../command.ts';
import { fromOf, readKey } from '../../access/given-key.ts';
import { columns, json } from '../io.ts';

export const addHub: AddCommand = (program, context) => {
  const group = program
    .command('hub')
    .description('make the hub of a fleet, and add, list and remove the ssh keys of its firewalls');
  addInit(group, context);
  addAdd(group, context);
  addList(group, context);
  addRemove(group, context);
};

/** The folder of a hub if the command line names none. */
const DEFAULT_FOLDER = '/srv/fleet.git';

function addInit(group: Command, { io }: CommandContext): void {
  group
    .command('init')
    .argument('[dir]', 'the folder of the repository', DEFAULT_FOLDER)
    .description('make a hub, or complete one')
    .option(
      '--account <name>',
      'the account that firewalls log in to; default: banspool-hub, or your own account if you are not root',
    )
    .option('--force', 'replace files that differ from what this version writes')
    .action(async (dir: string, options: { account?: string; force?: boolean }) => {
      const folder = folderOf(dir);
      const { account, force = false } = options;
      const { hub, done, left } = await makeHub(realHubGate(), { folder, account, replace: force });
      for (const line of done) io.err(`banspool: ${line}\n`);
      for (const line of left) io.err(`banspool: warning: ${line}\n`);
      io.err(`banspool: ${done.length === 0 ? 'the hub exists already' : 'the hub is ready'}; `);
      io.err(`set remote on each firewall to ${hub.account.name}@HOST:${folder}\n`);
    });
}

function addAdd(group: Command, { io }: CommandContext): void {
  onHub(group, 'add <name>', "allow a firewall's ssh key to push its own branch and to fetch all")
    .requiredOption('--key <file>', "the firewall's public ssh key (a .pub file), - for standard input")
    .option('--from <patterns>', 'addresses that the key is accepted from, as in authorized_keys')
    .action(async (name: string, options: { dir: string; key: string; from?: string }) => {
      const firewall = firewallOf(name);
      const key = await readKey(
        options.key,
        'copy mover/ssh_key.pub from the folder of the fleet on the firewall',
      );
      const from = options.from === undefined ? {} : { from: fromOf(options.from) };
      const gate = realHubGate();
      const hub = await openHub(gate, folderOf(options.dir));
      const done = await addFirewall(gate, hub, { firewall, key, ...from });
      for (const line of done) io.err(`banspool: ${line}\n`);
      const bound = from.from === undefined ? '' : `, from ${from.from}`;
      io.err(`banspool: ${firewall} ${done.length === 0 ? 'is already allowed' : 'is allowed'}${bound}\n`);
    });
}

function addList(group: Command, { io }: CommandContext): void {
  onHub(group, 'list', 'list the firewalls that are allowed')
    .option('--json', 'answer in JSON')
    .action(async (options: { dir: string; json?: boolean }) => {
      const gate = realHubGate();
      const hub = await openHub(gate, folderOf(options.dir));
      const firewalls = listFirewalls(gate, hub).map(({ firewall, key, from }) => ({
        ...{ name: firewall, fingerprint: fingerprintOf(key) },
        ...(from !== undefined && { from }),
      }));
      if (options.json === true) json(io, { hub: hub.folder, account: hub.account.name, firewalls });
      else if (firewalls.length === 0)
        io.err('banspool: no firewall is allowed yet; fix: banspool hub add NAME --key FILE\n');
      else {
        const rows = firewalls.map(({ name, from = 'anywhere', fingerprint }) => [name, from, fingerprint]);
        io.out(columns(io, ['FIREWALL', 'FROM', 'KEY'], rows));
      }
    });
}

function addRemove(group: Command, { io }: CommandContext): void {
  onHub(group, 'remove <name>', "remove a firewall's key; its branch stays").action(
    async (name: string, options: { dir: string }) => {
      const gate = realHubGate();
      const hub = await openHub(gate, folderOf(options.dir));
      for (const line of await removeFirewall(gate, hub, name)) io.err(`banspool: ${line}\n`);
      io.err(
        `banspool: ${name} is removed; its claims stay until you run banspool peers remove ${name} on the others\n`,
      );
    },
  );
}

/** A command that reads no config: the machine of a hub need not be a firewall. */
function onHub(group: Command, usage: string, description: string): Command {
  return group
    .command(usage)
    .description(description)
    .option('--dir <dir>', 'the folder of the repository', DEFAULT_FOLDER);
}

/** The folder. It becomes part of a command that sshd gives to a shell. */
function folderOf(path: string): string {
  const folder = resolve(path);
  if (/^(\/[A-Za-z0-9._@+-]+)+$/.test(folder)) return folder;
  throw new BanspoolError('usage', `"${folder}" cannot be the folder of a hub`, {
    hint: 'use A-Z a-z 0-9 . _ @ + - and / only',
  });
}
