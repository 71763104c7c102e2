-- What an answer of the ISO's that was not recognised said before its body: without it nobody can read it again. Unknown
-- (NULL) for what was kept before.

ALTER TABLE kept_page ADD COLUMN http_status INTEGER;
ALTER TABLE kept_page ADD COLUMN content_type TEXT;
