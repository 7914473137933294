-- What waits for whom, found by index.
CREATE INDEX tk_case_deputy ON tk_case(deputy_staff_id) WHERE closed_at IS NULL;
CREATE INDEX tk_case_requester ON tk_case(requester_staff_id) WHERE closed_at IS NULL;
CREATE INDEX tk_case_open ON tk_case(type, subject_type, state, due_on) WHERE closed_at IS NULL;
