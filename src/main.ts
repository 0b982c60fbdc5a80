#!/usr/bin/env node
/**
 * The program. This file checks the version of Node before it loads the rest. It uses only the JavaScript of 2017 (no
 * top-level `await`, no `??`), so that an old Node can print the message below.
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 22)) {
  console.error(
    `daymark: it needs Node.js 22.22 or later, but this is ${process.versions.node} (${process.execPath}). Install a newer one from https://nodejs.org/. In a checkout, run \`npx --no-install daymark\`, which has its own Node.js.`,
  );
  process.exitCode = 1;
} else {
  run();
}

async function run(): Promise<void> {
  // The reader of the output may stop early: `daymark stats … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const { main } = await import('./commands/cli/program.ts');
  process.exitCode = await main(process.argv);
}
