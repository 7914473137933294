-- A one-time link in a mail: kept only until the mail has left, never shown.
ALTER TABLE mail ADD COLUMN secret TEXT;
CREATE INDEX mail_sending ON mail(id) WHERE state = 'sending';
