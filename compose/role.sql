-- Creates the user of daymark's services, `daymark_service`. It owns the tables and is not a superuser.
--
-- A new database runs this by itself. If your database volume is older than this file, run it once:
--   docker compose up --detach --wait db
--   docker compose exec db psql --username=daymark --dbname=daymark --file=/docker-entrypoint-initdb.d/role.sql
-- You may run it any number of times. POSTGRES_PASSWORD becomes the password of the user.

\set ON_ERROR_STOP on
\getenv password POSTGRES_PASSWORD

select not exists (select from pg_roles where rolname = 'daymark_service') as is_new \gset
\if :is_new
create role daymark_service;
\endif
alter role daymark_service login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';

alter schema public owner to daymark_service;
select format('alter table %s owner to daymark_service', oid::regclass)
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' \gexec

-- The superuser can log in only within the container of the database, by its socket.
alter role daymark password null;
