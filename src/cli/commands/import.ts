/** `banspool import FILE`: what another tool banned becomes the operator's bans. */
import { Option } from 'commander';
import { DEFAULT_IMPORT_LENGTH, importFile, type ImportOptions } from '../import/import-file.ts';
import { IMPORT_JAIL } from '../../domain/names.ts';
import { LIST_FORMATS } from '../../lists/list-format.ts';
import { newCommand, type AddCommand } from '../command.ts';

export const addImport: AddCommand = (program, { io }) => {
  newCommand(
    program,
    'import <file>',
    'ban what another tool has banned, as the server "local"; - reads standard input',
  )
    .addOption(
      new Option('--format <format>', 'the format of the file (default: found by its content)').choices(
        LIST_FORMATS,
      ),
    )
    .option(
      '--for <time>',
      'duration of bans whose end the file does not tell, such as 2h or 30d, or never',
      DEFAULT_IMPORT_LENGTH,
    )
    .option('--jail <jail>', 'the jail of the bans', IMPORT_JAIL)
    .option('--note <text>', 'reason for the bans, shown by banspool why')
    .option('--dry-run', 'say what would be imported, and write nothing')
    .option('--force', 'import it even if this drops a logged-in user, or no server has the jail')
    .option('--no-wait', 'do not wait until the firewall enforces it')
    .action(async (file: string, options: ImportOptions) => {
      await importFile(io, file, options);
    });
};
