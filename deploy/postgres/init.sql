-- Runs once, on an empty server: a database and three roles for each service.
-- The owner migrates; web and worker only touch rows, and row-level security binds both.

revoke connect on database postgres from public;

\set service tenants
\getenv owner_password TENANTS_OWNER_PASSWORD
\getenv web_password TENANTS_WEB_PASSWORD
\getenv worker_password TENANTS_WORKER_PASSWORD
\ir /etc/redress/service.sql

\set service intake
\getenv owner_password INTAKE_OWNER_PASSWORD
\getenv web_password INTAKE_WEB_PASSWORD
\getenv worker_password INTAKE_WORKER_PASSWORD
\ir /etc/redress/service.sql

\set service dispatch
\getenv owner_password DISPATCH_OWNER_PASSWORD
\getenv web_password DISPATCH_WEB_PASSWORD
\getenv worker_password DISPATCH_WORKER_PASSWORD
\ir /etc/redress/service.sql

\set service sla
\getenv owner_password SLA_OWNER_PASSWORD
\getenv web_password SLA_WEB_PASSWORD
\getenv worker_password SLA_WORKER_PASSWORD
\ir /etc/redress/service.sql

\set service notify
\getenv owner_password NOTIFY_OWNER_PASSWORD
\getenv web_password NOTIFY_WEB_PASSWORD
\getenv worker_password NOTIFY_WORKER_PASSWORD
\ir /etc/redress/service.sql

\set service reporting
\getenv owner_password REPORTING_OWNER_PASSWORD
\getenv web_password REPORTING_WEB_PASSWORD
\getenv worker_password REPORTING_WORKER_PASSWORD
\ir /etc/redress/service.sql
