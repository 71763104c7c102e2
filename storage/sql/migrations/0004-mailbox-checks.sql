-- What a mailbox makes of the checks beyond syntax: levels by code (JSON object, keys in order), and the receivers that
-- its files may name (JSON array; empty: any). A program that does not know the columns yet leaves them as they are.
ALTER TABLE mailbox ADD COLUMN levels TEXT NOT NULL DEFAULT '{}';
ALTER TABLE mailbox ADD COLUMN receivers TEXT NOT NULL DEFAULT '[]';
