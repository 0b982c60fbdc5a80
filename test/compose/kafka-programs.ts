import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the image's scripts run. */
const PROGRAMS = {
  'kafka-storage.sh': 'kafka.tools.StorageTool',
  'kafka-server-start.sh': 'kafka.Kafka',
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
};

/**
 * The programs of Kafka's image, out of its jars, in a folder of the container. They take the same arguments and
 * `KAFKA_HEAP_OPTS`. Java starts faster here than it runs well.
 *
 * @param source the folder of the jars.
 */
export function kafkaPrograms(directory: string, source: string): string {
  const bin = join(directory, 'bin');
  if (existsSync(bin)) return bin;
  const jars = join(directory, 'jars');
  // Another user than that of the tests reads them.
  cpSync(source, jars, { recursive: true });
  mkdirSync(bin);
  for (const [name, main] of Object.entries(PROGRAMS))
    writeFileSync(
      join(bin, name),
      `#!/bin/sh
exec java $KAFKA_HEAP_OPTS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.level=warn -cp '${jars}/*' ${main} "$@"
`,
      { mode: 0o755 },
    );
  return bin;
}
