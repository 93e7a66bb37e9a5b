/** What a completion may offer for an argument or for the value of an option. */

export const WORD_KINDS = ['addresses', 'claimants', 'servers', 'jails', 'peers'] as const;

/** `servers` are those that may send to this firewall; `claimants` all that claim something, also behind peers. */
export type WordKind = (typeof WORD_KINDS)[number];

/** By what an option is called. */
const OF_OPTIONS: Readonly<Record<string, WordKind>> = { '--jail': 'jails', '--server': 'claimants' };

/** By what an argument is called in the usage of its command. */
const OF_ARGUMENTS: readonly (readonly [name: RegExp, kind: WordKind])[] = [
  [/address|net/, 'addresses'],
  [/server/, 'claimants'],
  [/jail/, 'jails'],
];

/** Commands whose argument is named by what it is one of, or is none that is there already. */
const OF_COMMANDS: Readonly<Record<string, WordKind | undefined>> = {
  ban: undefined,
  'server remove': 'servers',
  'peers remove': 'peers',
};

/** What the value of an option is one of; undefined where nobody can know. */
export function kindOfOption(long: string): WordKind | undefined {
  return OF_OPTIONS[long];
}

/** The same of the arguments of a command. */
export function kindOfArguments(command: string, names: readonly string[]): WordKind | undefined {
  if (command in OF_COMMANDS) return OF_COMMANDS[command];
  return names.flatMap((name) => OF_ARGUMENTS.find(([pattern]) => pattern.test(name))?.[1] ?? [])[0];
}
