-- When an answer is needed only under a condition, and the longer hint that a person may open.
ALTER TABLE form_item ADD COLUMN required_expr TEXT;
ALTER TABLE form_item ADD COLUMN guidance_ja TEXT;
ALTER TABLE form_item ADD COLUMN guidance_en TEXT;
