/**
 * `npm start`: `daymark up` on the sample log, with a store of its own: else the customers of the sample would stand among
 * those of the logs that are read later, and its time zone would be that of the store. Who says which logs to read, or
 * where the store is, gets just that. Plain JavaScript, for whatever Node the machine has: `main.js` says what is wrong.
 */

const SAMPLE_STORE = './data/sample';
const PLACES = ['LOGS_SOURCE_DIR', 'DATA_DIR', 'DATABASE_URL'];
const PLACE_FLAGS = /^--(logs-source-dir|data-dir|database-url|config-file)(=|$)/;

const args = process.argv.slice(2);
const isSample = !PLACES.some((name) => process.env[name]) && !args.some((arg) => PLACE_FLAGS.test(arg));
if (isSample) {
  process.env.DATA_DIR = SAMPLE_STORE;
  console.error(
    `daymark: this is the sample log, in a store of its own (DATA_DIR=${SAMPLE_STORE}); the README says how to read your own`,
  );
}
process.argv.splice(2, args.length, 'up', ...args);
await import('../dist/main.js');
