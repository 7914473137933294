-- Signing in asks for these at every first request of a session and at every invitation.
CREATE INDEX one_time_link_account ON one_time_link(account_id);
CREATE INDEX role_holder_staff ON role_holder(staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX role_holder_division ON role_holder(division_id);
