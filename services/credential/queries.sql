-- Every statement of the credential service.

-- name: person_put
-- across: an account belongs to no issuer
INSERT INTO people (account_id, version, name) VALUES (:account_id, :version, :name)
ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, name = excluded.name
WHERE people.version < excluded.version;

-- name: issuer_put
INSERT INTO issuers (issuer_id, version, name, website) VALUES (:issuer_id, :version, :name, :website)
ON CONFLICT (issuer_id) DO UPDATE SET version = excluded.version, name = excluded.name, website = excluded.website
WHERE issuers.version < excluded.version;

-- name: issuer_get
SELECT name, website FROM issuers WHERE issuer_id = :issuer_id;

-- name: version_put
INSERT INTO versions (issuer_id, micro_credential_id, version, document)
VALUES (:issuer_id, :micro_credential_id, :version, :document)
ON CONFLICT DO NOTHING;

-- name: award_sources
-- All that goes into a credential; no row while one of the copies has not arrived.
SELECT v.document, p.name AS person, i.name AS issuer
FROM versions v, people p, issuers i
WHERE v.issuer_id = :issuer_id AND v.micro_credential_id = :micro_credential_id AND v.version = :micro_credential_version
  AND p.account_id = :earner_id AND i.issuer_id = :issuer_id;

-- name: credential_put
INSERT INTO credentials (issuer_id, id, submission_id, earner_id, title, recipient_name, competency, method_components,
                         criteria, issued_at, key_id, url, jwt, document)
VALUES (:issuer_id, :id, :submission_id, :earner_id, :title, :recipient_name, :competency, :method_components,
        :criteria, :issued_at, :key_id, :url, :jwt, :document)
ON CONFLICT (issuer_id, submission_id) DO NOTHING
RETURNING id;

-- name: credential_get
SELECT c.issuer_id, c.id, c.title, c.state, c.recipient_name, c.competency, c.method_components, c.criteria, c.issued_at,
       c.url, c.key_id, c.jwt, c.document,
       split_part(c.document::jsonb #>> '{credentialSubject,achievement,id}', '/micro-credentials/', 2) AS micro_credential_id,
       jsonb_build_object('id', c.issuer_id, 'name', coalesce(i.name, c.issuer_id)) AS issuer
FROM credentials c LEFT JOIN issuers i USING (issuer_id)
WHERE c.issuer_id = :issuer_id AND c.id = :id;

-- name: credential_list
SELECT c.issuer_id, c.id, c.title, c.state, c.issued_at, c.submission_id, c.url,
       jsonb_build_object('id', c.issuer_id, 'name', coalesce(i.name, c.issuer_id)) AS issuer
FROM credentials c LEFT JOIN issuers i USING (issuer_id)
WHERE c.earner_id = :account_id
  AND (:at::timestamptz IS NULL OR (c.issued_at, c.id) < (:at::timestamptz, :after::uuid))
ORDER BY c.issued_at DESC, c.id DESC
LIMIT :rows::int;
