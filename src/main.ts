#!/usr/bin/env node
/**
 * The program. Only this file looks at the runtime before it loads the rest. It is written in the JavaScript of 2017
 * (no `await` outside of functions, no `??`), so that an old Node gets as far as the sentence that says what it is.
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 22)) {
  console.error(
    `daymark: it needs Node.js 22.22 or later, and this is ${process.versions.node} (${process.execPath}): install a newer one from https://nodejs.org/, or, in a checkout, run \`npx --no-install daymark\`, which uses its own.`,
  );
  process.exitCode = 1;
} else {
  run();
}

async function run(): Promise<void> {
  // Whoever reads the output may stop reading: `daymark stats … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const { main } = await import('./commands/cli/program.ts');
  process.exitCode = await main(process.argv);
}
