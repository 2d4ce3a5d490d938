-- A node asks whether the database has all that it was built for before it says that it is ready.

grant select (migration_name, finished_at, rolled_back_at) on public._prisma_migrations to app_system;
