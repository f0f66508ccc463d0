import { expect, test } from 'vitest';
import { columnsOf, mapQuery, remapped } from './columns.ts';

const map = columnsOf({ columns: { Phone: 'number', Id: 'contactId', City: 'city', Zone: 'timezone', x: '-' } });

test('what is no known use is an attribute', () => {
  expect(map).toEqual({ Phone: 'number', Id: 'contactId', City: 'attribute', Zone: 'timezone', x: '-' });
});

test('a use that only one column can have moves, and others do not', () => {
  expect(remapped(map, 'City', 'number')).toMatchObject({ City: 'number', Phone: 'attribute', Id: 'contactId' });
  expect(remapped(map, 'City', '-')).toMatchObject({ City: '-', x: '-', Phone: 'number' });
});

test('the server is told only of what somebody changed', () => {
  expect(mapQuery(null)).toBe('');
  expect(decodeURIComponent(mapQuery({ Phone: 'number', 'Käse & Co': '-', 'a,b': '-' }))).toBe(
    'map=Phone:number,Käse & Co:-',
  );
});
