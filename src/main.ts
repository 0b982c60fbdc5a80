#!/usr/bin/env node
/** The program. Only this file looks at the runtime before it loads the rest. */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 22)) {
  console.error(
    `daymark: it needs Node.js 22.22 or later, and this is ${process.versions.node} (${process.execPath}).\n` +
      '  In a checkout, `npm ci` installs the right one, and `npm start`, `npm run` and `npx` use it.',
  );
  process.exitCode = 1;
} else {
  // Whoever reads the output may stop reading: `daymark stats … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const { main } = await import('./commands/program.ts');
  process.exitCode = await main(process.argv);
}
