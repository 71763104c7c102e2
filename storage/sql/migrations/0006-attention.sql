-- Since when a forwarding makes no progress, and why a person should look at it.

ALTER TABLE forwarding ADD COLUMN stuck_since_at INTEGER;
ALTER TABLE forwarding ADD COLUMN attention TEXT CHECK (attention IN ('overdue', 'stuck'));

CREATE INDEX forwarding_attention ON forwarding (attention) WHERE attention IS NOT NULL;
