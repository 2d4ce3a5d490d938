import type { Client } from 'pg';

/** Something in the database that breaks a rule of tenancy. `object` names it whole: table, column, policy, function. */
export type Fault = Readonly<{ rule: string; object: string }>;

/** Ours in the catalogue: `c` is the relation, `n` its schema. */
const OURS = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'private')`;
const TABLE = `format('%s.%s', n.nspname, c.relname)`;
const GRANTEE = `case acl.grantee when 0 then 'public' else pg_get_userbyid(acl.grantee) end`;

/** Has a column `organization_id`; a partition has its parent's keys. */
const BY_TENANT = `c.relkind in ('r', 'p') and not c.relispartition and exists (
  select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)`;

/** A policy's expression as Postgres prints it, without the alias that it invents for the sub-select. */
const printed = (expression: string) => `regexp_replace(pg_get_expr(${expression}, p.polrelid), ' AS \\w+', '', 'g')`;
const IS_TENANT = `case c.relname when 'organizations' then '(id' else '(organization_id' end || ' = ( SELECT private.current_organization()))'`;

/** Each selects the objects that break it. */
const RULES: Readonly<Record<string, string>> = {
  'row security is enabled': `select ${TABLE} from ${OURS} where c.relkind in ('r', 'p') and not c.relrowsecurity`,

  'row security is forced': `select ${TABLE} from ${OURS} where c.relkind in ('r', 'p') and not c.relforcerowsecurity`,

  // Neither asks the policies of the tables behind it on a platform whose owner bypasses row security.
  'there are no relations but tables': `
    select ${TABLE} from ${OURS} where c.relkind in ('v', 'm', 'f')`,

  // The API's roles read and write rows; truncating would pass by row security.
  'a table is granted to the two roles of the API only, and for rows only': `
    select format('%s: %s to %s', ${TABLE}, lower(acl.privilege_type), ${GRANTEE})
      from ${OURS}, aclexplode(c.relacl) acl
     where c.relkind <> 'S' and acl.grantee <> c.relowner
       and not (${GRANTEE} in ('app_tenant', 'app_system') and acl.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))`,

  'a browser may read columns of schema public, and nothing else': `
    select format('%s.%s: %s to %s', ${TABLE}, a.attname, lower(acl.privilege_type), ${GRANTEE})
      from ${OURS} join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) acl
     where acl.grantee <> c.relowner and ${GRANTEE} not in ('app_tenant', 'app_system')
       and not (${GRANTEE} = 'authenticated' and acl.privilege_type = 'SELECT' and n.nspname = 'public')`,

  'a sequence is granted to nobody': `
    select format('%s: %s to %s', ${TABLE}, lower(acl.privilege_type), ${GRANTEE})
      from ${OURS}, aclexplode(c.relacl) acl where c.relkind = 'S' and acl.grantee <> c.relowner`,

  'schema private is open to the two roles of the API only, and nobody else makes anything': `
    select format('%s: %s to %s', n.nspname, lower(acl.privilege_type), ${GRANTEE})
      from pg_namespace n, aclexplode(n.nspacl) acl
     where n.nspname in ('public', 'private') and acl.grantee <> n.nspowner
       and not (acl.privilege_type = 'USAGE' and (n.nspname = 'public' or ${GRANTEE} in ('app_tenant', 'app_system')))`,

  'a function is granted to the two roles of the API only': `
    select format('%s: %s to %s', f.oid::regprocedure, lower(acl.privilege_type), ${GRANTEE})
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname in ('public', 'private'),
           aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) acl
     where acl.grantee <> f.proowner and ${GRANTEE} not in ('app_tenant', 'app_system')
       and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = f.oid and e.deptype = 'e')`,

  "no function runs with its owner's rights": `
    select f.oid::regprocedure::text
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname in ('public', 'private') where f.prosecdef`,

  "a function with its owner's rights has a search path of its own": `
    select f.oid::regprocedure::text
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname in ('public', 'private')
     where f.prosecdef and not coalesce(f.proconfig::text ~ 'search_path=', false)`,

  'a primary key begins with the organization': `
    select ${TABLE} from ${OURS} left join pg_index i on i.indrelid = c.oid and i.indisprimary
     where ${BY_TENANT} and (i.indkey is null or pg_get_indexdef(i.indexrelid, 1, true) <> 'organization_id')`,

  'a unique index begins with the organization': `
    select format('%s: %s', ${TABLE}, (select relname from pg_class where oid = i.indexrelid)) from ${OURS} join pg_index i on i.indrelid = c.oid
     where ${BY_TENANT} and i.indisunique and not i.indisprimary and pg_get_indexdef(i.indexrelid, 1, true) <> 'organization_id'`,

  // Checks of foreign keys ignore row security: without the organization in it one tenant could link another's row.
  'a foreign key begins with the organization on both sides': `
    select format('%s: %s', ${TABLE}, k.conname) from ${OURS} join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
      join lateral (select (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) as here,
                           (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) as there) first on true
     where ${BY_TENANT} and not (first.here = 'organization_id'
           and first.there = case k.confrelid when 'public.organizations'::regclass then 'id' else 'organization_id' end)`,

  'a policy lets tenants at rows of the current organization only': `
    select format('%s: %s', ${TABLE}, p.polname) from ${OURS} join pg_policy p on p.polrelid = c.oid
     where (p.polroles && array[0::oid, 'app_tenant'::regrole])
       and not (p.polroles = array['app_tenant'::regrole::oid] and p.polcmd = '*'
                and ${printed('p.polqual')} = ${IS_TENANT} and ${printed('p.polwithcheck')} = ${IS_TENANT})`,

  'a policy lets browsers read rows of the organizations that they are members of only': `
    select format('%s: %s', ${TABLE}, p.polname) from ${OURS} join pg_policy p on p.polrelid = c.oid
     where (p.polroles && array[0::oid, 'authenticated'::regrole, 'anon'::regrole])
       and not (p.polroles = array['authenticated'::regrole::oid] and p.polcmd = 'r' and ${printed('p.polqual')} =
         case c.relname when 'organizations' then '(id' else '(organization_id' end
         || ' IN ( SELECT memberships.organization_id' || chr(10) || '   FROM memberships))')`,

  'a policy is for one of our roles': `
    select format('%s: %s', ${TABLE}, p.polname) from ${OURS} join pg_policy p on p.polrelid = c.oid
     where not (p.polroles <@ array['app_tenant'::regrole, 'app_system'::regrole, 'authenticated'::regrole]::oid[])`,

  'a role passes by no row security, and is nobody else': `
    select rolname from pg_roles where rolname in ('app_tenant', 'app_system', 'authenticated', 'anon')
       and (rolsuper or rolbypassrls or rolcanlogin
            or exists (select from pg_auth_members m where m.member = pg_roles.oid))`,

  'who logs in inherits no role': `
    select pg_get_userbyid(m.member) || ' from ' || m.roleid::regrole from pg_auth_members m
     where m.roleid in ('app_tenant'::regrole, 'app_system'::regrole) and m.inherit_option
       and not (select rolsuper from pg_roles where oid = m.member)`,
};

export const CATALOGUE_RULES: readonly string[] = Object.keys(RULES);

/** Every break of every rule over all tables of schemas public and private, by rule. */
export async function catalogueFaults(client: Client): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const [rule, sql] of Object.entries(RULES)) {
    const { rows } = await client.query<[string]>({ text: sql, rowMode: 'array' });
    faults.push(...rows.map(([object]) => ({ rule, object })));
  }
  return faults;
}
