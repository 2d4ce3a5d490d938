/** Where rows of a table stand that are not drawn; a table of blocks on a phone. */
export const RowRoom = ({ columns, height }: { columns: number; height: number }) =>
  height > 0 ? (
    <tr aria-hidden className="block border-none sm:table-row">
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- no control, and nothing to read */}
      <td className="block p-0 sm:table-cell" colSpan={columns} style={{ height }} />
    </tr>
  ) : null;
