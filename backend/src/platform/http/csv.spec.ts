import { expect, it } from '@jest/globals';
import { csvLine } from './csv.ts';

it.each([
  [['a', '', 'שלום'], 'a,,שלום\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+1', '-1', '@x', 'a=b'], "'=1+1,'+1,'-1,'@x,a=b\r\n"],
  [['=cmd|"/c calc"!A1'], `"'=cmd|""/c calc""!A1"\r\n`],
])('writes %j as one line', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
