/** How a spreadsheet recognizes a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line as of RFC 4180. What a spreadsheet would take for a formula is given as text, for people name things, and others
 * open the file.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
