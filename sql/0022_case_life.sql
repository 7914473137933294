-- Who sees to a case, and whose request it is.
ALTER TABLE tk_case RENAME COLUMN owner_id TO opened_by;
ALTER TABLE tk_case ADD COLUMN requester_staff_id BIGINT;
ALTER TABLE tk_case ADD COLUMN owner_staff_id BIGINT;
ALTER TABLE tk_case ADD COLUMN deputy_staff_id BIGINT;
CREATE INDEX tk_case_owner ON tk_case(owner_staff_id) WHERE closed_at IS NULL;
CREATE INDEX tk_case_due ON tk_case(due_on) WHERE closed_at IS NULL;
