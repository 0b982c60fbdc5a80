import { expect, it } from 'vitest';
import { buildSerializers } from '../../src/api/serializers.ts';

const numberSchema = (name: string) => ({ type: 'object', properties: { [name]: { type: 'integer' } } });
const routeWith = (schema: object, url = '/') => ({ schema, url, method: 'GET', httpStatus: '200' });

it('equal schemas have one serializer, whichever route and app they are of', () => {
  const [one, other] = [buildSerializers({}), buildSerializers({})];
  const serialize = one(routeWith(numberSchema('requests')));
  expect(one(routeWith(numberSchema('requests'), '/v1/status'))).toBe(serialize);
  expect(other(routeWith(numberSchema('requests')))).toBe(serialize);
  expect(serialize({ requests: 3, secret: 4 })).toBe('{"requests":3}');
});

it('other schemas have others, and so has a reference to a shared schema that is another one', () => {
  const reference = { $ref: 'Shared#' };
  const sharing = (name: string) => buildSerializers({ Shared: { $id: 'Shared', ...numberSchema(name) } });
  const row = { first: 1, second: 2 };
  expect(sharing('first')(routeWith(reference))(row)).toBe('{"first":1}');
  expect(sharing('second')(routeWith(reference))(row)).toBe('{"second":2}');
  expect(sharing('second')(routeWith(numberSchema('first')))(row)).toBe('{"first":1}');
});
