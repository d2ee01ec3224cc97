DROP TABLE idempotency_keys;
DROP TABLE domain_events;
DROP TABLE audit_events;
DROP TABLE audit_head;
