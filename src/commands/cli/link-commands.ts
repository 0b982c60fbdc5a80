/** The commands for links that show one customer's page. */

import { Argument, type Command } from 'commander';
import { addSettingOptions, type Done, settingsOf } from './options.ts';
import { CUSTOMERS, STORE } from './setting-groups.ts';

export function addLinks(program: Command, done: Done): void {
  const links = program
    .command('links')
    .summary('make, list and revoke links to customers’ pages')
    .description(
      'Makes, lists and revokes links that show one customer’s page, read-only, to whoever has them, where AUTH asks for keys. docs/sharing.md explains it.',
    );
  for (const add of [addCreate, addList, addRevoke]) add(links, done);
}

function addCreate(links: Command, done: Done): void {
  const command = links
    .command('create')
    .summary('make a link, and print it once')
    .description(
      'Makes a link and prints its path on standard output: put the address of your server before it. Nobody can print it again.',
    )
    .requiredOption('--customer <id>', 'it shows this customer, and nothing else')
    .option('--name <name>', 'what it is for, or who gets it')
    .option(
      '--expires <when>',
      'when it expires: in P7D, at the beginning of 2027-01-31 in UTC, or at an instant; within P366D (default: P30D)',
    )
    .option('--embed', 'it is for a frame of a site that EMBED_ANCESTORS names', false)
    .action(async (options) =>
      done(await (await import('../links.ts')).createLink(settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...CUSTOMERS]);
}

function addList(links: Command, done: Done): void {
  const command = links
    .command('list')
    .summary('print all links, without what opens them')
    .description('Prints all links. Revoked ones and, for a while, expired ones are among them.')
    .option('--json', 'print JSON', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('../links.ts')).listLinks(settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addRevoke(links: Command, done: Done): void {
  const command = links
    .command('revoke')
    .summary('make a link invalid for ever')
    .description('Makes a link invalid for ever. All running APIs refuse it within a second.')
    .addArgument(new Argument('<id>', 'the id of the link, as `links list` prints it'))
    .action(async (id, options) =>
      done(await (await import('../links.ts')).revokeLink(settingsOf(options), id)),
    );
  addSettingOptions(command, STORE);
}
