/** The commands for the keys of the API. */

import { Argument, type Command } from 'commander';
import { addSettingOptions, type Done, settingsOf } from './options.ts';
import { CUSTOMERS, STORE } from './setting-groups.ts';

export function addKeys(program: Command, done: Done): void {
  const keys = program
    .command('keys')
    .summary('make, list and revoke the keys of the API')
    .description(
      'Makes, lists and revokes the keys with which clients identify themselves to the API, if AUTH says that they must, and rotates the secrets that sessions and links are signed with. docs/access.md explains it.',
    );
  for (const add of [addCreate, addList, addRevoke, addRotateSigning]) add(keys, done);
}

function addCreate(keys: Command, done: Done): void {
  const command = keys
    .command('create')
    .summary('make a key, and print it once')
    .description(
      'Makes a key and prints it on standard output. The database keeps only a fingerprint of it, so nobody can print it again.',
    )
    .option('--customer <id...>', 'it reads these customers, and nothing else')
    .option('--admin', 'it reads everything', false)
    .option(
      '--ingest',
      'it reads nothing, and hands in lines; with --customer, of these customers only',
      false,
    )
    .option('--name <name>', 'what it is for, or who has it')
    .option(
      '--expires <when>',
      'when it expires: in P90D, at the beginning of 2027-01-31 in UTC, or at an instant (default: never)',
    )
    .action(async (options) =>
      done(await (await import('../keys.ts')).createKey(settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...CUSTOMERS]);
}

function addList(keys: Command, done: Done): void {
  const command = keys
    .command('list')
    .summary('print all keys, without their secrets')
    .description(
      'Prints all keys: what they may do, since when and until when, and when they were last used. Revoked and expired ones are among them.',
    )
    .option('--json', 'print JSON', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('../keys.ts')).listKeys(settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addRevoke(keys: Command, done: Done): void {
  const command = keys
    .command('revoke')
    .summary('make a key invalid for ever')
    .description('Makes a key invalid for ever. All running APIs refuse it within a second.')
    .addArgument(new Argument('<id>', 'the id of the key, as `keys list` prints it'))
    .action(async (id, options) =>
      done(await (await import('../keys.ts')).revokeKey(settingsOf(options), id)),
    );
  addSettingOptions(command, STORE);
}

function addRotateSigning(keys: Command, done: Done): void {
  const command = keys
    .command('rotate-signing')
    .summary('sign sessions and links with a new secret')
    .description(
      'Makes a new secret, with which all running APIs sign sessions and links from now on. What was signed before stays valid until its end.',
    )
    .option('--revoke-old', 'end all sessions and links from before, within a second', false)
    .action(async (options) =>
      done(await (await import('../keys.ts')).rotateSigningKey(settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}
