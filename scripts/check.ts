/**
 * `npm run check`: the checks of the code, all at once: most of them keep one core busy. Each prints what it has to say when it ends.
 * It fails if one of them does.
 */
import { execFile } from 'node:child_process';

/** Scripts of package.json. */
const CHECKS = ['lint', 'types', 'unused', 'generated'];

function passes(check: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', check], { maxBuffer: Infinity }, (error, stdout, stderr) => {
      if (error) console.error(`npm run ${check} failed:`);
      process.stderr.write(stdout + stderr);
      resolve(error === null);
    });
  });
}

const passed = await Promise.all(CHECKS.map(passes));
process.exitCode = passed.includes(false) ? 1 : 0;
