/** The manual page banspool(8), in man(7). */
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/** Renders the page of the whole program. */
export function manPage(program: Entry, version: string): string {
  return [
    `.TH BANSPOOL 8 "" "banspool ${version}" "System Administration"`,
    '.SH NAME',
    `banspool, banspool\\-saved\\-sets \\- ${roff('keep the firewall equal to the intents in the spool')}`,
    '.SH SYNOPSIS',
    '.B banspool',
    '.I COMMAND',
    '.RI [ OPTION ...]',
    '.SH DESCRIPTION',
    roff(program.description),
    ...DESCRIPTION.map((text) => `.PP\n${roff(text)}`),
    '.SH COMMANDS',
    ...everyEntry(program)
      .filter(({ children }) => children.length === 0)
      .map(section),
    '.SH OPTIONS',
    ...program.options.map(option),
    ...configOptions(program).slice(0, 1).map(option),
    '.SH EXIT STATUS',
    paragraphs(program.remark),
    '.SH FILES',
    ...FILES.map(([path, what]) => tagged(path, what)),
    '.SH SEE ALSO',
    '.BR banspool\\-send (8),',
    '.BR iptables (8),',
    '.BR systemctl (1)',
    '.PP',
    roff('/usr/share/doc/banspool/docs describes set-up, operation and troubleshooting.'),
    '',
  ].join('\n');
}

const DESCRIPTION = [
  'Servers drop files into the spool. The controller, banspool run, folds them into claims, which it keeps in a git ' +
    'repository, and makes iptables and ip6tables equal to what the claims and the policy say. It changes only ' +
    'what differs from that, so that every command may be run at any time.',
  'Chains whose names begin with fail2ban- are its own, and so are the jumps to them. Nothing else is touched.',
  'banspool-saved-sets [FILE...] creates, empty, the sets of banspool that saved rules refer to, in FILE or where ' +
    'distributions keep them. Without such a set iptables-restore loads nothing. A unit runs it at boot, before the ' +
    'rules are loaded.',
];

const FILES: readonly (readonly [path: string, what: string])[] = [
  ['/etc/banspool/config.yaml', 'the config; it explains each key, and none is required'],
  [
    '/var/lib/banspool/state/policy.yaml',
    'networks that are never dropped, networks that are always dropped, limits of servers',
  ],
  ['/var/lib/banspool/state', 'claims and policy, a git repository'],
  ['/var/lib/banspool/rejected', 'refused files, each with its reason'],
  ['/var/spool/banspool', 'where servers drop files, a folder each'],
  ['/run/banspool/status.json', 'the results of the last passes'],
];

/** What every command takes stands in the page once. */
const COMMON: ReadonlySet<string> = new Set(['--help', '--config']);

function configOptions(program: Entry): readonly OptionEntry[] {
  return everyEntry(program).flatMap(({ options }) => options.filter(({ long }) => long === '--config'));
}

function section({ words, usage, description, options, remark }: Entry): string {
  const synopsis = usage
    .split(' ')
    .slice(1)
    .filter((word) => word !== '[options]');
  return [
    `.SS ${roff(['banspool', ...words, ...synopsis].join(' '))}`,
    roff(`${sentence(description)}.`),
    ...options.filter(({ long }) => !COMMON.has(long)).map(option),
    ...(remark === '' ? [] : ['.PP', paragraphs(remark)]),
  ].join('\n');
}

function option({ flags, description }: OptionEntry): string {
  return tagged(flags, description);
}

function tagged(tag: string, text: string): string {
  return `.TP\n.B ${roff(tag)}\n${roff(text)}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function paragraphs(text: string): string {
  return text.split('\n').map(roff).join('\n.br\n');
}

/** Text as it is: no escape, no request, and a hyphen that can be searched for and pasted. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
