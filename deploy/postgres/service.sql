-- One service's database; init.sql sets the variables. A password that is not set stops here.
\set ON_ERROR_STOP on
\set database redress_ :service
\set owner redress_ :service _owner
\set web redress_ :service _web
\set worker redress_ :service _worker

create role :"owner" login nosuperuser nobypassrls nocreatedb nocreaterole password :'owner_password';
create role :"web" login nosuperuser nobypassrls nocreatedb nocreaterole password :'web_password';
create role :"worker" login nosuperuser nobypassrls nocreatedb nocreaterole password :'worker_password';

create database :"database" owner :"owner" encoding 'UTF8' template template0;
revoke all on database :"database" from public;
grant connect on database :"database" to :"web", :"worker";

\connect :"database"
revoke all on schema public from public;
alter schema public owner to :"owner";
\connect postgres

\unset owner_password
\unset web_password
\unset worker_password
