/**
 * `npm start`: `daymark up` on the sample log, with a store of its own. In a shared store the customers of the sample would
 * mix with those of real logs, and the time zone of the sample would be that of the store. If you say which logs to read, or
 * where the store is, this changes nothing. Plain JavaScript, so that any Node gets to `main.js`, which says what is wrong.
 */

const SAMPLE_STORE = './data/sample';
const PLACES = ['LOGS_SOURCE_DIR', 'DATA_DIR', 'DATABASE_URL'];
const PLACE_FLAGS = /^--(logs-source-dir|data-dir|database-url|config-file)(=|$)/;

const args = process.argv.slice(2);
const isSample = !PLACES.some((name) => process.env[name]) && !args.some((arg) => PLACE_FLAGS.test(arg));
if (isSample) {
  process.env.DATA_DIR = SAMPLE_STORE;
  console.error(
    `daymark: this is the sample log, in a store of its own (DATA_DIR=${SAMPLE_STORE}); the README explains how to read your own logs`,
  );
}
process.argv.splice(2, args.length, 'up', ...args);
await import('../dist/main.js');
