/**
 * A server's side in a folder of its own: outbox, config, and banspool-send between programs that stand in for those
 * that reach outside. They read and leave plain files, which is how a test says what happens and sees what did.
 */
import * as fs from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Intent } from '../../src/intent/intent.ts';
import { parseIntent } from '../../src/intent/parse.ts';
import { refusalText } from '../../src/domain/refusals.ts';
import { parseServices } from '../../src/domain/services.ts';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { runProgram, type Ran } from '../support/run-program.ts';

export const ACTIONS = join(import.meta.dirname, '../../../action.d');

/** What /bin/sh may be; the first is that of Debian. */
export const SHELLS: readonly (readonly string[])[] = [['dash'], ['busybox', 'sh']];

/** 2026-11-22 08:55:38.250 UTC. */
export const NOW_MS = 1_795_337_738_250;

export interface SenderRun {
  readonly shell?: readonly string[];
  /** Another script of action.d, or the path of one elsewhere. */
  readonly script?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class Sender implements AsyncDisposable {
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'banspool-send-'));
  readonly outbox = join(this.folder, 'outbox');
  readonly conf = join(this.folder, 'send.conf');
  /** First in PATH. */
  readonly bin = join(this.folder, 'bin');
  #socket: Server | undefined;

  constructor(config: Readonly<Record<string, string | number>> = {}) {
    for (const name of ['bin', 'firewall', 'fail2ban']) fs.mkdirSync(join(this.folder, name));
    for (const [name, body] of Object.entries(STAND_INS)) this.replaceProgram(name, body);
    this.configure(config);
    this.setClock(NOW_MS);
  }

  configure(config: Readonly<Record<string, string | number>>): void {
    const all = {
      ...{ firewall: 'fw.example.net', server: 'web1', outbox: this.outbox },
      ...{ fail2ban_socket: this.socketPath, ssh_config: join(this.folder, 'ssh_config') },
      ...config,
    };
    const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}\n`);
    fs.writeFileSync(this.conf, lines.join(''));
  }

  /** A shell script under that name; `$world` is the folder. */
  replaceProgram(name: string, body: string): void {
    fs.writeFileSync(join(this.bin, name), `#!/bin/sh\nworld=${this.folder}\n${body}\n`, { mode: 0o755 });
  }

  /** From here on queue starts shippers of its own. */
  letShip(): void {
    fs.rmSync(join(this.bin, 'setsid'));
  }

  /** The clock stands still but for what sleep is asked to sleep; without a time it is the machine's. */
  setClock(milliseconds: number | undefined): void {
    if (milliseconds === undefined) fs.rmSync(join(this.folder, 'now'));
    else fs.writeFileSync(join(this.folder, 'now'), `${milliseconds}000000\n`);
  }

  /** The firewall's side fails with these words on standard error; without, it is well again. */
  breakDelivery(words: string | undefined): void {
    this.#mark('down', words);
  }

  /** Deliveries hang until they are let go. */
  holdDelivery(held: 'held' | undefined): void {
    this.#mark('gate', held);
  }

  #mark(name: string, text: string | undefined): void {
    if (text === undefined) fs.rmSync(join(this.folder, name), { force: true });
    else fs.writeFileSync(join(this.folder, name), text);
  }

  /** Runs banspool-send, with the umask that fail2ban has. */
  async run(args: readonly string[], options: SenderRun = {}): Promise<Ran> {
    const { shell = ['dash'], script = 'banspool-send', input, env = {} } = options;
    const umask = process.umask(0o077);
    const running = runProgram([...shell, resolve(ACTIONS, script), ...args], {
      ...(input !== undefined && { input }),
      env: { BANSPOOL_SEND_CONF: this.conf, PATH: `${this.bin}:${process.env['PATH'] ?? ''}`, ...env },
    });
    process.umask(umask);
    return running;
  }

  async queue(...args: readonly string[]): Promise<Ran> {
    return this.run(['queue', ...args]);
  }

  /** A new file in the outbox, as another run of queue leaves it. */
  drop(name: string, ...lines: readonly string[]): void {
    fs.mkdirSync(this.outbox, { recursive: true });
    fs.writeFileSync(join(this.outbox, name), `${[...lines, 'time: 1795337738', '...'].join('\n')}\n`);
  }

  /** The intents that wait, by the names of their files, sorted. */
  get waiting(): readonly string[] {
    return this.hidden.filter((name) => !name.startsWith('.'));
  }

  /** All that is in the outbox. */
  get hidden(): readonly string[] {
    return fs.existsSync(this.outbox) ? fs.readdirSync(this.outbox).sort() : [];
  }

  /** What the parser of the firewall makes of the intents that wait, in the order of their names. */
  get intents(): readonly Intent[] {
    return this.waiting.map((name) => {
      const bytes = fs.readFileSync(join(this.outbox, name));
      const parsed = parseIntent(bytes, { services: SERVICES, operator: false });
      if (parsed.kind === 'refused') throw new Error(`${refusalText(parsed.refusal)}: ${bytes.toString()}`);
      if (parsed.warnings.length > 0) throw new Error(parsed.warnings.join());
      return parsed.intent;
    });
  }

  /** The names that arrived at the firewall, in the order in which they were handed over. */
  get arrived(): readonly string[] {
    return this.#linesOf('arrived');
  }

  /** What went to syslog: `PRIORITY: MESSAGE`. */
  get log(): readonly string[] {
    return this.#linesOf('log');
  }

  /** Times that a transport ran while another did. */
  get overlaps(): readonly string[] {
    return this.#linesOf('overlaps');
  }

  #linesOf(name: string): readonly string[] {
    const path = join(this.folder, name);
    return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  get isDelivering(): boolean {
    return fs.existsSync(join(this.folder, 'running'));
  }

  get socketPath(): string {
    return join(this.folder, 'fail2ban.sock');
  }

  /** A fail2ban that has run for `minutes`, and answers each of these questions. */
  async startFail2ban(answers: Readonly<Record<string, string>>, minutes = 10): Promise<void> {
    this.answer(answers);
    this.#socket ??= await listenAt(this.socketPath);
    const then = Date.now() / 1000 - minutes * 60;
    fs.utimesSync(this.socketPath, then, then);
  }

  /** What fail2ban-client says from now on; `!` ahead of an answer makes it fail. */
  answer(answers: Readonly<Record<string, string>>): void {
    for (const [question, text] of Object.entries(answers)) {
      fs.writeFileSync(join(this.folder, 'fail2ban', question.replaceAll(' ', '_')), text);
    }
  }

  /**
   * Resolves when nothing that was started here is left. A shipper that is only about to start has no lock yet, and
   * would find the folder half removed.
   */
  async #settle(): Promise<void> {
    await eventually(() => {
      const left = processesWith(`BANSPOOL_SEND_CONF=${this.conf}`);
      if (left.length > 0) throw new Error(`still running: ${left.join()}`);
    });
  }

  /** The time, in milliseconds, that sleep has made of a clock that stands still. */
  get clock(): number {
    return Number(fs.readFileSync(join(this.folder, 'now'), 'utf8').slice(0, -7));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.breakDelivery(undefined);
    this.holdDelivery(undefined);
    await this.#settle();
    this.#socket?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

const SERVICES = parseServices('');

const STAND_INS = {
  setsid: 'exit 0',
  logger: `printf '%s: %s\\n' "\${4#*.}" "$6" >>$world/log`,
  date: '[ -e $world/now ] || exec /bin/date "$@"; read -r now <$world/now; echo $now',
  sleep: `[ -e $world/now ] || exec /bin/sleep 0.02
read -r now <$world/now
case $1 in *.*) fraction=\${1#*.} ;; *) fraction=000 ;; esac
echo $((now + \${1%.*} * 1000000000 + (1$fraction - 1000) * 1000000)) >$world/now`,
  rsync: `mkdir $world/running 2>/dev/null || echo 'two at once' >>$world/overlaps
while [ -e $world/gate ]; do /bin/sleep 0.02; done
names='' status=0
for word; do case $word in [0-9]*.yaml) names="$names $word" ;; esac; done
if [ -e $world/down ]; then
  cat $world/down >&2
  status=12
else
  cp -p $names $world/firewall/ && printf '%s\\n' $names >>$world/arrived
fi
rmdir $world/running
exit $status`,
  'fail2ban-client': `shift 2
IFS=_
said=$world/fail2ban/$(printf %s "$*" | tr ' ' _)
[ -e "$said" ] || { echo "Sorry but there is nothing to tell of: $*"; exit 255; }
read -r first <"$said"
cat "$said"
case $first in '!'*) exit 255 ;; esac`,
};

/** The ids of the processes that have this in their environment. */
async function listenAt(path: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  server.unref();
  return server;
}
