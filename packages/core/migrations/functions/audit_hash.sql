-- The hash of an audit entry, which contains the hash of the previous one.
create or replace function app.audit_hash(previous bytea, tenant uuid, id uuid, sequence bigint, actor text, action text, subject text, detail jsonb, request text)
returns bytea language sql immutable parallel safe
return sha256(previous || convert_to(jsonb_build_array(tenant, id, sequence, actor, action, subject, detail, request)::text, 'UTF8'));
