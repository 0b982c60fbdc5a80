/** `docs/metrics.md`, from the table in the code and from what the library measures of the process. */
import { METRICS, type MetricDefinition } from '../src/metrics/definitions.ts';
import { Metrics } from '../src/metrics/metrics.ts';

const HOW = `\`serve\` and \`up\` answer \`GET /metrics\` in the text format of Prometheus. With \`AUTH\`, it needs the key of an admin
(\`daymark keys create --admin --name prometheus\`):

\`\`\`yaml
scrape_configs:
  - job_name: daymark
    static_configs:
      - targets: ['daymark.example.com:8888']
    authorization:
      credentials_file: /etc/prometheus/daymark.key
\`\`\`

Or set \`METRICS_PORT\`: then \`serve\`, \`up\` and \`ingest --follow\` have \`/metrics\` on that port of this machine, without a key.
\`METRICS_HOST\` opens it to others. No label has the name of a customer, a file or a host, so whoever reads metrics learns of
no customer.

The label \`source\` says where lines come from: \`files\` (and standard input), \`kafka\` or \`push\`.

Counters begin with the process. The metrics whose names begin with \`daymark_store_\` come from the database: they are the same
in all processes that use it, and \`serve\` and \`up\` have them. \`up\` and \`ingest --follow\` have those of the reading of logs.

With [\`PROCESSES\`](settings.md#processes), every answer is of all processes together, whichever of them is asked, and
\`METRICS_PORT\` too: the sum of counters, histograms and gauges. Metrics of the store are as one process sees them, and
\`daymark_store_up\` is 0 if one of them does not reach it. \`process_…\` are the sum with the process that starts the others;
\`nodejs_eventloop_lag_…\` are those of the process that is latest. Counters do not go back when a process ends: what it had counted
at the last scrape stays.
\`operating/\` in the package has alert rules and a dashboard; [operating.md](operating.md#watching) explains them.`;

export function metricsReference(note: string): string {
  const own = Object.entries<MetricDefinition>(METRICS).map(([name, definition]) =>
    section(name, definition),
  );
  return `# Metrics\n\n${note}\n\n${HOW}\n\n${own.join('\n')}\n## The process\n\nWhat prom-client measures of every program of Node.js:\n\n${ofProcess()}\n`;
}

function section(name: string, { kind, help, labels, buckets }: MetricDefinition): string {
  const facts = [
    `- type: ${kind}`,
    ...(labels.length > 0 ? [`- labels: ${labels.map((label) => `\`${label}\``).join(', ')}`] : []),
    ...(buckets ? [`- buckets up to: ${buckets.join(', ')} seconds`] : []),
  ];
  return `## \`${name}\`\n\n${help}\n\n${facts.join('\n')}\n`;
}

function ofProcess(): string {
  const metrics = new Metrics('');
  metrics.addProcess();
  const rows = metrics.names.filter((name) => !(name in METRICS)).map((name) => `- \`${name}\``);
  return rows.join('\n');
}
