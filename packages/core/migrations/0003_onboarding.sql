-- What a sweep needs to find the runs and steps that no worker or event continues.
set local role resolve_owner;

-- When the present attempt began: a step that has been running for too long since then has lost its worker.
alter table app.onboarding_steps add column claimed_at timestamptz;

-- When a sweep last looked at the run. A sweep begins with the run that it has not looked at for the longest time.
alter table app.onboarding_runs add column checked_at timestamptz not null default app.now();
create index onboarding_runs_open on app.onboarding_runs (checked_at) where status in ('running', 'waiting');
