/** A server that sends to several firewalls, each with a way of its own that can be broken or held. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Sender } from './sender.ts';

export class PairSender extends Sender {
  constructor() {
    super();
    this.replaceProgram('rsync', RSYNC);
    this.sendTo('fw1', 'fw2');
  }

  /** Writes send.conf anew, with a line for each. */
  sendTo(...firewalls: readonly string[]): void {
    this.configure({});
    const others = fs.readFileSync(this.conf, 'utf8').replace(/^firewall = .*\n/m, '');
    fs.writeFileSync(this.conf, firewalls.map((name) => `firewall = ${name}\n`).join('') + others);
  }

  /** Deliveries to that firewall fail with these words; without, they arrive again. */
  breakWay(firewall: string, words: string | undefined): void {
    this.#mark(`down-${firewall}`, words);
  }

  /** Deliveries to that firewall hang until they are let go. */
  holdWay(firewall: string, held: 'held' | undefined): void {
    this.#mark(`gate-${firewall}`, held);
  }

  /** Kills who runs that one of the programs that change the outbox or send from it, before or after its work. */
  killAt(step: number, when: 'before' | 'after'): void {
    for (const name of STEPS) this.replaceProgram(name, `${stepOf(`/bin/${name}`)}\nexec /bin/${name} "$@"`);
    this.replaceProgram('rsync', `${stepOf(join(this.bin, 'real-rsync'))}\nexec $world/bin/real-rsync "$@"`);
    this.replaceProgram('real-rsync', RSYNC);
    this.#mark('steps', '0\n');
    this.#mark('kill', `${step} ${when}\n`);
  }

  /** Nobody is killed any more; how many steps there were. */
  killNone(): number {
    this.#mark('kill', undefined);
    return Number(fs.readFileSync(join(this.folder, 'steps'), 'utf8'));
  }

  /** The names that arrived there, in the order in which they were handed over; twice what came twice. */
  arrivedAt(firewall: string): readonly string[] {
    const path = join(this.folder, `arrived-${firewall}`);
    return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  /** The text of a file that arrived there. */
  textAt(firewall: string, name: string): string {
    return fs.readFileSync(join(this.folder, `at-${firewall}`, name), 'utf8');
  }

  /** What waits for that firewall alone. */
  waitingFor(firewall: string): readonly string[] {
    const folder = join(this.outbox, `.to,${firewall}`);
    return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    for (const name of fs.readdirSync(this.folder).filter((each) => /^(gate|down)-/.test(each)))
      this.#mark(name, undefined);
    await super[Symbol.asyncDispose]();
  }

  #mark(name: string, text: string | undefined): void {
    if (text === undefined) fs.rmSync(join(this.folder, name), { force: true });
    else fs.writeFileSync(join(this.folder, name), text);
  }
}

/** A dry run, which check makes, finds that what was sent is no longer there. */
const RSYNC = `for last; do :; done
at=\${last%:*}
case " $* " in *' --dry-run '*) echo gone; exit ;; esac
names=
for word; do case $word in [0-9]*.yaml) names="$names $word" ;; esac; done
while [ -e $world/gate-$at ]; do echo >$world/hangs-$at; /bin/sleep 0.02; done
if [ -e $world/down-$at ]; then
  cat $world/down-$at >&2
  exit 12
fi
/bin/mkdir -p $world/at-$at && cp -p $names $world/at-$at/ && printf '%s\\n' $names >>$world/arrived-$at`;

const STEPS = ['ln', 'rm', 'mkdir', 'mv'];

const stepOf = (program: string): string => `read -r step <$world/steps
step=$((step + 1))
echo $step >$world/steps
if [ -e $world/kill ] && read -r last when <$world/kill && [ $step = $last ]; then
  [ $when = before ] || ${program} "$@"
  kill -9 $PPID
  exit 1
fi`;
