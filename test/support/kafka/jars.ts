/** Apache Kafka's own jars, out of Maven's registry. They stay in an ignored folder, so a second run needs no network. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const POM = join(import.meta.dirname, 'pom.xml');
const JARS = join(import.meta.dirname, '../../../.tmp/kafka/jars-4.4.0-tools');

/**
 * The folder with all jars that a broker needs. Fetches them if they are not there: 46 files, 44 MB.
 * @throws where Maven or Java is missing, with the names of the packages.
 */
export async function kafkaJars(): Promise<string> {
  if (existsSync(JARS)) return JARS;
  mkdirSync(dirname(JARS), { recursive: true });
  // The folder is there as a whole or not at all, also where two processes fetch at once.
  const folder = mkdtempSync(`${JARS}-`);
  try {
    const args = ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    await promisify(execFile)('mvn', [...args, `-DoutputDirectory=${folder}`]).catch((error: unknown) => {
      throw new Error(MISSING, { cause: error });
    });
    if (!existsSync(JARS)) renameSync(folder, JARS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return JARS;
}

const MISSING =
  'The tests need Apache Kafka, which Maven fetches. On Debian and Ubuntu: apt-get install default-jre-headless maven kcat';
