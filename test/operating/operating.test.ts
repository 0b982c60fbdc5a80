/** The files of `operating/`, which operators load into other programs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS, type MetricDefinition } from '../../src/metrics/definitions.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { hasPromtool, promtool } from '../support/metrics.ts';

const root = join(import.meta.dirname, '../..');
const ALERTS = join(root, 'operating/alerts.yml');

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const rules = (parse(readFileSync(ALERTS, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(readFileSync(join(root, 'operating/dashboard.json'), 'utf8')) as {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
};
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Names of series: a histogram has three. */
function seriesNames(): ReadonlySet<string> {
  const metrics = new Metrics('1');
  metrics.addProcess();
  const own = Object.entries<MetricDefinition>(METRICS).flatMap(([name, { kind }]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set([...own, ...metrics.names.filter((name) => !(name in METRICS)), 'up']);
}

const namesIn = (expr: string) => expr.match(/\b(?:daymark|nodejs|process)_\w+\b|\bup\b/g) ?? [];

/** `{label="value"}` behind the name of a metric of daymark. */
const matchersIn = (expr: string) =>
  [...expr.matchAll(/(daymark_\w+)\{([^}]*)\}/g)].map(([, name = '', text = '']) => ({
    name: name.replace(/_bucket$/, ''),
    labels: [...text.matchAll(/(\w+)\s*[=!]~?/g)].map(([, label = '']) => label),
  }));

describe.each([
  ['the alert rules', rules.map(({ expr }) => expr)],
  ['the dashboard', shown],
])('%s', (_, exprs) => {
  it('name only metrics that exist', () => {
    const known = seriesNames();
    expect(exprs.length).toBeGreaterThan(10);
    for (const expr of exprs) expect(namesIn(expr).length).toBeGreaterThan(0);
    expect(exprs.flatMap(namesIn).filter((name) => !known.has(name))).toEqual([]);
  });

  it('name only labels that the metrics have', () => {
    const unknown = exprs.flatMap(matchersIn).filter(({ name, labels }) => {
      const own: readonly string[] = METRICS[name as keyof typeof METRICS].labels;
      return labels.some((label) => ![...own, 'job', 'instance'].includes(label));
    });
    expect(unknown).toEqual([]);
  });
});

it('the dashboard is of schema version 39, and shows every metric of daymark but its version', () => {
  expect(dashboard.schemaVersion).toBe(39);
  const names = new Set(shown.flatMap(namesIn).map((name) => name.replace(/_bucket$/, '')));
  expect(Object.keys(METRICS).filter((name) => !names.has(name))).toEqual(['daymark_build_info']);
});

it('no panel of the dashboard lies over another', () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

describe.skipIf(!hasPromtool)('promtool', () => {
  it('accepts the alert rules', () => {
    expect(promtool(['check', 'rules', ALERTS])).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('finds that they fire when they should, and not otherwise', () => {
    expect(promtool(['test', 'rules', join(import.meta.dirname, 'alerts.yml')])).toContain('SUCCESS');
  });
});
