/**
 * A host of the lab with files, processes and a log of its own, so that real daemons run in it from where Debian puts
 * them: sshd, fail2ban, banspool. What they write is gone with it. Needs root.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { runProgram, type Ran, type RunOptions } from '../support/run-program.ts';
import { enter } from './topology.ts';

/** It takes half a second where nothing else runs. */
const READY_WITHIN_MS = 120_000;

const ROOT = join(import.meta.dirname, '../../..');

export class Machine implements AsyncDisposable {
  readonly name: string;
  readonly #init: Child;
  #pid = 0;

  private constructor(name: string, layers: readonly string[], project: string) {
    this.name = name;
    const namespaces = ['--mount', '--uts', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc'];
    const command = ['sh', '-ec', MAKE_MACHINE, name, project, ...layers];
    // It ends with this process, however that ends, and all that runs in it ends with it.
    const bound = ['setpriv', '--pdeathsig', 'KILL'];
    this.#init = new Child([...enter(name), ...bound, 'unshare', ...namespaces, ...command]);
  }

  /** Makes the machine in the network namespace of this name, with these folders laid over its files. */
  static async start(name: string, layers: readonly string[], project = ROOT): Promise<Machine> {
    const machine = new Machine(name, layers, project);
    await eventually(() => {
      if (!machine.#init.stdout.includes('ready')) throw new Error(`${name}: ${machine.#init.stderr}`);
    }, READY_WITHIN_MS);
    const { pid } = machine.#init;
    machine.#pid = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
    return machine;
  }

  /** The beginning of a command that runs in it. */
  get enter(): readonly string[] {
    return ['nsenter', '--target', String(this.#pid), ...NAMESPACES, '--wd=/', '--', ...WITH_BYTECODE];
  }

  /** Runs a program to its end, however it ends. */
  async exec(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return runProgram([...this.enter, ...argv], options);
  }

  /** The output of a shell script that must succeed. */
  async sh(script: string, options: RunOptions = {}): Promise<string> {
    const ran = await this.exec(['sh', '-ec', script], options);
    if (ran.code !== 0) {
      throw new Error(`${this.name}: ${script}: exit code ${ran.code}: ${ran.stdout}${ran.stderr}`);
    }
    return ran.stdout;
  }

  /** Starts a program that goes on. */
  spawn(argv: readonly string[]): Child {
    return new Child([...this.enter, ...argv]);
  }

  /** Where a file of this machine is seen from outside. */
  path(path: string): string {
    return join(`/proc/${this.#pid}/root`, path);
  }

  read(path: string): string {
    return existsSync(this.path(path)) ? readFileSync(this.path(path), 'utf8') : '';
  }

  write(path: string, text: string): void {
    writeFileSync(this.path(path), text);
  }

  /** Its whole log, as syslog wrote it. */
  log(): string {
    return this.read('/var/log/syslog');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#init[Symbol.asyncDispose]();
  }
}

/**
 * Debian compiles a package of Python when it installs it; what was only unpacked is compiled here when it first
 * runs, unless the environment forbids it. Without that, fail2ban-client takes four times as long, and it is called a
 * thousand times.
 */
const WITH_BYTECODE = ['env', '-u', 'PYTHONDONTWRITEBYTECODE'];

const NAMESPACES = ['--mount', '--uts', '--pid', '--ipc', '--net'];

/**
 * Every folder that is written to is the real one with the layers and an empty one above it. A name that nobody knows
 * is refused at once: fail2ban looks its own up, and would wait for a resolver. busybox's syslogd needs no
 * configuration. $0 is the name, $1 the project, the rest are the layers.
 */
const MAKE_MACHINE = `
hostname "$0"
project=$1
shift
mount -t tmpfs tmpfs /mnt
for folder in /etc /usr /var /srv /root /home /opt; do
  lower=
  for layer; do [ ! -d "$layer$folder" ] || lower=$lower$layer$folder:; done
  mkdir -p /mnt$folder/upper /mnt$folder/work
  mount -t overlay overlay -o "lowerdir=$lower$folder,upperdir=/mnt$folder/upper,workdir=/mnt$folder/work" $folder
done
mkdir -p /opt/banspool
mount --bind "$project" /opt/banspool
mount -t tmpfs tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p -m 755 /run/lock /run/sshd /run/fail2ban /run/banspool /mnt/dev
mount -t tmpfs tmpfs /mnt/dev
for device in null zero full random urandom tty; do
  touch /mnt/dev/$device
  mount --bind /dev/$device /mnt/dev/$device
done
mkdir /mnt/dev/pts /mnt/dev/shm
mount -t devpts devpts /mnt/dev/pts -o ptmxmode=666
ln -s pts/ptmx /mnt/dev/ptmx
ln -s /proc/self/fd /mnt/dev/fd
ln -s fd/0 /mnt/dev/stdin
ln -s fd/1 /mnt/dev/stdout
ln -s fd/2 /mnt/dev/stderr
mount --move /mnt/dev /dev
printf '127.0.0.1 localhost\\n127.0.1.1 %s\\n' "$0" >/etc/hosts
echo 'nameserver 127.0.0.1' >/etc/resolv.conf

# What the package of sshd does when it is installed.
getent passwd sshd >/dev/null || useradd --system --home-dir /run/sshd --shell /usr/sbin/nologin sshd
[ -f /etc/ssh/sshd_config ] || cp /usr/share/openssh/sshd_config /etc/ssh/sshd_config
rm -f /etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key

rm -f /var/log/syslog
busybox syslogd -n -S -O /var/log/syslog &
while [ ! -S /dev/log ]; do sleep 0.01; done
echo ready
# Whatever is left without a parent is the first process's to bury.
while :; do
  sleep 60 &
  wait $! || :
done
`;
