/** Formats in which the customer id can be in several places, and what stands there. */

import { elementsOf, pathPlacesOf, placesIn } from '../../src/log-format/customer-places.ts';
import type {
  CustomerPathPlace,
  CustomerPlace,
  CustomerStep,
  Field,
  FieldElement,
  LogFormat,
  TextKind,
} from '../../src/log-format/format.ts';
import type { Choice } from './random-choice.ts';

export type CustomerField = Extract<Field, { role: 'customer_id' }>;

const TEMPLATES = ['~{customer_id}', 'k={customer_id}~*', '*~{customer_id}', '\\*={customer_id}=*='];

const STEPS: readonly (readonly CustomerStep[])[] = [
  [],
  [],
  [{ kind: 'address', hasPort: false }],
  [{ kind: 'address', hasPort: true }],
  ...[0, 1, -1, -2].map((index) => [{ kind: 'item', index } as const]),
  [
    { kind: 'item', index: -1 },
    { kind: 'address', hasPort: false },
  ],
  ...TEMPLATES.map((text) => [{ kind: 'template', text } as const]),
  [{ kind: 'claim', path: ['sub'] }],
  [{ kind: 'claim', path: ['https://example.com/', 'id'] }],
];

/** Places in so many fields and, with a template, in the path. */
export function anyPlaces(
  template: string | undefined,
  choice: Choice,
): { readonly fields: readonly CustomerField[]; readonly customerPaths: readonly CustomerPathPlace[] } {
  const isSimple = !choice.once(4);
  const fields = Array.from({ length: choice.of(template === undefined ? [1, 2, 2, 3] : [0, 1, 2]) });
  const ranks = choice.shuffled([...fields.keys(), ...(template === undefined ? [] : [fields.length])]);
  const stepsOf = () => (isSimple ? choice.of(STEPS.slice(0, 4)) : choice.of(STEPS));
  return {
    fields: fields.map((_, i) => ({
      role: 'customer_id',
      places: [{ rank: ranks[i] as number, steps: stepsOf() }],
    })),
    customerPaths:
      template === undefined
        ? []
        : [
            {
              rank: ranks[fields.length] as number,
              steps: isSimple ? [] : choice.of(STEPS.slice(1, 4)),
              template,
            },
          ],
  };
}

/** All places of a format. */
export function placesOf(format: LogFormat): readonly CustomerPlace[] {
  return [...elementsOf(format).flatMap(({ field }) => placesIn(field)), ...pathPlacesOf(format)];
}

/** True where the format says more of the customer id than the field or the path in which it is. */
export function hasPlaces(format: LogFormat): boolean {
  const isOfField = ({ field }: FieldElement) => field.role === 'customer_id' && field.places !== undefined;
  return format.customerPaths !== undefined || elementsOf(format).some(isOfField);
}

export const CANONICAL_ADDRESSES = [
  '192.0.2.9',
  '255.255.255.255',
  '2001:db8::17',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6::',
  '::1',
  '::',
  '2001:db8:0:1:1:1:1:1',
  'fe80::1%eth0',
];

/** Other forms of addresses. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  '192.0.2.9': ['::ffff:192.0.2.9', '::FFFF:c000:209', '0:0:0:0:0:ffff:192.0.2.9'],
  '2001:db8::17': ['2001:DB8::17', '2001:0db8:0:0::0017', '2001:db8:0:0:0:0:0:17'],
  '1:2:3:4:5:6::': ['1:2:3:4:5:6:0:0', '01:2:3:4:5:6:0.0.0.0'],
  '::1': ['0:0:0:0:0:0:0:1', '0::1', '::0.0.0.1'],
  '::': ['0::0', '0:0:0:0:0:0:0:0'],
  '2001:db8:0:1:1:1:1:1': ['2001:db8::1:1:1:1:1'],
  'fe80::1%eth0': ['FE80::0001%eth0'],
};

function addressForms(address: string): readonly string[] {
  return [address, ...(FORMS[address] ?? [])];
}

function withPort(form: string, choice: Choice): string {
  return choice.of(
    form.includes(':') ? [`[${form}]:443`, `${form}:33319`] : [`${form}:2817`, `[::ffff:${form}]:1`],
  );
}

function portOrNone(form: string, choice: Choice): string {
  const port = choice.of(['', ':443']);
  return form.includes(':') ? choice.of([form, `[${form}]${port}`]) : form + port;
}

/** A text out of which the steps take the id. @param kind what the text may be; a host has neither brackets nor a port. */
export function textAround(
  steps: readonly CustomerStep[],
  id: string,
  kind: TextKind | undefined,
  choice: Choice,
): string {
  return steps.reduceRight((text, step) => around(step, text, kind, choice), id);
}

function around(step: CustomerStep, text: string, kind: TextKind | undefined, choice: Choice): string {
  switch (step.kind) {
    case 'address': {
      const form = choice.of(addressForms(text));
      if (step.hasPort) return withPort(form, choice);
      return kind === 'host' ? form : portOrNone(form, choice);
    }
    case 'item':
      return listAround(text, step.index, choice);
    case 'template':
      return step.text
        .replace(/^\\\*/, '\u0001')
        .replaceAll('*', choice.of(['', 'x', 'x.y']))
        .replace('\u0001', '*')
        .replace('{customer_id}', () => text);
    case 'claim': {
      const claims = step.path.reduceRight<unknown>((value, name) => ({ [name]: value, other: 1 }), text);
      const parts = [{ alg: 'none' }, claims].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      return `${parts.join('.')}${choice.of(['', '.', '.c2ln'])}`;
    }
  }
}

function listAround(text: string, index: number, choice: Choice): string {
  const others = Array.from({ length: index < 0 ? -index - 1 : index }, () => 'o');
  const more = Array.from({ length: choice.below(3) }, () => choice.of(['p', '']));
  const items = index < 0 ? [...more, text, ...others] : [...others, text, ...more];
  return items.join(',');
}
