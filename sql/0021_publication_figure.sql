-- Which figures an edition printed, by whom they count: a later edition must not show, together with them, what either leaves out.
CREATE TABLE publication_figure(
	publication_id BIGINT NOT NULL REFERENCES publication(id),
	key_a BIGINT NOT NULL,
	key_b BIGINT NOT NULL,
	PRIMARY KEY(publication_id, key_a, key_b));
