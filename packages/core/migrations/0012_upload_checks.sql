-- The sweep asks the store about uploads whose "Object Created" event may be lost: when it last did, and which ones wait.
set local role resolve_owner;
alter table app.document_versions add column upload_checked_at timestamptz;
create index documents_awaiting on app.documents (tenant_id, id) where status = 'awaiting_upload';
