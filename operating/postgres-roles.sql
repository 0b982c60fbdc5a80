-- Gives daymark three users of PostgreSQL, each with the rights that its commands need, and no others:
--   daymark_migrator  owns the tables: `migrate`, `keys` and `links`: `create`, `revoke`, `keys rotate-signing`
--   daymark_ingester  reads logs: `ingest`, `rebuild`
--   daymark_reader    answers: `serve`, `stats`, `keys list` and all other commands that only read
--
--   psql --dbname=daymark --file=operating/postgres-roles.sql
--
-- Run it as a superuser, or as a user with CREATEROLE who owns the database and its tables. The database must be daymark's alone:
-- afterwards nobody else may connect to it without a grant of its own. It may be new, or hold tables that one user owned until
-- now: then stop daymark first. You may run it any number of times.
--
-- The users get no passwords here. docs/postgresql.md says how to go on, and which command needs what.
-- Other names: --set=migrator=… --set=ingester=… --set=reader=…. A user who is there already keeps its attributes.

\set ON_ERROR_STOP on
\if :{?migrator} \else \set migrator daymark_migrator
\endif
\if :{?ingester} \else \set ingester daymark_ingester
\endif
\if :{?reader} \else \set reader daymark_reader
\endif

begin;
-- If a table is in use for longer, this script fails, changes nothing, and can be run again.
set local lock_timeout = '10s';

select format('create role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls', name)
  from unnest(array[:'migrator', :'ingester', :'reader']) as name
  where not exists (select from pg_roles where rolname = name) \gexec

-- Where daymark's tables are, or will be, and who owns them until now.
select quote_ident(current_database()) as database,
  coalesce((select relnamespace::regnamespace::text from pg_class where oid = to_regclass('daymark_migrations')),
    quote_ident(current_schema())) as schema,
  (select oid from pg_roles where rolname = :'migrator') as migrator_oid,
  coalesce((select relowner from pg_class where oid = to_regclass('daymark_migrations')), 0) as owner_oid \gset

-- A user who is no superuser gives objects only to roles of which it is a member. From PostgreSQL 16 on, creating one is not
-- enough.
select format('grant %I to current_user', :'migrator')
  from pg_roles where rolname = current_user and not rolsuper and oid <> :migrator_oid \gexec

-- By default everybody may connect to a database and make temporary tables in it, and in older ones also tables.
revoke all on database :database from public;
revoke all on schema :schema from public;
grant connect on database :database to :"migrator", :"ingester", :"reader";
-- Large commits go through temporary tables, and end with their transaction.
grant temporary on database :database to :"ingester";
grant usage on schema :schema to :"migrator", :"ingester", :"reader";
grant create on schema :schema to :"migrator";
select format('alter role %I in database %s set search_path = %s', name, :'database', :'schema')
  from unnest(array[:'migrator', :'ingester', :'reader']) as name
  where :'schema' <> 'public' \gexec

-- What the owner of daymark's tables owns in their schema goes to the migrator. What others own there stays theirs.
select format('alter %s %s owner to %I', case relkind when 'v' then 'view' else 'table' end, oid::regclass, :'migrator')
  from pg_class
  where relnamespace = :'schema'::regnamespace and relkind in ('r', 'v')
    and relowner = :owner_oid and relowner <> :migrator_oid \gexec
select format('alter function %s owner to %I', oid::regprocedure, :'migrator')
  from pg_proc
  where pronamespace = :'schema'::regnamespace and proname like 'daymark%'
    and proowner = :owner_oid and proowner <> :migrator_oid \gexec

-- The tables of today, and those that migrations create later.
select format('grant select on %s to %I', oid::regclass, :'reader'),
  format('grant select, insert, update, delete on %s to %I', oid::regclass, :'ingester')
  from pg_class
  where relnamespace = :'schema'::regnamespace and relkind in ('r', 'v') and relowner = :migrator_oid \gexec
alter default privileges for role :"migrator" in schema :schema
  grant select on tables to :"reader";
alter default privileges for role :"migrator" in schema :schema
  grant select, insert, update, delete on tables to :"ingester";

-- Whoever reads logs has nothing to do with keys, secrets and links, and does not say which migrations were applied. Where these tables are not there
-- yet, `daymark migrate` takes the rights away when it creates them.
select format('revoke all on %s from %I', oid::regclass, :'ingester')
  from pg_class where oid in (to_regclass('api_keys'), to_regclass('signing_keys'), to_regclass('links')) \gexec
select format('revoke insert, update, delete on %s from %I', oid::regclass, :'ingester')
  from pg_class where oid in (to_regclass('daymark_migrations'), to_regclass('daymark_migration_lock')) \gexec
commit;
