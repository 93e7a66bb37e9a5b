/**
 * Reads what `banspool-send --help` says: commands, each with its text on the lines below; keys of the config, each
 * with its text behind two blanks; the line of exit codes. The script has no other table of these.
 */

interface SendHelp {
  readonly commands: readonly { readonly usage: string; readonly text: string }[];
  /** `example` is a whole line, such as `transport = rsync`. */
  readonly keys: readonly { readonly example: string; readonly text: string }[];
  readonly exitCodes: string;
}

/** Reads the text; what it lacks is empty. */
export function readSendHelp(text: string): SendHelp {
  const [head = '', config = ''] = text.split(/^Config: .*$/m);
  return {
    commands: commandsIn(head),
    keys: Array.from(config.matchAll(/^ {2}(\w+ = \S+)(?: +(\S.*))?$/gm), ([, example = '', said = '']) => ({
      example,
      text: said,
    })),
    exitCodes: /^Exit codes: .*$/m.exec(text)?.[0] ?? '',
  };
}

/** A text that begins behind its command, or below it, goes on in the same column. */
function commandsIn(head: string): SendHelp['commands'] {
  const commands: { usage: string; text: string }[] = [];
  for (const line of head.split('\n')) {
    const [, usage, said = ''] = /^ {2}(\S(?:.*?\S)?)(?: {2,}(\S.*))?$/.exec(line) ?? [];
    const more = /^ {3,}(\S.*)$/.exec(line)?.[1];
    const last = commands.at(-1);
    if (more !== undefined && last !== undefined) last.text = `${last.text} ${more}`.trim();
    else if (usage !== undefined) commands.push({ usage, text: said });
  }
  return commands;
}
