/**
 * Whom of the contacts somebody is, as `<name> (id, name, names)`; whoever is merged is shown as who he is now. One look into each
 * of two indexes.
 * @param person a row with his `organization_id`, `lid` and `phone_number`, as SQL; both may have another name
 */
export const contactOf = (name: string, person: string, lid = 'lid', phone = 'phone_number'): string =>
  `left join lateral (
     select c.id, coalesce(c.name, c.push_name) as name, concat_ws(E'\\n', c.name, c.push_name) as names from contacts k
       join contacts c on c.organization_id = k.organization_id and c.id = coalesce(k.merged_into, k.id)
      where k.organization_id = ${person}.organization_id and k.id = coalesce(
        (select id from contacts where organization_id = ${person}.organization_id and lid = ${person}.${lid}),
        (select id from contacts where organization_id = ${person}.organization_id and phone_number = ${person}.${phone}))
   ) ${name} on true`;
